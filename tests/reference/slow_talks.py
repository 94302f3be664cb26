"""One table's turn in a period, in plain loops: secrets come out, promises break, and then it meets.

Where model.md leaves a choice: a table whose `opens` rests on false claims never opens; who has no stakes falls short
of nothing (NaN) and breaks no promise; who may walk away does so only where leaving is worth more than a tie's width.
"""

from __future__ import annotations

from slow_forecast import opening, temptation
from slow_mediator import mediate
from slow_offers import in_turn, together
from slow_solve import foreseen
from slow_table import (
    BROKEN_DOWN,
    DEAL,
    EXPIRED,
    PROMISE_BROKEN,
    STAKELESS,
    TALKING,
    TIE,
    WAITING,
    WALKED_AWAY,
    Table,
)
from slow_views import Views, known
from slow_world import Now


def turn(table: Table, state: Now, t: int) -> Now:
    """One table's turn in period t: the state that it leaves."""
    _reveal(table, t)
    state = _keep_or_break(table, state, t)
    if table.status == WAITING:
        _open(table, state, t)
    table.raise_peak(state)  # while a deal rests, too
    if table.status != TALKING:
        return state
    if t >= table.last():
        table.status = EXPIRED
        return state
    views = Views(table, state, t)
    if table.met < 0:
        table.zone, table.room = _zone(table, views)
    table.met = t
    package, proposer = together(table, views, t) if table.joint else in_turn(table, views, t)
    return _failed(table, views, proposer, state) if package is None else _sign(table, package, state, t)


def _zone(table: Table, views: Views) -> tuple[bool, bool]:
    """Whether some package may be agreed and is no worse for any party than no deal, each as it knows things; and
    whether one of these gains each its resolve."""
    t, kind, good = views.t, table.world.kind, [True] * len(table.packages())
    enough = list(good)
    for p in table.parties:
        game, k = views.game(p), kind[p]
        for a, may in enumerate(game.allowed[t]):
            gain = game.agreed[t][p][k][a] - game.none[t][p][k]
            good[a] = good[a] and may and gain >= -table.slack(p)
            kept = game.kept[t][p][k][a] - game.none[t][p][k]
            staked = table.stakes[p] >= STAKELESS
            enough[a] = enough[a] and (
                kept / table.stakes[p] >= table.resolve[p] - TIE if staked else kept >= -STAKELESS
            )
    return any(good), any(g and e for g, e in zip(good, enough, strict=True))


def _reveal(table: Table, t: int) -> None:
    """A secret comes out."""
    if table.announced is None:
        return
    hazard = float(table.world.draws.revealed[table.name][table.world.index])
    if table.world.uniform(f"reveal {table.name}", t) < hazard:
        table.announced, table.revealed = None, t + 1


def _keep_or_break(table: Table, state: Now, t: int) -> Now:
    """Whoever gains more by breaking its word than its resolve and the price of it does so; the first in the file."""
    world = table.world
    for p, penalty in table.penalty.items() if table.signed is not None and table.signed < t else ():
        k, seen, view = world.kind[p], known(table, p, state), table.outlook()
        after = world.imposed(seen, table.rules.renege[p].sets)
        periods = table.lookahead + table.followed
        D, C = view.stay(p, after, periods)[k], view.stay(p, seen, periods)[k]
        if table.rules.foresees:
            D, C = D + foreseen(table, after, t)[p][k], C + foreseen(table, seen, t)[p][k]
        if temptation(table, p, k, D, C) > table.resolve[p] + penalty + TIE:
            table.signed, table.status = None, TALKING if table.reopens else PROMISE_BROKEN
            return world.imposed(state, table.rules.renege[p].sets)
    return state


def _open(table: Table, state: Now, t: int) -> None:
    opens, world = table.rules.opens, table.world
    if opens is not None and not (world.backed(opens.claims) and world.holds(opens.when, state)):
        return
    found = opening(table, known(table, None, state), t)
    table.status, table.opened, table.peak, table.stakes = TALKING, t, found.peak, found.stakes
    by = table.rules.mediator.by if table.rules.mediator else None
    mediate(table, known(table, by, state), t)


def _sign(table: Table, package: int, state: Now, t: int) -> Now:
    table.terms = table.packages()[package]
    if table.secret and not table.revealed and table.announced is None:
        table.announced = {i: table.world.of(i, state) for i in table.rules.agenda}
    table.signed, table.deals = t, table.deals + 1
    table.deal_period = table.deal_period or t + 1
    if table.lapse or not table.reopens:
        table.status = DEAL
    elif t + 1 >= table.last():
        table.status = EXPIRED
    after = table.world.put(state, table.given(table.terms))
    table.raise_peak(after)
    return after


def _failed(table: Table, views: Views, proposer: str | None, state: Now) -> Now:
    world, walker = table.world, next((p for p in table.walkers if p != proposer), None)
    if walker is not None:
        k, game = world.kind[walker], views.game(walker)
        if game.left[views.t][walker][k] > game.refuse[views.t][walker][k] + table.slack(walker):
            table.status = WALKED_AWAY
            return world.imposed(state, table.rules.walk_away.sets)
    if world.uniform(f"breakdown {table.name}", views.t) < table.hazard(state):
        table.status = BROKEN_DOWN
        return world.imposed(state, table.rules.breakdown.sets)
    if views.t + 1 >= table.last():
        table.status = EXPIRED
    return state


def back_to_start(table: Table, state: Now, t: int) -> Now:
    """What lapses does so, and the table meets again."""
    if table.status != DEAL or not table.lapse or table.signed is None or t != table.signed + table.lapse:
        return state
    table.status, table.signed = TALKING, None
    return table.world.put(state, table.starts())
