"""Screening a buyer by a falling price: Sobel & Takahashi (1983).

Review of Economic Studies 50:411–426; without a deadline, the slope of Stokey and of Gul, Sonnenschein & Wilson
(1986), JET 39:155–190. Surplus s is uniform on [0, h] and known to the responder only; the proposer makes every
offer. With n offers left and types up to h remaining it demands γ_n h, types above β_n h accept, and its payoff,
times h, is α_n h². Linear in h, and so exact where a grid of types is not: there the rounding of one stage's price is
magnified in the next stage's cut-off.
"""

from __future__ import annotations

import math
from typing import NamedTuple


class Step(NamedTuple):
    """The stage with n offers left: cut-off, demand and payoff per h, h and h² (see the module)."""

    beta: float
    gamma: float
    alpha: float


def steps(offers: int, delta: float) -> tuple[Step, ...]:
    """The stages with 1, …, `offers` offers left, in that order.

    g_n = 1 − δ + δγ_{n−1}, β_n = g_n / (2 (g_n − δα_{n−1})), γ_n = β_n g_n, α_n = β_n g_n / 2.
    offers ≥ 1, delta in [0, 1]. ValueError: outside those ranges.
    """
    if offers < 1 or not 0 <= delta <= 1:
        raise ValueError(f"offers = {offers}, delta = {delta}: allowed are at least 1 offer and delta in [0, 1]")
    found = [Step(0.5, 0.5, 0.25)]
    for _ in range(offers - 1):
        last = found[-1]
        g = 1 - delta + delta * last.gamma
        beta = g / (2 * (g - delta * last.alpha))
        found.append(Step(beta, beta * g, beta * g / 2))
    return tuple(found)


def stationary_demand(delta: float) -> float:
    """The slope γ = √(1 − δ) (1 − √(1 − δ)) / δ without a deadline; delta in (0, 1).

    It tends to 0 as δ → 1: the Coase conjecture. ValueError: delta outside (0, 1).
    """
    if not 0 < delta < 1:
        raise ValueError(f"delta = {delta}: allowed are numbers between 0 and 1")
    root = math.sqrt(1 - delta)
    return root * (1 - root) / delta
