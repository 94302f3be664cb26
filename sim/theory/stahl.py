"""Stahl (1972): alternating offers with a deadline.

Ingolf Stahl, *Bargaining Theory*; the closed form after him. Player 1 proposes in odd periods, player 2 in even ones,
T periods, nothing for anyone afterwards. Whoever proposes last keeps what is left, so short games differ much with
the parity of T and from the game without a deadline (`rubinstein`).
"""

from __future__ import annotations

from sim.theory.rubinstein import check_discounts


def first_share(d1: float, d2: float, periods: int) -> float:
    """Player 1's share, in [0, 1], in closed form.

    With T = 2n: (1 − δ₂)(1 − (δ₁δ₂)ⁿ) / (1 − δ₁δ₂); with T = 2n + 1 the same plus (δ₁δ₂)ⁿ.
    d1, d2: discount factors a period, in [0, 1]. periods: T ≥ 0; none gives 0.
    ValueError: a discount factor outside [0, 1], or a negative number of periods.
    """
    check_discounts(d1, d2)
    if periods < 0:
        raise ValueError(f"periods = {periods}: give 0 or more")
    n, odd = divmod(periods, 2)
    both = d1 * d2
    # The geometric sum 1 + δ₁δ₂ + … has n terms; its closed form is 0/0 for two patient players.
    total = n if both == 1 else (1 - both**n) / (1 - both)
    return (1 - d2) * total + odd * both**n
