"""A wedge between allies whose attachment is private; after Crawford (2008, 2011).

Security Studies 17(1); International Studies 35(4):155–189; derived after him. B's attachment θ to its ally, in units
of A's value, is uniform on [lo, hi] and known to B only. A offers τ once; B leaves its ally iff τ ≥ θ. A weighs the
price against the chance: a monopsonist facing a linear supply.
"""

from __future__ import annotations

from typing import NamedTuple


class Wedge(NamedTuple):
    """`worth`: τ*, what the offer is worth to B. `nominal`: what A must promise for that. `split`: the probability
    that B leaves. `value`: A's expected payoff. All 0 where A makes no offer."""

    worth: float
    nominal: float
    split: float
    value: float


def offer(value_a: float, low: float, high: float, credibility: float = 1.0) -> Wedge:
    """τ* = clip((V_A + lo) / 2, max(lo, 0), hi) if V_A > max(lo, 0), else no offer.

    value_a: what B's leaving is worth to A. low < high: range of θ, may be negative. credibility: the fraction of a
    promise that B believes, in (0, 1]; A pays what B believes. ValueError: outside those ranges.
    """
    if low >= high or not 0 < credibility <= 1:
        raise ValueError(f"low = {low}, high = {high}, credibility = {credibility}: low < high, credibility in (0, 1]")
    floor = max(low, 0.0)
    if value_a <= floor:
        return Wedge(0.0, 0.0, 0.0, 0.0)
    tau = min(max((value_a + low) / 2, floor), max(high, 0.0))
    split = min(1.0, (tau - low) / (high - low))
    return Wedge(tau, tau / credibility, split, (value_a - tau) * split)
