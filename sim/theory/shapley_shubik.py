"""Shapley & Shubik (1954): power as the chance of being the pivot.

APSR 48:787–792. The Shapley value of a voting game, in exact fractions, counted by swings: coalitions that lose
without a member and win with it.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb, factorial


def power(weights: tuple[int, ...], quota: int) -> tuple[Fraction, ...]:
    """The index of each member of the weighted game [quota; weights], summing to 1.

    weights (n,): votes, whole numbers ≥ 0. quota: votes needed, from 1 to their sum. Cost grows with n² · quota.
    ValueError: outside those ranges.
    """
    if min(weights) < 0 or not 1 <= quota <= sum(weights):
        raise ValueError(f"quota {quota} of weights {weights}: allowed are quotas from 1 to the sum of the weights")
    return tuple(_index(weights[:i] + weights[i + 1 :], weights[i], quota) for i in range(len(weights)))


def _index(others: tuple[int, ...], own: int, quota: int) -> Fraction:
    """Sum over coalitions of the others with quota − own ≤ votes < quota of s! (n − 1 − s)! / n!."""
    n = len(others) + 1
    count = [[0] * quota for _ in range(n)]  # coalitions by size and votes, losing ones only
    count[0][0] = 1
    for weight in others:
        for size in range(n - 1, 0, -1):
            for votes in range(quota - 1, weight - 1, -1):
                count[size][votes] += count[size - 1][votes - weight]
    swings = (sum(row[max(0, quota - own) :]) for row in count)
    return sum(
        (Fraction(k * factorial(s) * factorial(n - 1 - s), factorial(n)) for s, k in enumerate(swings)), Fraction(0)
    )


def council(vetoes: int, others: int, votes: int) -> tuple[Fraction, Fraction]:
    """The index of a member with a veto and of one without, in a council that needs `votes` in all and every veto
    holder's. The Security Council: council(5, 10, 9).

    An ordinary member is the pivot if all veto holders and just votes − 1 members in all stand before it.
    vetoes ≥ 1, votes from vetoes to vetoes + others. ValueError: outside those ranges.
    """
    if vetoes < 1 or not vetoes <= votes <= vetoes + others:
        raise ValueError(f"vetoes = {vetoes}, others = {others}, votes = {votes}: votes from vetoes to all members")
    n, needed = vetoes + others, votes - vetoes
    orders = comb(others - 1, needed - 1) * factorial(votes - 1) * factorial(n - votes) if needed else 0
    ordinary = Fraction(orders, factorial(n))
    return (1 - others * ordinary) / vetoes, ordinary
