"""A crisis with a private cost of war: the risk-return trade-off; after Fearon (1995).

International Organization 49(3):379–414. A demands x once; B, whose cost c_B only B knows, takes it or fights. Asking
for x = p + y is refused by the types with c_B < y. A larger demand brings more where it is taken and is refused by
more types: 1 − F(y) = (y + c_A) f(y) at an optimum inside.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from scipy.optimize import brentq


class Demand(NamedTuple):
    """A's best demand (its share x), the probability of war, A's expected payoff in units of the good, and whether
    the optimum lies inside the range of costs (an indifferent type neither pooled nor cut off)."""

    share: float
    war: float
    value: float
    interior: bool


def uniform(p: float, cost_a: float, low: float, high: float) -> Demand:
    """c_B uniform on [low, high]: y* = clip((high − c_A)/2, low, min(high, 1 − p)), war (y* − low)/(high − low).

    Inside, Pr(war) = (high − 2 low − c_A) / (2 (high − low)): it doesn't depend on p, falls in c_A, and rises with a
    mean-preserving spread. p in [0, 1], cost_a ≥ 0, 0 ≤ low < high and low ≤ 1 − p. ValueError: outside those ranges.
    """
    if not 0 <= p <= 1 or cost_a < 0 or not 0 <= low < high or low > 1 - p:
        raise ValueError(
            f"p = {p}, cost_a = {cost_a}, costs from {low} to {high}: p in [0, 1], 0 ≤ low < high, p + low ≤ 1"
        )
    ceiling = min(high, 1 - p)
    free = (high - cost_a) / 2
    y = min(max(free, low), ceiling)
    war = (y - low) / (high - low)
    return Demand(p + y, war, _value(p, cost_a, y, war), low < free < ceiling)


def exponential(p: float, cost_a: float, mean: float) -> Demand:
    """c_B exponential with `mean` > 0: y* = clip(mean − c_A, 0, 1 − p), war 1 − exp(−y* / mean).

    p in [0, 1], cost_a ≥ 0. ValueError: outside those ranges.
    """
    if not 0 <= p <= 1 or cost_a < 0 or mean <= 0:
        raise ValueError(f"p = {p}, cost_a = {cost_a}, mean = {mean}: p in [0, 1], cost_a ≥ 0, mean > 0")
    free = mean - cost_a
    y = min(max(free, 0.0), 1 - p)
    war = -math.expm1(-y / mean)
    return Demand(p + y, war, _value(p, cost_a, y, war), 0 < free < 1 - p)


def general(
    p: float,
    cost_a: float,
    cdf: Callable[[float], float],
    pdf: Callable[[float], float],
    low: float,
    high: float,
) -> Demand:
    """c_B with distribution `cdf` and density `pdf` on [low, high], high finite; the root of the first-order condition.

    The hazard rate f / (1 − F) must not fall, which makes the optimum unique. p in [0, 1], cost_a ≥ 0, p + low ≤ 1.
    """

    def more(y: float) -> float:
        """What a slightly larger demand adds."""
        return (1 - cdf(y)) - (y + cost_a) * pdf(y)

    ceiling = min(high, 1 - p)
    if more(low) <= 0:
        y, interior = low, False
    elif more(ceiling) >= 0:
        y, interior = ceiling, False
    else:
        y, interior = float(brentq(more, low, ceiling, xtol=1e-15, rtol=1e-14)), True
    war = cdf(y)
    return Demand(p + y, war, _value(p, cost_a, y, war), interior)


def _value(p: float, cost_a: float, y: float, war: float) -> float:
    return (1 - war) * (p + y) + war * (p - cost_a)
