"""After a deal (model.md §5): what lapses, and who may break its word, priced before signing."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from sim.answers import STAKELESS, Belief
from sim.arrays import Floats, Ints
from sim.beliefs import TIE, resolve_cdf
from sim.falling import Fall
from sim.forecast import Forecast
from sim.values import Values

if TYPE_CHECKING:
    from sim.talks import Talks

MONTHS_AFTER = (1, 2, 3, 4, 6, 9, 12, 18, 24, 36, 48, 72)  # when a promise is looked at before signing


def price(talks: Talks, worlds: Ints, fc: Forecast, beliefs: list[Belief]) -> None:
    """Count in a forecast what comes after a deal: that it lapses, or that somebody may break it."""
    if talks.lapse is not None:
        starts = {i: str(talks.model.scenario.issues[i].start) for i in talks.table.lapses}
        count_lapse(fc, starts, talks.lapse)
    elif talks.table.renege:
        count_breaches(talks, worlds, fc, beliefs)


def count_lapse(fc: Forecast, starts: dict[str, str], periods: int) -> None:
    """What is signed lasts for so many periods; then what lapses returns to its start, and the rest stays."""
    (differences,) = Fall(fc, starts).differences([periods])
    fc.signed = [
        Values(v.still, v.moving, more * (p.delta**periods)[:, None])
        for v, more, p in zip(fc.kept, differences, fc.parties, strict=True)
    ]


def count_breaches(talks: Talks, worlds: Ints, fc: Forecast, beliefs: list[Belief]) -> None:
    """Price everyone's hazard of breaking each package: at every date the party that is tempted by more than was
    ever likely to hold it, the first to break ending the deal (Fearon 1995; Powell 2006)."""
    dates = sorted({max(1, round(m / talks.months)) for m in MONTHS_AFTER if round(m / talks.months) <= fc.horizon})
    names = list(talks.table.renege)
    falls = [Fall(fc, talks.table.renege[name].sets).differences(dates) for name in names]
    places = [talks.parties.index(name) for name in names]
    prices = [talks.price_of(name)[worlds] for name in names]
    may = [talks.backed(talks.table.renege[name])[worlds] for name in names]
    greatest: list[Floats] = []
    broken: list[Floats] = [np.zeros((fc.ahead.starts, fc.n, fc.menu.packages.count)) for _ in names]
    total = [np.zeros((len(p.weights), *broken[0].shape)) for p in fc.parties]
    left = fc.horizon - np.arange(fc.ahead.starts)
    for date in dates:
        differences = [next(f) for f in falls]
        greatest = [
            d[i] if not greatest else np.maximum(greatest[k], d[i])
            for k, (d, i) in enumerate(zip(differences, places, strict=True))
        ]
        before, broken = (
            broken,
            [
                _broken(g, beliefs[i], price) * able[:, None]
                for g, i, price, able in zip(greatest, places, prices, may, strict=True)
            ],
        )
        within = (left >= date)[:, None, None]
        for k, d in enumerate(differences):
            held = [1 - (broken if m < k else before)[m] for m in range(len(names)) if m != k]
            first = reduce(np.multiply, held, (broken[k] - before[k]) * within)
            for i, p in enumerate(fc.parties):
                total[i] += first * (p.delta**date)[:, None] * d[i]
    fc.held = reduce(np.multiply, [1 - b[0] for b in broken])
    fc.kept = [Values(v.still, v.moving, more) for v, more in zip(fc.kept, total, strict=True)]
    fc.signed = fc.kept


def _broken(greatest: Floats, belief: Belief, price: Floats) -> Floats:
    """Pr(the deal is broken by now) (T, n, M), given the greatest temptation so far (K, T, n, M), in utility."""
    some = (belief.stakes >= STAKELESS)[:, None]
    total = np.zeros(greatest.shape[1:])
    for k, odds in enumerate(belief.odds):
        tempted = greatest[k] / np.where(some, belief.stakes[:, None], 1.0) - price[:, None] - TIE
        past = resolve_cdf(belief.resolve, belief.low[k], belief.upper)[:, None]
        upper = None if belief.upper is None else belief.upper[:, None]
        below = resolve_cdf(belief.resolve, np.where(some, tempted, -1.0), upper)
        chance = np.maximum(below - past, 0.0) / np.where(past < 1 - 1e-12, 1 - past, np.inf)
        total += odds[:, None] * chance
    return total
