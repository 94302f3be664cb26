"""After a deal (model.md §5): what lapses, and who may break its word, priced before signing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from sim.answers import STAKELESS, Belief, dense
from sim.arrays import Bools, Floats, Ints
from sim.beliefs import TIE
from sim.cells import admitted
from sim.falling import Fall
from sim.forecast import Forecast
from sim.values import Values

if TYPE_CHECKING:
    from sim.talks import Talks

MONTHS_AFTER = (1, 2, 3, 4, 6, 9, 12, 18, 24, 36, 48, 72)  # when a promise is looked at before signing


def price(talks: Talks, worlds: Ints, fc: Forecast, beliefs: list[Belief]) -> None:
    """Count in a forecast what comes after a deal: that it lapses, or that somebody may break it."""
    if talks.lapse is not None:
        starts = {i: str(talks.model.spec.issues[i].start) for i in talks.table.lapses}
        count_lapse(fc, starts, talks.lapse)
    elif talks.table.renege:
        count_breaches(talks, worlds, fc, beliefs)


def count_lapse(fc: Forecast, starts: dict[str, str], periods: int) -> None:
    """What is signed lasts for so many periods; then what lapses returns to its start, and the rest stays."""
    fall, total = Fall(fc, starts), _nothing(fc)
    for packages, times in _parts(fc, fall.moves):
        (differences,) = fall.differences([periods], packages, times)
        for more, d, p in zip(total, differences, fc.parties, strict=True):
            more[..., packages] = d * (p.delta**periods)[:, None]
    fc.signed = [Values(v.still, v.moving, more) for v, more in zip(fc.kept, total, strict=True)]


def _nothing(fc: Forecast) -> list[Floats]:
    return [np.zeros((len(p.weights), fc.ahead.starts, fc.n, fc.menu.packages.count)) for p in fc.parties]


def _parts(fc: Forecast, moves: Bools) -> Iterator[tuple[Ints, int]]:
    """Packages that may be agreed, with the signing times to look at: those that stand still only once."""
    wanted = admitted(fc).any(axis=0)
    for part, times in ((wanted & ~moves, 1), (wanted & moves, fc.ahead.starts)):
        if part.any():
            yield np.flatnonzero(part), times


def count_breaches(talks: Talks, worlds: Ints, fc: Forecast, beliefs: list[Belief]) -> None:
    """Price everyone's hazard of breaking each package: at every date the party that is tempted by more than was
    ever likely to hold it, the first to break ending the deal (Fearon 1995; Powell 2006). Temptations that stand
    still are acted on at the first date or never."""
    dates = sorted({max(1, round(m / talks.months)) for m in MONTHS_AFTER if round(m / talks.months) <= fc.horizon})
    falls = [Fall(fc, r.sets) for r in talks.table.renege.values()]
    places = [talks.parties.index(name) for name in talks.table.renege]
    may = [talks.backed(r)[worlds] for r in talks.table.renege.values()]
    prices = [
        np.where(able, talks.price_of(name)[worlds], np.inf) for name, able in zip(talks.table.renege, may, strict=True)
    ]
    total, held = _nothing(fc), np.ones((fc.n, fc.menu.packages.count))
    for packages, times in _parts(fc, np.logical_or.reduce([f.moves for f in falls])):
        looked = dates if times == fc.ahead.starts else dates[:1]
        differences = zip(*(_charged(talks, fc, f, looked, packages, times) for f in falls), strict=True)
        more, broken = _priced(fc, beliefs, places, prices, looked, differences, (times, fc.n, len(packages)))
        for whole, part in zip(total, more, strict=True):
            whole[..., packages] = part
        held[:, packages] = reduce(np.multiply, [1 - b[0, 0] for b in broken])
    fc.held = held
    fc.kept = [Values(v.still, v.moving, more) for v, more in zip(fc.kept, total, strict=True)]
    fc.signed = fc.kept


def _charged(
    talks: Talks, fc: Forecast, fall: Fall, dates: list[int], packages: Ints, times: int
) -> Iterator[list[Floats]]:
    """The differences, less what a foreseen table was to add where the breach undoes what is agreed there. What it
    doesn't undo is taken to be agreed by then, and stays."""
    undone = [k for k in fc.foreseen if set(fall.sets) & set(talks.model.tables[k].table.agenda)]
    for found in fall.differences(dates, packages, times):
        for i, one in enumerate(found):
            for k in undone:
                one -= fc.foreseen[k][i][:, None][..., packages]
        yield found


def _priced(
    fc: Forecast,
    beliefs: list[Belief],
    places: list[int],
    prices: list[Floats],
    dates: list[int],
    differences: Iterable[Sequence[list[Floats]]],
    shape: tuple[int, int, int],
) -> tuple[list[Floats], list[Floats]]:
    """What breaches add to each member's value (K, T, n, P), and how likely each breaker is to have broken the deal in
    the end (1, T, n, P)."""
    greatest = [np.full((len(beliefs[i].odds), *shape), -np.inf) for i in places]
    broken: list[Floats] = [np.zeros_like(g) for g in greatest]
    total: list[Floats] = [np.zeros((len(p.weights), *shape)) for p in fc.parties]
    left = fc.horizon - np.arange(shape[0])[:, None, None]
    for date, falls in zip(dates, differences, strict=True):
        before = broken
        for g, d, i in zip(greatest, falls, places, strict=True):
            np.maximum(g, d[i], out=g)
        broken = [_broken(g, beliefs[i], price) for g, i, price in zip(greatest, places, prices, strict=True)]
        for i, p in enumerate(fc.parties):
            now, then = (_as_seen(i, places, beliefs, h) for h in (broken, before))
            for k, d in enumerate(falls):
                held = [1 - (now if m < k else then)[m] for m in range(len(places)) if m != k]
                first = reduce(np.multiply, held, (now[k] - then[k]) * (left >= date))
                total[i] += first * (p.delta**date)[:, None] * d[i]
    return total, _as_seen(-1, places, beliefs, broken)


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
    resolve = belief.resolve.carried(dense)
    found = []
    for most, low in zip(greatest, belief.low, strict=True):
        tempted = most / np.where(some, belief.stakes[:, None], 1.0) - price[:, None] - TIE
        past = belief.resolve.cdf(low)[:, None]
        below = resolve.cdf(np.where(some, tempted, -1.0))
        found.append(np.maximum(below - past, 0.0) / np.where(past < 1 - 1e-12, 1 - past, np.inf))
    return np.array(found)
