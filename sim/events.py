"""Events: what happens to the actors, by date or by hazard, with effects on levels and signals about private types.

They open a period. No forecast reckons with them (model.md §3): they are news.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import Bools, Floats
from sim.payoff.terms import Profile
from sim.scenario.priors import Along
from sim.scenario.schema import Event, Signals
from sim.state import along, holds, set_levels

if TYPE_CHECKING:
    from sim.model import Negotiation


def happen(model: Negotiation) -> None:
    """Play this period's events in every world, in the order of the file."""
    for name, event in model.spec.events.items():
        due = _due(name, event, model)
        occurs = due if event.signals is None else _signal(name, event.signals, due, model)
        state = model.state
        moved = set_levels(state.levels, event.sets, model.layout, model.open_issues)
        state.levels = np.where(occurs[:, None], moved, state.levels)
        model.occurred[name] += occurs


def _due(name: str, event: Event, model: Negotiation) -> Bools:
    due = model.draws.backed(event.claims) & holds(event.when, model.layout, model.state.levels, model.state.stocks)
    if event.at is not None:
        return due & (event.at == model.period + 1)
    if isinstance(event.hazard, Along):
        hazard = along(event.hazard, model.layout, model.state.stocks.T)
    else:
        hazard = model.draws.event_hazard[name]
    return due & (model.draws.event(name, model.period) < hazard)


def _signal(name: str, signals: Signals, due: Bools, model: Negotiation) -> Bools:
    """A due event that signals occurs with the likelihood of the actor's true type, or of the half of its prior that
    its resolve lies in; everyone sees whether it does."""
    actor, u = model.actor(signals.actor), model.draws.signal(name, model.period)
    worlds = np.flatnonzero(due)
    if signals.resolve is None:
        likelihood = np.array([of_profile(signals, p) for p in actor.profiles])
        occurs = due & (u < likelihood[actor.kind])
    else:
        likelihood = np.array([signals.resolve.below_median, signals.resolve.above_median])
        table = signals.table or next(t for t, k in model.tables.items() if signals.actor in k.parties)
        occurs = due & (u < likelihood[model.draws.upper[signals.actor, table].astype(int)])
    seen: Floats = np.where(occurs, likelihood[:, None], 1 - likelihood[:, None])[:, worlds]
    if signals.resolve is None:
        model.observe(signals.actor, worlds, seen)
    else:
        model.tables[table].learn_half(signals.actor, worlds, seen)
    return occurs


def of_profile(signals: Signals, profile: Profile) -> float:
    """Likelihood of the signal for one combination of types."""
    assert signals.type is not None
    return signals.likelihood[profile.values[signals.type]]
