"""Screening one informed responder (model.md §4, `beliefs: grid`): a look-ahead in which beliefs move with refusals.

Arrays in, arrays out. One party makes every proposal until a deadline and has no secret; the other has types and no
resolve. The theory, and how one meeting is solved, is told in `skimming`; this goes backwards over the meetings.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.arrays import Bools, Floats, Ints, at_index
from sim.skimming import BELOW, MASS, Curve, Meeting, Round, Waiting, meeting_of

__all__ = ["Round", "Screening", "Waiting", "screen"]


@dataclass
class Screening:
    """The meeting now in n worlds, and what the look-ahead says about it.

    score (n, M): what offering a package gains the proposer over offering nothing · proposer_waits (n,), types_wait
    (K, n): the value to each if nothing is offered · assents (K, n, M): the chance that a type accepts · skims (n,):
    False where types aren't ordered alike for all packages, and nothing here holds.
    """

    score: Floats
    proposer_waits: Floats
    types_wait: Floats
    assents: Floats
    skims: Bools
    _now: Meeting
    _order: Ints
    _slack: Floats

    def refusing(self, offer: Ints) -> Floats:
        """What refusing a package (n,) is worth to each type, or waiting where nothing is offered (-1): (K, n)."""
        after = self._now.after(np.maximum(offer, 0)[:, None])
        found = np.array([self._now.refusing(k, after)[:, 0] for k in range(len(self._order))])
        return np.where(offer >= 0, _unsorted(found, self._order), self.types_wait)

    def promise(self, offer: Ints, held: Floats) -> Floats:
        """What the most eager type left must expect of the next meeting (n,) once `offer` is refused (-1: nothing was
        offered): to be handed to `put` there. held (n,): the promise for this meeting, NaN at the first."""
        m, world, put = self._now, np.arange(len(offer)), offer >= 0
        package = np.where(put, offer, 0)
        cut = np.where(put, at_index(m.cuts, package), 1.0)
        top = m.type_at(cut[:, None], BELOW)[:, 0]
        soft, tough, share = (v[:, 0] for v in m.after(package[:, None]))
        refused = share * m.waits.types[top, world, soft] + (1 - share) * m.waits.types[top, world, tough]
        wait = m.round.types_wait
        return (np.where(put, refused, held) - wait.add[top, world]) / np.maximum(wait.keep, 1e-300)

    def put(self, promise: Floats) -> Floats:
        """The chance (n, M) that each package is offered; what is missing to 1 is the chance of nothing.

        The best package, or nothing. Where others are as good, those two between whose values to the most eager type
        the promise lies, in such proportion that it is kept.
        """
        m, world = self._now, np.arange(len(promise))
        top = m.type_at(np.ones((len(world), 1)), BELOW)[:, 0]
        worth = np.concatenate([m.round.types[top, world], m.waits.types[top, world, -1:]], axis=1)
        score = np.where(m.round.allowed & (m.cuts < 1), self.score, -np.inf)
        score = np.concatenate([score, np.zeros((len(world), 1))], axis=1)
        most = score.max(axis=1)
        good = score >= (most - self._slack)[:, None]
        sole = np.where(most > self._slack, score.argmax(axis=1), score.shape[1] - 1)
        good = np.where(np.isnan(promise)[:, None], np.arange(score.shape[1]) == sole[:, None], good)
        held = np.where(np.isnan(promise), worth[world, sole], promise)
        under, over = good & (worth <= held[:, None]), good & (worth >= held[:, None])
        low = np.where(under, worth, -np.inf).argmax(axis=1)
        high = np.where(over, worth, np.inf).argmin(axis=1)
        low, high = np.where(under.any(axis=1), low, high), np.where(over.any(axis=1), high, low)
        gap = worth[world, high] - worth[world, low]
        share = np.where(gap > 0, (held - worth[world, low]) / np.where(gap > 0, gap, 1.0), 0.0)
        found = np.zeros_like(score)
        found[world, low] += 1 - share
        found[world, high] += share
        return found[:, :-1]


def screen(
    at: Callable[[int], Round],
    steps: int,
    odds: Floats,
    no_deal: Floats,
    ends: tuple[Floats, Floats],
    slack: Floats,
) -> Screening:
    """Solves `steps` ≥ 1 meetings, the last of them at the deadline; at(t) is the one t periods from now.

    odds (K, n) · no_deal (K, n): each type's value of no deal, now: a type is the more eager, the more the packages
    gain it on average over that · ends: the proposer's value (n,) and each type's (K, n) after the last meeting ·
    slack (n,): values closer than that are the same. Worlds that don't differ are solved once.
    """
    now = at(0)
    order = np.argsort(((now.types - no_deal[:, :, None]) * now.allowed).sum(axis=2), axis=0, kind="stable")
    odds, last = (np.take_along_axis(v, order, axis=0) for v in (np.where(odds < MASS, 0.0, odds), ends[1]))
    bounds = np.concatenate([np.zeros((1, len(slack))), np.cumsum(odds, axis=0)]).T
    bounds = bounds / bounds[:, -1:]
    both = np.stack([np.zeros(len(slack)), ends[0]], axis=1)
    curve = Curve(np.stack([np.zeros(len(slack)), np.ones(len(slack))], axis=1), both, last[:, :, None])
    rows, group = _same([v.tobytes() for v in np.concatenate([bounds, last.T, both, slack[:, None], order.T], axis=1)])
    curve, skims = curve.take(rows), np.ones(len(slack), bool)
    for t in range(steps - 1, -1, -1):
        r = now if t == 0 else at(t)
        before = group
        rows, group = _same([(int(g), r.key(w)) for w, g in enumerate(before)])
        here = r.take(rows).sorted(order[:, rows])
        meeting = meeting_of(here, bounds[rows], curve.take(before[rows]).waiting(here), slack[rows])
        skims &= meeting.skims[group]
        curve = meeting.curve(slack[rows]) if t else curve
    waits = _unsorted(meeting.waits.types[:, group, -1], order)
    score, yes = _score(meeting)[group], _unsorted(_assents(meeting)[:, group], order)
    return Screening(score, meeting.waits.worth[group, -1], waits, yes, skims, meeting.take(group), order, slack)


def _same(keys: Sequence[Hashable]) -> tuple[Ints, Ints]:
    """The first world of every group of equal keys (g,), and each world's group (n,)."""
    first: dict[Hashable, int] = {}
    group = np.array([first.setdefault(key, w) for w, key in enumerate(keys)], int)
    return np.unique(group, return_inverse=True)


def _score(m: Meeting) -> Floats:
    """What offering each package gains the proposer over offering nothing: (g, M)."""
    return (1 - m.cuts) * m.round.proposer + m.waits.at(m.cuts) - m.waits.worth[:, -1:]


def _assents(m: Meeting) -> Floats:
    """The chance that each type accepts each package: (K, g, M)."""
    lower, upper = m.bounds[:, :-1].T[:, :, None], m.bounds[:, 1:].T[:, :, None]
    mass = upper - lower
    yes = np.clip((upper - m.cuts) / np.where(mass > 0, mass, 1.0), 0.0, 1.0)
    yes = np.where(np.abs(yes - 0.5) < 0.5 - MASS, yes, np.round(yes))
    return np.where(mass > 0, yes, (lower >= m.cuts) & (m.cuts < 1))


def _unsorted(values: Floats, order: Ints) -> Floats:
    """(K, n, …) by eagerness, back in the order of the types."""
    found = np.empty_like(values)
    np.put_along_axis(found, order.reshape(order.shape + (1,) * (values.ndim - 2)), values, axis=0)
    return found
