"""The outside option principle: Binmore, Shaked & Sutton (1989).

QJE 104:753–770; Osborne & Rubinstein (1990), *Bargaining and Markets*, §3.12. A responder who refuses may leave in
the same period for w_i. An outside option matters only if it is better than the equilibrium share: it is a bound on
the outcome, not a disagreement point (compare `inside_options`). Leaving after one's own offer is refused is another
game, with several equilibria.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.theory.rubinstein import check_discounts, first_share


class Shares(NamedTuple):
    """`first` and `second`: what player 1 and player 2 keep when they propose, in [0, 1]. `binding`: whose options
    decide: 'none', 'w1', 'w2' or 'both'."""

    first: float
    second: float
    binding: str


def proposers_shares(d1: float, d2: float, w1: float, w2: float) -> Shares:
    """The solution of m₁ = 1 − max(δ₂m₂, w₂), m₂ = 1 − max(δ₁m₁, w₁).

    d1, d2: discount factors in [0, 1], not both 1. w1, w2: outside options, each ≥ 0, together at most 1.
    ValueError: anything outside those ranges.
    """
    check_discounts(d1, d2)
    if min(w1, w2) < 0 or w1 + w2 > 1:
        raise ValueError(f"w1 = {w1}, w2 = {w2}: outside options are at least 0 and together at most 1")
    m1, m2 = first_share(d1, d2), first_share(d2, d1)
    if d2 * m2 >= w2 and d1 * m1 >= w1:
        return Shares(m1, m2, "none")
    m1, m2 = 1 - w2, 1 - d1 * (1 - w2)
    if d2 * m2 <= w2 and d1 * m1 >= w1:
        return Shares(m1, m2, "w2")
    m1, m2 = 1 - d2 * (1 - w1), 1 - w1
    if d2 * m2 >= w2 and d1 * m1 <= w1:
        return Shares(m1, m2, "w1")
    return Shares(1 - w2, 1 - w1, "both")


def one_sided_share(d: float, w2: float) -> float:
    """The responder's share max(δ / (1 + δ), w₂) when only she can leave and both discount by d in [0, 1).

    w2 in [0, 1]. ValueError: outside those ranges.
    """
    if not 0 <= d < 1 or not 0 <= w2 <= 1:
        raise ValueError(f"d = {d}, w2 = {w2}: allowed are d in [0, 1) and w2 in [0, 1]")
    return max(d / (1 + d), w2)
