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
    starts = (fc.ahead.starts, fc.n, fc.menu.packages.count)
    greatest = [np.full((len(beliefs[i].odds), *starts), -np.inf) for i in places]
    broken = [np.zeros_like(g) for g in greatest]
    total = [np.zeros((len(p.weights), *starts)) for p in fc.parties]
    within = fc.horizon - np.arange(fc.ahead.starts)[:, None, None]
    for date in dates:
        differences, before = [next(f) for f in falls], broken
        for g, d, i in zip(greatest, differences, places, strict=True):
            np.maximum(g, d[i], out=g)
        broken = [
            _broken(g, beliefs[i], price) * able[:, None]
            for g, i, price, able in zip(greatest, places, prices, may, strict=True)
        ]
        for i, p in enumerate(fc.parties):
            now, then = (_as_seen(i, places, beliefs, h) for h in (broken, before))
            for k, d in enumerate(differences):
                held = [1 - (now if m < k else then)[m] for m in range(len(names)) if m != k]
                first = reduce(np.multiply, held, (now[k] - then[k]) * (within >= date))
                total[i] += first * (p.delta**date)[:, None] * d[i]
    broken = _as_seen(-1, places, beliefs, broken)
    fc.held = reduce(np.multiply, [1 - b[0, 0] for b in broken])
    fc.kept = [Values(v.still, v.moving, more) for v, more in zip(fc.kept, total, strict=True)]
    fc.signed = fc.kept


def _as_seen(i: int, places: list[int], beliefs: list[Belief], broken: list[Floats]) -> list[Floats]:
    """How likely each is to have broken the deal, as party i sees it: the others at the odds of their types (1, T, n,
    M), itself by its own type (K, T, n, M)."""
    return [
        b if at == i else reduce(np.add, [o[:, None] * one for o, one in zip(beliefs[at].odds, b, strict=True)])[None]
        for at, b in zip(places, broken, strict=True)
    ]


def _broken(greatest: Floats, belief: Belief, price: Floats) -> Floats:
    """Pr(a type has broken the deal by now), given its greatest temptation so far, in utility: (K, T, n, M)."""
    some = (belief.stakes >= STAKELESS)[:, None]
    upper = None if belief.upper is None else belief.upper[:, None]
    found = []
    for most, low in zip(greatest, belief.low, strict=True):
        tempted = most / np.where(some, belief.stakes[:, None], 1.0) - price[:, None] - TIE
        past = resolve_cdf(belief.resolve, low, belief.upper)[:, None]
        below = resolve_cdf(belief.resolve, np.where(some, tempted, -1.0), upper)
        found.append(np.maximum(below - past, 0.0) / np.where(past < 1 - 1e-12, 1 - past, np.inf))
    return np.array(found)
