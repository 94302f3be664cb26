"""A mediator who is believed: Kydd (2003), made precise.

Andrew Kydd, "Which Side Are You On? Bias, Credibility, and Mediation", AJPS 47(4):597–611: only a mediator on your
side is believed when counselling restraint. The thresholds are derived after him. Player 1 demands p + c_L (safe) or
p + c_H (refused by the type with the low cost of war). The mediator sees 2's type with some accuracy and says which;
talk is free. It values a settlement at x by b·x and a war by b·p − k: b is its bias towards 1, k its dislike of war.
An accurate mediator need not be biased, an unbiased one is merely indifferent; the less accurate it is, the more bias
it takes to be believed, and one *too* biased cries "demand more" whatever it sees.
"""

from __future__ import annotations

import math
from typing import NamedTuple


class Window(NamedTuple):
    """When the mediator's word changes what 1 does and is true.

    `threshold`: μ*, the belief from which 1 takes the risk. `after_high`, `after_low`: Pr(c_H) after either message,
    if true. `influential`: the messages lead to different demands. `low`, `high`: the biases for which telling the
    truth is best (empty where low > high, or where the talk isn't influential). `war_without`, `war_with`: the
    probability of war without a mediator and with one who is believed.
    """

    threshold: float
    after_high: float
    after_low: float
    influential: bool
    low: float
    high: float
    war_without: float
    war_with: float

    def credible(self, bias: float) -> bool:
        """Whether a mediator with this bias is believed; at an end of the window it is indifferent, and believed."""
        return self.influential and self.low <= bias <= self.high


def window(mu: float, accuracy: float, cost_1: float, low: float, high: float, dislike: float) -> Window:
    """The window of bias (1 − p_H) k / (p_H c_H − c_L) ≤ b ≤ (1 − p_L) k / (p_L c_H − c_L).

    mu: Pr(c_H), in (0, 1). accuracy: chance that the mediator sees the type right, in [½, 1]. cost_1: 1's cost of war,
    ≥ 0. 0 ≤ low < high: 2's costs. dislike: k ≥ 0. The upper end is infinite where p_L c_H ≤ c_L. The probability p of
    winning cancels. ValueError: outside those ranges.
    """
    if not 0 < mu < 1 or not 0.5 <= accuracy <= 1:
        raise ValueError(f"mu = {mu}, accuracy = {accuracy}: allowed are mu in (0, 1) and accuracy in [0.5, 1]")
    if not 0 <= low < high or min(cost_1, dislike) < 0:
        raise ValueError(f"costs {cost_1}, {low}, {high}, dislike {dislike}: 0 ≤ low < high, the others ≥ 0")
    threshold = (low + cost_1) / (high + cost_1)
    after_high = mu * accuracy / (mu * accuracy + (1 - mu) * (1 - accuracy))
    after_low = mu * (1 - accuracy) / (mu * (1 - accuracy) + (1 - mu) * accuracy)
    return Window(
        threshold,
        after_high,
        after_low,
        after_high >= threshold > after_low,
        _bias(after_high, low, high, dislike),
        _bias(after_low, low, high, dislike),
        1 - mu if mu >= threshold else 0.0,
        (1 - mu) * (1 - accuracy),
    )


def _bias(belief: float, low: float, high: float, dislike: float) -> float:
    """The bias that is indifferent between counselling either demand: b (π c_H − c_L) = (1 − π) k."""
    gain = belief * high - low
    return (1 - belief) * dislike / gain if gain > 0 else math.inf
