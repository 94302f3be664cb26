"""Alternating offers over finitely many packages, by backward induction; after Stahl (1972) and Rubinstein (1982).

Every period the proposer puts one package or prefers to wait. The responder takes what is at least its discounted
continuation, ties accepted; among equally good packages the proposer takes the first. A grid of step h over a dollar
keeps the share within h / (1 − max δ) of the closed form. A finite game: it has exactly one subgame-perfect value,
and no threat to refuse what one would accept.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

TIE = 1e-12


class Play(NamedTuple):
    """`package`: what is agreed in the first period, by index, or None where its proposer waits. `values` (2,): the
    equilibrium payoffs, discounted to the first period."""

    package: int | None
    values: NDArray[np.float64]


def solve(
    utilities: ArrayLike, d1: float, d2: float, periods: int, disagreement: tuple[float, float] = (0.0, 0.0)
) -> Play:
    """The first period of a game of `periods` ≥ 1 periods in which player 1 proposes in odd ones.

    utilities (M, 2): payoffs of each package. d1, d2: discount factors in [0, 1]. disagreement: payoffs after the last
    refusal, received in the following period. ValueError: utilities of another shape, or no period.
    """
    worth = np.asarray(utilities, dtype=float)
    if worth.ndim != 2 or worth.shape[1] != 2 or not len(worth):
        raise ValueError(f"utilities have shape {worth.shape}: expected (packages, 2), at least one package")
    if periods < 1:
        raise ValueError(f"periods = {periods}: give at least 1")
    play = Play(None, np.asarray(disagreement, dtype=float))
    for period in range(periods, 0, -1):
        play = _offer(worth, (period - 1) % 2, np.array([d1, d2]) * play.values)
    return play


def _offer(worth: NDArray[np.float64], proposer: int, refused: NDArray[np.float64]) -> Play:
    """One period: `refused` (2,) are the values of refusing, discounted to this period."""
    responder = 1 - proposer
    accepted = worth[:, responder] >= refused[responder] - TIE
    gains = np.where(accepted, worth[:, proposer], -np.inf)
    best = int(np.argmax(gains))
    if gains[best] < refused[proposer] - TIE:
        return Play(None, refused)
    return Play(best, worth[best])
