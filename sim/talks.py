"""One table in N worlds: it opens, meets once a period, and ends in a deal, a breakdown, a walk-out or at its
deadline; a deal may lapse, be broken, or leave the table open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.answers import Onlooker
from sim.arrays import Bools, Floats, Ints
from sim.beliefs import NOTHING_REFUSED, bayes
from sim.forecast import Forecast
from sim.foresight import foresee, opening
from sim.keeping import comply
from sim.mediation import speak
from sim.memory import Memory
from sim.menu import Menu
from sim.outlook import beliefs, forecast, game, stakes
from sim.promises import price
from sim.round import play_round
from sim.scenario.base import Sourced
from sim.scenario.priors import Along
from sim.scenario.schema import MONTHS
from sim.scenario.strategy import Strategy
from sim.solution import solve
from sim.state import along, holds, set_levels
from sim.status import Status
from sim.strategies.lookahead import Lookahead
from sim.votes import Votes

if TYPE_CHECKING:
    from sim.model import Negotiation

LOOKAHEAD_MONTHS, BEYOND_MONTHS = 24, 48
PORTION = 100_000  # worlds × packages held at once …
PORTION_OVER_TIME = 40_000  # … and where their worth is held for every period of the look-ahead


class Talks:
    """A table's state in N worlds. `model` owns the state of the world and the actors."""

    def __init__(self, name: str, menu: Menu, model: Negotiation):
        self.name, self.menu, self.model = name, menu, model
        self.table = menu.table
        self.parties, self.consenters = self.table.parties, tuple(self.table.consent)
        self.members = (*self.parties, *self.consenters)
        chosen = {p: c.rule for p, c in self.table.strategies.items()}
        chosen |= {p: strategy for (p, at), strategy in model.seated.items() if at == name}
        self.strategies: list[Strategy] = [chosen.get(m, Lookahead()) for m in self.members]
        self.settled = all(s.timeless for s in self.strategies)  # alike meetings have alike offers
        self.rule, self.votes = self.table.protocol.rule, Votes.at(self.table)
        self.goes_on = self.table.reopens or self.rule.reopens
        self.lapse = min(self.table.lapses.values(), default=None)  # a check sees to it that all are the same
        n = model.worlds
        self.months = MONTHS[model.spec.period]
        self.lookahead = self.table.lookahead or max(1, round(LOOKAHEAD_MONTHS / self.months))
        self.beyond = max(1, round(BEYOND_MONTHS / self.months))
        self.never = np.zeros(n)
        self.status = np.full(n, Status.WAITING)
        self.meetings = np.zeros(n, int)
        self.first_deal, self.deal_in, self.deals = (np.zeros(n, int) for _ in range(3))  # periods from 1; 0: none
        self.broken_in, self.revealed_in, self.lapsed_in = (np.zeros(n, int) for _ in range(3))
        self.package = np.full(n, -1)
        self.zone = np.zeros(n, bool)  # whether at the first meeting some package beat no deal for every party
        self.room = np.zeros(n, bool)  # … and whether one of these gave every party its resolve
        self.refusals = {p: np.zeros(n, int) for p in self.members}
        self.shortfall = {p: np.full(n, np.nan) for p in self.parties}
        self.breaches = {p: np.zeros(n, int) for p in self.table.renege}
        self.believed = {p: np.full(n, -1) for p in self.table.spoken_of()}  # the mediator's word: 0, 1; -1: not spoken
        self.stakes = {p: np.zeros(n) for p in self.members}
        self.highest = model.state.levels[:, menu.agenda].copy()
        self.odds = {a: actor.first_odds.copy() for a, actor in model.actors.items()}
        self.low = {p: np.full((len(self.odds[p]), n), NOTHING_REFUSED) for p in self.parties}
        self.high = {c: np.full((len(self.odds[c]), n), np.inf) for c in self.consenters}
        self.upper: dict[str, Floats] = {}  # chance that a resolve lies in the upper half, once something has told
        self.memory = Memory(n)
        self.promise = np.full(n, np.nan)  # what a screened type at the margin was led to expect (`beliefs: grid`)

    # --- what the table is ---

    def terms(self) -> Ints:
        """Levels last agreed (N, agenda), as indices; -1 without a deal."""
        return np.where((self.package >= 0)[:, None], self.menu.levels[self.package], -1)

    def backed(self, feature: Sourced | None) -> Bools:
        """Worlds (N,) in which a feature of the table holds."""
        return np.zeros(self.model.worlds, bool) if feature is None else self.model.draws.backed(feature.claims)

    @property
    def hidden(self) -> Bools:
        """Worlds (N,) in which a deal was made here in secret and hasn't come out."""
        return self.unseen & (self.first_deal > 0)

    @property
    def unseen(self) -> Bools:
        """Worlds (N,) in which outsiders don't see who says what here."""
        return self.backed(self.table.secret) & (self.revealed_in == 0)

    def steps(self, worlds: Ints) -> int:
        """Periods of look-ahead for worlds at the same meeting."""
        if self.table.deadline is None:
            return self.lookahead
        left = max(1, self.table.deadline - int(self.meetings[worlds[0]]))
        return left if self.table.beliefs == "grid" else min(self.lookahead, left)

    def price_of(self, party: str) -> Floats:
        """What breaking its word costs a party (N,), as a share of its stakes, with what a guarantor adds."""
        guarantor = self.table.guarantor
        added = 0.0 if guarantor is None else guarantor.penalty * self.backed(guarantor)
        return self.table.renege[party].penalty + added * np.ones(self.model.worlds)

    # --- what is believed ---

    def odds_in(self, worlds: Ints) -> dict[str, Floats]:
        return {a: odds[:, worlds] for a, odds in self.odds.items()}

    def half(self, party: str) -> Floats:
        """Chance (N,) that a party's resolve lies in the upper half of its prior."""
        return self.upper.get(party, np.full(self.model.worlds, 0.5))

    def learn_type(self, actor: str, worlds: Ints, likelihood: Floats) -> None:
        """Bayes on something that is so likely (K, n) under each type."""
        self.odds[actor][:, worlds] = bayes(self.odds[actor][:, worlds], likelihood)

    def learn_half(self, party: str, worlds: Ints, likelihood: Floats) -> None:
        """Bayes on something that is so likely (2, n) for a resolve below and above its median."""
        upper = self.half(party)
        upper[worlds] = bayes(np.array([1 - upper[worlds], upper[worlds]]), likelihood)[1]
        self.upper[party] = upper

    # --- a period ---

    def lapse_now(self) -> None:
        """Return what has lapsed to its start; the table is open again."""
        if self.lapse is not None:
            over = np.flatnonzero((self.deal_in > 0) & (self.model.period + 1 >= self.deal_in + self.lapse))
            starts = {i: str(self.model.spec.issues[i].start) for i in self.table.lapses}
            left = True if self.table.deadline is None else self.meetings[over] < self.table.deadline
            reopened = over[(self.status[over] == Status.DEAL) & left]
            self.end(over, starts, Status.TALKING)
            self.status[over] = Status.EXPIRED
            self.status[reopened] = Status.TALKING
            self.deal_in[over], self.lapsed_in[over] = 0, self.model.period + 1

    def meet(self) -> None:
        """Play this period's meeting in every world where the table is open."""
        self._reveal()
        if self.table.renege:
            comply(self)
        self._open()
        self.highest = np.maximum(self.highest, self.model.state.levels[:, self.menu.agenda])
        open_now = (self.status == Status.TALKING) | (self.lapse is not None) & (self.status == Status.DEAL)
        play_round(self, np.flatnonzero(self.status == Status.TALKING))
        self.meetings[open_now] += 1
        self.highest = np.maximum(self.highest, self.model.state.levels[:, self.menu.agenda])
        if self.table.deadline is not None:
            late = (self.status == Status.TALKING) & (self.meetings >= self.table.deadline)
            self.status[late] = Status.EXPIRED

    def _reveal(self) -> None:
        if self.table.secret is not None:
            came_out = self.hidden & (self.deal_in <= self.model.period)
            came_out &= self.model.draws.reveal(self.name, self.model.period) < self.model.draws.revealed[self.name]
            self.revealed_in[came_out] = self.model.period + 1

    def _open(self) -> None:
        waiting = self.status == Status.WAITING
        if self.table.opens is not None and waiting.any():
            state = self.model.state
            waiting &= holds(self.table.opens.when, self.model.layout, state.levels, state.stocks)
            waiting &= self.backed(self.table.opens)
        for worlds in self.portions(np.flatnonzero(waiting)):
            self.status[worlds] = Status.TALKING
            self.set_stakes(worlds, self.model.known_to_all(self, worlds))
            messages = speak(self, worlds)
            if self.model.trace is not None:
                self.model.trace.messages(self, messages)

    def set_stakes(self, worlds: Ints, levels: Ints) -> None:
        """R_i: the range of i's value over the admissible packages and no deal, all claims on, averaged over its
        types."""
        fc = forecast(self, worlds, levels, whole=False, all_on=True)
        for i, p in enumerate(self.members):
            self.stakes[p][worlds] = stakes(fc, i, self.model.actor(p).prior_odds)
            self._price_payments(p, worlds)

    def _price_payments(self, party: str, worlds: Ints) -> None:
        """What a party pays or is paid here is worth that share of its stakes."""
        weights = self.model.actor(party).weights
        for c, k in enumerate(weights.columns):
            if self.model.terms[k].paid_at == self.name:
                weights.of_type[:, worlds, c] = self.stakes[party][worlds]

    def portions(self, worlds: Ints) -> Iterator[Ints]:
        """Few enough worlds at a time for worlds × packages to stay within bounds of memory."""
        room = PORTION_OVER_TIME if self.lapse or self.table.renege else PORTION
        size = max(1, room // self.menu.packages.count)
        for start in range(0, len(worlds), size):
            yield worlds[start : start + size]

    def risk_breakdown(self, worlds: Ints) -> None:
        """The talks may collapse after a meeting without a deal."""
        breakdown = self.table.breakdown
        if breakdown is not None:
            u = self.model.draws.breakdown(self.name, self.model.period)[worlds]
            if isinstance(breakdown.hazard, Along):
                hazard = along(breakdown.hazard, self.model.layout, self.model.state.stocks[worlds].T)
            else:
                hazard = self.model.draws.hazard[self.name][worlds]
            collapsed = worlds[u < hazard * self.backed(breakdown)[worlds]]
            self.end(collapsed, breakdown.sets, Status.BROKEN_DOWN)

    def end(self, worlds: Ints, sets: dict[str, str], status: Status) -> None:
        """Close the table, leaving the levels that `sets` says."""
        model = self.model
        levels = set_levels(model.state.levels[worlds], sets, model.layout, model.open_issues[worlds])
        model.state.levels[worlds] = levels
        self.status[worlds] = status

    # --- looking ahead ---

    def look(
        self,
        worlds: Ints,
        levels: Ints,
        whole: bool,
        onlookers: Sequence[str] = (),
        kinds: Sequence[Floats] | None = None,
    ) -> Forecast:
        """What every package is worth to every member, with what comes after a deal and at foreseen tables."""
        fc = forecast(self, worlds, levels, whole, onlookers=onlookers, kinds=kinds)
        if self.table.foresees:
            foresee(self, worlds, fc)
        price(self, worlds, fc, beliefs(self, worlds))
        return fc

    def prospect(self, worlds: Ints, levels: Ints, names: Sequence[str]) -> list[Floats]:
        """What these talks, were such levels (n, issues) in force, are expected to add to no deal here, from this
        period's meeting on, to some actors: (K, n) each. Nothing where the table is closed, or wouldn't open."""
        gains: list[Floats] = [np.zeros((len(self.odds[a]), len(worlds))) for a in names]
        status = self.status[worlds]
        waits = (status == Status.WAITING) & opening(self, worlds, levels)
        rounds = np.where(status == Status.TALKING, self.meetings[worlds], -1)
        rounds[waits] = 0
        for meeting in np.unique(rounds[rounds >= 0]):
            for here in self.portions(np.flatnonzero(rounds == meeting)):
                some = worlds[here]
                if waits[here].any():
                    new = waits[here]
                    self.set_stakes(some[new], levels[here][new])
                fc = self.look(some, levels[here], True, [a for a in names if a not in self.members])
                places = [*self.members, *(a for a in names if a not in self.members)]
                wanted = [a for a in names if a not in self.parties]
                told = game(self, some, fc, [self._onlooker(a, places) for a in wanted])
                values = solve(told, first=0).values[0]
                for gain, a in zip(gains, names, strict=True):
                    at = self.parties.index(a) if a in self.parties else len(self.parties) + wanted.index(a)
                    gain[:, here] = values[at] - fc.no_deal[places.index(a)][0][:, 0]
        return gains

    def _onlooker(self, actor: str, places: Sequence[str]) -> Onlooker:
        """An actor that isn't a party here; who is asked for consent knows how it would answer."""
        third = self.consenters.index(actor) if actor in self.consenters else None
        return Onlooker(places.index(actor), third=third)
