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
from sim.values import Moving, Values


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
        row, package = np.divmod(np.flatnonzero(where), where.shape[1])
        return cls._in(row, package, len(where))

    @classmethod
    def _in(cls, row: Ints, package: Ints, n: int) -> Cells:
        counts = np.bincount(row, minlength=n)
        present = np.flatnonzero(counts)
        first = np.concatenate([[0], np.cumsum(counts[present])[:-1]]) if len(present) else present
        return cls(row, package, present, first, counts)

    def only(self, some: Ints) -> Cells:
        """Some of the cells, in order."""
        return self._in(self.row[some], self.package[some], len(self.counts))

    def spread(self, values: Floats) -> Floats:
        """A quantity of each world (n,) at each of its cells (C,)."""
        return np.repeat(values, self.counts)

    def most(self, values: Floats) -> Floats:
        """Greatest value (n,) in each world; −∞ where it has no cells."""
        out = np.full(len(self.counts), -np.inf)
        if len(self.first):
            out[self.present] = np.maximum.reduceat(values, self.first)
        return out

    def first_of(self, some: Bools) -> Ints:
        """The first of some cells (C,) in each world that has any of them."""
        found = np.flatnonzero(some)
        return found[np.flatnonzero(np.diff(self.row[found], prepend=-1))]

    def carry(self, cell: Ints, values: Floats | Ints) -> Floats:
        """Values of at most one cell a world at all cells of its world (C,); −∞ in worlds without."""
        world = np.full(len(self.counts), -np.inf)
        world[self.row[cell]] = values
        return self.spread(world)

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

    def spread(self, values: Floats) -> Floats:
        """A quantity of each world (n,) at each of its winners (W,)."""
        return values[self.row]

    def average(self, gained: Floats, lost: Floats, likely: Floats) -> Floats:
        """Mean over each world's winners of (gained − lost) · likely, 0 in a world without any: (n,).

        gained are cells' values (C,), lost is the world's (n,), likely the winners' (W,).
        """
        product = (gained[self.cell] - lost[self.row]) * likely
        return np.bincount(self.row, weights=product, minlength=self.n) / np.maximum(self.count, 1)


@dataclass
class Flat:
    """One party's values on cells: still (K, C), what moves, and what comes of falling back (K, T+1, C)."""

    still: Floats
    moving: list[Part]
    more: Floats | None

    @classmethod
    def of(cls, values: Values, cells: Cells) -> Flat:
        by_class: dict[tuple[int, int], list[Moving]] = {}
        for m in values.moving:
            by_class.setdefault(m.bounds, []).append(m)
        most = max(map(len, by_class.values()), default=0)
        slots = [[terms[s] for terms in by_class.values() if len(terms) > s] for s in range(most)]
        packages = values.still.shape[2]
        still = values.still.reshape(len(values.still), -1).take(cells.row * packages + cells.package, axis=1)
        more = None if values.more is None else values.more[:, :, cells.row, cells.package]
        return cls(still, [Part.of(terms, cells, packages) for terms in slots], more)

    def at(self, t: int) -> Floats:
        """A_i (K, C) of every type, agreed at t: to be read, not written to."""
        if not self.moving and self.more is None:
            return self.still
        total = self.still.copy()
        for part in self.moving:
            for k, w in enumerate(part.worth[:, t]):
                kinds = slice(None) if len(part.worth) == 1 else k
                total[kinds] += w.take(part.where) * part.coefficient
        return total if self.more is None else total + self.more[:, t]

    def bounds(self) -> tuple[Floats, Floats]:
        """The least and the greatest that every cell may be worth over the look-ahead (K, C), without falling back."""
        if not self.moving:
            return self.still, self.still
        low, high = self.still.copy(), self.still.copy()
        for part in self.moving:
            for k, (least, most) in enumerate(zip(part.worth.min(axis=1), part.worth.max(axis=1), strict=True)):
                kinds = slice(None) if len(part.worth) == 1 else k
                ends = least.take(part.where) * part.coefficient, most.take(part.where) * part.coefficient
                low[kinds] += np.minimum(*ends)
                high[kinds] += np.maximum(*ends)
        return low, high


@dataclass
class Part:
    """One moving term of every drift class, side by side: worth (K or 1, T+1, classes · n), and for each cell where in
    it to look and how much it counts (C,)."""

    worth: Floats
    where: Ints
    coefficient: Floats

    @classmethod
    def of(cls, terms: list[Moving], cells: Cells, packages: int) -> Part:
        kinds, n = max(len(m.worth) for m in terms), len(cells.counts)
        worth = np.concatenate([np.broadcast_to(m.worth, (kinds, *m.worth.shape[1:])) for m in terms], axis=2)
        first, coefficient = np.zeros(packages, int), np.zeros(packages)
        for c, m in enumerate(terms):
            first[slice(*m.bounds)], coefficient[slice(*m.bounds)] = c * n, m.coefficient
        return cls(worth, first[cells.package] + cells.row, coefficient[cells.package])


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
            most = values.still[k].copy() if values.moving or values.more is not None else values.still[k]
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
