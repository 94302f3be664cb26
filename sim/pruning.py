"""Dominated packages: what another package beats for every type of every party, whenever it is agreed.

Assent can only become likelier as a package is worth more to whoever answers, and with it what a proposer expects: a
dominated package is never put and never the Nash package, so that dropping it changes nothing. It must be beaten by
more than a tie, for ties are shared.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from sim.answers import STAKELESS, Belief
from sim.arrays import Bools, Floats, Ints
from sim.beliefs import TIE
from sim.cells import Cells, Flat
from sim.forecast import Forecast

if TYPE_CHECKING:
    from sim.equilibrium import Game

STEP = 1e-3  # share of the stakes: how much better a package must be where assent to a worse one may be next to nothing
LIKELY = 1e-3  # … which an assent at least so likely isn't
WORTH = 1_000  # cells of a world × periods: fewer are solved as soon as compared
ROUND = 12_000  # cells × periods that a round of comparing must save, beside as many as it looks at
TRIED = -1.0


def undominated(game: Game, cells: Cells, periods: int) -> Cells:
    """`cells` without those that another cell of the same world dominates, as far as looking for them saves time
    in solving for so many periods."""
    beliefs, work = game.beliefs, len(cells.row) * periods
    if not _monotone(game) or work < max(WORTH * len(cells.present), 2 * ROUND):
        return cells
    sides = [Side.of(game.fc, i, b, cells) for i, b in enumerate(beliefs)]
    groups = _moving_alike(game.fc, len(beliefs))
    group = None if groups is None else groups[cells.package]
    rank = reduce(np.multiply, [s.rank(cells) for s in sides])
    while True:
        best = cells.first_of(rank == cells.spread(np.maximum(cells.most(rank), 0.0)))
        rank[best] = TRIED
        stay = np.flatnonzero(~_beaten(best, cells, sides, group))
        before, dropped = len(rank), len(rank) - len(stay)
        if dropped:
            cells, rank, sides = cells.only(stay), rank[stay], [s.only(stay) for s in sides]
            group = None if group is None else group[stay]
        if not len(best) or dropped * periods < before + ROUND:
            return cells


def _monotone(game: Game) -> bool:
    """Whether what is better for all parties is sure to stand if what is worse does, and is better to put.

    Not where third parties are asked, all put packages at once, deals end by themselves or are broken, or the stocks
    decide what may be agreed; nor where the type of a party that may walk away decides what a refusal leaves the
    proposer. With a quota it is: one more assent never makes a coalition lose.
    """
    fc, beliefs = game.fc, game.beliefs
    falls = fc.signed is not fc.kept or any(v.more is not None for v in fc.kept)
    return (
        not (game.joint or falls or fc.menu.table.consent)
        and not any(b.leaves and len(b.odds) > 1 for b in beliefs)
        and fc.admissible(0) is fc.admissible(1)
    )


def _moving_alike(fc: Forecast, parties: int) -> Ints | None:
    """A number for every package (M,), the same for those whose values move alike; None where none moves."""
    moving = [m for values in fc.kept[:parties] for m in values.moving]
    if not moving:
        return None
    coefficients = np.zeros((len(moving), fc.menu.packages.count))
    for row, m in zip(coefficients, moving, strict=True):
        row[slice(*m.bounds)] = m.coefficient
    return np.unique(coefficients, axis=1, return_inverse=True)[1].reshape(-1)


def _beaten(best: Ints, cells: Cells, sides: list[Side], group: Ints | None) -> Bools:
    """Cells (C,) that their world's `best` dominates: at its worst it is better than they at their best, or it moves
    along with them and stands higher."""
    row = cells.row[best]
    found = [s.chances(best, row) for s in sides]
    likely = reduce(np.multiply, [chance.min(axis=0) for chance, _ in found])
    far, near = np.ones(len(cells.row), bool), np.ones(len(cells.row), bool)
    for s, (_, step) in zip(sides, found, strict=True):
        # by so much in value, to expect more than a tie more even where assent is least likely
        margin = np.maximum(step, (2 * TIE * s.reach[:, row] + STAKELESS) / likely)
        for k in range(len(s.still)):
            far &= s.high[k] <= cells.carry(best, s.low[k, best] - margin[k])
            if group is not None:
                near &= s.still[k] <= cells.carry(best, s.still[k, best] - margin[k])
    if group is None:
        return far
    return far | near & (group == cells.carry(best, group[best]))


@dataclass
class Side:
    """One party, of K types, on C cells of n worlds.

    still, low, high (K, C): the part of a cell's value that never moves, and its least and greatest value over the
    look-ahead · no_deal (K, n): no deal at its best · reach (K, n): the greatest gain, or the stakes if these are more.
    """

    belief: Belief
    still: Floats
    low: Floats
    high: Floats
    no_deal: Floats
    reach: Floats

    @classmethod
    def of(cls, fc: Forecast, i: int, belief: Belief, cells: Cells) -> Side:
        flat, no_deal = Flat.of(fc.kept[i], cells), fc.no_deal[i][0]
        low, high = flat.bounds()
        gains = np.array([cells.most(h) for h in high]) - no_deal.min(axis=1)
        return cls(belief, flat.still, low, high, no_deal.max(axis=1), np.maximum(gains, belief.stakes))

    def only(self, stay: Ints) -> Side:
        still = self.still.take(stay, axis=1)
        low = still if self.low is self.still else self.low.take(stay, axis=1)
        high = still if self.high is self.still else self.high.take(stay, axis=1)
        return Side(self.belief, still, low, high, self.no_deal, self.reach)

    def rank(self, cells: Cells) -> Floats:
        """How high each cell stands between its world's lowest and highest, midway in its bounds, as a factor (C,):
        only says which cells to try first."""
        found = np.ones(len(cells.row))
        for low, high in zip(self.low, self.high, strict=True):
            middle = low if self.low is self.high else (low + high) / 2
            least, most = -cells.most(-middle), cells.most(middle)
            above = middle - cells.spread(least)
            above *= cells.spread(1 / np.maximum(most - least, STAKELESS))
            above += 0.01
            found *= above
        return found

    def chances(self, best: Ints, row: Ints) -> tuple[Floats, Floats]:
        """The least chance that each type assents to `best`, times the type's odds (K, B), at times when it might
        assent to something worse by the margin that comes second (K, B).

        Just above the best gain that a type has refused its assent may be as unlikely as can be; STEP above it isn't.
        """
        b = self.belief.take(row)
        some, stakes = b.stakes >= STAKELESS, np.maximum(b.stakes, STAKELESS)
        past = b.resolve.cdf(b.low + TIE)
        mass = np.maximum(1 - past, 1e-12)
        least = np.maximum(b.low, b.resolve.least())
        step = np.where((b.resolve.cdf(least) - past) / mass >= LIKELY, 0.0, STEP)
        x = (self.low[:, best] - self.no_deal[:, row]) / stakes
        odds = np.where(b.odds > 0, b.odds, 1.0)  # a type that nobody reckons with still knows itself
        chance = odds * (b.resolve.cdf(np.maximum(x, least + step)) - past) / mass
        return np.maximum(chance * some, 1e-30), np.where(x < least + step, step * stakes, 0.0)
