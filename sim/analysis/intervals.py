"""Intervals for shares, and standard errors of paired differences."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from sim.arrays import Floats, Ints


def wilson(count: Ints | int, worlds: Ints | int, level: float = 0.95) -> tuple[Floats, Floats]:
    """Wilson (1927) score interval for `count` of `worlds`, of any shapes that go together."""
    z = float(ndtri(0.5 + level / 2))
    p = np.asarray(count) / worlds
    centre = (p + z**2 / (2 * worlds)) / (1 + z**2 / worlds)
    half = z * np.sqrt(p * (1 - p) / worlds + z**2 / (4 * worlds**2)) / (1 + z**2 / worlds)
    none, all_ = np.asarray(count) == 0, np.asarray(count) == worlds
    return np.where(none, 0.0, np.maximum(centre - half, 0.0)), np.where(all_, 1.0, np.minimum(centre + half, 1.0))


def paired(total: float, squares: float, worlds: int) -> tuple[float, float]:
    """Mean of a difference and its standard error, from its sum and its sum of squares over at least two worlds."""
    mean = total / worlds
    spread = squares - worlds * mean**2
    variance = spread / (worlds - 1) if spread > 1e-12 * squares else 0.0  # else one number everywhere, and rounding
    return mean, math.sqrt(variance / worlds)
