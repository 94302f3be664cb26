"""Intervals for shares, and for ratios of means."""

from __future__ import annotations

import warnings

import numpy as np
from scipy.special import ndtri

from sim.arrays import Floats, Ints


def wilson(count: Ints | int, worlds: int, level: float = 0.95) -> tuple[Floats, Floats]:
    """Wilson (1927) score interval for `count` of `worlds`; any shape of counts."""
    z = float(ndtri(0.5 + level / 2))
    p = np.asarray(count) / worlds
    centre = (p + z**2 / (2 * worlds)) / (1 + z**2 / worlds)
    half = z * np.sqrt(p * (1 - p) / worlds + z**2 / (4 * worlds**2)) / (1 + z**2 / worlds)
    none, all_ = np.asarray(count) == 0, np.asarray(count) == worlds
    return np.where(none, 0.0, np.maximum(centre - half, 0.0)), np.where(all_, 1.0, np.minimum(centre + half, 1.0))


def ratio(top: Floats, bottom: Floats, seed: int = 0, level: float = 0.95) -> tuple[float, float, float]:
    """mean(top) / mean(bottom) of paired rows (n,), with its bootstrap interval: bias-corrected and accelerated (Efron
    1987), by percentiles above 4,096 rows, where both agree and the former is slow. The same seed, the same interval.
    """
    from scipy import stats

    def estimate(a: Floats, b: Floats, axis: int = -1) -> Floats:
        return np.asarray(a.mean(axis=axis) / b.mean(axis=axis))

    found = float(estimate(top, bottom))
    with warnings.catch_warnings():  # where all rows agree there is no spread to resample
        warnings.simplefilter("ignore")
        interval = stats.bootstrap(
            (top, bottom),
            estimate,
            paired=True,
            vectorized=True,
            confidence_level=level,
            batch=250,
            method="BCa" if len(top) <= 4096 else "percentile",
            random_state=np.random.default_rng(seed),
        ).confidence_interval
    low, high = (found if np.isnan(v) else float(v) for v in interval)
    return found, min(low, found), max(high, found)
