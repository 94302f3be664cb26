"""A risk of breakdown in alternating offers; after Binmore, Rubinstein & Wolinsky (1986).

RAND Journal of Economics 17(2):176–188. After each refusal the talks end with probability q, in payoffs b_i received
at once; else the next period comes. With e_i = (1 − q) δ_i the equilibrium solves 1 − x = q b₂ + e₂ y and
1 − y = q b₁ + e₁ x, x and y being what 1 and 2 keep when they propose.
"""

from __future__ import annotations

from sim.theory.rubinstein import check_discounts


def first_share(d1: float, d2: float, q: float, b1: float, b2: float) -> float:
    """The first proposer's share [1 − q b₂ − e₂(1 − q b₁)] / (1 − e₁e₂).

    d1, d2: discount factors in [0, 1], possibly both 1 where q > 0. q: probability of breakdown a refusal, in [0, 1].
    b1, b2: payoffs of a breakdown, in units of the pie, together at most 1. ValueError: outside those ranges.
    """
    check_discounts(d1, d2)
    if not 0 <= q <= 1:
        raise ValueError(f"q = {q}: a probability lies in [0, 1]")
    if b1 + b2 > 1:
        raise ValueError(f"b1 + b2 = {b1 + b2}: above 1 a breakdown is worth more than the pie")
    e1, e2 = (1 - q) * d1, (1 - q) * d2
    if e1 * e2 == 1:
        raise ValueError("q = 0 and d1 = d2 = 1: nothing presses for a deal; every split is an equilibrium")
    return (1 - q * b2 - e2 * (1 - q * b1)) / (1 - e1 * e2)
