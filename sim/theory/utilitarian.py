"""The utilitarian solution: the deal with the largest sum of utilities.

The benchmark against which Kalai (1977), Econometrica 45:1623–1630, and others set their solutions. It compares
utilities between players, so their units matter; with lotteries it is attained at a package.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.theory.frontier import EQUAL, individually_rational, payoffs


def on_packages(utilities: ArrayLike, disagreement: ArrayLike) -> int | None:
    """The individually rational package with the largest Σ u_i; first among equals, None if there is none.

    utilities (M, P), disagreement (P,), in common units. ValueError: shapes that don't fit.
    """
    worth, point = payoffs(utilities, disagreement)
    allowed = individually_rational(worth, point)
    if not len(allowed):
        return None
    totals = worth[allowed].sum(axis=1)
    return int(allowed[np.flatnonzero(totals >= totals.max() - EQUAL * max(1.0, float(np.abs(totals).max())))[0]])
