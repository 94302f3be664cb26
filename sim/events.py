"""Events: what happens to the actors, by date or by hazard, with effects on levels and signals about private types.

They open a period. No forecast reckons with them (model.md §3): they are news.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import Bools, Floats
from sim.beliefs import bayes
from sim.payoff.terms import Profile
from sim.scenario.schema import Event, Signals
from sim.state import holds, set_levels

if TYPE_CHECKING:
    from sim.model import Negotiation


def happen(model: Negotiation) -> None:
    """Play this period's events in every world, in the order of the file."""
    for name, event in model.scenario.events.items():
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
    return due & (model.draws.event(name, model.period) < model.draws.event_hazard[name])


def _signal(name: str, signals: Signals, due: Bools, model: Negotiation) -> Bools:
    """A due event that signals occurs with the likelihood of the actor's true type; everyone sees whether it does."""
    actor = model.actor(signals.actor)
    likelihood = np.array([of_profile(signals, p) for p in actor.profiles])
    occurs = due & (model.draws.signal(name, model.period) < likelihood[actor.kind])
    seen: Floats = np.where(occurs, likelihood[:, None], 1 - likelihood[:, None])
    actor.odds = np.where(due, bayes(actor.odds, seen), actor.odds)
    return occurs


def of_profile(signals: Signals, profile: Profile) -> float:
    """Likelihood of the signal for one combination of types."""
    return signals.likelihood[profile.values[signals.type]]
