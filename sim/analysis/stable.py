"""Which states of a graph model last, in many worlds at once (Kilgour, Hipel & Fang 1987; Fang, Hipel & Kilgour 1993,
*Interactive Decision Making*; several opponents: Kilgour & Hipel 2005, GDN 14:441–460).

Actors move between states alone. An improvement is a move to a state that the mover prefers; a state is stable for an
actor if it has no improvement there that the others would punish. The concepts differ in what counts as punishing:

nash  nothing does: no improvement at all (R).
gmr   the others can bring about a state no better for the mover (Howard 1971).
smr   … from which the mover can't get away to a better one either (Howard 1971).
seq   the others can do it by moves that are improvements for themselves (Fraser & Hipel 1979).

Nash ⇒ SMR ⇒ GMR and Nash ⇒ SEQ ⇒ GMR. Several others answer by any sequence in which nobody moves twice in a row.

Worlds come first, then actors, then states. What is compared is what a state is worth, so a world whose payoffs are
drawn is a world whose preferences are: the share of worlds in which a state is stable is what is new here.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from sim.arrays import Bools, Floats

CONCEPTS = ("nash", "smr", "seq", "gmr")
GAIN = 1e-9  # a state is preferred if it is worth more by this much
ROOM = 20_000_000  # comparisons held at once


def stable(payoffs: Floats, moves: Bools) -> dict[str, Bools]:
    """By concept, whether each state is stable for each actor (N, A, S). payoffs (N, A, S): higher is better, ties
    allowed; moves (A, S, S): whether an actor can move from one state (row) to another (column).

    ValueError: payoffs and moves for different numbers of actors or states.
    """
    worlds, actors, states = payoffs.shape
    if moves.shape != (actors, states, states):
        raise ValueError(f"moves have shape {moves.shape}: expected {(actors, states, states)}")
    moves = moves & ~np.eye(states, dtype=bool)
    led_to = np.flatnonzero(moves.any(axis=(0, 1)))  # no other state is ever an improvement, a response or a way out
    size = max(1, ROOM // max(1, actors * states * len(led_to)))
    found = {concept: np.ones(payoffs.shape, bool) for concept in CONCEPTS}
    for start in range(0, worlds, size):
        part = slice(start, start + size)
        for concept, holds in _stable(payoffs[part], moves, led_to).items():
            found[concept][part] = holds
    return found


def _stable(payoffs: Floats, moves: Bools, led_to: np.ndarray) -> dict[str, Bools]:
    can = moves[:, :, led_to]  # (A, S, T)
    there = payoffs[:, :, None, led_to]
    preferred = there > payoffs[..., None] + GAIN  # (n, A, S, T): to the state that one is in
    among = preferred[:, :, led_to] & can[None, :, led_to]  # improvements from a state that one is led to (n, A, T, T)
    found: dict[str, list[Bools]] = {concept: [] for concept in CONCEPTS}
    for i in range(len(moves)):
        others = [j for j in range(len(moves)) if j != i]
        improves, no_better = preferred[:, i] & can[i], ~preferred[:, i]
        escapes = _meets(preferred[:, i], can[i, led_to])
        responses, credible = _reach(can[others][:, led_to]), _reach(among[:, others])
        met = {"gmr": (no_better, responses), "smr": (no_better & ~escapes, responses), "seq": (no_better, credible)}
        found["nash"].append(~improves.any(axis=2))
        for concept, (punishing, by) in met.items():
            found[concept].append(~(improves & ~_meets(punishing, by)).any(axis=2))
    return {concept: np.stack(holds, axis=1) for concept, holds in found.items()}


def _meets(wanted: Bools, steps: Bools) -> Bools:
    """(…, S, T): whether `steps` (…, T, T) lead from t to some state that is `wanted` (…, S, T) at s."""
    found: Bools = np.greater(wanted.astype(np.float32) @ np.swapaxes(steps, -1, -2).astype(np.float32), 0)
    return found


def _reach(steps: Bools) -> Bools:
    """(…, T, T): where sequences of at least one step of several actors (…, J, T, T) lead, nobody twice in a row."""
    if steps.shape[-3] < 2:
        return np.logical_or.reduce(steps, axis=-3)
    last = steps  # by who moved last
    while True:
        before = [np.delete(last, j, axis=-3).any(axis=-3) for j in range(steps.shape[-3])]
        longer = steps | _meets(np.stack(before, axis=-3), np.swapaxes(steps, -1, -2))
        if (longer == last).all():
            return np.logical_or.reduce(longer, axis=-3)
        last = longer


def agreed_away(payoffs: Floats, coalitions: Collection[Collection[int]], to: Bools) -> Bools:
    """Whether some coalition, all of whose members gain, would rather agree on another state (N, S): `to` (S,) are
    those that can be agreed on. None such: the state is coalitionally stable (Kilgour, Hipel, Fang & Peng 2001, GDN
    10:159–175)."""
    worlds, _, states = payoffs.shape
    found, size = np.zeros((worlds, states), bool), max(1, ROOM // max(1, states * int(to.sum())))
    for start in range(0, worlds, size):
        part = payoffs[start : start + size]
        gains = [p[:, None, to] > p[:, :, None] + GAIN for p in part.swapaxes(0, 1)]
        for members in coalitions:
            found[start : start + size] |= np.logical_and.reduce([gains[i] for i in members]).any(axis=2)
    return found
