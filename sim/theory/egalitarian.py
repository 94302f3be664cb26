"""Kalai (1977): equal gains.

Econometrica 45:1623–1630. Gains are compared between players, so the units of utility matter, as they do not for
Nash's solution or Kalai and Smorodinsky's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.theory.frontier import EQUAL, individually_rational, lotteries, payoffs


def on_packages(utilities: ArrayLike, disagreement: ArrayLike) -> int | None:
    """The package with the lexicographically largest gains u_i − d_i, worst off first: equal gains as nearly as the
    packages allow.

    utilities (M, P), disagreement (P,), in common units. First among equals; None where no package is individually
    rational. ValueError: shapes that don't fit.
    """
    worth, point = payoffs(utilities, disagreement)
    allowed = individually_rational(worth, point)
    return int(allowed[lexicographic_maximin(worth[allowed] - point)]) if len(allowed) else None


def with_lotteries(utilities: ArrayLike, disagreement: ArrayLike) -> NDArray[np.float64]:
    """The payoffs (2,) with equal gains on the frontier of lotteries; two players, else as in `on_packages`.

    Where one player's gain is bounded below the other's on the whole frontier, its end: the bounded player's best.
    """
    worth, point = payoffs(utilities, disagreement)
    return where_ray_meets(lotteries(worth, point), point, np.ones(2))


def lexicographic_maximin(gains: NDArray[np.float64]) -> int:
    """The row of gains (M, P) whose smallest entry is largest, then the second smallest, and so on; ties to the first.

    Entries within 1e-12 of each other, relative to the largest, count as equal. With no column: row 0.
    """
    ordered = np.sort(gains, axis=1)
    rows = np.arange(len(gains))
    for column in range(ordered.shape[1]):
        best = ordered[rows, column].max()
        rows = rows[ordered[rows, column] >= best - EQUAL * max(1.0, float(np.abs(ordered).max()))]
    return int(rows[0])


def where_ray_meets(
    corners: NDArray[np.float64], point: NDArray[np.float64], direction: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Where point + t · direction (each (2,), direction ≥ 0) meets a decreasing boundary given by its corners (K, 2);
    the boundary's nearer end if it passes beside it."""
    if not (direction > 0).all():
        return corners[-1] if direction[0] > 0 else corners[0]
    ratio = (corners - point) / direction
    excess = ratio[:, 0] - ratio[:, 1]  # rises along the boundary
    if excess[0] >= 0 or excess[-1] <= 0:
        return corners[0] if excess[0] >= 0 else corners[-1]
    k = int(np.searchsorted(excess, 0.0))
    t = -excess[k - 1] / (excess[k] - excess[k - 1])
    return corners[k - 1] + t * (corners[k] - corners[k - 1])
