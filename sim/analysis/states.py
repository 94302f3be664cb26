"""A table as a graph model: what could be in force there, and who could leave it for what, alone.

States are the packages, no deal, and where somebody may walk away what that leaves. A package is a state where it could
be agreed as the talks open, or where a move leads to it. Joint moves, agreements, are nobody's own; moves that are one
actor's own follow from the scenario's rules:

- A party whose assent a deal needs may take it back: by breaking its word, where the table says what that leaves
  (`renege`); else what was agreed returns to what is in force without a deal. What can't be undone stays.
- Without a deal, who may walk away does.
- An actor said to *own* an issue sets it as it likes, whatever is agreed: the option form of Fang, Hipel & Kilgour
  (1993), where everything that can be done is somebody's option. Another's leaving doesn't touch what it owns.

Leaving costs nothing here: neither resolve nor the price of a broken word stands in its way. What holds all the same
needs nobody to enforce it; what doesn't needs a price, and `detente run` counts whether there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.arrays import Bools, Ints
from sim.menu import Menu
from sim.state import Layout
from sim.votes import Votes


@dataclass(frozen=True)
class Rules:
    """What holds at a table in worlds that are alike: the package in force as talks open, which may be agreed (M,),
    which issues on the agenda may change at all (agenda,), who may break its word, and whether walkers may leave."""

    now: int
    allowed: Bools
    open: Bools
    breakers: frozenset[str]
    walk: bool


@dataclass(frozen=True)
class Graph:
    """S = M + 2 states: the packages, no deal, the walk-out. moves (A, S, S): as in `sim.analysis.stable`; there (S,):
    which of them there are; agreeable (S,): which can be agreed on."""

    moves: Bools
    there: Bools
    agreeable: Bools


def graph(menu: Menu, layout: Layout, actors: tuple[str, ...], owners: Mapping[str, str], rules: Rules) -> Graph:
    """The states and moves of a table. actors: the parties, then other owners; owners: issue -> who sets it alone."""
    table, many = menu.table, menu.packages.count
    moves = np.zeros((len(actors), many + 2, many + 2), bool)
    votes, owned = Votes.at(table), np.array([issue in owners for issue in table.agenda])
    start = menu.levels[rules.now]
    for i, party in enumerate(table.parties):
        if party in rules.breakers:
            sets = table.renege[party].sets
            to = np.array([layout.level(n, sets[n]) if n in sets else 0 for n in table.agenda])
            into = _after(menu, layout, to, np.array([n in sets for n in table.agenda]) & rules.open)
        elif not votes.outvoted(i):
            into = _after(menu, layout, start, ~owned & rules.open)
        else:
            continue
        moves[i, np.arange(many), into] = True
    for i, actor in enumerate(actors):
        own = np.array([owners.get(issue) == actor for issue in table.agenda])
        if own.any():
            moves[i, :many, :many] |= _sets(menu, layout, own & rules.open)
    moves[:, many] = moves[:, rules.now]  # the package that is in force already is no deal
    moves[:, :, many] |= moves[:, :, rules.now]
    moves[:, rules.now], moves[:, :, rules.now] = False, False
    if table.walk_away is not None and rules.walk:
        for walker in table.walk_away.walkers:
            moves[actors.index(walker), many, many + 1] = True
    moves &= ~np.eye(many + 2, dtype=bool)
    agreeable = np.concatenate([rules.allowed, [True, False]])
    return Graph(moves, _closed(moves, agreeable), agreeable)


def _after(menu: Menu, layout: Layout, to: Ints, which: Bools) -> Ints:
    """What each package (M,) turns into once some issues are set to the levels `to` (agenda,)."""
    levels = menu.levels.copy()
    for k in np.flatnonzero(which):
        stays = layout.irreversible[menu.agenda[k]]
        levels[:, k] = np.maximum(levels[:, k], to[k]) if stays else to[k]
    into: Ints = menu.lookup[levels @ menu.radix]
    return into


def _sets(menu: Menu, layout: Layout, own: Bools) -> Bools:
    """(M, M): which packages differ from which in nothing but what somebody owns; what can't be undone only rises."""
    code = menu.levels[:, ~own] @ menu.radix[~own]
    found = code[:, None] == code
    for k in np.flatnonzero(own):
        if layout.irreversible[menu.agenda[k]]:
            found &= menu.levels[:, None, k] <= menu.levels[:, k]
    return found


def _closed(moves: Bools, first: Bools) -> Bools:
    """The states (S,) that moves lead to from some, and these."""
    anyone, found = np.logical_or.reduce(moves), first
    while True:
        more = found | anyone[found].any(axis=0)
        if (more == found).all():
            return found
        found = more


def coalitions(menu: Menu) -> list[frozenset[int]]:
    """Who carries a package together, nobody being one too many."""
    winning = Votes.at(menu.table).winning
    return [c for c in winning if not any(other < c for other in winning)]
