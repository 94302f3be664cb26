"""One table in N worlds: it opens, meets once a period, and ends in a deal, a breakdown, a walk-out or at its
deadline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from sim.answers import Belief, Stance
from sim.arrays import Bools, Floats, Ints, of_type
from sim.beliefs import NOTHING_REFUSED
from sim.consent import Asked, Consenter, consent_ahead
from sim.equilibrium import solve, stance
from sim.forecast import Ahead, Forecast, Party, Rules
from sim.meeting import Meeting
from sim.menu import BREAKDOWN, WALK_AWAY, Menu
from sim.scenario.base import Sourced
from sim.scenario.schema import MONTHS
from sim.state import holds, set_levels
from sim.status import Status

if TYPE_CHECKING:
    from sim.model import Negotiation

LOOKAHEAD_MONTHS, BEYOND_MONTHS = 24, 48
PORTION = 400_000  # worlds × packages held at once


@dataclass
class Memo:
    """The last solution in each world at one phase of the protocol's cycle: V_i(t+1) (K, N) of each party, and what
    it was solved from: (things, N). While that stands still, solving again would give the same."""

    basis: Floats
    values: list[Floats]
    silent: Bools  # nothing was proposed then, and so nothing will be


class Talks:
    """A table's state in N worlds. `model` owns the state of the world and the actors."""

    def __init__(self, name: str, menu: Menu, model: Negotiation, strategy: ModuleType):
        self.name, self.menu, self.model, self.strategy = name, menu, model, strategy
        self.table = menu.table
        self.parties = self.table.parties
        self.consenters = tuple(self.table.consent)
        self.members = (*self.parties, *self.consenters)
        self.rule = self.table.protocol.rule
        n = model.worlds
        months = MONTHS[model.scenario.period]
        self.lookahead = self.table.lookahead or max(1, round(LOOKAHEAD_MONTHS / months))
        self.beyond = max(1, round(BEYOND_MONTHS / months))
        self.status = np.full(n, Status.WAITING)
        self.meetings = np.zeros(n, int)
        self.agreed_in = np.zeros(n, int)  # period of the deal, counted from 1; 0: none
        self.package = np.full(n, -1)
        self.zone = np.zeros(n, bool)  # whether at the first meeting some package beat no deal for every party
        self.refusals = {p: np.zeros(n, int) for p in self.members}
        self.shortfall = {p: np.full(n, np.nan) for p in self.parties}
        self.stakes = {p: np.zeros(n) for p in self.members}
        self.low = {p: np.full((len(model.actor(p).odds), n), NOTHING_REFUSED) for p in self.parties}
        self.high = {c: np.full((len(model.actor(c).odds), n), np.inf) for c in self.consenters}
        self.memos: dict[int, Memo] = {}

    def terms(self) -> Ints:
        """Levels agreed (N, agenda), as indices; -1 without a deal."""
        return np.where((self.package >= 0)[:, None], self.menu.levels[self.package], -1)

    # --- a period ---

    def meet(self) -> None:
        """Play this period's meeting in every world where the table is open."""
        self._open()
        for worlds, phase, changed in list(self._alike(np.flatnonzero(self.status == Status.TALKING))):
            self._play(worlds, phase, changed)
            self.meetings[worlds] += 1
        if self.table.deadline is not None:
            late = (self.status == Status.TALKING) & (self.meetings >= self.table.deadline)
            self.status[late] = Status.EXPIRED

    def _open(self) -> None:
        waiting = self.status == Status.WAITING
        if self.table.opens is not None and waiting.any():
            state = self.model.state
            waiting &= holds(self.table.opens.when, self.model.layout, state.levels, state.stocks)
            waiting &= self.model.draws.backed(self.table.opens.claims)
        for worlds in self._portions(np.flatnonzero(waiting)):
            self.status[worlds] = Status.TALKING
            self._set_stakes(worlds)

    def _set_stakes(self, worlds: Ints) -> None:
        """R_i: the range of i's value over the admissible packages and no deal, all claims on, averaged over its
        types."""
        fc = self._forecast(worlds, whole=False, all_on=True)
        allowed = fc.admissible(0)
        for i, p in enumerate(self.members):
            ranges = []
            for k in range(len(self.model.actor(p).odds)):
                a, d = fc.agreed(i, k, 0), fc.no_deal[i][0][k, 0]
                top = np.maximum(np.where(allowed, a, -np.inf).max(axis=1), d)
                bottom = np.minimum(np.where(allowed, a, np.inf).min(axis=1), d)
                ranges.append(top - bottom)
            odds = self.model.actor(p).prior_odds
            self.stakes[p][worlds] = sum(o * r for o, r in zip(odds, ranges, strict=True))

    def _steps(self, worlds: Ints) -> int:
        """Periods of look-ahead for worlds at the same meeting."""
        if self.table.deadline is None:
            return self.lookahead
        return min(self.lookahead, self.table.deadline - int(self.meetings[worlds[0]]))

    def _alike(self, worlds: Ints) -> Iterator[tuple[Ints, int, bool]]:
        """Worlds split so that each part is at the same phase of the talks, and has or hasn't changed since that was
        last solved.

        A phase is a meeting of the protocol's cycle; where a deadline comes nearer, every meeting is its own.
        """
        phases = self.meetings[worlds]
        if self.table.deadline is None:
            phases = phases % self.rule.cycle(self.parties)
        for phase in np.unique(phases):
            part = worlds[phases == phase]
            memo = self.memos.get(int(phase))
            changed = (
                np.ones(len(part), bool) if memo is None else (memo.basis[:, part] != self._basis(part)).any(axis=0)
            )
            for new in (True, False):
                for some in self._portions(part[changed == new]):
                    yield some, int(phase), new

    def _portions(self, worlds: Ints) -> Iterator[Ints]:
        """Few enough worlds at a time for worlds × packages to stay within bounds of memory."""
        size = max(1, PORTION // self.menu.packages.count)
        for start in range(0, len(worlds), size):
            yield worlds[start : start + size]

    def _basis(self, worlds: Ints) -> Floats:
        """Everything that a solution depends on and that can change: (things, n)."""
        state = self.model.state
        held = [self.model.actor(p).odds[:, worlds] for p in self.members]
        held += [b[:, worlds] for b in (*self.low.values(), *self.high.values())]
        return np.concatenate([state.levels[worlds].T, state.stocks[worlds].T, state.decays[worlds].T, *held])

    def _forecast(self, worlds: Ints, whole: bool, all_on: bool = False) -> Forecast:
        model = self.model
        parties = []
        for p in self.members:
            w = model.actor(p).weights
            theta = (w.all_on if all_on else w.of_type)[:, worlds]
            columns = {term: c for c, term in enumerate(w.columns)}
            parties.append(Party(columns, theta, model.actor(p).delta[worlds], w.varying))
        forbid_on = [
            np.full(len(worlds), True) if all_on else model.draws.backed(f.claims)[worlds] for f in self.table.forbid
        ]
        open_issues = np.full((len(worlds), len(model.layout.issues)), True) if all_on else model.open_issues[worlds]
        may_leave = self._backed(self.table.walk_away)[worlds] | all_on
        hazard = model.draws.hazard[self.name][worlds] * (self._backed(self.table.breakdown)[worlds] | all_on)
        rules = Rules(forbid_on, open_issues, hazard, may_leave)
        steps = self._steps(worlds)
        ends = self.table.deadline is not None and steps == self.table.deadline - int(self.meetings[worlds[0]])
        ahead = Ahead(steps, self.beyond, ends, steps + 1 if whole else 1)
        return Forecast(
            self.menu, model.layout, model.lines(worlds, all_on), model.state.take(worlds), parties, rules, ahead
        )

    def _backed(self, feature: Sourced | None) -> Bools:
        """Worlds (N,) in which a feature of the table holds."""
        return np.zeros(self.model.worlds, bool) if feature is None else self.model.draws.backed(feature.claims)

    def beliefs(self, worlds: Ints) -> list[Belief]:
        """What is commonly believed of every party in some worlds (n,), in the table's order."""
        leave = self.table.walk_away
        walkers = leave.walkers if leave is not None else ()
        return [
            Belief(
                self.model.scenario.actors[p].resolve,
                self.model.actor(p).odds[:, worlds],
                self.low[p][:, worlds],
                self.stakes[p][worlds],
                p in walkers,
            )
            for p in self.parties
        ]

    def thirds(self, worlds: Ints, fc: Forecast) -> list[Consenter]:
        """What is known of every third party, and where it is asked."""
        found = []
        for name, consent in self.table.consent.items():
            asked = np.zeros((len(worlds), self.menu.packages.count), bool)
            for issue in consent.on:
                now = fc.state.levels[:, [self.model.layout.issues[issue]]]
                asked |= self.menu.levels[:, self.table.agenda.index(issue)] != now
            tolerance, actor = self.model.scenario.actors[name].tolerance, self.model.actor(name)
            holds_here = self._backed(consent)[worlds]
            found.append(
                Consenter(
                    tolerance,
                    actor.odds[:, worlds],
                    self.high[name][:, worlds],
                    self.stakes[name][worlds],
                    holds_here,
                    asked,
                )
            )
        return found

    def _solve(self, worlds: Ints, fc: Forecast, phase: int) -> None:
        """Solve the look-ahead and remember it for as long as nothing changes."""
        steps, first, n = fc.steps, int(self.meetings[worlds[0]]), self.model.worlds
        recognitions = [self.rule.recognition(first + t, self.parties) for t in range(steps)]
        consent = consent_ahead(fc, self.thirds(worlds, fc))
        values = solve(fc, self.beliefs(worlds), consent, recognitions, self.rule.shares(self.parties))
        basis = self._basis(worlds)
        if phase not in self.memos:
            kept: list[Floats] = [np.zeros((len(v), n)) for v in values]
            self.memos[phase] = Memo(np.full((len(basis), n), np.nan), kept, np.zeros(n, bool))
        memo = self.memos[phase]
        memo.basis[:, worlds] = basis
        for i, value in enumerate(values):
            memo.values[i][:, worlds] = value
        self.model.solved[self.name] += len(worlds) * steps

    @staticmethod
    def _stance(fc: Forecast, i: int, later: Floats) -> Stance:
        agreed = np.array([fc.agreed(i, k, 0) for k in range(len(later))])
        ends = fc.left(BREAKDOWN, i) if BREAKDOWN in fc.leaving else None
        outs = fc.left(WALK_AWAY, i) if WALK_AWAY in fc.leaving else None
        return stance(fc, i, 0, later, agreed, ends, outs)

    def _play(self, worlds: Ints, phase: int, changed: bool) -> None:
        """One meeting in worlds that are alike: solve, propose, answer, and what follows from it."""
        if not changed and self.model.trace is None:
            silent = self.memos[phase].silent[worlds]
            self.risk_breakdown(worlds[silent])
            worlds = worlds[~silent]
            if not len(worlds):
                return
        fc, beliefs = self._forecast(worlds, whole=changed), self.beliefs(worlds)
        if changed:
            self._solve(worlds, fc, phase)
        later = [v[:, worlds] for v in self.memos[phase].values]
        stances = [self._stance(fc, i, later[i]) for i in range(len(self.parties))]
        allowed = fc.admissible(0)
        self._note_zone(worlds, stances, allowed)
        thirds = [
            Asked(name, third, np.array([fc.agreed(q, k, 0) for k in range(len(third.odds))]), fc.no_deal[q][0][:, 0])
            for q, (name, third) in enumerate(
                zip(self.consenters, self.thirds(worlds, fc), strict=True), start=len(self.parties)
            )
        ]
        recognition = self.rule.recognition(int(self.meetings[worlds[0]]), self.parties)
        chances = np.cumsum(recognition)
        proposer = np.searchsorted(
            chances[:-1], self.model.draws.recognition(self.name, self.model.period)[worlds], side="right"
        )
        for j in np.unique(proposer):
            who = np.flatnonzero(proposer == j)
            offer = Meeting(self, fc, worlds, who, int(j), beliefs, stances, allowed, thirds).play()
            self.memos[phase].silent[worlds[who]] = (offer < 0) & (max(recognition) == 1)

    def _note_zone(self, worlds: Ints, stances: list[Stance], allowed: Bools) -> None:
        first = self.meetings[worlds] == 0
        if first.any():
            for p, s in zip(self.parties, stances, strict=True):
                kind = self.model.actor(p).kind[worlds]
                allowed = allowed & (of_type(s.agreed, kind) >= of_type(s.no_deal, kind)[:, None])
            self.zone[worlds[first]] = allowed[first].any(axis=1)

    def risk_breakdown(self, worlds: Ints) -> None:
        """The talks may collapse after a meeting without a deal."""
        if self.table.breakdown is not None:
            u = self.model.draws.breakdown(self.name, self.model.period)[worlds]
            hazard = self.model.draws.hazard[self.name] * self._backed(self.table.breakdown)
            collapsed = worlds[u < hazard[worlds]]
            self.end(collapsed, self.table.breakdown.sets, Status.BROKEN_DOWN)

    def end(self, worlds: Ints, sets: dict[str, str], status: Status) -> None:
        """Close the table for good, leaving the levels that `sets` says."""
        model = self.model
        levels = set_levels(model.state.levels[worlds], sets, model.layout, model.open_issues[worlds])
        model.state.levels[worlds] = levels
        self.status[worlds] = status
