"""Conflicts in option form: states are what is done and what isn't; Fang, Hipel & Kilgour (1993).

*Interactive Decision Making*; Kilgour & Hipel (2005), GDN 14:441–460. Each actor owns options and may change any of
its own at a time. Gives the moves of the graph model (`graph_model`), and simultaneous sanctioning, which needs the
options: what happens if two act at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.theory.graph_model import Conflict, conflict


def from_options(
    states: Sequence[str], owners: Sequence[int], worth: ArrayLike, irreversible: Collection[int] = ()
) -> Conflict:
    """The conflict of the feasible `states`, each a word of Y and N, one letter an option.

    owners: the actor of each option, counted from 0. worth (A, S): ordinal, higher is better. irreversible: options,
    counted from 0, that can be taken but not taken back.
    ValueError: a state of another length than owners, or a letter other than Y and N.
    """
    for state in states:
        if len(state) != len(owners) or set(state) - set("YN"):
            raise ValueError(f"state '{state}': expected {len(owners)} letters Y or N, one an option")
    actors = len(np.asarray(worth))
    moves = [
        [
            (here, there)
            for here, a in enumerate(states)
            for there, b in enumerate(states)
            if a != b
            and all(x == y or owners[k] == actor for k, (x, y) in enumerate(zip(a, b, strict=True)))
            and not any(a[k] == "Y" and b[k] == "N" for k in irreversible)
        ]
        for actor in range(actors)
    ]
    return conflict(len(states), moves, worth)


def simultaneous_equilibria(game: Conflict, states: Sequence[str]) -> list[int]:
    """States stable for everyone by simultaneous sanctioning, counted from 0, rising.

    An improvement is sanctioned if an opponent's own improvement from the same state, made at the same time, leads to
    a feasible state no better for the mover. Two feasible moves may be infeasible together: that sanctions nothing.
    """
    better = game.improvements()
    index = {state: k for k, state in enumerate(states)}
    stable = [
        k for k in range(len(states)) if all(_sanctioned(game, better, states, index, i, k) for i in range(len(better)))
    ]
    return stable


def _sanctioned(
    game: Conflict, better: NDArray[np.bool_], states: Sequence[str], index: dict[str, int], actor: int, here: int
) -> bool:
    """Whether every improvement of the actor at `here` is sanctioned."""
    others = [s for j in range(len(better)) if j != actor for s in np.flatnonzero(better[j, here]).tolist()]
    for mine in np.flatnonzero(better[actor, here]).tolist():
        together = (index.get(_both(states[here], states[mine], states[s])) for s in others)
        if not any(s is not None and game.worth[actor, s] <= game.worth[actor, here] for s in together):
            return False
    return True


def _both(start: str, one: str, other: str) -> str:
    """The state in which both changes to `start` are made."""
    return "".join(a if a != s else b for s, a, b in zip(start, one, other, strict=True))
