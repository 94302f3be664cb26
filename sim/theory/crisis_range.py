"""The bargaining range of a crisis: Fearon (1995).

James D. Fearon, "Rationalist Explanations for War", International Organization 49(3):379–414. A wins a war with
probability p; war costs A and B c_A and c_B, in units of the good. As war wastes, some split is better for both.
"""

from __future__ import annotations

from typing import NamedTuple


class Range(NamedTuple):
    """Shares of A that both prefer to war, from `low` to `high`, clipped to [0, 1]. A, making a
    take-it-or-leave-it demand, asks for `high`."""

    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


def bargaining_range(p: float, cost_a: float, cost_b: float) -> Range:
    """[p − c_A, p + c_B]. p in [0, 1], costs ≥ 0. ValueError: outside those ranges."""
    if not 0 <= p <= 1 or min(cost_a, cost_b) < 0:
        raise ValueError(f"p = {p}, costs {cost_a}, {cost_b}: allowed are p in [0, 1] and costs of 0 or more")
    return Range(max(0.0, p - cost_a), min(1.0, p + cost_b))
