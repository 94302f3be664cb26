"""Nash (1950): the deal with the largest product of gains.

Econometrica 18:155–162; with powers, the asymmetric solution. It doesn't change with the scale or origin of anyone's
utility.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.theory.frontier import EQUAL, individually_rational, lotteries, payoffs


def on_packages(utilities: ArrayLike, disagreement: ArrayLike, powers: ArrayLike | None = None) -> int | None:
    """The package that maximises Π (u_i − d_i) ** α_i; the first among equals, None if none is individually rational.

    utilities (M, P), disagreement (P,), in anybody's own units. powers (P,): bargaining powers > 0, by default equal.
    Where somebody gains nothing in every package the product is 0 throughout and the first one is returned.
    ValueError: shapes that don't fit, or a power that isn't positive.
    """
    worth, point = payoffs(utilities, disagreement)
    weights = _powers(powers, len(point))
    allowed = individually_rational(worth, point)
    if not len(allowed):
        return None
    gains = np.maximum(worth[allowed] - point, 0.0)
    # Each player's gains as shares of the largest keep the products near 1, whatever the units.
    products = np.prod((gains / np.maximum(gains.max(axis=0), np.finfo(float).tiny)) ** weights, axis=1)
    return int(allowed[np.flatnonzero(products >= products.max() * (1 - EQUAL))[0]])


def with_lotteries(
    utilities: ArrayLike, disagreement: ArrayLike, powers: ArrayLike | None = None
) -> NDArray[np.float64]:
    """The payoffs (2,) of the Nash solution when lotteries over packages and disagreement may be agreed.

    On a segment the logarithm of the product is concave, its maximum in closed form. Arguments and errors as in
    `on_packages`, for two players.
    """
    worth, point = payoffs(utilities, disagreement)
    weights = _powers(powers, 2)
    corners = lotteries(worth, point)
    if len(corners) == 1:
        return corners[0]
    found = [_on_segment(a, b, point, weights) for a, b in pairwise(corners)]
    return max(found, key=lambda u: _log_product(u, point, weights))


def _on_segment(
    a: NDArray[np.float64], b: NDArray[np.float64], point: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The best point between a and b: α₁s₁/(g₁ + t s₁) + α₂s₂/(g₂ + t s₂) = 0 for the gains g at a and the slope s."""
    gains, slope = a - point, b - a
    t = -(weights[0] * slope[0] * gains[1] + weights[1] * slope[1] * gains[0]) / (weights.sum() * slope[0] * slope[1])
    return a + np.clip(t, 0.0, 1.0) * slope


def _log_product(u: NDArray[np.float64], point: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    gains = u - point
    return float(weights @ np.log(gains)) if (gains > 0).all() else -np.inf


def _powers(powers: ArrayLike | None, players: int) -> NDArray[np.float64]:
    weights = np.ones(players) if powers is None else np.asarray(powers, dtype=float)
    if weights.shape != (players,) or not (weights > 0).all():
        raise ValueError(f"powers {weights}: expected {players} numbers above 0")
    return weights
