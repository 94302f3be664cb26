"""Quantal response in ultimatum and alternating offers: McKelvey & Palfrey (1998).

Experimental Economics 1:9–41, agent quantal response equilibrium. Offers of k/M to the responder, k = 0 … M; each
decision is a logit reply to what follows. At λ = 0 offers are uniform and taken half the time. As λ → ∞ play tends to
the subgame-perfect equilibrium in which an offer exactly at the reservation value is not enough: at a tie the logit
reply is ½ for every λ, so proposers go a step above it. Solvers that accept when indifferent differ by that step.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax


class Round(NamedTuple):
    """The first round. `values` (2,): expected payoffs. `offers` (M + 1,): probabilities of offering k/M to the
    responder. `accepts` (M + 1,): of accepting each."""

    values: NDArray[np.float64]
    offers: NDArray[np.float64]
    accepts: NDArray[np.float64]

    def mean_offer(self) -> float:
        """What the responder is offered on average, in [0, 1]."""
        return float(self.offers @ _grid(self.offers))

    def mode_offer(self) -> float:
        """The likeliest offer; the smallest among equals."""
        return float(_grid(self.offers)[np.argmax(self.offers)])

    def agreement(self) -> float:
        """The probability that the first offer is taken."""
        return float(self.offers @ self.accepts)


def ultimatum(steps: int, precision: float, outside: tuple[float, float] = (0.0, 0.0)) -> Round:
    """One offer on a grid of `steps` M ≥ 1; on a refusal proposer and responder get `outside`."""
    return _round(steps, precision, 0, np.asarray(outside, dtype=float))


def alternating(steps: int, precision: float, d1: float, d2: float, periods: int) -> Round:
    """Alternating offers over T = `periods` ≥ 1 periods, player 1 first, nothing after the last refusal.

    steps: M ≥ 1. precision: λ ≥ 0, per pie, the same in every period's own value. d1, d2: discount factors in [0, 1].
    ValueError: outside those ranges.
    """
    if periods < 1 or not 0 <= min(d1, d2) <= max(d1, d2) <= 1:
        raise ValueError(f"periods = {periods}, d1 = {d1}, d2 = {d2}: at least 1 period, discount factors in [0, 1]")
    found = _round(steps, precision, (periods - 1) % 2, np.zeros(2))
    for period in range(periods - 1, 0, -1):
        found = _round(steps, precision, (period - 1) % 2, np.array([d1, d2]) * found.values)
    return found


def _round(steps: int, precision: float, proposer: int, refused: NDArray[np.float64]) -> Round:
    """One offer, when refusing is worth `refused` (2,)."""
    if steps < 1 or precision < 0:
        raise ValueError(f"steps = {steps}, precision = {precision}: allowed are steps ≥ 1 and precision ≥ 0")
    offer = np.arange(steps + 1) / steps
    accepts = expit(precision * (offer - refused[1 - proposer]))
    worth = accepts * (1 - offer) + (1 - accepts) * refused[proposer]
    offers = softmax(precision * worth)
    values = np.empty(2)
    values[proposer] = offers @ worth
    values[1 - proposer] = offers @ (accepts * offer + (1 - accepts) * refused[1 - proposer])
    return Round(values, offers, accepts)


def _grid(offers: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.linspace(0.0, 1.0, len(offers))
