"""The graph model for conflict resolution: which states last; Fang, Hipel & Kilgour (1993).

*Interactive Decision Making*; Kilgour & Hipel (2005), GDN 14:441–460. Actors move between states, and a state is
stable for an actor if it has no improvement to move to that opponents wouldn't punish. How far each looks differs:

Nash  no unilateral improvement (UI).
GMR   each UI can be met by opponents' moves to a state no better for the mover than the first.
SMR   and from there the mover's own moves bring it nothing better either.
SEQ   each UI is met by opponents' *improvements* to a state no better for the mover.

Nash ⇒ SMR ⇒ GMR and Nash ⇒ SEQ ⇒ GMR. Several opponents respond by any joint legal sequence, nobody twice in a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Bools = NDArray[np.bool_]


class Conflict(NamedTuple):
    """`moves` (A, S, S): whether actor i can move from one state to another. `worth` (A, S): ordinal, higher is
    better; ties allowed."""

    moves: Bools
    worth: NDArray[np.float64]

    def improvements(self) -> Bools:
        """(A, S, S): moves to a state the mover prefers."""
        return self.moves & (self.worth[:, None, :] > self.worth[:, :, None])


def conflict(states: int, moves: Iterable[Iterable[tuple[int, int]]], worth: ArrayLike) -> Conflict:
    """A conflict from each actor's list of moves (from, to), states counted from 0, and worth (A, S).

    ValueError: moves and worth for different numbers of actors or states.
    """
    listed = [list(own) for own in moves]
    value = np.asarray(worth, dtype=float)
    if value.shape != (len(listed), states):
        raise ValueError(f"worth has shape {value.shape}: expected ({len(listed)} actors, {states} states)")
    can = np.zeros((len(listed), states, states), dtype=bool)
    for actor, own in enumerate(listed):
        for here, there in own:
            can[actor, here, there] = here != there
    return Conflict(can, value)


def ranking(order: Iterable[int], states: int) -> NDArray[np.float64]:
    """Worth (S,) of an order of states from best to worst, counted from 0."""
    worth = np.zeros(states)
    for place, state in enumerate(order):
        worth[state] = states - place
    return worth


def reach(moves: Bools, group: Iterable[int], start: int) -> set[int]:
    """States that a group can bring about from `start` by at least one of `moves` (A, S, S), nobody twice in a row."""
    members = list(group)
    found: set[tuple[int, int]] = set()
    todo = [(start, -1)]
    while todo:
        here, last = todo.pop()
        for actor in members:
            if actor != last:
                new = {(int(there), actor) for there in np.flatnonzero(moves[actor, here])} - found
                found |= new
                todo.extend(new)
    return {state for state, _ in found}


def stability(game: Conflict) -> Mapping[str, Bools]:
    """'nash', 'gmr', 'smr' and 'seq', each (A, S): whether the state is stable for the actor."""
    actors, states = game.worth.shape
    better = game.improvements()
    found = {name: np.ones((actors, states), dtype=bool) for name in ("nash", "gmr", "smr", "seq")}
    for i in range(actors):
        others = [j for j in range(actors) if j != i]
        responses = [reach(game.moves, others, k) for k in range(states)]
        credible = [reach(better, others, k) for k in range(states)]
        for k in range(states):
            no_better = game.worth[i] <= game.worth[i, k]
            trapped = no_better & ~(game.moves[i] & ~no_better).any(axis=1)
            ways_up = np.flatnonzero(better[i, k])
            found["nash"][i, k] = not len(ways_up)
            found["gmr"][i, k] = all(any(no_better[s] for s in responses[u]) for u in ways_up)
            found["smr"][i, k] = all(any(trapped[s] for s in responses[u]) for u in ways_up)
            found["seq"][i, k] = all(any(no_better[s] for s in credible[u]) for u in ways_up)
    return found


def equilibria(game: Conflict) -> dict[str, list[int]]:
    """By concept, the states that are stable for every actor, counted from 0, rising."""
    return {name: np.flatnonzero(stable.all(axis=0)).tolist() for name, stable in stability(game).items()}


def coalition_improves(game: Conflict, group: Iterable[int], here: int, there: int) -> bool:
    """Whether the group can move from `here` to `there` by a joint legal sequence and every member prefers it."""
    members = list(group)
    gains = game.worth[members, there] > game.worth[members, here]
    return there in reach(game.moves, members, here) and bool(gains.all())
