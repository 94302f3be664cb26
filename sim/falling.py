"""Falling back: what it is worth that a package, once agreed, gives way to other levels some periods later, because a
part of it lapses or somebody breaks the deal (model.md §5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats, Ints
from sim.forecast import Forecast
from sim.menu import Options
from sim.paths import Reading, motion, move, reading


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
        self.state = fc.changed({k: v for k, v in self.sets.items() if k not in index})
        used = set().union(*(p.columns for p in fc.parties))
        columns = [c for c in menu.packages.columns if c.term in used]
        self.before = [reading(c, fc.layout, fc.state) for c in columns]
        self.after = [reading(c, fc.layout, self.state) for c in columns]

    def differences(self, dates: list[int]) -> Iterator[list[Floats]]:
        """For each date (periods after signing, rising): what falling back then adds to each party's value from then
        on, by type, signing time and package: (K, starts, n, M)."""
        fc, starts = self.fc, self.fc.ahead.starts
        still = [self._still(i) for i in range(len(fc.parties))]
        paths = [self._path(c, dates) for c in range(len(fc.menu.packages.classes))]
        left = np.maximum(fc.horizon - np.arange(starts), 1)[:, None]
        for date in dates:
            found = [np.repeat(s[:, None], starts, axis=1) for s in still]
            remaining = np.maximum(left - date, 1)
            for c, (a, b) in enumerate(fc.menu.packages.bounds):
                x, d = next(paths[c])
                self._add(found, np.arange(a, b), np.arange(a, b), c, self.before, -1.0, x, d, remaining)
                target = self.into[a:b]
                kind = class_of(fc.menu.packages)[target]
                for c2 in np.unique(kind):
                    here = np.flatnonzero(kind == c2)
                    self._add(found, a + here, target[here], int(c2), self.after, 1.0, x, d, remaining)
            yield found

    def _still(self, i: int) -> Floats:
        """(K, n, M): the difference in what stands still."""
        fc, party = self.fc, self.fc.parties[i]
        total = np.zeros((len(party.weights), fc.n, fc.menu.packages.count))
        for sign, readings, columns in ((-1.0, self.before, slice(None)), (1.0, self.after, self.into)):
            for r in readings:
                if not r.column.moves and r.column.term in party.columns:
                    weight = party.weights[:, :, party.columns[r.column.term]]
                    total += sign * (weight * r.still)[:, :, None] * r.column.coefficient[columns]
        return total

    def _path(self, c: int, dates: list[int]) -> Iterator[tuple[Floats, Floats]]:
        """Stocks and decays (…, starts, n) at each date after signing a package of class c at each time."""
        fc = self.fc
        m = motion(fc.menu.packages.classes[c], fc.lines, fc.layout, fc.state)
        x, d, _ = fc.starting(fc.ahead.starts)
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
        packages: Ints,
        c: int,
        readings: list[Reading],
        sign: float,
        x: Floats,
        d: Floats,
        left: Ints,
    ) -> None:
        """Add what moves, for packages of class c, into the columns `where` of `found`."""
        fc = self.fc
        moving = [r for r in readings if r.column.moves and r.column.coefficient[packages].any()]
        if not moving:
            return
        state = fc.state if readings is self.before else self.state
        m = motion(fc.menu.packages.classes[c], fc.lines, fc.layout, state)
        sums = fc.sums(m, moving, state.levels, x, d, left)
        for i, party in enumerate(fc.parties):
            for k, r in enumerate(moving):
                if r.column.term in party.columns:
                    weight = party.weights[:, :, party.columns[r.column.term]]
                    worth = sign * weight[:, None] * sums[i][k]
                    found[i][..., where] += worth[..., None] * r.column.coefficient[packages]


def class_of(options: Options) -> Ints:
    """The drift class of every alternative (M,)."""
    return np.repeat(np.arange(len(options.bounds)), [b - a for a, b in options.bounds])
