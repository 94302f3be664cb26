"""Probabilistic Condorcet: every pair of positions fights for votes, and the stronger side wins only more likely."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.arrays import Bools, Floats
from sim.rivals import RANGE, Rival

LAWS = {"linear": 1, "square": 2, "quartic": 4, "octic": 8}
DOUBLINGS = 60  # of the number of contests; 2^60 of them are as good as endless


@dataclass(frozen=True)
class ProbabilisticCondorcet(Rival):
    """The probabilistic Condorcet election of KTAB (Wise, Lester & Efird 2015): each actor backs, with capability
    times salience times how much nearer it is, the nearer of two positions; a coalition wins with odds that are a
    power of the ratio of strengths, by the victory `law`; and the mean of the resulting lottery over positions is the
    forecast.

    `variant`: `conditional`, a position's chance is that it beats all others, in proportion; `markov_uniform`, the
    winner so far is challenged by each position as likely, for ever; `markov_incentive`, the likelier the more
    strength times chance of winning a challenger has.
    """

    variant: Literal["conditional", "markov_uniform", "markov_incentive"] = "conditional"
    law: Literal["linear", "square", "quartic", "octic"] = "square"

    def on_issue(self, positions: Floats, capability: Floats, salience: Floats, span: float) -> Floats:
        order = np.arange(positions.shape[1])
        same = np.abs(positions[:, :, None] - positions[:, None]) <= RANGE * span
        option: Bools = np.logical_not(
            (same & (order[:, None] > order)).any(axis=2)
        )  # one that several hold is one option
        near = -np.abs(positions[:, :, None] - positions[:, None]) / span  # how actor k likes position i: (n, k, i)
        likes = np.maximum(near[:, :, :, None] - near[:, :, None], 0.0)
        strength = np.einsum("nk,nkij->nij", capability * salience, likes)
        found: Floats = (VARIANTS[self.variant](strength, self.law, option) * positions).sum(axis=1)
        return found.clip(positions.min(axis=1), positions.max(axis=1))


def victory(strength: Floats, law: str) -> Floats:
    """p_ij (…, M, M): how likely i beats j, given the strengths s_ij of the coalition for i against j; ½ where neither
    has any."""
    power = strength ** LAWS[law]
    both = power + np.swapaxes(power, -1, -2)
    return np.divide(power, both, out=np.full_like(power, 0.5), where=both > 0)


def conditional(strength: Floats, law: str, option: Bools) -> Floats:
    """Chances (n, M) in proportion to Π_{j≠i} p_ij, among the options (n, M) that there are."""
    p = victory(strength, law)
    others = option[:, None] & ~np.eye(p.shape[1], dtype=bool)
    product = np.where(others, p, 1.0).prod(axis=2) * option
    total = product.sum(axis=1, keepdims=True)
    return np.divide(product, total, out=option / option.sum(axis=1, keepdims=True), where=total > 0)


def markov_uniform(strength: Floats, law: str, option: Bools) -> Floats:
    challenge = option[:, :, None] & option[:, None]
    return _settled(victory(strength, law), challenge / option.sum(axis=1)[:, None, None], option)


def markov_incentive(strength: Floats, law: str, option: Bools) -> Floats:
    p = victory(strength, law)
    incentive = np.where(option[:, :, None] & option[:, None], strength * p, 0.0)
    total = incentive.sum(axis=1, keepdims=True)
    nobody = np.broadcast_to(np.eye(p.shape[1]), p.shape).copy()
    return _settled(p, np.divide(incentive, total, out=nobody, where=total > 0), option)


def _settled(p: Floats, challenge: Floats, option: Bools) -> Floats:
    """Where the chain ends that starts at each option as likely: j is challenged by i with probability `challenge`
    (n, i, j) and loses with p_ij. A fixed point of π_i = Σ_j p_ij (π_j q_ij + π_i q_ji)."""
    moves = p * challenge
    diagonal = np.arange(p.shape[1])
    moves[:, diagonal, diagonal] = 0.0
    moves[:, diagonal, diagonal] = 1 - moves.sum(axis=1)
    for _ in range(DOUBLINGS):
        moves = moves @ moves
        moves /= moves.sum(axis=1, keepdims=True)
    return (moves @ (option / option.sum(axis=1, keepdims=True))[:, :, None])[:, :, 0]


VARIANTS: dict[str, Callable[[Floats, str, Bools], Floats]] = {
    "conditional": conditional,
    "markov_uniform": markov_uniform,
    "markov_incentive": markov_incentive,
}
