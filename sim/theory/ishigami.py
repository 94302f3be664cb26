"""The Ishigami function and its Sobol indices: Ishigami & Homma (1990).

Also Saltelli et al. (2008). f = sin x₁ + a sin² x₂ + b x₃⁴ sin x₁ with x uniform on [−π, π]³: strong interaction
between x₁ and x₃, and x₃ without an effect of its own.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Indices(NamedTuple):
    """`mean` and `variance` of f; `first` (3,) and `total` (3,) Sobol indices, in [0, 1]."""

    mean: float
    variance: float
    first: tuple[float, float, float]
    total: tuple[float, float, float]


def function(x: ArrayLike, a: float, b: float) -> NDArray[np.float64]:
    """f at points x (3, …), in radians: (…,)."""
    x1, x2, x3 = np.asarray(x, dtype=float)
    return np.sin(x1) + a * np.sin(x2) ** 2 + b * x3**4 * np.sin(x1)


def indices(a: float, b: float) -> Indices:
    """The exact indices; a, b not both so that f is constant, which they never are.

    V = a²/8 + bπ⁴/5 + b²π⁸/18 + ½, V₁ = ½(1 + bπ⁴/5)², V₂ = a²/8, V₁₃ = b²π⁸(1/18 − 1/50).
    """
    variance = a**2 / 8 + b * math.pi**4 / 5 + b**2 * math.pi**8 / 18 + 0.5
    one = 0.5 * (1 + b * math.pi**4 / 5) ** 2 / variance
    two = a**2 / 8 / variance
    both = b**2 * math.pi**8 * (1 / 18 - 1 / 50) / variance
    return Indices(a / 2, variance, (one, two, 0.0), (one + both, two, both))
