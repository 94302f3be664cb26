"""Consent: a third party that a deal needs (D12). It lets pass a loss up to its tolerance, and can't hold out for more.

Its tolerance is private, a share of its stakes at the table; a refusal shows that it lies below the loss (model.md §5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from sim.answers import STAKELESS, Spread, dense, mean
from sim.arrays import Bools, Floats, Ints, of_type
from sim.beliefs import TIE, Hidden
from sim.cells import Cells, Flat
from sim.forecast import Forecast


@dataclass
class Consenter:
    """What the others know of one third party: its tolerance, the odds of its types (K, n), the smallest loss
    that each type is known to have refused (K, n), its stakes (n,), and where it is asked: worlds (n,) and packages
    (M,)."""

    tolerance: Hidden
    odds: Floats
    high: Floats
    stakes: Floats
    holds: Bools
    asked: Bools

    def losses(self, agreed: Floats, no_deal: Floats, spread: Spread = dense) -> Floats:
        """What each package costs one type against no deal, as a share of its stakes; ±∞ without stakes."""
        some = self.stakes >= STAKELESS
        loss = (spread(no_deal) - agreed) / spread(np.where(some, self.stakes, 1.0))
        if some.all():
            return loss
        return np.where(spread(some * 1.0) > 0, loss, np.where(loss <= STAKELESS, -np.inf, np.inf))

    def passing(self, kind: int, agreed: Floats, no_deal: Floats, spread: Spread = dense) -> Floats:
        """Pr(tolerance ≥ loss | tolerance < what was refused before) of one type, for each package."""
        loss, high = self.losses(agreed, no_deal, spread), self.high[kind]
        below = self.tolerance.cdf(np.where(np.isfinite(high), high - TIE, np.inf))
        tolerated = self.tolerance.carried(spread).cdf(loss - TIE)
        passes = (spread(below) - tolerated) / spread(np.maximum(below, 1e-300))
        return np.where(loss <= TIE, 1.0, np.maximum(passes, 0.0))

    def likely(self, agreed: Floats, no_deal: Floats, asked: Floats, spread: Spread = dense) -> Floats:
        """The others' chance that it lets each package pass: agreed (K, …), no deal (K, n); asked: 1 or 0 (…)."""
        chances = [self.passing(k, a, n, spread) for k, (a, n) in enumerate(zip(agreed, no_deal, strict=True))]
        return 1 - asked * spread(self.holds * 1.0) * (1 - mean(self.odds, chances, spread))

    def take(self, who: Ints) -> Consenter:
        return Consenter(
            self.tolerance.take(who),
            self.odds[:, who],
            self.high[:, who],
            self.stakes[who],
            self.holds[who],
            self.asked[who],
        )

    def after_refusal(self, loss: Floats, refused: Bools) -> Floats:
        """The smallest loss known to be refused (K, n), once a loss (K, n) is seen to be refused in some worlds
        (n,)."""
        lower = np.where(refused & (loss > TIE), np.minimum(self.high, loss), self.high)
        possible = self.tolerance.cdf(np.where(np.isfinite(lower), lower - TIE, np.inf)) > 1e-12
        return np.where(possible, lower, self.high)


@dataclass
class Asked:
    """A third party at the meeting now: its values of every package (K, n, M) and of no deal (K, n)."""

    name: str
    belief: Consenter
    agreed: Floats
    no_deal: Floats

    def values(self) -> Iterator[tuple[Floats, Floats]]:
        return zip(self.agreed, self.no_deal, strict=True)

    def take(self, who: Ints) -> Asked:
        return Asked(self.name, self.belief.take(who), self.agreed[:, who], self.no_deal[:, who])

    def chance(self) -> Floats:
        """(n, M) that it lets each package pass."""
        return self.belief.likely(self.agreed, self.no_deal, self.belief.asked * 1.0)


def consents(loss: Floats, tolerance: Floats, kind: Ints) -> Bools:
    """Whether the true type lets a loss (K, n) pass, given its tolerance (n,)."""
    return of_type(loss, kind) <= tolerance + TIE


@dataclass
class Consent:
    """All third parties in the forecast, where they stand behind the table's own from `first` on."""

    fc: Forecast
    thirds: list[Consenter]
    first: int
    _kept: tuple[Cells, list[Flat]] | None = field(default=None, init=False)

    def ahead(self, cells: Cells, t: int, known: tuple[int, int] | None = None) -> Floats | None:
        """The chance (C,) that all of them consent, on the cells of a look-ahead; None where there are none. `known`:
        one of them, and its type."""
        if not self.thirds:
            return None
        found = np.ones(len(cells.row))
        for q, (third, values) in enumerate(zip(self.thirds, self._values(cells), strict=True)):
            asked = third.asked[cells.row, cells.package] * 1.0
            agreed, no_deal = values.at(t), self.fc.no_deal[self.first + q][0][:, t]
            if known is not None and known[0] == q:
                passes = third.passing(known[1], agreed[known[1]], no_deal[known[1]], cells.spread)
                found = found * (1 - asked * cells.spread(third.holds * 1.0) * (1 - passes))
            else:
                found = found * third.likely(agreed, no_deal, asked, cells.spread)
        return found

    def _values(self, cells: Cells) -> list[Flat]:
        if self._kept is None or self._kept[0] is not cells:
            places = range(self.first, self.first + len(self.thirds))
            self._kept = cells, [Flat.of(self.fc.kept[p], cells) for p in places]
        return self._kept[1]
