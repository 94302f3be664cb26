"""The Mesa model: N worlds, one agent a state, and the calendar of a period (model.md §2): events, tables in
file order, battle, payoffs.

One world (N = 1), step by step, is the same code as thousands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from sim.actors import Actor
from sim.arrays import Bools, Floats, Ints
from sim.conflict import battle_draw, line_names
from sim.events import happen
from sim.menu import menu_of
from sim.payoff.terms import evaluate, terms_of, weigh
from sim.scenario.schema import Scenario
from sim.state import Layout, Line, State, advance
from sim.strategies import lookahead
from sim.talks import Talks

if TYPE_CHECKING:
    from sim.montecarlo.draws import Draws


class Negotiation(mesa.Model):
    """N parallel worlds of one scenario. `step()` plays one period in all of them."""

    def __init__(self, scenario: Scenario, draws: Draws, trace: Any = None):
        super().__init__(seed=0)  # Mesa's own generator is never used: every draw is in `draws`
        self.scenario, self.draws, self.trace = scenario, draws, trace
        self.worlds, self.period = draws.worlds, 0
        self.layout = Layout(scenario)
        self.terms = terms_of(scenario, self.layout)
        on = {(a, i.term): draws.backed(i.claims) for a, terms in scenario.interests.items() for i in terms}
        weights = weigh(scenario, self.terms, draws.weights, on)
        self.open_issues = np.stack([draws.backed(i.claims) for i in scenario.issues.values()], axis=1)
        self.state = self._start()
        self.actors = {a: Actor(self, a, weights[a], draws.kind[a], draws.discount[a]) for a in scenario.actors}
        menus = {t: menu_of(t, scenario, self.terms, self.layout) for t in scenario.tables}
        self.solved = dict.fromkeys(scenario.tables, 0)  # worlds × periods solved, for the benchmark
        self.tables = {t: Talks(t, menus[t], self, lookahead) for t in scenario.tables}
        self.occurred = {e: np.zeros(self.worlds, int) for e in scenario.events}
        self._terms_now: dict[int, Floats] = {}

    def _start(self) -> State:
        levels = np.array([[self.layout.level(n, str(i.start)) for n, i in self.scenario.issues.items()]])
        stocks = np.array([self.draws.start[s] for s in self.scenario.stocks]).reshape(-1, self.worlds).T
        decays = np.ones((self.worlds, len(self.layout.decays)))
        return State(np.repeat(levels, self.worlds, axis=0), np.ascontiguousarray(stocks), decays)

    def actor(self, name: str) -> Actor:
        return self.actors[name]

    def lines(self, worlds: Ints, all_on: bool) -> list[Line]:
        """The stocks' lines of change as they hold in some worlds (or with every claim on)."""
        found = []
        for stock, k in line_names(self.scenario):
            change = self.scenario.stocks[stock].change[k]
            on: Bools = np.ones(len(worlds), bool) if all_on else self.draws.backed(change.claims)[worlds]
            found.append(Line(self.layout.stocks[stock], change.by.mean(), change.when, on))
        return found

    def term(self, k: int) -> Floats:
        """φ_k of the state after this period's battle: (N,), worked out once a period for all who care."""
        if k not in self._terms_now:
            self._terms_now[k] = evaluate(self.terms[k], self.layout, self.state)
        return self._terms_now[k]

    def step(self) -> None:
        happen(self)
        for table in self.tables.values():
            table.meet()
        amounts = battle_draw(self.scenario, self.draws.battle(self.period))
        lines = self.lines(np.arange(self.worlds), all_on=False)
        stocks, decays = advance(self.state, self.layout, lines, lambda k, line: amounts[k])
        self.state.stocks, self.state.decays = stocks, decays
        self._terms_now = {}
        self.agents.do("step")
        if self.trace is not None:
            self.trace.period(self)
        self.period += 1

    def close(self) -> None:
        """Let go of the model: Mesa 3.3 keeps a counter for every model that ever had an agent."""
        counters = getattr(mesa.Agent, "_ids", None)
        if isinstance(counters, dict):
            counters.pop(self, None)
