"""Falling back: what it is worth that a package, once agreed, gives way to other levels some periods later, because a
part of it lapses or somebody breaks the deal (model.md §5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.forecast import Forecast
from sim.menu import Options
from sim.paths import Reading, motion, move, reading
from sim.state import State


@dataclass
class Fall:
    """After some levels are `sets`: what every package turns into (M,), and the values of the packages then."""

    fc: Forecast
    sets: Mapping[str, str]

    def __post_init__(self) -> None:
        fc, menu = self.fc, self.fc.menu
        index = {name: k for k, name in enumerate(menu.table.agenda)}
        levels = menu.levels.copy()
        for issue, name in self.sets.items():
            if issue in index:
                k, to = index[issue], fc.layout.level(issue, name)
                stays = fc.layout.irreversible[menu.agenda[k]]  # what the deal has raised can't be undone
                levels[:, k] = np.maximum(levels[:, k], to) if stays else to
        self.into = menu.lookup[levels @ menu.radix]
        self.kinds = class_of(menu.packages)
        self.state = fc.changed({k: v for k, v in self.sets.items() if k not in index})
        self.same_state = bool((self.state.levels == fc.state.levels).all())
        used = set().union(*(p.columns for p in fc.parties))
        columns = [c for c in menu.packages.columns if c.term in used]
        self.before = [reading(c, fc.layout, fc.state) for c in columns]
        self.after = [reading(c, fc.layout, self.state) for c in columns]

    @property
    def moves(self) -> Bools:
        """Packages (M,) for which the difference changes along the path: the others need be looked at only once."""
        found = np.zeros(len(self.into), bool)
        alike = self.same_state & (self.kinds == self.kinds[self.into])
        for r in self.before:
            if r.column.moves:
                now, then = r.column.coefficient, r.column.coefficient[self.into]
                found |= np.where(alike, now != then, (now != 0) | (then != 0))
        return found

    def differences(self, dates: list[int], packages: Ints, starts: int) -> Iterator[list[Floats]]:
        """For each date (periods after signing, rising): what falling back then adds to each party's value from then
        on, by type, signing time and package: (K, starts, n, P) for some packages (P,)."""
        fc, readings = self.fc, range(len(self.before))
        still = [self._still(i, packages) for i in range(len(fc.parties))]
        kinds, targets = self.kinds[packages], self.into[packages]
        paths = {int(c): self._path(int(c), dates, starts) for c in np.unique(kinds)}
        left = np.maximum(fc.horizon - np.arange(starts), 1)[:, None]
        for date in dates:
            found = [np.repeat(s[:, None], starts, axis=1) for s in still]
            remaining = np.maximum(left - date, 1)
            for c, path in paths.items():
                x, d = next(path)
                for c2 in np.unique(self.kinds[targets[kinds == c]]):
                    where = np.flatnonzero((kinds == c) & (self.kinds[targets] == c2))
                    now = [self.before[k].column.coefficient[packages[where]] for k in readings]
                    then = [self.before[k].column.coefficient[targets[where]] for k in readings]
                    if c2 == c and self.same_state:
                        both = [b - a for a, b in zip(now, then, strict=True)]
                        self._add(found, where, c, self.before, both, fc.state, x, d, remaining)
                    else:
                        self._add(found, where, c, self.before, [-v for v in now], fc.state, x, d, remaining)
                        self._add(found, where, int(c2), self.after, then, self.state, x, d, remaining)
            yield found

    def _still(self, i: int, packages: Ints) -> Floats:
        """(K, n, P): the difference in what stands still."""
        fc, party = self.fc, self.fc.parties[i]
        total = np.zeros((len(party.weights), fc.n, len(packages)))
        for sign, readings, columns in ((-1.0, self.before, packages), (1.0, self.after, self.into[packages])):
            for r in readings:
                if not r.column.moves and r.column.term in party.columns and r.column.coefficient[columns].any():
                    weight = party.weights[:, :, party.columns[r.column.term]]
                    total += sign * (weight * r.still)[:, :, None] * r.column.coefficient[columns]
        return total

    def _path(self, c: int, dates: list[int], starts: int) -> Iterator[tuple[Floats, Floats]]:
        """Stocks and decays (…, starts, n) at each date after signing a package of class c at each time."""
        fc = self.fc
        m = motion(fc.menu.packages.classes[c], fc.lines, fc.layout, fc.state)
        x, d, _ = fc.starting(starts)
        shape = x.shape[1:]
        world = np.tile(np.arange(fc.n), shape[0])
        x, d = x.reshape(len(x), len(world)), d.reshape(len(d), len(world))
        gone = 0
        for date in dates:
            for _ in range(date - gone):
                x, d, _ran = move(m, world, x, d, fc.layout, fc.state.levels)
            gone = date
            yield x.reshape(-1, *shape), d.reshape(-1, *shape)

    def _add(
        self,
        found: list[Floats],
        where: Ints,
        c: int,
        readings: list[Reading],
        coefficients: list[Floats],
        state: State,
        x: Floats,
        d: Floats,
        left: Ints,
    ) -> None:
        """Add what moves under drift class c into the columns `where` of `found`."""
        fc = self.fc
        moving = [(r, v) for r, v in zip(readings, coefficients, strict=True) if r.column.moves and v.any()]
        if not moving:
            return
        m = motion(fc.menu.packages.classes[c], fc.lines, fc.layout, state)
        sums = fc.sums(m, [r for r, _ in moving], state.levels, x, d, left)
        for i, party in enumerate(fc.parties):
            for k, (r, coefficient) in enumerate(moving):
                if r.column.term in party.columns:
                    weight = party.weights[:, :, party.columns[r.column.term]]
                    found[i][..., where] += (weight[:, None] * sums[i][k])[..., None] * coefficient


def class_of(options: Options) -> Ints:
    """The drift class of every alternative (M,)."""
    return np.repeat(np.arange(len(options.bounds)), [b - a for a, b in options.bounds])
