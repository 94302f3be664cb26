"""The feasible set of finitely many packages: what is efficient, what is individually rational, what lotteries add.

The terms are those of Nash (1950), Econometrica 18:155–162. A helper of the cooperative solutions beside it.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

EQUAL = 1e-12
Floats = NDArray[np.float64]


def payoffs(utilities: ArrayLike, disagreement: ArrayLike) -> tuple[Floats, Floats]:
    """The arguments of a solution as arrays (M, P) and (P,). ValueError: shapes that don't fit, or no package."""
    worth, point = np.asarray(utilities, dtype=float), np.asarray(disagreement, dtype=float)
    if worth.ndim != 2 or not len(worth) or point.shape != worth.shape[1:]:
        raise ValueError(
            f"utilities {worth.shape}, disagreement {point.shape}: expected (packages, players), (players,)"
        )
    return worth, point


def efficient(utilities: ArrayLike) -> NDArray[np.int64]:
    """Indices of the Pareto-efficient packages of utilities (M, P), rising; equal payoffs are all kept."""
    worth = np.asarray(utilities, dtype=float)
    return np.array([m for m, u in enumerate(worth) if not _dominated(u, worth)], dtype=np.int64)


def _dominated(u: Floats, worth: Floats) -> bool:
    return bool(np.any((worth >= u).all(axis=1) & (worth > u).any(axis=1)))


def individually_rational(utilities: ArrayLike, disagreement: ArrayLike) -> NDArray[np.int64]:
    """Indices of the packages of utilities (M, P) that give everyone at least the disagreement point (P,), rising."""
    worth, point = payoffs(utilities, disagreement)
    return np.flatnonzero((worth >= point - EQUAL).all(axis=1))


def lotteries(utilities: ArrayLike, disagreement: ArrayLike) -> Floats:
    """The efficient, individually rational edge of the convex hull of packages and the disagreement point.

    utilities (M, 2), disagreement (2,). Gives its corners (K, 2) in payoffs, from player 2's best to player 1's; the
    ends may be lotteries that give one player its disagreement payoff. K ≥ 1: the disagreement point where nobody
    can gain.
    """
    worth, point = payoffs(utilities, disagreement)
    if worth.shape[1] != 2:
        raise ValueError(f"{worth.shape[1]} players: lotteries are solved for two")
    corners = _upper_right(np.unique(np.vstack([worth, point]), axis=0))
    return _clip(corners, point)


def _upper_right(points: Floats) -> Floats:
    """The concave decreasing boundary of sorted points (M, 2), from the highest to the furthest right."""
    kept: list[Floats] = []
    for p in points:
        while kept and (p[1] >= kept[-1][1] or (len(kept) > 1 and _turns_left(kept[-2], kept[-1], p))):
            kept.pop()
        kept.append(p)
    return np.array(kept)


def _turns_left(a: Floats, b: Floats, c: Floats) -> bool:
    return bool((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) >= 0)


def _clip(corners: Floats, point: Floats) -> Floats:
    """The part of a decreasing boundary at or above `point`; a segment that leaves it is cut there."""
    inside = list(corners)
    for a, b in pairwise(corners):
        if a[0] < point[0] < b[0]:
            inside.append(a + (point[0] - a[0]) / (b[0] - a[0]) * (b - a))
        if b[1] < point[1] < a[1]:
            inside.append(a + (point[1] - a[1]) / (b[1] - a[1]) * (b - a))
    inside = [p for p in inside if (p >= point - EQUAL).all()]
    return np.unique(np.array(inside), axis=0) if inside else point[None, :]
