"""Quantal response in asymmetric matching pennies: McKelvey & Palfrey (1995).

Richard D. McKelvey and Thomas R. Palfrey, GEB 10:6–38. Row gets X if both play heads, 1 if both play tails, else 0;
column gets 1 where they differ. Each plays a logit reply: p = σ(λ((X + 1) q − 1)), q = σ(λ(1 − 2p)). In Nash
equilibrium p = ½ whatever X; under logit a larger X makes row play heads more.
"""

from __future__ import annotations

from scipy.optimize import brentq
from scipy.special import expit


def equilibrium(x: float, precision: float) -> tuple[float, float]:
    """Row's and column's probabilities of heads; unique, as one reply rises and the other falls.

    x: X > 0. precision: λ ≥ 0, per unit of payoff; 0 is uniform play, ∞ Nash. ValueError: outside those ranges.
    """
    if x <= 0 or precision < 0:
        raise ValueError(f"x = {x}, precision = {precision}: allowed are x > 0 and precision ≥ 0")

    def column(p: float) -> float:
        return float(expit(precision * (1 - 2 * p)))

    def excess(p: float) -> float:
        return p - float(expit(precision * ((x + 1) * column(p) - 1)))

    p = float(brentq(excess, 0.0, 1.0, xtol=1e-15, rtol=1e-14))
    return p, column(p)
