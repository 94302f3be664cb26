"""Kalai & Smorodinsky (1975): equal gains relative to what each could hope for at most.

Econometrica 43:513–518. The ideal point is taken over the individually rational deals. The solution doesn't change
with the scale or origin of utility.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.theory.egalitarian import lexicographic_maximin, where_ray_meets
from sim.theory.frontier import individually_rational, lotteries, payoffs


def on_packages(utilities: ArrayLike, disagreement: ArrayLike) -> int | None:
    """The package with the lexicographically largest normalised gains, worst off first.

    utilities (M, P), disagreement (P,). Gains (u_i − d_i) / (ideal_i − d_i), ideal over the individually rational
    packages; a player that cannot gain counts for nothing. First among equals; None where no package is individually
    rational. ValueError: shapes that don't fit.
    """
    worth, point = payoffs(utilities, disagreement)
    allowed = individually_rational(worth, point)
    if not len(allowed):
        return None
    gains = worth[allowed] - point
    ideal = gains.max(axis=0)
    able = ideal > 0
    return int(allowed[lexicographic_maximin(gains[:, able] / ideal[able])])


def with_lotteries(utilities: ArrayLike, disagreement: ArrayLike) -> NDArray[np.float64]:
    """The payoffs (2,) where the line from the disagreement point to the ideal point meets the frontier of lotteries.

    Arguments and errors as in `on_packages`, for two players.
    """
    worth, point = payoffs(utilities, disagreement)
    corners = lotteries(worth, point)
    return where_ray_meets(corners, point, corners.max(axis=0) - point)
