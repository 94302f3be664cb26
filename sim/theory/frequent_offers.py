"""Offers ever more frequent: the limit is an asymmetric Nash solution; Binmore, Rubinstein & Wolinsky (1986).

RAND Journal of Economics 17(2):176–188, for impatience alone or a risk of breakdown alone; the two together after
them. A period lasts D; δ_i = exp(−r_i D), breakdown q = 1 − exp(−λD). The game of length D differs from its limit by
O(D).
"""

from __future__ import annotations

import math

from sim.theory import breakdown


def limit_share(r1: float, r2: float, hazard: float = 0.0, b1: float = 0.0, b2: float = 0.0) -> float:
    """Player 1's share as D → 0: (λ + r₂ + λ(b₁ − b₂)) / (2λ + r₁ + r₂).

    r1, r2: discount rates ≥ 0. hazard: λ ≥ 0, of breakdown. b1, b2: its payoffs, in units of the pie.
    ValueError: a negative rate, or nothing that presses for a deal.
    """
    if min(r1, r2, hazard) < 0 or 2 * hazard + r1 + r2 == 0:
        raise ValueError(f"r1 = {r1}, r2 = {r2}, hazard = {hazard}: rates are at least 0 and not all 0")
    return (hazard + r2 + hazard * (b1 - b2)) / (2 * hazard + r1 + r2)


def limit_power(r1: float, r2: float, hazard: float = 0.0) -> float:
    """Player 1's bargaining power (λ + r₂) / (2λ + r₁ + r₂) in the Nash solution of the limit; as `limit_share`."""
    return (hazard + r2) / (2 * hazard + r1 + r2)


def limit_disagreement(rate: float, hazard: float, payoff: float) -> float:
    """The disagreement point λ b / (λ + r) of a player with discount rate `rate`; 0 where both rates are 0."""
    return hazard * payoff / (hazard + rate) if hazard else 0.0


def share_at(period: float, r1: float, r2: float, hazard: float = 0.0, b1: float = 0.0, b2: float = 0.0) -> float:
    """The first proposer's share in the game with periods of length `period` > 0; arguments as in `limit_share`."""
    d1, d2 = math.exp(-r1 * period), math.exp(-r2 * period)
    return breakdown.first_share(d1, d2, -math.expm1(-hazard * period), b1, b2)


def risk_averse_limit(r1: float, r2: float, a1: float, a2: float) -> float:
    """Player 1's share a₁r₂ / (a₁r₂ + a₂r₁) as D → 0 when a share s is worth s**a_i.

    a1, a2: exponents in (0, 1]. r1, r2: discount rates > 0.
    """
    return a1 * r2 / (a1 * r2 + a2 * r1)
