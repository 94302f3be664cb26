"""Salami tactics: what is conceded is power to demand more; after Fearon (1996), Schelling (1966), Powell (2006).

Fearon, "Bargaining over objects that influence future bargaining power"; Schelling, *Arms and Influence*; Powell, IO
60(1):169–203. A holds the share x of an object worth 1 a period and would win a war with p(x) = a + b x, which costs D
c_D. A demands each period what leaves D at its value of war. There is no war on this path, yet A ends with more than
p(x₀) + (1 − δ) c_D, all that it could get if power didn't move. A jump in p on the way can end it: D would fight
rather than let A pass.
"""

from __future__ import annotations

from typing import NamedTuple


class Object(NamedTuple):
    """a, b with b in [0, 1) and p = a + b x in [0, 1]; the discount factor in (0, 1); D's cost of war c_D ≥ 0."""

    a: float
    b: float
    delta: float
    cost_d: float

    def speed(self) -> float:
        """The weight of x in the next x."""
        return (1 - self.delta) + self.delta * self.b


def next_share(terms: Object, share: float) -> float:
    """The share x' = [(1 − δ)(a + (1 − δ) c_D) + b x] / [(1 − δ) + δ b] that A asks for and gets at x, at most 1."""
    _check(terms)
    a, b, delta, cost_d = terms
    return min(1.0, ((1 - delta) * (a + (1 - delta) * cost_d) + b * share) / terms.speed())


def persistence(terms: Object) -> float:
    """ρ = b / ((1 − δ) + δ b), the fraction of the remaining way left after a step, in [0, 1)."""
    _check(terms)
    return terms.b / terms.speed()


def fixed_point(terms: Object) -> float:
    """x* = (a + (1 − δ) c_D) / (1 − b), where demands end, uncapped: above 1 A takes the whole object at last."""
    _check(terms)
    return (terms.a + (1 - terms.delta) * terms.cost_d) / (1 - terms.b)


def path(terms: Object, start: float, period: int) -> float:
    """A's share x_t = x* − ρᵗ (x* − x₀) after `period` ≥ 0 demands, capped at 1; start in [0, x*]."""
    end = fixed_point(terms)
    return min(1.0, end - persistence(terms) ** period * (end - start))


def once_for_all(terms: Object, start: float) -> float:
    """p(x₀) + (1 − δ) c_D: A's share if power stayed where it is at `start`."""
    return terms.a + terms.b * start + (1 - terms.delta) * terms.cost_d


def jump_threshold(terms: Object, start: float, at: float) -> float:
    """The largest jump of p at the share `at` that A can still pass from `start`: J* = ((1 − δ) + δ b)(x' − at) / δ.

    start ≤ at; x' is `next_share` of start. With a larger jump D resists every demand beyond `at`, and A stops there.
    Negative where A wouldn't get so far in one step anyway.
    """
    return terms.speed() * (next_share(terms, start) - at) / terms.delta


def _check(terms: Object) -> None:
    a, b, delta, cost_d = terms
    if not (a >= 0 and 0 <= b < 1 and a + b <= 1 and 0 < delta < 1 and cost_d >= 0):
        raise ValueError(f"{terms}: 0 ≤ a, 0 ≤ b < 1, a + b ≤ 1, delta in (0, 1), cost_d ≥ 0")
