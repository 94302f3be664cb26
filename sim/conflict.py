"""The war: once a period the stocks move, by their lines' mean in a forecast and by a draw in a world. A line whose law
depends on an actor's type tells everyone of it (Filson & Werner 2002; Smith & Stam 2004)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.scenario.laws import Choice, Fixed, Prior
from sim.scenario.schema import ByType, Change, Scenario
from sim.state import Line, advance

if TYPE_CHECKING:
    from sim.model import Negotiation


def line_names(scenario: Scenario) -> list[tuple[str, int]]:
    """(stock, number of the line) for every line of change, in the order of the file."""
    return [(s, k) for s, stock in scenario.stocks.items() for k in range(len(stock.change))]


def lines_of(model: Negotiation, worlds: Ints, odds: dict[str, Floats] | None, all_on: bool = False) -> list[Line]:
    """The stocks' lines of change as they hold in some worlds (or with every claim on); a line that hangs on a type
    has its mean at these `odds` (K, n) of every actor's, or at the prior's."""
    found = []
    for stock, k in line_names(model.spec):
        change = model.spec.stocks[stock].change[k]
        on: Bools = np.ones(len(worlds), bool) if all_on else model.draws.backed(change.claims)[worlds]
        found.append(Line(model.layout.stocks[stock], _mean(model, change, len(worlds), odds), change.when, on))
    return found


def _mean(model: Negotiation, change: Change, n: int, odds: dict[str, Floats] | None) -> Floats:
    if change.by is not None:
        return np.full(n, change.by.mean())
    assert change.by_type is not None
    law, actor = change.by_type, model.actor(change.by_type.actor)
    means = [law.by[p.values[law.type]].mean() for p in actor.profiles]
    weight = actor.prior_odds[:, None] if odds is None else odds[law.actor]
    return np.zeros(n) + sum(w * m for w, m in zip(weight, means, strict=True))


def battle(model: Negotiation) -> None:
    """Move the stocks of every world for a period, and let everyone learn from what they see."""
    uniforms, amounts = model.draws.battle(model.period), []
    names = line_names(model.spec)
    changes = [model.spec.stocks[s].change[k] for s, k in names]
    for change, u in zip(changes, uniforms, strict=True):
        amounts.append(change.by.ppf(u) if change.by is not None else _by_true_type(model, change.by_type, u))
    lines = lines_of(model, np.arange(model.worlds), None)
    model.state.stocks, model.state.decays, moved = advance(model.state, model.layout, lines, amounts)
    for change, amount, active in zip(changes, amounts, moved, strict=True):
        law = change.by_type
        if law is not None and active.any():
            worlds = np.flatnonzero(active)
            profiles = model.actor(law.actor).profiles
            model.observe(
                law.actor, worlds, _likelihood([law.by[p.values[law.type]] for p in profiles], amount[worlds])
            )


def _likelihood(laws: list[Prior], seen: Floats) -> Floats:
    """How likely (K, n) each law makes what was seen: a density, or where some law has an atom there, the atoms."""
    found = np.array([law.pdf(seen) for law in laws])
    atomic = np.array([isinstance(law, Fixed | Choice) for law in laws])[:, None]
    at_atom = (found * atomic > 0).any(axis=0)
    return found * np.where(at_atom, atomic, ~atomic)


def _by_true_type(model: Negotiation, law: ByType | None, u: Floats) -> Floats:
    assert law is not None
    actor = model.actor(law.actor)
    each = np.array([law.by[p.values[law.type]].ppf(u) for p in actor.profiles])
    return each[actor.kind, np.arange(model.worlds)]
