"""Inside options: a flow while the players disagree; after Muthoo (1999).

Abhinay Muthoo, *Bargaining Theory with Applications*, ch. 6. Each period without a deal pays (1 − δ_i) g_i: fighting
goes on while one talks. An inside option always moves the outcome, to the split of the difference as δ → 1; an
outside option only where it binds (`outside_options`).
"""

from __future__ import annotations

from sim.theory.rubinstein import check_discounts


def first_share(d1: float, d2: float, g1: float, g2: float) -> float:
    """The first proposer's share [(1 − δ₂)(1 − g₂) + δ₂(1 − δ₁) g₁] / (1 − δ₁δ₂).

    d1, d2: discount factors in [0, 1], not both 1. g1, g2: what disagreeing for ever is worth, in units of the pie;
    negative for a costly war. Together at most 1. ValueError: outside those ranges.
    """
    check_discounts(d1, d2)
    if d1 * d2 == 1:
        raise ValueError("d1 = d2 = 1: give at least one player a discount factor below 1")
    if g1 + g2 > 1:
        raise ValueError(f"g1 + g2 = {g1 + g2}: above 1 disagreement is worth more than the pie")
    return ((1 - d2) * (1 - g2) + d2 * (1 - d1) * g1) / (1 - d1 * d2)


def split_the_difference(g1: float, g2: float) -> float:
    """Player 1's share g₁ + ½(1 − g₁ − g₂), the limit of `first_share` as δ₁ = δ₂ → 1."""
    return g1 + (1 - g1 - g2) / 2
