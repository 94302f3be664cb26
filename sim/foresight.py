"""Foresight: what a deal at one table is expected to be worth at others that it opens or changes (model.md §3).

A foreseen table is solved first, once for every way in which a package here can matter to it; what its talks add to no
deal there is added to the package here. Taken as constant over the look-ahead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import Floats, Ints
from sim.forecast import Forecast
from sim.menu import BREAKDOWN, WALK_AWAY, Menu
from sim.payoff.terms import Term
from sim.scenario.selectors import Selector, variables
from sim.state import holds

if TYPE_CHECKING:
    from sim.talks import Talks


def foresee(talks: Talks, worlds: Ints, fc: Forecast) -> None:
    """Count in a forecast what the foreseen tables add to every package, and to how the talks may end."""
    menu = talks.menu
    packages: dict[str, list[Floats]] = {}
    for name in talks.table.foresees:
        packages[name] = [np.zeros_like(v.still) for v in fc.kept]
        matter = _reached(talks.model.tables[name])
        matters = [a for a, issue in enumerate(talks.table.agenda) if issue in matter]
        ways, of_package = np.unique(menu.levels[:, matters], axis=0, return_inverse=True)
        for w, way in enumerate(ways):
            levels = fc.state.levels.copy()
            levels[:, [menu.agenda[a] for a in matters]] = way
            for i, gain in enumerate(added_by(talks, worlds, fc, levels, name)):
                packages[name][i] += gain[:, :, None] * (of_package.ravel() == w)
    ends = [end for end in (BREAKDOWN, WALK_AWAY) if end in menu.leave]
    fc.foresee(packages, {end: added(talks, worlds, fc, fc.changed(menu.leave[end]).levels) for end in ends})


def added(talks: Talks, worlds: Ints, fc: Forecast, levels: Ints) -> list[Floats]:
    """What all foreseen tables add (K, n) with such levels (n, issues) in force; nothing for who is no member."""
    total: list[Floats] = [np.zeros(v.still.shape[:2]) for v in fc.kept]
    for name in talks.table.foresees:
        for i, gain in enumerate(added_by(talks, worlds, fc, levels, name)):
            total[i] += gain
    return total


def added_by(talks: Talks, worlds: Ints, fc: Forecast, levels: Ints, name: str) -> list[Floats]:
    """The same of one table; if it has met in this period it meets again only in the next."""
    order = list(talks.model.tables)
    gains = talks.model.tables[name].prospect(worlds, levels, talks.members)
    met = order.index(name) < order.index(talks.name)
    return [g * p.delta if met else g for g, p in zip(gains, fc.parties, strict=False)]


def _reached(talks: Talks) -> set[str]:
    """What can change what a table's talks add, there or at a table that it foresees itself."""
    own = relevant(talks.menu, talks.model.terms)
    return own.union(*(_reached(talks.model.tables[name]) for name in talks.table.foresees))


def relevant(menu: Menu, terms: list[Term]) -> set[str]:
    """Issues and stocks that can change what a table's talks add: those that its rules read, that stand in one term
    with its agenda or with what a breakdown sets, or that move the stocks."""
    table = menu.table
    own = set(table.agenda).union(*(sets for sets in menu.leave.values()))
    conditions: list[Selector] = [table.require, *(f.when for f in table.forbid)]
    conditions += [table.opens.when] if table.opens is not None else []
    found = set().union(*(variables(c) for c in conditions))
    for term in terms:
        read = {f.variable for f in term.factors} | variables(term.when)
        if read & own or term.decay is not None:
            found |= read
    drifts = [menu.stay, *menu.packages.classes]
    for drift in drifts:
        found |= set().union(*(variables(c) for c in (*drift.lines, *drift.decays)))
    return found | own


def opening(talks: Talks, worlds: Ints, levels: Ints) -> np.ndarray:
    """Where a table that waits would open (n,), were these levels in force."""
    if talks.table.opens is None:
        return np.ones(len(worlds), bool)
    met = holds(talks.table.opens.when, talks.model.layout, levels, talks.model.state.stocks[worlds])
    return met & talks.backed(talks.table.opens)[worlds]
