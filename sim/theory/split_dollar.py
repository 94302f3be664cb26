"""A dollar split by two risk-averse players: Nash, Kalai–Smorodinsky, egalitarian and utilitarian shares.

After Nash (1950), Econometrica 18:155–162; Kalai & Smorodinsky (1975), Econometrica 43:513–518; Kalai (1977),
Econometrica 45:1623–1630. Each solution is the root of its first-order condition: searching for the largest product
itself would be good to eight digits only, as the optimum is flat.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from scipy.optimize import brentq


class Utility(NamedTuple):
    """A player's utility of its share in [0, 1]: `value`, rising and concave, 0 at 0, and `slope`, its derivative on
    (0, 1]."""

    value: Callable[[float], float]
    slope: Callable[[float], float]


def crra(a: float) -> Utility:
    """s ** a, constant relative risk aversion; a in (0, 1], 1 for risk neutrality."""
    return Utility(lambda s: s**a, lambda s: a * s ** (a - 1))


def cara(a: float) -> Utility:
    """1 − exp(−a s), constant absolute risk aversion a > 0."""
    return Utility(lambda s: -math.expm1(-a * s), lambda s: a * math.exp(-a * s))


def nash_share(first: Utility, second: Utility, d1: float = 0.0, d2: float = 0.0, power: float = 0.5) -> float:
    """Player 1's share in the Nash solution with bargaining power `power` in (0, 1) and disagreement payoffs d1, d2.

    ValueError: no split gives both more than their disagreement payoffs.
    """

    def condition(x: float) -> float:
        mine = power * first.slope(x) * (second.value(1 - x) - d2)
        return mine - (1 - power) * second.slope(1 - x) * (first.value(x) - d1)

    return _root(condition, *_rational(first, second, d1, d2))


def kalai_smorodinsky_share(first: Utility, second: Utility, d1: float = 0.0, d2: float = 0.0) -> float:
    """Player 1's share where gains are equal fractions of the largest individually rational gains; as `nash_share`."""
    low, high = _rational(first, second, d1, d2)
    best1, best2 = first.value(high) - d1, second.value(1 - low) - d2
    return _root(lambda x: (second.value(1 - x) - d2) / best2 - (first.value(x) - d1) / best1, low, high)


def egalitarian_share(first: Utility, second: Utility, d1: float = 0.0, d2: float = 0.0) -> float:
    """Player 1's share where both gain the same utility; arguments and errors as in `nash_share`."""
    return _root(lambda x: (second.value(1 - x) - d2) - (first.value(x) - d1), *_rational(first, second, d1, d2))


def utilitarian_share(first: Utility, second: Utility) -> float:
    """Player 1's share where the sum of utilities is largest, both marginal utilities equal.

    ValueError: the condition has no single root inside, as for two risk-neutral players, whose sum is flat.
    """
    return _root(lambda x: first.slope(x) - second.slope(1 - x), 0.0, 1.0)


def transferable_nash_share(d1: float, d2: float, power: float = 0.5) -> float:
    """d₁ + α(1 − d₁ − d₂): Nash with risk-neutral players; disagreement d1 + d2 ≤ 1, power α in [0, 1]."""
    return d1 + power * (1 - d1 - d2)


def circle_nash(power: float) -> tuple[float, float]:
    """The Nash solution (√α, √(1 − α)) on the quarter circle u₁² + u₂² = 1 with disagreement 0; α in [0, 1]."""
    return math.sqrt(power), math.sqrt(1 - power)


def _rational(first: Utility, second: Utility, d1: float, d2: float) -> tuple[float, float]:
    """The smallest and largest share of player 1 that both prefer to disagreement."""
    low, high = _share_worth(first, d1), 1 - _share_worth(second, d2)
    if low >= high:
        raise ValueError(f"d1 = {d1}, d2 = {d2}: no split gives both more; give smaller disagreement payoffs")
    return low, high


def _share_worth(utility: Utility, level: float) -> float:
    if level <= utility.value(0.0):
        return 0.0
    if level >= utility.value(1.0):
        return 1.0
    return float(brentq(lambda s: utility.value(s) - level, 0.0, 1.0, xtol=1e-15, rtol=1e-14))


def _root(condition: Callable[[float], float], low: float, high: float) -> float:
    # Marginal utility may be infinite at 0: stay inside by less than the accuracy asked for.
    inset = 1e-14 * (high - low)
    if condition(low + inset) * condition(high - inset) >= 0:
        raise ValueError("the first-order condition doesn't change sign: the solution isn't unique, or lies at an end")
    return float(brentq(condition, low + inset, high - inset, xtol=1e-15, rtol=1e-14))
