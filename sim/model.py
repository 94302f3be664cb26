"""The Mesa model: N worlds, one agent a state, and the calendar of a period (model.md §2): events, tables in
file order, battle, payoffs.

One world (N = 1), step by step, is the same code as thousands.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from sim.actors import Actor
from sim.arrays import Floats, Ints
from sim.conflict import battle
from sim.events import happen
from sim.menu import menu_of
from sim.payoff.terms import evaluate, terms_of, weigh
from sim.scenario.schema import Scenario
from sim.scenario.strategy import Strategy
from sim.state import Layout, State
from sim.talks import Talks

if TYPE_CHECKING:
    from sim.montecarlo.draws import Draws

SEATLESS: Mapping[tuple[str, str], Strategy] = MappingProxyType({})


class Negotiation(mesa.Model):
    """N parallel worlds of one scenario. `step()` plays one period in all of them. seated: who plays otherwise than the
    file says, by (actor, table)."""

    def __init__(
        self, scenario: Scenario, draws: Draws, trace: Any = None, seated: Mapping[tuple[str, str], Strategy] = SEATLESS
    ):
        super().__init__(rng=0)  # Mesa's own generator is never used: every draw is in `draws`
        # not `scenario`: Mesa 3.5 has an attribute of that name, for parameters of its own kind
        self.spec, self.draws, self.trace, self.seated = scenario, draws, trace, seated
        self.worlds, self.period = draws.worlds, 0
        self.layout = Layout(scenario)
        self.terms = terms_of(scenario, self.layout)
        on = {(a, i.term): draws.backed(i.claims) for a, terms in scenario.interests.items() for i in terms}
        weights = weigh(scenario, self.terms, draws.weights, on, self.worlds)
        self.open_issues = np.stack([draws.backed(i.claims) for i in scenario.issues.values()], axis=1)
        self.state = self._start()
        self.announced = self.state.levels.copy()
        self.actors = {a: Actor(self, a, weights[a], draws.kind[a], draws.discount[a]) for a in scenario.actors}
        menus = {t: menu_of(t, scenario, self.terms, self.layout) for t in scenario.tables}
        self.solved = dict.fromkeys(scenario.tables, 0)  # worlds × periods solved, for the benchmark
        self.tables = {t: Talks(t, menus[t], self) for t in scenario.tables}
        self.occurred = {e: np.zeros(self.worlds, int) for e in scenario.events}
        self._terms_now: dict[int, Floats] = {}

    def _start(self) -> State:
        levels = np.array([[self.layout.level(n, str(i.start)) for n, i in self.spec.issues.items()]])
        stocks = np.array([self.draws.start[s] for s in self.spec.stocks]).reshape(-1, self.worlds).T
        decays = np.ones((self.worlds, len(self.layout.decays)))
        return State(np.repeat(levels, self.worlds, axis=0), np.ascontiguousarray(stocks), decays)

    def actor(self, name: str) -> Actor:
        return self.actors[name]

    def observe(self, name: str, worlds: Ints, likelihood: Floats, at: Talks | None = None) -> None:
        """An actor's act or a signal, seen in some worlds (n,), moves what every table believes of its type by Bayes:
        likelihood (K, n). What is done at a secret table moves that table's beliefs alone."""
        if len(likelihood) < 2:
            return
        for table in self.tables.values():
            if at is None or at is table:
                table.learn_type(name, worlds, likelihood)
            else:
                public = ~at.unseen[worlds]
                table.learn_type(name, worlds[public], likelihood[:, public])

    # --- who knows what (secret tables) ---

    def inside(self, actor: str) -> frozenset[str]:
        """The secret tables that an actor is inside of."""
        secret = ((t, table.table) for t, table in self.tables.items() if table.table.secret is not None)
        return frozenset(t for t, table in secret if actor in table.insiders())

    def insights(self, at: Talks) -> list[frozenset[str]]:
        """What members of a table may differ in: first the secrets that they all share, then what else some know."""
        known = [self.inside(m) for m in at.members]
        common = frozenset.intersection(*known)
        return [common, *(k for k in dict.fromkeys(known) if k != common)]

    def known_by(self, insight: frozenset[str], worlds: Ints) -> Ints:
        """Levels (n, issues) as those know them who are inside of these secret tables."""
        levels = self.state.levels[worlds]
        for name, table in self.tables.items():
            if table.table.secret is not None and name not in insight:
                hidden = table.hidden[worlds]
                for column in table.menu.agenda:
                    levels[hidden, column] = self.announced[worlds[hidden], column]
        return levels

    def known(self, actor: str, worlds: Ints) -> Ints:
        return self.known_by(self.inside(actor), worlds)

    def known_to_all(self, at: Talks, worlds: Ints) -> Ints:
        return self.known_by(self.insights(at)[0], worlds)

    def announce(self, at: Talks, worlds: Ints) -> None:
        """Before a first deal: what stands there now is what outsiders of a secret table go on believing."""
        new = worlds[at.first_deal[worlds] == 0]
        for column in at.menu.agenda:
            self.announced[new, column] = self.state.levels[new, column]

    def term(self, k: int) -> Floats:
        """φ_k of the state after this period's battle: (N,), worked out once a period for all who care."""
        if k not in self._terms_now:
            self._terms_now[k] = evaluate(self.terms[k], self.layout, self.state)
        return self._terms_now[k]

    def step(self) -> None:
        for table in self.tables.values():
            table.lapse_now()
        happen(self)
        if self.trace is not None:
            self.trace.happened(self)
        for table in self.tables.values():
            table.meet()
        if self.trace is not None:
            self.trace.met(self)
        battle(self)
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
