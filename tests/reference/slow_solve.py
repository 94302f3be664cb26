"""A table's game solved backwards, and what is known of it at the end of the look-ahead (model.md §3)."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

from slow_beliefs import tolerant, willing
from slow_demands import demanded
from slow_forecast import Gains, Game, Values, forecast, opening, refusing
from slow_meeting import best, meeting, scored, worth
from slow_quota import iterate
from slow_table import STAKELESS, TALKING, TIE, WAITING, Table
from slow_world import Now


def solve(table: Table, state: Now, now: int) -> Game:
    """W of every period and V of all but the first."""
    game = forecast(table, state, now, foresight(table, now))
    if table.quota and not game.over:
        iterate(table, game)
        return game
    game.value[game.end] = dict(game.none[game.end]) if game.over else at_the_end(table, game)
    for t in range(game.end - 1, now - 1, -1):
        game.refuse[t] = refusing(table, game, t, game.value[t + 1])
        if table.lapse:
            game.agreed[t] = lapsing(table, game, t, table.members)
        if t > now:
            game.value[t] = values(table, game, t)
    return game


def lapsing(table: Table, game: Game, t: int, members: list[str]) -> dict[str, list[list[float]]]:
    """A of deals that lapse: afterwards the table meets again, worth what V is above the status quo for ever."""
    n, then = table.lapse, min(t + table.lapse, game.end)
    found = {}
    for p in members:
        found[p] = []
        for k, row in enumerate(game.lapsed[t][p]):
            again = game.value[then][p][k] - game.quiet[then][p][k] if t + n < table.last() else 0.0
            found[p].append([a + table.world.discount[p] ** n * again for a in row])
    return found


def values(table: Table, game: Game, t: int) -> Values:
    """V of every profile: the mean over who proposes, the proposer's profiles and what each may put."""
    if table.joint:
        return demanded(table, game, t)
    found = {p: [0.0] * len(table.world.profiles[p]) for p in table.members}
    for j, rho in table.recognition(t).items():
        if not rho:
            continue
        m = meeting(table, game, t, j)
        puts = [best(table, m, scored(table, game, m, k)) for k in range(len(table.world.profiles[j]))]
        for p, row in found.items():
            found[p] = [v + rho * worth(table, game, m, p, k, puts) for k, v in enumerate(row)]
    return found


# --- the end of the look-ahead ------------------------------------------------------------------------------------


def at_the_end(table: Table, game: Game) -> Values:
    """V(T*): the Nash solution as far as it would be assented to, the parties' types averaged by profile."""
    end, odds, profiles = game.end, table.odds, table.world.profiles
    value = {p: list(game.none[end][p]) for p in table.members}
    for profile in itertools.product(*(range(len(profiles[p])) for p in table.parties)):
        kinds = dict(zip(table.parties, profile, strict=True))
        tied = nash(table, game, kinds)
        for a in tied:
            chance = {p: willing(table, p, k, _won(game, p, k, a)) for p, k in kinds.items()}
            consent = {c: _consent(table, game, c, a) for c in table.asked}
            for p in table.members:
                for k in range(len(profiles[p])):
                    if kinds.get(p, k) != k:
                        continue
                    others = math.prod(odds[q][kappa] for q, kappa in kinds.items() if q != p)
                    pi = math.prod(chance.values())
                    for c, each in consent.items():
                        pi *= each[k] if c == p else sum(mu * x for mu, x in zip(odds[c], each, strict=True))
                    value[p][k] += others * pi * _won(game, p, k, a) / len(tied)
    return value


def _won(game: Game, p: str, k: int, a: int) -> float:
    return game.kept[game.end][p][k][a] - game.none[game.end][p][k]


def _consent(table: Table, game: Game, who: str, a: int) -> list[float]:
    """Chance that each profile of a third party lets a package pass at the end."""
    if table.unasked(who, game.packages[a], game.path[game.end]):
        return [1.0] * len(table.odds[who])
    return [tolerant(table, who, k, _won(game, who, k, a)) for k in range(len(table.odds[who]))]


def nash(table: Table, game: Game, kinds: dict[str, int]) -> list[int]:
    """The packages that solve the bargaining problem of these profiles."""
    end, power = game.end, {}
    for p in table.parties:
        share, patience = table.share(p), (1 - game.hazard[end]) * table.world.discount[p]
        power[p] = share / -math.log(max(patience, 1e-300)) if share else 0.0
    total, scores = sum(power.values()), {}
    for a in range(len(game.packages)):
        gains = {p: _won(game, p, k, a) for p, k in kinds.items()}
        if not game.allowed[end][a] or any(g < -table.slack(p) for p, g in gains.items()):
            continue
        beyond = {p: game.kept[end][p][kinds[p]][a] - game.left[end][p][kinds[p]] for p in table.walkers}
        if any(g < -table.slack(p) for p, g in beyond.items()):
            continue
        scores[a] = sum(
            power[p] / total * math.log(g if g > table.slack(p) else 1e-300)
            for p, g in gains.items()
            if table.stakes[p] >= STAKELESS
        )
    return [a for a, s in scores.items() if s >= max(scores.values()) - TIE]


# --- what tables that are foreseen are worth ----------------------------------------------------------------------


def foresight(table: Table, now: int) -> Gains | None:
    return (lambda state, only: foreseen(table, state, now, only)) if table.rules.foresees else None


def foreseen(table: Table, state: Now, now: int, only: list[str] | None = None) -> Values:
    """G: what talks at the tables that this one foresees (or some) are worth beyond no deal there, in a state."""
    found = {p: [0.0] * len(table.world.profiles[p]) for p in table.members}
    order = list(table.peers)
    for name in table.rules.foresees if only is None else only:
        k = _meeting(table.peers[name], state, now)
        if k is None:
            continue
        k = k.seated(table.members)
        game = solve(k, state, now)
        value = values(k, game, now)
        for p, row in found.items():
            factor = table.world.discount[p] if order.index(name) < order.index(table.name) else 1.0
            gains = zip(value[p], game.none[now][p], strict=True)
            found[p] = [g + factor * (v - n) for g, (v, n) in zip(row, gains, strict=True)]
    return found


def _meeting(table: Table, state: Now, now: int) -> Table | None:
    """The table as it would meet in this state, if it would."""
    if table.status == TALKING:
        table = replace(table, opened=table.opened - 1) if table.met == now else table  # its next meeting
        return table if now < table.last() else None
    opens, world = table.rules.opens, table.world
    if table.status == WAITING and (opens is None or (world.backed(opens.claims) and world.holds(opens.when, state))):
        return opening(table, state, now)
    return None
