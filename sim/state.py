"""The state of N worlds, where each issue and stock is in it, and what a selector says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.scenario.interest import Decay
from sim.scenario.priors import Along
from sim.scenario.schema import Scenario
from sim.scenario.selectors import ALWAYS, NEVER, All, Condition, Not, Selector

Fixed = Mapping[str, str]  # issue -> level


@dataclass
class State:
    """levels (N, issues) indices of levels · stocks (N, stocks) · decays (N, decays) in (0, 1]."""

    levels: Ints
    stocks: Floats
    decays: Floats

    def take(self, worlds: Ints) -> State:
        return State(self.levels[worlds], self.stocks[worlds], self.decays[worlds])


class Layout:
    """Where the scenario's issues and stocks stand in the arrays of a `State`, and what their levels are worth."""

    def __init__(self, scenario: Scenario):
        self.issues = {name: k for k, name in enumerate(scenario.issues)}
        self.stocks = {name: k for k, name in enumerate(scenario.stocks)}
        self.levels = {name: issue.levels for name, issue in scenario.issues.items()}
        self.values = [np.asarray(issue.levels.values) for issue in scenario.issues.values()]
        self.irreversible = [issue.irreversible for issue in scenario.issues.values()]
        self.low = np.array([s.range[0] for s in scenario.stocks.values()])
        self.high = np.array([s.range[1] for s in scenario.stocks.values()])
        decays = [i.decay() for terms in scenario.interests.values() for i in terms]
        self._passing: dict[Condition, Bools] = {}
        self.decays: list[Decay] = list(dict.fromkeys(d for d in decays if d is not None))

    @cached_property
    def ratios(self) -> Floats:
        return np.array([d.ratio for d in self.decays])

    def level(self, issue: str, name: str) -> int:
        levels = self.levels[issue]
        return levels.index(levels.find(name) or name)

    def allowed(self, test: Condition) -> Bools:
        """Which levels of an issue pass a test: (L,)."""
        if test not in self._passing:
            self._passing[test] = self._passes(test)
        return self._passing[test]

    def _passes(self, test: Condition) -> Bools:
        levels = self.levels[test.variable]
        order = np.arange(len(levels.names))
        chosen = [self.level(test.variable, str(v)) for v in test.values]
        if test.how == "is":
            return np.isin(order, chosen)
        if test.how == "at_least":
            return order >= chosen[0]
        if test.how == "below":
            return order < chosen[0]
        return (order >= chosen[0]) & (order <= chosen[1])


def _stock_test(test: Condition, x: Floats) -> Bools:
    values = [float(v) for v in test.values]
    if test.how == "is":
        return np.isin(x, values)
    if test.how == "at_least":
        return x >= values[0]
    if test.how == "below":
        return x < values[0]
    return (x >= values[0]) & (x <= values[1])


def holds(selector: Selector, layout: Layout, levels: Ints, stocks: Floats) -> Bools:
    """Whether a selector holds in each world: (N,) for levels (N, issues) and stocks (N, stocks)."""
    if isinstance(selector, Condition):
        if selector.variable in layout.issues:
            return layout.allowed(selector)[levels[:, layout.issues[selector.variable]]]
        return _stock_test(selector, stocks[:, layout.stocks[selector.variable]])
    if isinstance(selector, Not):
        return ~holds(selector.part, layout, levels, stocks)
    parts = [holds(p, layout, levels, stocks) for p in selector.parts]
    if isinstance(selector, All):
        return np.logical_and.reduce(parts) if parts else np.ones(len(levels), bool)
    return np.logical_or.reduce(parts) if parts else np.zeros(len(levels), bool)


def given(selector: Selector, layout: Layout, fixed: Fixed) -> Selector:
    """What is left of a selector once some issues' levels are fixed: ALWAYS, NEVER or a smaller tree."""
    if isinstance(selector, Condition):
        if selector.variable not in fixed:
            return selector
        level = layout.level(selector.variable, fixed[selector.variable])
        return ALWAYS if layout.allowed(selector)[level] else NEVER
    if isinstance(selector, Not):
        part = given(selector.part, layout, fixed)
        return NEVER if part == ALWAYS else ALWAYS if part == NEVER else Not(part)
    parts = [given(p, layout, fixed) for p in selector.parts]
    final, neutral = (NEVER, ALWAYS) if isinstance(selector, All) else (ALWAYS, NEVER)
    if final in parts:
        return final
    left = tuple(p for p in parts if p != neutral)
    if not left:
        return neutral
    return left[0] if len(left) == 1 else type(selector)(left)


def set_levels(levels: Ints, sets: Fixed, layout: Layout, open_issues: Bools) -> Ints:
    """Levels (N, issues) once `sets` has been applied: an issue whose claims are off stays, an irreversible one never
    falls."""
    changed = levels.copy()
    for issue, name in sets.items():
        k, to = layout.issues[issue], layout.level(issue, name)
        may = open_issues[:, k] & ((to >= levels[:, k]) if layout.irreversible[k] else True)
        changed[:, k] = np.where(may, to, levels[:, k])
    return changed


def along(hazard: Along, layout: Layout, stocks: Floats) -> Floats:
    """A hazard read off its stock: stocks (S, …) give (…)."""
    k = layout.stocks[hazard.along]
    share = (stocks[k] - layout.low[k]) / (layout.high[k] - layout.low[k])
    return hazard.at_low + (hazard.at_high - hazard.at_low) * share


def reads_stocks(selector: Selector, layout: Layout) -> bool:
    """Whether a selector can change along a path on which all levels stay."""
    if isinstance(selector, Condition):
        return selector.variable in layout.stocks
    if isinstance(selector, Not):
        return reads_stocks(selector.part, layout)
    return any(reads_stocks(p, layout) for p in selector.parts)


@dataclass(frozen=True)
class Line:
    """One line of a stock's change: expected change `mean` (N,) per period where `when` holds and `on` (N,) says so."""

    stock: int
    mean: Floats
    when: Selector
    on: Bools


def advance(
    state: State, layout: Layout, lines: list[Line], amounts: list[Floats]
) -> tuple[Floats, Floats, list[Bools]]:
    """Stocks and decays after one period's battle under the state's levels: (N, stocks), (N, decays), and in which
    worlds each line moved (N,). `amounts` (N,): what each line adds where it holds."""
    stocks = state.stocks.copy()
    moved = []
    for line, amount in zip(lines, amounts, strict=True):
        active = line.on & holds(line.when, layout, state.levels, state.stocks)
        stocks[:, line.stock] += np.where(active, amount, 0.0)
        moved.append(active)
    stocks = np.clip(stocks, layout.low, layout.high)
    decays = state.decays.copy()
    for k, decay in enumerate(layout.decays):
        since = holds(decay.since, layout, state.levels, stocks)
        decays[:, k] = np.where(since, state.decays[:, k] * decay.ratio, 1.0)
    return stocks, decays, moved
