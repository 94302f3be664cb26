"""How the variance of one world's outcome splits over independent layers of its draws (Hoeffding 1948; Sobol 1993).

Every world is played with each layer as it was drawn and drawn anew, in all combinations. Two plays that share exactly
a set u of layers have the covariance that u explains; products of plays that share nothing estimate the squared mean.
Per world these are averages over all pairs of plays, so a layer without effect has an index of exactly 0 (Saltelli et
al. 2010 take n (d + 2) of the 2^d plays; with three layers all eight cost little more and give intervals half as wide).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.analysis.intervals import ratios
from sim.arrays import Floats

ENOUGH = 30  # worlds in which a share must hold, and not hold, to be split


def shared(y: Floats, layers: tuple[int, ...]) -> Floats:
    """World by world (N,), the mean product of two plays that share `layers` and nothing else; y (N, 2, …, 2)."""
    others = tuple(k + 1 for k in range(y.ndim - 1) if k not in layers)
    return np.asarray((y * np.flip(y, others)).mean(axis=tuple(range(1, y.ndim))))


def split(y: Floats, seed: int = 0) -> list[dict[str, Any]] | None:
    """For each layer {first, total: {estimate, low, high}} with 95 % bootstrap intervals over worlds; y (N, 2, …, 2) by
    layer, as drawn or anew. None where all is the same, or a share (of 0 and 1) is too rare, or too common."""
    layers = tuple(range(y.ndim - 1))
    if set(np.unique(y)) <= {0.0, 1.0} and not ENOUGH <= y.mean() * len(y) <= len(y) - ENOUGH:
        return None
    y = y - y.mean()
    nothing = shared(y, ())
    whole = shared(y, layers) - nothing
    if whole.mean() <= 0 or np.ptp(y) == 0:
        return None
    rest = [shared(y, tuple(j for j in layers if j != k)) - nothing for k in layers]
    alone = [shared(y, (k,)) - nothing for k in layers]
    told: list[dict[str, Any]] = [{} for _ in layers]
    for kind, tops in (("first", alone), ("total", [whole - r for r in rest])):
        for index, found in zip(told, zip(*ratios(np.array(tops), whole, seed), strict=True), strict=True):
            index[kind] = dict(zip(("estimate", "low", "high"), map(float, found), strict=True))
    return told
