"""Keeping one's word (model.md §5): whether a party breaks a deal, decided by its resolve and the price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.answers import STAKELESS
from sim.arrays import Bools, Floats, Ints, of_type
from sim.beliefs import TIE
from sim.foresight import added
from sim.menu import BREACH, KEPT
from sim.outlook import forecast
from sim.scenario.features import Renege
from sim.status import Status

if TYPE_CHECKING:
    from sim.talks import Talks


def comply(talks: Talks) -> None:
    """In every world with a deal in force from an earlier period: each party that may break it does, if it gains
    enough, in the file's order; the first breach ends the deal."""
    for name, renege in talks.table.renege.items():
        bound = (talks.deal_in > 0) & (talks.deal_in <= talks.model.period) & talks.backed(renege)
        for worlds in talks.portions(np.flatnonzero(bound)):
            gain = _gain(talks, worlds, name)
            resolve = talks.model.draws.resolve[name, talks.name][worlds]
            stakes, price = talks.stakes[name][worlds], talks.price_of(name)[worlds]
            strategy = talks.strategies[talks.parties.index(name)]
            breaks = strategy.breaks(_breaks(gain, stakes, resolve, price), gain, stakes, resolve, price)
            if talks.model.trace is not None:
                share = float(gain[0] / max(stakes[0], STAKELESS))
                talks.model.trace.temptation(talks, name, share, float(resolve[0]), float(price[0]), bool(breaks[0]))
            _break(talks, worlds[breaks], name, renege)


def _gain(talks: Talks, worlds: Ints, name: str) -> Floats:
    """D − C (n,): what breaking the deal would add for good to a party's true type, foreseen tables included."""
    i, end = talks.parties.index(name), f"{BREACH} {name}"
    fc = forecast(talks, worlds, talks.model.known(name, worlds), whole=False)
    gain = fc.left(end, i)[:, 0] - fc.left(KEPT, i)[:, 0]
    if talks.table.foresees:
        after = fc.changed(talks.menu.leave[end]).levels
        gain = gain + added(talks, worlds, fc, after)[i] - added(talks, worlds, fc, fc.state.levels)[i]
    return of_type(gain, talks.model.actor(name).kind[worlds])


def _breaks(gain: Floats, stakes: Floats, resolve: Floats, price: Floats) -> Bools:
    """A party breaks its word where the gain, as a share of its stakes, exceeds its resolve and the price."""
    some = stakes >= STAKELESS
    return some & (gain / np.where(some, stakes, 1.0) > resolve + price + TIE)


def _break(talks: Talks, worlds: Ints, name: str, renege: Renege) -> None:
    after = Status.TALKING if talks.goes_on else Status.PROMISE_BROKEN
    talks.end(worlds, renege.sets, after)
    if talks.goes_on and talks.table.deadline is not None:
        talks.status[worlds[talks.meetings[worlds] >= talks.table.deadline]] = Status.EXPIRED
    talks.deal_in[worlds] = 0
    talks.broken_in[worlds] = np.where(talks.broken_in[worlds] == 0, talks.model.period + 1, talks.broken_in[worlds])
    talks.breaches[name][worlds] += 1
