"""Median voter: the position that no other one beats, votes being weighted by capability and salience."""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.rivals import RANGE, Rival


class MedianVoter(Rival):
    """Black (1948), with weights. Where every point between two positions is a median, the middle of them."""

    def on_issue(self, positions: Floats, capability: Floats, salience: Floats, span: float) -> Floats:
        low, high = medians(positions, capability * salience)
        return (low + high) / 2


def medians(positions: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """The lowest and the highest (n,) of the positions (n, A) that minimise Σ w |x − x_i|: exactly those that no
    other position beats where each actor casts votes in proportion to how much nearer one is to it (the Condorcet
    winners)."""
    cost = (weight[:, None] * np.abs(positions[:, :, None] - positions[:, None])).sum(axis=2)
    best = cost <= cost.min(axis=1, keepdims=True) + RANGE * cost.max(axis=1, keepdims=True)
    return np.where(best, positions, np.inf).min(axis=1), np.where(best, positions, -np.inf).max(axis=1)
