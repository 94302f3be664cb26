"""Baron and Ferejohn's legislature of three with unequal recognition; after Baron & Ferejohn (1989), Eraslan (2002).

APSR 83:1181–1206; that the values are unique: JET 103:11–30. Majority of two, closed rule. A member who proposes more
often is dearer and so bought less often, until values level off. Each of four regimes is solved in closed form;
exactly one fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

SLACK = 1e-12


class Legislature(NamedTuple):
    """`regime`: which values are equal: 'pooled' (all), 'one_high' (the two lower), 'two_high' (the two higher),
    'ordered' (none). `values` (3,): expected shares, summing to 1. `keeps` (3,): what each keeps when it proposes."""

    regime: str
    values: tuple[float, ...]
    keeps: tuple[float, ...]


def three_members(recognition: tuple[float, float, float], delta: float) -> Legislature:
    """The stationary equilibrium for recognition probabilities (3,) ≥ 0 summing to 1 and a discount factor in [0, 1].

    ValueError: anything else.
    """
    if min(recognition) < 0 or abs(sum(recognition) - 1) > 1e-9:
        raise ValueError(f"recognition {recognition}: three probabilities that sum to 1")
    if not 0 <= delta <= 1:
        raise ValueError(f"delta = {delta}: allowed are 0 to 1")
    order = sorted(range(3), key=lambda i: -recognition[i])
    high, middle, low = (recognition[i] for i in order)
    regime, found = next(_fitting(high, middle, low, delta))
    values = tuple(v for _, v in sorted(zip(order, found, strict=True)))
    keeps = tuple(1 - delta * min(v for j, v in enumerate(values) if j != i) for i in range(3))
    return Legislature(regime, values, keeps)


def _fitting(p1: float, p2: float, p3: float, d: float) -> Iterator[tuple[str, tuple[float, float, float]]]:
    """Regimes, for p1 ≥ p2 ≥ p3, whose mixing probabilities exist and whose order of values agrees with them."""
    # All equal: each must be bought just so often that its value is 1/3, by others who can.
    if all(-SLACK <= _bought(1 / 3, p, 1 / 3, d) <= d * (1 - p) + SLACK for p in (p1, p2, p3)):
        yield "pooled", (1 / 3, 1 / 3, 1 / 3)
    # 1 is never bought and buys 2 or 3 so as to keep them equal.
    v1 = p1 * (1 - d / 2) / (1 - p1 * d / 2)
    v = (1 - v1) / 2
    pairs = ((p2, p3), (p3, p2))
    if v1 >= v - SLACK and all(d * q - SLACK <= _bought(v, p, v, d) <= d * (q + p1) + SLACK for p, q in pairs):
        yield "one_high", (v1, v, v)
    # 3 is always bought and buys 1 or 2 so as to keep them equal.
    v3 = p3 * (1 - d / 2) / (1 - d + p3 * d / 2) if p3 else 0.0
    v = (1 - v3) / 2
    if v >= v3 - SLACK and all(-SLACK <= _bought(v, p, v3, d) <= d * p3 + SLACK for p in (p1, p2)):
        yield "two_high", (v, v, v3)
    # 1 and 2 buy 3, and 3 buys 2.
    yield "ordered", _ordered(p1, p2, p3, d)


def _bought(value: float, p: float, cheapest: float, d: float) -> float:
    """δ times the probability of being bought that a value implies: v = p (1 − δ · cheapest) + δ · Pr · v."""
    return (value - p * (1 - d * cheapest)) / value if value > 0 else 0.0


def _ordered(p1: float, p2: float, p3: float, d: float) -> tuple[float, float, float]:
    """v₁ = p₁(1 − δv₃), v₂ = p₂(1 − δv₃) + p₃δv₂, and v₃ the rest of the dollar."""
    share = p1 + p2 / (1 - d * p3)
    v3 = (1 - share) / (1 - d * share) if p3 else 0.0
    return p1 * (1 - d * v3), p2 * (1 - d * v3) / (1 - d * p3), v3
