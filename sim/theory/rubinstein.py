"""Rubinstein (1982): alternating offers without a deadline.

Ariel Rubinstein, "Perfect Equilibrium in a Bargaining Model", Econometrica 50(1):97–109. Two players split a pie of
size 1, turn about; refusing costs a period. The unique subgame-perfect equilibrium is agreement at once.
"""

from __future__ import annotations


def first_share(d1: float, d2: float) -> float:
    """The first proposer's share (1 − δ₂) / (1 − δ₁δ₂), in [0, 1].

    d1, d2: discount factors a period of the first proposer and of the other, in [0, 1], not both 1.
    ValueError: a discount factor outside [0, 1], or both 1 (then every split is an equilibrium).
    """
    check_discounts(d1, d2)
    if d1 * d2 == 1:
        raise ValueError("d1 = d2 = 1: without impatience every split is an equilibrium; give one of them below 1")
    return (1 - d2) / (1 - d1 * d2)


def second_share(d1: float, d2: float) -> float:
    """What the first proposer leaves to the other: 1 − `first_share`. Arguments and errors as there."""
    return 1 - first_share(d1, d2)


def risk_averse_first_share(d1: float, d2: float, a1: float, a2: float) -> float:
    """The first proposer's share when a share s is worth s**a_i to player i; after Rubinstein (1982).

    Indifference (1 − x)**a2 = δ₂ y**a2 makes the game that of risk-neutral players with factors δ_i ** (1 / a_i).
    a1, a2: exponents in (0, 1], 1 for risk neutrality. ValueError: as in `first_share`, or an exponent outside (0, 1].
    """
    check_discounts(d1, d2)
    for name, a in (("a1", a1), ("a2", a2)):
        if not 0 < a <= 1:
            raise ValueError(f"{name} = {a}: an exponent of risk aversion lies in (0, 1]")
    return first_share(d1 ** (1 / a1), d2 ** (1 / a2))


def check_discounts(*discounts: float) -> None:
    """ValueError unless every discount factor lies in [0, 1]."""
    for d in discounts:
        if not 0 <= d <= 1:
            raise ValueError(f"discount factor {d}: allowed are 0 to 1")
