"""War because power will shift: Fearon (1995) and Powell (2004, 2006), one step.

Fearon, IO 49(3):379–414, on preventive war; Powell, APSR 98(2):231–241 and "War as a Commitment Problem", IO
60(1):169–203; the thresholds on p₂ are derived from them. A pie of 1 a period. R rises: it would win a war with p₁
now, with p₂ from the next period on. War at t is worth p_t / (1 − δ) − c_R to R, (1 − p_t) / (1 − δ) − c_D to D. D
attacks before R has risen if what R can promise is too little: nobody can bind a stronger future self.
"""

from __future__ import annotations


def threshold_rising_offers(p1: float, delta: float, cost_d: float) -> float:
    """War iff p₂ is above (p₁ + (1 − δ)² c_D) / δ, when R makes all later offers and can cede at most today's pie.

    p1 in [0, 1], delta in (0, 1), cost_d ≥ 0 in units of a period's pie. May exceed 1: then no rise leads to war.
    ValueError: outside those ranges.
    """
    _check(p1, delta, cost_d)
    return (p1 + (1 - delta) ** 2 * cost_d) / delta


def threshold_any_protocol(p1: float, delta: float, cost_r: float, cost_d: float) -> float:
    """No peaceful equilibrium under any protocol iff p₂ is above (p₁ + (1 − δ)(c_D + δ c_R)) / δ.

    Arguments and errors as in `threshold_rising_offers`, cost_r ≥ 0.
    """
    _check(p1, delta, min(cost_r, cost_d))
    return (p1 + (1 - delta) * (cost_d + delta * cost_r)) / delta


def threshold_pie_destroyed(p1: float, delta: float, destroyed: float) -> float:
    """No peace iff p₂ is above (p₁ + k / (1 − k)) / δ, when war destroys the fraction k = `destroyed` of all pies.

    destroyed in [0, 1). Other arguments and errors as in `threshold_rising_offers`.
    """
    _check(p1, delta, destroyed)
    if destroyed >= 1:
        raise ValueError(f"destroyed = {destroyed}: a fraction below 1")
    return (p1 + destroyed / (1 - destroyed)) / delta


def buy_off(p1: float, p2: float, delta: float, cost_d: float) -> float:
    """The share of today's pie that keeps D from attacking when it will be held to its value of war afterwards.

    At most 1 can be ceded: above that war comes, exactly where p2 passes `threshold_rising_offers`. Below 0: D would
    even pay. Arguments and errors as there, p2 in [0, 1].
    """
    _check(p1, delta, cost_d)
    now, later = ((1 - p) / (1 - delta) - cost_d for p in (p1, p2))
    return now - delta * later


def _check(p1: float, delta: float, cost: float) -> None:
    if not 0 <= p1 <= 1 or not 0 < delta < 1 or cost < 0:
        raise ValueError(f"p1 = {p1}, delta = {delta}, cost {cost}: p1 in [0, 1], delta in (0, 1), costs ≥ 0")
