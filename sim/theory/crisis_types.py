"""A crisis with two types of opponent: a safe demand or a risky one; after Fearon (1995).

International Organization 49(3):379–414. B is privately weak with probability μ: its cost of war is high, or A's
chance of winning against it is. A asks either for what every type takes, or for what only the weak type takes. At the
threshold A is indifferent; here it takes the risk.
"""

from __future__ import annotations

from typing import NamedTuple


class Choice(NamedTuple):
    """A's demand (its share), the probability of war, A's expected payoff, and whether it takes the risk."""

    share: float
    war: float
    value: float
    risky: bool


def cost_threshold(cost_a: float, low: float, high: float) -> float:
    """The risk is worth taking iff μ ≥ (c_L + c_A) / (c_H + c_A), μ the probability of the high cost.

    cost_a ≥ 0 and 0 ≤ low < high, B's two costs. ValueError: outside those ranges.
    """
    if cost_a < 0 or not 0 <= low < high:
        raise ValueError(f"cost_a = {cost_a}, costs {low}, {high}: cost_a ≥ 0 and 0 ≤ low < high")
    return (low + cost_a) / (high + cost_a)


def private_cost(p: float, cost_a: float, low: float, high: float, mu: float) -> Choice:
    """A's best demand when c_B is `high` with probability mu in [0, 1], else `low`; p + high ≤ 1.

    Safe: p + low. Risky: p + high, war with probability 1 − mu. ValueError: outside those ranges.
    """
    _check(p, p + high, mu)
    if mu >= cost_threshold(cost_a, low, high):
        return Choice(p + high, 1 - mu, mu * (p + high) + (1 - mu) * (p - cost_a), True)
    return Choice(p + low, 0.0, p + low, False)


def power_threshold(p_low: float, p_high: float, cost_a: float, cost_b: float) -> float:
    """The risk is worth taking iff μ ≥ (c_A + c_B) / (c_A + c_B + p_H − p_L), μ the probability that A wins with p_H.

    0 ≤ p_low < p_high ≤ 1, costs ≥ 0. ValueError: outside those ranges.
    """
    if not 0 <= p_low < p_high <= 1 or min(cost_a, cost_b) < 0:
        raise ValueError(f"p {p_low}, {p_high}, costs {cost_a}, {cost_b}: 0 ≤ p_low < p_high ≤ 1, costs ≥ 0")
    return (cost_a + cost_b) / (cost_a + cost_b + p_high - p_low)


def private_power(p_low: float, p_high: float, cost_a: float, cost_b: float, mu: float) -> Choice:
    """A's best demand when it wins with probability p_high with probability mu in [0, 1], else p_low; B knows which.

    Safe: p_low + c_B. Risky: p_high + c_B ≤ 1, war against the strong type. ValueError: outside those ranges.
    """
    _check(p_low, p_high + cost_b, mu)
    if mu >= power_threshold(p_low, p_high, cost_a, cost_b):
        return Choice(p_high + cost_b, 1 - mu, mu * (p_high + cost_b) + (1 - mu) * (p_low - cost_a), True)
    return Choice(p_low + cost_b, 0.0, p_low + cost_b, False)


def _check(p: float, risky: float, mu: float) -> None:
    if not 0 <= p <= 1 or risky > 1 or not 0 <= mu <= 1:
        raise ValueError(f"p = {p}, risky demand {risky}, mu = {mu}: p and mu in [0, 1], demands at most 1")
