"""Who sides with whom: hedonic coalitions; Bogomolnaia & Jackson (2002).

Anna Bogomolnaia and Matthew O. Jackson, GEB 38. Players care only about who is in their own coalition; here a
coalition is worth to a player the sum of what its other members are worth to it. All partitions are looked at, so
few players.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Partition = tuple[frozenset[int], ...]


def partitions(players: int) -> Iterator[Partition]:
    """All partitions of the players 0 … n − 1, coalitions ordered by their first member: 52 for n = 5."""
    if players == 0:
        yield ()
        return
    last = players - 1
    for rest in partitions(last):
        for k, coalition in enumerate(rest):
            yield (*rest[:k], coalition | {last}, *rest[k + 1 :])
        yield (*rest, frozenset({last}))


def core_stable(values: ArrayLike) -> list[Partition]:
    """Partitions from which no group of players would all gain by leaving together.

    values (n, n): [i, j] is what j's company is worth to i, any unit; the diagonal is ignored.
    ValueError: not a square matrix.
    """
    v = _company(values)
    n = len(v)
    groups = [frozenset(g) for size in range(1, n + 1) for g in combinations(range(n), size)]
    worth = {g: v[:, sorted(g)].sum(axis=1) for g in groups}
    found = []
    for partition in partitions(n):
        now = payoffs(v, partition)
        if not any(all(worth[g][i] > now[i] for i in g) for g in groups):
            found.append(partition)
    return found


def nash_stable(values: ArrayLike) -> list[Partition]:
    """Partitions from which no player gains by joining another coalition or by standing alone; as `core_stable`.

    Those joined aren't asked, and those left can't object.
    """
    v = _company(values)
    return [p for p in partitions(len(v)) if not _somebody_moves(v, p)]


def payoffs(values: ArrayLike, partition: Partition) -> NDArray[np.float64]:
    """What each player's coalition is worth to it, (n,)."""
    v = _company(values)
    worth = np.zeros(len(v))
    for coalition in partition:
        for i in coalition:
            worth[i] = v[i, sorted(coalition)].sum()
    return worth


def _somebody_moves(v: NDArray[np.float64], partition: Partition) -> bool:
    now = payoffs(v, partition)
    return any(
        v[i, sorted(other)].sum() > now[i]
        for other in (*partition, frozenset[int]())
        for i in range(len(v))
        if i not in other
    )


def _company(values: ArrayLike) -> NDArray[np.float64]:
    v = np.array(values, dtype=float)
    if v.ndim != 2 or v.shape[0] != v.shape[1]:
        raise ValueError(f"values have shape {v.shape}: expected (players, players)")
    np.fill_diagonal(v, 0.0)
    return v
