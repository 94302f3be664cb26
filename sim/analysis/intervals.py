"""Intervals for shares, for ratios of means, and standard errors of paired differences."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from sim.arrays import Floats, Ints

Z = 1.959963984540054  # of a 95 % interval


def wilson(count: Ints | int, worlds: Ints | int, level: float = 0.95) -> tuple[Floats, Floats]:
    """Wilson (1927) score interval for `count` of `worlds`, of any shapes that go together."""
    z = float(ndtri(0.5 + level / 2))
    p = np.asarray(count) / worlds
    centre = (p + z**2 / (2 * worlds)) / (1 + z**2 / worlds)
    half = z * np.sqrt(p * (1 - p) / worlds + z**2 / (4 * worlds**2)) / (1 + z**2 / worlds)
    none, all_ = np.asarray(count) == 0, np.asarray(count) == worlds
    return np.where(none, 0.0, np.maximum(centre - half, 0.0)), np.where(all_, 1.0, np.minimum(centre + half, 1.0))


def flipped(up: Ints | int, down: Ints | int, worlds: int) -> tuple[Floats, Floats]:
    """Centre and standard error of a paired difference of shares, `up` worlds gaining something and `down` losing it;
    with half a world added to each kind, so that no count is taken for certainty (Agresti & Min 2005)."""
    n, u, d = worlds + 2, np.asarray(up) + 0.5, np.asarray(down) + 0.5
    return (u - d) / n, np.sqrt(u + d - (u - d) ** 2 / n) / n


def paired(total: float, squares: float, worlds: int) -> tuple[float, float]:
    """Mean of a difference and its standard error, from its sum and its sum of squares over at least two worlds."""
    mean = total / worlds
    spread = squares - worlds * mean**2
    variance = spread / (worlds - 1) if spread > 1e-12 * squares else 0.0  # else one number everywhere, and rounding
    return mean, math.sqrt(variance / worlds)


def errors(values: Floats, axis: int) -> Floats:
    """Standard errors of means along an axis; infinite where that has one value only."""
    n = values.shape[axis]
    return values.std(axis=axis, ddof=1) / np.sqrt(n) if n > 1 else np.full(values.take(0, axis).shape, np.inf)


def averaged(values: Floats) -> tuple[float, float, float]:
    """A mean of values (n,) with its 95 % interval, by the normal law; of one value it may be anything."""
    mean = float(values.mean())
    half = Z * float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else math.inf
    return mean, mean - half, mean + half


RESAMPLES = 999


def ratios(tops: Floats, bottom: Floats, seed: int = 0, level: float = 0.95) -> tuple[Floats, Floats, Floats]:
    """mean(top) / mean(bottom) for each of `tops` (m, n) over one `bottom` (n,): estimates (m,) and both ends of their
    intervals, by the bootstrap of rows, bias-corrected and accelerated (Efron 1987), the same rows for all. The same
    seed, the same interval."""
    rng, n = np.random.default_rng(seed), len(bottom)
    resampled, columns = np.empty((RESAMPLES, len(tops))), np.vstack([tops, bottom]).T
    step = max(2_000_000 // n, 1)
    for k in range(0, RESAMPLES, step):
        some = min(step, RESAMPLES - k)
        sums = rng.multinomial(n, np.full(n, 1 / n), size=some) @ columns
        resampled[k : k + some] = sums[:, :-1] / sums[:, -1:]
    found = tops.mean(axis=1) / bottom.mean()
    left = (tops.sum(axis=1, keepdims=True) - tops) / (bottom.sum() - bottom)  # without one row each
    off = left.mean(axis=1, keepdims=True) - left
    squares = (off**2).sum(axis=1)
    skew = np.divide((off**3).sum(axis=1), 6 * squares**1.5, out=np.zeros(len(tops)), where=squares > 0)
    below = (resampled < found).mean(axis=0) + (resampled == found).mean(axis=0) / 2
    shift = ndtri(np.clip(below, 0.5 / RESAMPLES, 1 - 0.5 / RESAMPLES))
    ends = []
    for tail in ((1 - level) / 2, (1 + level) / 2):
        z = shift + ndtri(tail)
        at = ndtr(shift + z / np.maximum(1 - skew * z, 1e-6))
        ends.append(np.array([np.quantile(r, q) for r, q in zip(resampled.T, at, strict=True)]))
    return found, np.minimum(ends[0], found), np.maximum(ends[1], found)


def probability(count: int, worlds: int) -> dict[str, Any]:
    """Of how many worlds something holds in, with its 95 % interval; of one world at least."""
    low, high = wilson(count, worlds)
    return {"count": count, "probability": count / worlds, "low": float(low), "high": float(high)}


def counted(count: int, total: int) -> dict[str, Any]:
    """A share with its count and its 95 % interval; of nothing, a share of 0 that may be anything."""
    low, high = wilson(count, total) if total else (0.0, 1.0)
    share = count / total if total else 0.0
    return {"count": count, "of": total, "share": share, "low": float(low), "high": float(high)}
