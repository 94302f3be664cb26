"""Simultaneous demands: all parties put a package at once, and there is a deal where the demands are compatible.

Nash's (1953) smoothed demand game: with each side unsure of what the other will take, the demands settle on the package
with the greatest product of expected gains. What smooths here is the private resolve.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from sim.answers import STAKELESS, Belief, Spread, Stance, dense, mean
from sim.arrays import Bools, Floats, Ints, at_index
from sim.beliefs import TIE


def demanded(
    beliefs: list[Belief], stances: list[Stance], answers: list[list[Floats]], spread: Spread = dense
) -> tuple[Floats, Floats]:
    """The product over the parties (those with stakes) of expected gain over waiting, P (A − W), and the least (n,)
    that it has to exceed: a tie's worth."""
    factors, least = [], np.ones_like(beliefs[0].stakes)
    for belief, s, answer in zip(beliefs, stances, answers, strict=False):
        gains = [p * (a - spread(w)) for p, a, w in zip(answer, s.agreed, s.refuse, strict=True)]
        some = belief.stakes >= STAKELESS
        gain = mean(belief.odds, gains, spread)
        if not some.all():  # who has no stakes gains nothing, but wouldn't be put upon either
            gain = np.where(spread(some * 1.0) > 0, gain, mean(belief.odds, answer, spread))
        factors.append(gain)
        least = least * np.where(some, belief.stakes, 1.0)
    positive = reduce(np.logical_and, [f > 0 for f in factors])  # two losses don't make a gain
    return reduce(np.multiply, factors) * positive, TIE * least


def compatible(
    demands: list[Ints], agreed: list[Floats], refuse: list[Floats], stakes: list[Floats], allowed: Bools
) -> Ints:
    """The package (n,) that gives every party at least what it demands (−1: nothing), the one with the greatest product
    of gains over waiting where several do, the first among ties; −1 where none does. agreed: own values (n, M)."""
    good, product, tie = allowed.copy(), np.ones(allowed.shape), np.ones(len(allowed))
    for demand, a, w, r in zip(demands, agreed, refuse, stakes, strict=True):
        own = at_index(a, np.maximum(demand, 0))
        good &= (demand >= 0)[:, None] & (a >= (own - TIE * r - STAKELESS)[:, None])
        some = r >= STAKELESS
        product = product * np.where(some[:, None], a - w[:, None], 1.0)
        tie = tie * np.where(some, r, 1.0)
    product = np.where(good, product, -np.inf)
    best = product.max(axis=1)
    first = (product >= (best - TIE * tie)[:, None]).argmax(axis=1)
    return np.where(good.any(axis=1), first, -1)
