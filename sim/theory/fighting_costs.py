"""Bargaining while fighting with a private cost of fighting; after Powell (2004).

Robert Powell, "Bargaining and Learning While Fighting", AJPS 48(2):344–361. A, uninformed, offers D a share each
round. On a refusal they fight one round: A pays k_A and D its private cost c ~ U[c_lo, c_hi], then with probability q
one side collapses (A takes all with probability p, D otherwise, received next round). After T refusals they fight to
the collapse without further offers. Refusing shows a low cost: beliefs are cut off from above.

Reduced to screening (`screening`): with d = δ(1 − q), A's value of fighting W_A and type c's w(c), the surplus
1 − W_A − w(c) = (1 − δ + k_A + c) / (1 − d) is uniform, and A screens it with discount factor d.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from sim.theory.screening import steps


class Fight(NamedTuple):
    """The equilibrium; shares of a pie of 1.

    `discount`: d. `fight_value`: W_A. `surplus`: its lowest and highest value. `offers` (T,): D's share, by round.
    `cutoffs` (T + 1,): the highest cost that D may still have, before each offer and after the last. `settles` (T,):
    the probability that D's type is one to settle at each offer. `never`: to refuse them all. `realised` (T,): that of
    settling at each offer, no collapse having come first. `value`: A's expected payoff.
    """

    discount: float
    fight_value: float
    surplus: tuple[float, float]
    offers: tuple[float, ...]
    cutoffs: tuple[float, ...]
    settles: tuple[float, ...]
    never: float
    realised: tuple[float, ...]
    value: float


def solve(offers: int, delta: float, collapse: float, cost_a: float, p: float, low: float, high: float) -> Fight:
    """The equilibrium with `offers` T ≥ 1 rounds of offers.

    delta, collapse q, p: in [0, 1], δ(1 − q) < 1. cost_a: k_A ≥ 0 and 0 ≤ low < high, costs a round, D's type.
    Exact without a gap (δ = 1, k_A = 0, low = 0: the lowest surplus is 0). With a gap, ValueError where the last
    cut-off falls below the lowest type; that it doesn't is necessary, not sufficient: A may do better by offering
    what everybody takes. ValueError also outside those ranges.
    """
    d = delta * (1 - collapse)
    if not 0 <= d < 1 or not 0 <= p <= 1 or cost_a < 0 or not 0 <= low < high:
        raise ValueError(
            f"delta = {delta}, collapse = {collapse}, p = {p}, cost_a = {cost_a}, costs {low} to {high}: "
            "delta (1 - collapse) in [0, 1), p in [0, 1], cost_a ≥ 0, 0 ≤ low < high"
        )
    fight_value = (delta * collapse * p - cost_a) / (1 - d)
    waste = 1 - delta + cost_a
    least, most = (waste + low) / (1 - d), (waste + high) / (1 - d)
    stages = steps(offers, d)[::-1]
    bounds = [most]
    for stage in stages:
        bounds.append(bounds[-1] * stage.beta)
    if bounds[-1] < least - 1e-12:
        raise ValueError(f"the last cut-off {bounds[-1]:.4g} is below the lowest surplus {least:.4g}: fewer offers")
    settles = tuple((above - below) / (most - least) for above, below in pairwise(bounds))
    return Fight(
        discount=d,
        fight_value=fight_value,
        surplus=(least, most),
        offers=tuple(1 - fight_value - stage.gamma * h for stage, h in zip(stages, bounds[:-1], strict=True)),
        cutoffs=tuple(s * (1 - d) - waste for s in bounds),
        settles=settles,
        never=(bounds[-1] - least) / (most - least),
        realised=tuple(s * (1 - collapse) ** t for t, s in enumerate(settles)),
        value=fight_value + stages[0].alpha * most**2 / (most - least),
    )
