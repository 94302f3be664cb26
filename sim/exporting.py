"""A table for other programs: what everything is worth, as a table; its games, in one world, as files for Gambit."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import product
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.extensive import Rounds, rounds
from sim.analysis.words import package
from sim.analysis.worths import worths
from sim.errors import UserError
from sim.graph_model import NO_DEAL, WALK_OUT, checked
from sim.menu import Menu, menu_of
from sim.montecarlo.draws import ClaimRule, Draws, draw
from sim.payoff.terms import terms_of
from sim.report.gambit import Chance, Choice, End, Node, efg, nfg
from sim.scenario.loader import Loaded, given
from sim.state import Layout
from sim.streams import BLOCK, place_of, shares
from sim.votes import Votes

if TYPE_CHECKING:
    import pandas as pd

FORMS = ("csv", "nfg", "efg")
MOST = 200_000  # nodes of a tree, or ways to play a strategic game
FAR = 10  # rounds that are followed unless it is said


def export(
    scenario: Loaded | Path | str,
    form: str,
    table: str | None = None,
    *,
    world: int | None = None,
    worlds: int = 200,
    seed: int = 1,
    rounds: int | None = None,
) -> str:
    """The text of a file for other programs, of one table (by default the first).

    csv: what every state is worth to every party, in `worlds` worlds or one. nfg: the strategic game of naming a
    package in one world (by default 0). efg: the tree of its first `rounds` rounds there (by default all up to the
    deadline, and without one as many as are small enough), after which there is no deal for ever, everything being
    known to all.

    Raises UserError for a table or world without such a game, or one that is too large.
    """
    loaded = given(scenario)
    if form not in FORMS:
        raise UserError(f"a form is {', '.join(FORMS)}; got '{form}'")
    name = checked(loaded, table, {})
    if form == "csv":
        return payoffs(loaded, name, worlds, seed, world).to_csv(index=False, lineterminator="\n")
    if form == "nfg":
        return _naming(loaded, name, seed, world or 0)
    return _tree(loaded, name, seed, world or 0, rounds)


def payoffs(loaded: Loaded, name: str, worlds: int, seed: int = 1, world: int | None = None) -> pd.DataFrame:
    """One row a world, state and party: `gain` over no deal in shares of the party's `stakes`, which are in its own
    units; whether the state `may_be_agreed`. Worlds in which the talks never open have no rows."""
    import pandas as pd

    menu, parties = _menu(loaded, name), loaded.scenario.tables[name].parties
    labels = np.array(_labels(menu), object)
    parts = []
    for block, keep in [(b, slice(0, n)) for b, n in shares(worlds)] if world is None else [place_of(world)]:
        found = worths(loaded.scenario, _drawn(loaded, seed, block, keep), name, parties)
        first = block * BLOCK + keep.start
        met, states = np.flatnonzero(found["met"]), np.arange(len(labels) - (menu.table.walk_away is None))
        may = np.column_stack([found["allowed"], np.zeros((len(found["met"]), 2), bool)])
        told = np.ones((len(met), len(states)), bool)
        told[np.arange(len(met)), found["now"][met]] = False  # which is no deal
        at, which = np.nonzero(told)
        for i, party in enumerate(parties):
            w, s = met[at], states[which]
            columns = {"world": first + w, "state": labels[s], "may_be_agreed": may[w, s], "party": party}
            parts.append(pd.DataFrame(columns | {"gain": found["worth"][w, i, s], "stakes": found["stakes"][w, i]}))
    return pd.concat(parts).sort_values(["world", "party"], kind="stable", ignore_index=True)


def _menu(loaded: Loaded, name: str) -> Menu:
    layout = Layout(loaded.scenario)
    return menu_of(name, loaded.scenario, terms_of(loaded.scenario, layout), layout)


def _labels(menu: Menu) -> list[str]:
    """What the M + 2 states are called; see `sim.analysis.worths`."""
    return [*(package(fixed) for fixed in menu.packages.fixed), NO_DEAL, WALK_OUT]


def _drawn(loaded: Loaded, seed: int, block: int, keep: slice) -> Draws:
    return draw(loaded.scenario, loaded.claims, ClaimRule(), seed, block, keep)


def _never(name: str, world: int) -> UserError:
    return UserError(f"in world {world} the talks of {name} never open; give another --world.")


# --- the strategic game ---


def _naming(loaded: Loaded, name: str, seed: int, world: int) -> str:
    """Each party names a package, or none, or walks out if it may; what all who are needed name comes about."""
    menu = _menu(loaded, name)
    found = worths(loaded.scenario, _drawn(loaded, seed, *place_of(world)), name, menu.table.parties)
    if not found["met"][0]:
        raise _never(name, world)
    labels, many = _labels(menu), menu.packages.count
    walkers = menu.table.walk_away.walkers if menu.table.walk_away is not None and found["walk"][0] else ()
    named = [many, *(int(k) for k in np.flatnonzero(found["allowed"][0]))]  # no deal first
    own = [[*named, *[many + 1] * (p in walkers)] for p in menu.table.parties]
    ways = prod(len(s) for s in own)
    if ways > MOST:
        raise UserError(f"{ways:,} ways to name packages at {name}; at most {MOST:,} are written. Give fewer levels.")
    states, winning = [*named, *[many + 1] * bool(walkers)], set(Votes.at(menu.table).winning)
    outcomes = [End(labels[s], tuple(float(v) for v in found["worth"][0, :, s])) for s in states]
    brought = {}
    for profile in product(*(range(len(s)) for s in own)):
        choices = [own[i][k] for i, k in enumerate(profile)]
        carried = [s for s in Counter(choices) if frozenset(i for i, c in enumerate(choices) if c == s) in winning]
        state = many + 1 if many + 1 in choices else next(iter(carried), many)
        brought[profile] = states.index(state)
    about = (
        f"Table {name}, world {world}, seed {seed}: each party names a package, no deal, or the walk-out; a package "
        "named by all who are needed comes about. Payoffs: gains over no deal in shares of stakes, as the talks open."
    )
    called = [[labels[s] for s in states] for states in own]
    return nfg(loaded.scenario.title, about, menu.table.parties, called, outcomes, brought)


# --- the tree ---


def _tree(loaded: Loaded, name: str, seed: int, world: int, many: int | None) -> str:
    table = loaded.scenario.tables[name]
    rule = table.protocol.rule
    cannot = {
        "a quota": table.assent is not None,
        "demands put at once": rule.joint,
        "talks that go on after a deal": table.reopens or rule.reopens,
        "deals that lapse": bool(table.lapses),
    }
    if why := [what for what, there in cannot.items() if there]:
        raise UserError(f"{name} has {' and '.join(why)}, which no tree of offers tells; give a file .nfg")
    wanted = many or table.deadline or FAR
    found = rounds(loaded.scenario, _drawn(loaded, seed, *place_of(world)), name, wanted)
    if found is None:
        raise _never(name, world)
    if many is None and table.deadline is None:
        while len(found.hazard) > 1 and _size(found) > MOST:
            found = found.first(len(found.hazard) - 1)
    if _size(found) > MOST:
        raise UserError(
            f"the tree of {len(found.hazard)} rounds at {name} has more than {MOST:,} nodes. Give fewer --rounds, or "
            "its issues fewer levels."
        )
    about = (
        f"Table {name} in world {world} of seed {seed}, {len(found.hazard)} rounds, then no deal for ever. Packages "
        "that a party's resolve or a third party's veto rules out are left out; everything is known to all. Payoffs: "
        "average discounted, in the parties' own units."
    )
    return efg(loaded.scenario.title, about, found.parties, _grown(found))


def _size(r: Rounds) -> int:
    """How many nodes `_grown` has."""
    others = len(r.parties) - 1
    after = 1
    for t in range(len(r.hazard) - 1, -1, -1):
        proposers = [j for j, p in enumerate(r.recognised[t]) if p > 0]
        total = int(len(proposers) > 1)
        for j in proposers:
            walkers = sum(w != j for w in r.walkers)
            failed = 2 * walkers + (2 if r.hazard[t] > 0 else 0) + after
            offers = int(r.open[t].sum())
            total += 1 + offers * (others + 1) + (offers * others + 1) * failed
        after = total
    return after


def _grown(r: Rounds) -> Node:
    """The game tree: in each round someone puts a package or nothing, the others answer one after the other, and after
    a refusal who may walks out, or the talks may break down; else a period goes by."""
    until = np.zeros((len(r.hazard) + 1, len(r.parties)))  # what has come in before each round
    for t in range(len(r.hazard)):
        until[t + 1] = until[t] + (1 - r.delta) * r.delta**t * r.flow[t]
    names = [package(levels) for levels in r.packages]

    def end(name: str, t: int, then: np.ndarray) -> End:
        return End(name, tuple(float(v) for v in until[t] + r.delta**t * then))

    @cache
    def meets(t: int) -> Node:
        if t == len(r.hazard):
            return end(NO_DEAL, t, r.no_deal[t])
        ways = [(r.parties[j], float(p), proposes(t, j)) for j, p in enumerate(r.recognised[t]) if p > 0]
        return ways[0][2] if len(ways) == 1 else Chance(f"round {t + 1}: who proposes", tuple(ways))

    def proposes(t: int, j: int) -> Node:
        rest = [i for i in range(len(r.parties)) if i != j]
        offers = [(names[a], answers(t, j, int(a), rest)) for a in np.flatnonzero(r.open[t])]
        return Choice(j, f"round {t + 1}: offer", (*offers, ("nothing", fails(t, j))))

    def answers(t: int, j: int, a: int, rest: list[int]) -> Node:
        if not rest:
            return end(f"round {t + 1}: {names[a]}", t, r.agreed[t, :, a])
        ways = ("accept", answers(t, j, a, rest[1:])), ("refuse", fails(t, j))
        return Choice(rest[0], f"round {t + 1}: answer", ways)

    @cache
    def fails(t: int, j: int) -> Node:
        node = meets(t + 1)
        if r.hazard[t] > 0:
            odds = float(r.hazard[t])
            broken = end("breakdown", t, r.broken[t])
            node = Chance(f"round {t + 1}: do the talks go on", (("breakdown", odds, broken), ("on", 1 - odds, node)))
        for walker in reversed([w for w in range(len(r.parties)) if w in r.walkers and w != j]):
            out = end(WALK_OUT, t, r.out[t])
            node = Choice(walker, f"round {t + 1}: stay", (("walk out", out), ("stay", node)))
        return node

    return meets(0)
