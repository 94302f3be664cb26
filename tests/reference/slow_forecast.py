"""What a table's alternatives are worth along the forecast (model.md §3), for one world in plain loops."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from slow_world import FOLLOWED_MONTHS, Now, World, periods_of

from sim.scenario.selectors import variables

TIE = 1e-9
STAKELESS = 1e-12
LOOKAHEAD_MONTHS = 24
WAITING, TALKING, DEAL, BROKEN_DOWN, WALKED_AWAY, EXPIRED = range(6)


@dataclass
class Table:
    """One table in one world, as it stands."""

    name: str
    rules: Any
    low: dict[str, list[float | None]]
    status: int = WAITING
    opened: int = -1
    stakes: dict[str, float] = field(default_factory=dict)
    deal_period: int = 0
    terms: tuple[int, ...] | None = None
    refusals: dict[str, int] = field(default_factory=dict)
    shortfall: dict[str, float] = field(default_factory=dict)


@dataclass
class Game:
    """A table's game as it looks at period `now`. Lists by profile; `agreed[t][party][profile][package]`."""

    packages: list[tuple[int, ...]]
    allowed: dict[int, list[bool]] = field(default_factory=dict)
    agreed: dict[int, dict[str, list[list[float]]]] = field(default_factory=dict)
    none: dict[int, dict[str, list[float]]] = field(default_factory=dict)  # N
    refuse: dict[int, dict[str, list[float]]] = field(default_factory=dict)  # W
    left: dict[int, dict[str, list[float]]] = field(default_factory=dict)  # value of what walking away leaves
    broken: dict[int, dict[str, list[float]]] = field(default_factory=dict)
    flow: dict[int, dict[str, list[float]]] = field(default_factory=dict)


class Prospects:
    """One table in one world: what each package, no deal, a breakdown and walking away are worth, period by period."""

    def __init__(self, world: World, name: str, odds: dict[str, list[float]]):
        self.world, self.name, self.rules, self.odds = world, name, world.scenario.tables[name], odds
        self.parties = list(self.rules.parties)
        self.table = Table(name, self.rules, {p: [None] * len(world.profiles[p]) for p in self.parties})
        self.table.refusals = dict.fromkeys(self.parties, 0)
        self.table.shortfall = dict.fromkeys(self.parties, math.nan)
        self.resolve = {p: float(world.draws.resolve[p, name][world.index]) for p in self.parties}
        self.followed = periods_of(world.scenario, FOLLOWED_MONTHS)
        self.lookahead = self.rules.lookahead or max(1, periods_of(world.scenario, LOOKAHEAD_MONTHS))
        end = self.rules.breakdown
        self.hazard = float(world.draws.hazard[name][world.index]) if end and world.backed(end.claims) else 0.0
        away = self.rules.walk_away
        self.walkers = list(away.walkers) if away and world.backed(away.claims) else []

        rule = self.rules.protocol.rule
        self.first, self.only = getattr(rule, "first", None), getattr(rule, "by", None)

    def proposer(self, t: int) -> str:
        """Who proposes: always the same in an ultimatum, else the parties in turn from the table's opening."""
        if self.first is None:
            return self.only
        return self.parties[(self.parties.index(self.first) + t - self.table.opened) % len(self.parties)]

    def sorted_by_drift(self) -> bool:
        """Whether the agenda can change how stocks or decays move, by which packages are then sorted."""
        s = self.world.scenario
        conditions = [line.when for stock in s.stocks.values() for line in stock.change]
        conditions += [i.since for terms in s.interests.values() for i in terms if i.form == "decaying"]
        return any(variables(c) & set(self.rules.agenda) for c in conditions)

    def horizon(self, now: int) -> tuple[int, bool]:
        """T*, and whether the talks are over then: the look-ahead's end, or the deadline where that is nearer."""
        end = now + self.lookahead
        if self.rules.deadline is None or end < self.table.opened + self.rules.deadline:
            return end, False
        return self.table.opened + self.rules.deadline, True

    # --- the forecast ---------------------------------------------------------------------------------------------

    def forecast(self, state: Now, now: int, all_on: bool = False) -> tuple[Game, int]:
        """A, N, the values of breakdown and of walking away for every period of the look-ahead, and its end T*."""
        world, rules = self.world, self.rules
        end, over = self.horizon(now)
        game = Game(world.combinations(rules))
        hazard = self.hazard
        if all_on and rules.breakdown:
            hazard = float(world.draws.hazard[self.name][world.index])
        path = [state]
        for t in range(now, end + self.followed):
            game.flow[t] = {p: world.flow(p, world.battle(path[-1], None, all_on), all_on) for p in self.parties}
            if t <= end:
                self._values(game, t, path[-1], end + self.followed - t, all_on)
            path.append(world.battle(path[-1], None, all_on))
        self._no_deal(game, now, end, hazard, over)
        return game, end

    def _values(self, game: Game, t: int, state: Now, periods: int, all_on: bool) -> None:
        world, rules = self.world, self.rules
        game.allowed[t] = [world.admissible(rules, a, state, all_on) for a in game.packages]
        then = [world.put(state, dict(zip(rules.agenda, a, strict=True)), all_on) for a in game.packages]
        game.agreed[t], game.broken[t], game.left[t] = {}, {}, {}
        for p in self.parties:
            columns = [world.stay(p, s, periods, all_on) for s in then]
            game.agreed[t][p] = [[c[k] for c in columns] for k in range(len(world.profiles[p]))]
            broken = world.imposed(state, rules.breakdown.sets, all_on) if rules.breakdown else state
            game.broken[t][p] = world.stay(p, broken, periods, all_on)
            left = world.imposed(state, rules.walk_away.sets, all_on) if rules.walk_away else state
            game.left[t][p] = world.stay(p, left, periods, all_on)

    def _no_deal(self, game: Game, now: int, end: int, hazard: float, over: bool) -> None:
        """N by backward recursion from where the path freezes; after a deadline nothing breaks down any more."""
        last = end + self.followed - 1
        for t in range(last, now - 1, -1):
            b = 0.0 if over and t >= end else hazard
            game.none[t] = {}
            for p in self.parties:
                d = self.world.discount[p]
                row = []
                for k, u in enumerate(game.flow[t][p]):
                    o = game.broken[min(t, end)][p][k]
                    if t == last:
                        row.append((b * o + (1 - b) * (1 - d) * u) / (1 - (1 - b) * d))
                    else:
                        row.append(b * o + (1 - b) * ((1 - d) * u + d * game.none[t + 1][p][k]))
                game.none[t][p] = row

    def set_stakes(self, state: Now, now: int) -> None:
        """R: the range of each party's values over the packages and no deal, all claims on, mean over its types."""
        game, _ = self.forecast(state, now, all_on=True)
        for p in self.parties:
            total = 0.0
            for k, profile in enumerate(self.world.profiles[p]):
                open_to_all = zip(game.agreed[now][p][k], game.allowed[now], strict=True)
                values = [game.none[now][p][k], *(v for v, may in open_to_all if may)]
                total += profile.odds * (max(values) - min(values))
            self.table.stakes[p] = total

    def slack(self, party: str) -> float:
        """Two values nearer than this are the same."""
        return TIE * self.table.stakes[party] + STAKELESS
