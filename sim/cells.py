"""Cells: the (world, package) pairs that can matter in a look-ahead, flat, ordered by world.

A package that is worth less than no deal to every type of some party, whatever the time, is never accepted; dropping
it changes nothing (`equilibrium` gives it probability 0) and leaves a fraction of the work.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.forecast import Forecast
from sim.values import Values


@dataclass
class Cells:
    """row, package (C,) · counts (n,): cells of each world · present: worlds that have any, and `first` where theirs
    start."""

    row: Ints
    package: Ints
    present: Ints
    first: Ints
    counts: Ints

    @classmethod
    def of(cls, where: Bools) -> Cells:
        row, package = np.nonzero(where)
        counts = where.sum(axis=1)
        present = np.flatnonzero(counts)
        first = np.concatenate([[0], np.cumsum(counts[present])[:-1]]) if len(present) else present
        return cls(row, package, present, first, counts)

    def spread(self, values: Floats) -> Floats:
        """A quantity of each world (n,) at each of its cells (C,)."""
        return np.repeat(values, self.counts)

    def most(self, values: Floats) -> Floats:
        """Greatest value (n,) in each world; −∞ where it has no cells."""
        out = np.full(len(self.counts), -np.inf)
        if len(self.first):
            out[self.present] = np.maximum.reduceat(values, self.first)
        return out

    def winners(self, score: Floats, least: Floats) -> Winners:
        """The cells that score at least `least` (n,) in their world: the best one, or those tied with it."""
        cell = np.flatnonzero(score >= self.spread(least))
        return Winners(cell, self.row[cell], len(self.counts))


@dataclass
class Winners:
    """Cells (W,) and their worlds (W,), among n worlds."""

    cell: Ints
    row: Ints
    n: int

    @cached_property
    def count(self) -> Ints:
        """How many winners each world has (n,)."""
        return np.bincount(self.row, minlength=self.n)

    def average(self, gained: Floats, lost: Floats, likely: Floats) -> Floats:
        """Mean over each world's winners of (gained − lost) · likely, 0 in a world without any: (n,).

        gained are cells' values (C,), lost is the world's (n,), likely the winners' (W,).
        """
        product = (gained[self.cell] - lost[self.row]) * likely
        return np.bincount(self.row, weights=product, minlength=self.n) / np.maximum(self.count, 1)


@dataclass
class Flat:
    """One party's values on cells: still (K, C), what moves: which cells, their coefficients and rows, worth (K, T+1,
    n), and what comes of falling back (K, T+1, C)."""

    still: Floats
    moving: list[tuple[Ints, Floats, Ints, Floats]]
    more: Floats | None

    @classmethod
    def of(cls, values: Values, cells: Cells) -> Flat:
        moving = []
        for m in values.moving:
            a, b = m.bounds
            inside = np.flatnonzero((cells.package >= a) & (cells.package < b))
            coefficient = m.coefficient[cells.package[inside] - a]
            inside = inside[coefficient != 0]
            coefficient = coefficient[coefficient != 0]
            moving.append((inside, coefficient, cells.row[inside], m.worth))
        more = None if values.more is None else values.more[:, :, cells.row, cells.package]
        return cls(values.still[:, cells.row, cells.package], moving, more)

    def at(self, t: int) -> Floats:
        """A_i (K, C) of every type, agreed at t."""
        total = self.still.copy()
        for where, coefficient, row, worth in self.moving:
            for k, w in enumerate(worth):
                more = w[t].take(row) * coefficient
                for kind in range(len(total)) if len(worth) == 1 else (k,):
                    total[kind][where] += more
        return total if self.more is None else total + self.more[:, t]


def admitted(fc: Forecast) -> Bools:
    """Packages (n, M) that may be agreed at some time of the look-ahead."""
    return np.logical_or.reduce([fc.admissible(t) for t in _times(fc)])


def individually_rational(fc: Forecast, slack: list[Floats]) -> Bools:
    """Packages (n, M) that for every party (each has its slack) have some type and some t at which they might be
    worth no less than no deal."""
    kept = admitted(fc)
    for i, values in enumerate(fc.kept[: len(slack)]):
        good = np.zeros_like(kept)
        for k in range(len(values.still)):
            most = values.still[k].copy()
            for m in values.moving:
                a, b = m.bounds
                high, low = m.of(k).max(axis=0)[:, None], m.of(k).min(axis=0)[:, None]
                most[:, a:b] += np.maximum(high * m.coefficient, low * m.coefficient)
            if values.more is not None:
                most += values.more[k].max(axis=0)
            good |= most >= (fc.no_deal[i][0][k].min(axis=0) - slack[i])[:, None]
        kept &= good
    return kept


def _times(fc: Forecast) -> range:
    """Times at which what is admissible has to be asked: one, unless it depends on the stocks."""
    return range(fc.steps + 1) if fc.admissible(0) is not fc.admissible(1) else range(1)
