"""Shapley (1953): what each player adds, averaged over the orders in which players may come together.

Exact, in fractions. With n sampled orders the standard deviation of an estimate is at most range / (2 √n), where range
is the span of the player's marginal contributions.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import factorial

import numpy as np
from numpy.typing import NDArray

Game = Callable[[frozenset[int]], Fraction | int]


def shapley_value(players: int, worth: Game) -> tuple[Fraction, ...]:
    """The exact Shapley value of each of the players 0 … n − 1; their sum is worth(all) − worth(none).

    players: n ≥ 1; 2ⁿ coalitions are looked at. worth: of a coalition, exact numbers.
    ValueError: no player.
    """
    if players < 1:
        raise ValueError(f"players = {players}: give at least 1")
    every = [frozenset(i for i in range(players) if mask >> i & 1) for mask in range(2**players)]
    table = [Fraction(worth(coalition)) for coalition in every]
    weight = [Fraction(factorial(s) * factorial(players - s - 1), factorial(players)) for s in range(players)]
    return tuple(
        sum(
            (weight[len(every[mask])] * (table[mask | 1 << i] - table[mask]) for mask in _without(i, players)),
            Fraction(0),
        )
        for i in range(players)
    )


def _without(player: int, players: int) -> list[int]:
    """The coalitions, as bit masks, that don't include the player."""
    return [mask for mask in range(2**players) if not mask >> player & 1]


def sampled_shapley(
    players: int, worth: Callable[[frozenset[int]], float], orders: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Estimates (n,) from `orders` ≥ 1 random orders. Their sum is exact for every sample."""
    total = np.zeros(players)
    for _ in range(orders):
        before: frozenset[int] = frozenset()
        for player in rng.permutation(players):
            after = before | {int(player)}
            total[player] += worth(after) - worth(before)
            before = after
    return total / orders


def airport(costs: tuple[int, ...]) -> Game:
    """The airport game: a coalition needs the longest runway among its members, `costs` (n,) ≥ 0."""
    return lambda coalition: max((costs[i] for i in coalition), default=0)
