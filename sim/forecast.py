"""What every package would be worth, agreed at any time of the look-ahead, to every type of every party (model.md §3).

The forecast is certainty equivalent: the mean path of the stocks, no random events, other tables as they are now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, reduce

import numpy as np

from sim.arrays import Bools, Floats, Ints, at_index
from sim.menu import BREAKDOWN, KEPT, WALK_AWAY, Menu, Options, admissible, conditional
from sim.paths import Motion, Reading, follow, motion, path, reading, straight_sums
from sim.scenario.priors import Along
from sim.state import Layout, Line, State, along, set_levels
from sim.values import Ahead, Moving, Party, Rules, Values


class Forecast:
    """Paths and values from the state now; t = 0 … steps counts periods from now, t = steps is the end of the
    look-ahead."""

    def __init__(
        self,
        menu: Menu,
        layout: Layout,
        lines: list[Line],
        state: State,
        parties: list[Party],
        rules: Rules,
        ahead: Ahead,
    ):
        self.menu, self.layout, self.lines, self.state = menu, layout, lines, state
        self.parties, self.rules = parties, rules
        self.ahead, self.steps, self.horizon = ahead, ahead.steps, ahead.steps + ahead.beyond
        self.now = menu.index(state.levels)  # the package that is the status quo, (n,)
        self.n = len(self.now)
        self.own = motion(menu.stay, lines, layout, state)
        # nothing agreed: stocks (S, T+1, n), decays (D, T+1, n)
        self.path = path(self.own, state, layout, self.horizon)
        self.kept = self._values(menu.packages, ahead.starts, state)  # in force for good, or renewed for ever
        self.signed = self.kept  # A: the same, unless something lapses
        self._left: dict[tuple[str, int], Floats] = {}
        self.foreseen: dict[str, list[Floats]] = {}  # what other tables add, as counted in by `foresee`
        self.beyond: dict[str, list[Floats]] = {}  # what foreseen tables add once a breakdown or a walk-out has come
        self.apart: dict[int, Forecast] = {}  # members that go by another forecast
        self.held: Floats | None = None  # chance (n, M) that a deal now is never broken, where somebody may break it

    @cached_property
    def hazard(self) -> Floats:
        """Hazard of a breakdown (T+1, n) in every period of the path."""
        if isinstance(self.rules.hazard, Along):
            return along(self.rules.hazard, self.layout, self.path[0]) * self.rules.exposed
        return np.broadcast_to(self.rules.hazard * self.rules.exposed, (self.horizon + 1, self.n))

    @cached_property
    def no_deal(self) -> list[tuple[Floats, Floats]]:
        """N_i (K, T+1, n) and the flows without a deal (K, T+1, n) of every party."""
        return [self._no_deal(i) for i in range(len(self.parties))]

    def foresee(self, packages: dict[str, list[Floats]], leaving: dict[str, list[Floats]]) -> None:
        """Count in what other tables, by name, are expected to add for every party: packages (K, n, M), and by how the
        talks end (K, n). It goes into no deal as well, which is the package that is in force now."""
        for gains in packages.values():
            for values, gain in zip(self.kept, gains, strict=True):
                values.still += gain
        together = [reduce(np.add, gains) for gains in zip(*packages.values(), strict=True)]
        now = [np.array([at_index(one, self.now) for one in gain]) for gain in together]
        self.foreseen, self.beyond = packages, leaving | {KEPT: now}

    # --- what a package is worth ---

    def agreed(self, i: int, kind: int, t: int) -> Floats:
        """A_i(a, t) for one type of party i: (n, M)."""
        return self.signed[i].at(kind, t)

    def changed(self, sets: Mapping[str, str]) -> State:
        """The state now with some levels set."""
        levels = set_levels(self.state.levels, sets, self.layout, self.rules.open_issues)
        return State(levels, self.state.stocks, self.state.decays)

    def left(self, end: str, i: int) -> Floats:
        """o_i(t), what a breakdown or a walk-out leaves party i with: (K, T+1, n); −∞ where nobody may walk out."""
        if (end, i) not in self._left:
            self._left |= {(end, p): v for p, v in enumerate(self._outside(end))}
        return self._left[end, i]

    def let_go_by(self, place: int, other: Forecast, at: int) -> None:
        """Value everything for the member at `place` as another forecast of the same options does for its member
        `at`."""
        for end in (BREAKDOWN, WALK_AWAY, KEPT):
            if end in self.menu.leave:
                self.left(end, place)
                self._left[end, place] = other.left(end, at)
        self.no_deal[place] = other.no_deal[at]
        if self.signed is not self.kept:
            self.signed[place] = other.signed[at]
        self.kept[place] = other.kept[at]
        self.apart[place] = other

    def _outside(self, end: str) -> Iterator[Floats]:
        for i, v in enumerate(self._values(self.menu.as_it_is, self.steps + 1, self.changed(self.menu.leave[end]))):
            total = np.repeat(v.still[:, None, :, 0], self.steps + 1, axis=1)
            for m in v.moving:
                total += m.worth * m.coefficient[0]
            if end in self.beyond:
                total += self.beyond[end][i][:, None]
            yield np.where(self.rules.may_leave, total, -np.inf) if end == WALK_AWAY else total

    def _values(self, options: Options, starts: int, state: State) -> list[Values]:
        used = set().union(*(p.columns for p in self.parties))
        ready = [reading(c, self.layout, state) for c in options.columns if c.term in used]
        result = [Values(self._still(options, [r for r in ready if not r.column.moves], p), []) for p in self.parties]
        for c, (a, b) in enumerate(options.bounds):
            moving = [r for r in ready if r.column.moves and r.column.coefficient[a:b].any()]
            if not moving:
                continue
            m = motion(options.classes[c], self.lines, self.layout, state)
            sums = self.sums(m, moving, state.levels, *self.starting(starts))
            for i, p in enumerate(self.parties):
                together: dict[tuple[bytes, int], Moving] = {}
                for k, r in enumerate(moving):
                    if r.column.term in p.columns:
                        here = r.column.coefficient[a:b]
                        worth = p.weight(r.column.term)[:, None] * sums[i][k]
                        key = here.tobytes(), len(worth)
                        entry = together.setdefault(key, Moving((a, b), here, np.zeros_like(worth)))
                        entry.worth += worth
                result[i].moving += together.values()
        return result

    def _still(self, options: Options, ready: list[Reading], party: Party) -> Floats:
        """Σ of the terms that stand still: (K, n, M); terms with the same coefficients are added up first."""
        together: dict[tuple[bytes, int], tuple[Floats, Floats]] = {}
        for r in ready:
            if r.column.term in party.columns:
                worth = party.weight(r.column.term) * r.still
                key = r.column.coefficient.tobytes(), len(worth)
                before = together[key][1] if key in together else 0.0
                together[key] = r.column.coefficient, before + worth
        shared: Floats = np.zeros((self.n, options.count))
        for coefficient, summed in together.values():
            if len(summed) == 1:
                shared += summed[0][:, None] * coefficient
        total = np.repeat(shared[None], len(party.weights), axis=0)
        for coefficient, summed in together.values():
            if len(summed) > 1:
                total += summed[:, :, None] * coefficient
        return total

    def starting(self, starts: int) -> tuple[Floats, Floats, Ints]:
        """Stocks (S, starts, n) and decays (D, starts, n) on the path without a deal, and how many periods of it are
        left (starts, 1)."""
        stocks, decays = self.path
        return stocks[:, :starts], decays[:, :starts], np.maximum(self.horizon - np.arange(starts), 1)[:, None]

    def sums(
        self, m: Motion, readings: list[Reading], levels: Ints, x: Floats, d: Floats, left: Ints
    ) -> list[list[Floats]]:
        """Discounted sums [party][column] (T, n) under one motion from stocks x (S, T, n) and decays d (D, T, n) for
        `left` (T, 1) periods: in closed form where there is one."""
        starts = len(left)
        sums: list[list[Floats]] = [[np.zeros(0)] * len(readings) for _ in self.parties]
        closed: dict[int, list[Floats]] = {}
        for k, r in enumerate(readings):
            if r.linear and m.straight(r.stocks[0]):
                s = r.stocks[0]
                if s not in closed:
                    low, high = self.layout.low[s], self.layout.high[s]
                    deltas = [p.delta for p in self.parties]
                    closed[s] = straight_sums(x[s], m.step[s], low, high, left, deltas)
                for i in range(len(self.parties)):
                    sums[i][k] = closed[s][i] * r.still
        rest = [k for k, r in enumerate(readings) if not (r.linear and m.straight(r.stocks[0]))]
        if rest:
            world = np.tile(np.arange(self.n), starts)
            rows, fading = x.reshape(len(x), len(world)), d.reshape(len(d), len(world))
            discounts = np.array([p.delta[world] for p in self.parties])
            columns = [readings[k] for k in rest]
            periods = np.repeat(left[:, 0], self.n)
            found = follow(m, columns, self.layout, levels, world, rows, fading, periods, discounts)
            for i in range(len(self.parties)):
                for c, k in enumerate(rest):
                    sums[i][k] = found[i, c].reshape(starts, self.n)
        return sums

    def parts(self, i: int, kind: int, package: int) -> dict[int | str, float]:
        """What each term, and each table foreseen (by its name), adds to a package kept from now on, in the first
        world, for an explanation."""
        party = self.parties[i]
        found: dict[int | str, float] = {}
        options = self.menu.packages
        c = next(k for k, (_, b) in enumerate(options.bounds) if package < b)
        for column in options.columns:
            coefficient = column.coefficient[package]
            if coefficient == 0 or column.term not in party.columns:
                continue
            ready = reading(column, self.layout, self.state)
            value = ready.still[0]
            if column.moves:
                m = motion(options.classes[c], self.lines, self.layout, self.state)
                value = self.sums(m, [ready], self.state.levels, *self.starting(1))[i][0][0, 0]
            weight = party.weights[kind, 0, party.columns[column.term]]
            found[column.term] = found.get(column.term, 0.0) + float(weight * coefficient * value)
        for table, gains in self.foreseen.items():
            found[table] = float(gains[i][kind, 0, package])
        return found

    # --- what no deal is worth ---

    def _flows(self, i: int, periods: int) -> Floats:
        """Flow utility while nothing is agreed: (K, periods, n)."""
        party = self.parties[i]
        still = np.array([at_index(v, self.now) for v in self.kept[i].still])
        total = np.repeat(still[:, None], periods, axis=1)
        world = np.tile(np.arange(self.n), periods)
        x, d = (p[:, 1 : periods + 1].reshape(len(p), len(world)) for p in self.path)
        for column in self.menu.packages.columns:
            if column.moves and column.term in party.columns:
                coefficient = column.coefficient[self.now]
                if coefficient.any():
                    ready = reading(column, self.layout, self.state)
                    along = ready(world, x, d, self.layout, self.state.levels).reshape(periods, self.n)
                    total += party.weights[:, None, :, party.columns[column.term]] * (coefficient * along)
        return total

    def _no_deal(self, i: int) -> tuple[Floats, Floats]:
        """N_i(t) (K, T+1, n) up to the end of the look-ahead, and the flows until then (K, T, n).

        Without a risk of breakdown that is the status quo for ever, a package like any other.
        """
        if BREAKDOWN in self.menu.leave:
            return self._with_breakdown(i)
        values = self.kept[i]
        found = np.repeat(np.array([at_index(v, self.now) for v in values.still])[:, None], self.ahead.starts, axis=1)
        for m in values.moving:
            a, b = m.bounds
            inside = (self.now >= a) & (self.now < b)
            found += np.where(inside, m.coefficient[np.where(inside, self.now - a, 0)], 0.0) * m.worth
        return found, self._flows(i, self.ahead.starts)

    def _with_breakdown(self, i: int) -> tuple[Floats, Floats]:
        """N_i(t) if talks may collapse while they go on: backwards along the whole path; what a collapse leaves stays
        at its value at the end of the look-ahead from then on."""
        delta, last = self.parties[i].delta, self.horizon - 1
        flows, ends = self._flows(i, self.horizon), self.left(BREAKDOWN, i)
        found = np.empty((len(flows), self.steps + 1, self.n))
        now, stays = (1 - delta) * flows, 1 - self.hazard
        collapsed = self.hazard * ends[:, np.minimum(np.arange(self.horizon + 1), self.steps)]
        value = flows[:, -1]
        for t in range(last, -1, -1):
            if self.ahead.talks_end and t >= self.steps:
                value = now[:, t] + delta * value
            elif t == last:  # from here on nothing moves: the fixed point
                value = (collapsed[:, t] + stays[t] * (1 - delta) * flows[:, t]) / (1 - stays[t] * delta)
            else:
                value = collapsed[:, t] + stays[t] * (now[:, t] + delta * value)
            if t <= self.steps:
                found[:, t] = value
        return found, flows

    # --- what may be agreed ---

    def admissible(self, t: int) -> Bools:
        """Packages (n, M) that may be agreed at t; conditions on stocks are read off the forecast path."""
        return self._admissible_now if not conditional(self.menu, self.layout) else self._admissible(t)

    @cached_property
    def _admissible_now(self) -> Bools:
        return self._admissible(0)

    def _admissible(self, t: int) -> Bools:
        stocks = self.path[0][:, t].T
        rules = self.rules
        return admissible(
            self.menu, self.layout, self.state.levels, stocks, rules.forbid_on, rules.open_issues, rules.reach
        )
