"""A table in one world: its rules as they hold there, how it stands, and what its members think of one another."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from slow_paths import Outlook, outlook
from slow_world import Now, World, periods_of

from sim.scenario.selectors import variables

TIE = 1e-9
STAKELESS = 1e-12
LOOKAHEAD_MONTHS, FOLLOWED_MONTHS = 24, 48
WAITING, TALKING, DEAL, BROKEN_DOWN, WALKED_AWAY, EXPIRED, PROMISE_BROKEN = range(7)


@dataclass
class Table:
    """`odds` of every actor's profiles; of each party `low`, the best that a profile refused, and `upper`, the chance
    that its resolve lies in the upper half of its prior; of a consenter `high`, the least loss that it refused.
    `observers` sit in when someone asks what the table is worth to them."""

    world: World
    name: str
    peers: dict[str, Table]
    observers: tuple[str, ...] = ()
    odds: dict[str, list[float]] = field(default_factory=dict)
    low: dict[str, list[float | None]] = field(default_factory=dict)
    high: dict[str, list[float | None]] = field(default_factory=dict)
    upper: dict[str, float] = field(default_factory=dict)
    stakes: dict[str, float] = field(default_factory=dict)
    status: int = WAITING
    opened: int = -1
    peak: dict[str, int] = field(default_factory=dict)  # highest level in force so far
    met: int = -1  # the period of its last meeting
    signed: int | None = None  # when the deal in force was agreed
    announced: dict[str, int] | None = None  # levels that outsiders still believe in
    revealed: int = 0
    zone: bool = False  # whether at the first meeting some package was no worse for anyone than no deal
    room: bool = False  # … and gave everyone its resolve
    deal_period: int = 0
    deals: int = 0
    terms: tuple[int, ...] | None = None
    refusals: dict[str, int] = field(default_factory=dict)
    shortfall: dict[str, float] = field(default_factory=dict)
    believed: dict[str, int] = field(default_factory=dict)  # whether a mediator's word on an actor was; −1: no word

    def __post_init__(self) -> None:
        world, self.rules = self.world, self.world.scenario.tables[self.name]
        rules, backed = self.rules, self.world.backed
        self.parties = list(rules.parties)
        self.asked = {c: set(f.on) for c, f in rules.consent.items() if backed(f.claims)}
        self.answering = [*self.parties, *self.asked]
        self.members = [*self.answering, *(o for o in self.observers if o not in self.answering)]
        self.imposed_on = self._outvoted(rules.assent)
        self.quota = rules.assent if self.imposed_on else None
        self.rule, self.joint = rules.protocol.rule, rules.protocol.name == "simultaneous"
        away = rules.walk_away
        self.walkers = list(away.walkers) if away and backed(away.claims) else []
        self.lapse = next(iter(rules.lapses.values()), 0)
        self.reopens = rules.reopens or rules.protocol.name == "salami"
        guarantor = rules.guarantor
        added = guarantor.penalty if guarantor and backed(guarantor.claims) else 0.0
        self.penalty = {p: f.penalty + added for p, f in rules.renege.items() if backed(f.claims)}
        self.secret = bool(rules.secret and backed(rules.secret.claims))
        self.resolve = {p: float(world.draws.resolve[p, self.name][world.index]) for p in self.parties}
        self.tolerance = {c: float(world.draws.tolerance[c, self.name][world.index]) for c in self.asked}
        self.followed = periods_of(world.scenario, FOLLOWED_MONTHS)
        self.lookahead = rules.lookahead or max(1, periods_of(world.scenario, LOOKAHEAD_MONTHS))

    @classmethod
    def new(cls, world: World, name: str, peers: dict[str, Table]) -> Table:
        table = cls(world, name, peers)
        public = world.scenario.information == "public"
        table.odds = {
            a: [float(k == world.kind[a]) if public else p.odds for k, p in enumerate(profiles)]
            for a, profiles in world.profiles.items()
        }
        table.low = {p: [None] * len(world.profiles[p]) for p in table.parties}
        table.high = {c: [None] * len(world.profiles[c]) for c in table.asked}
        table.upper = dict.fromkeys(table.parties, 0.5)
        table.refusals = dict.fromkeys([*table.parties, *table.rules.consent], 0)
        table.shortfall = dict.fromkeys(table.parties, math.nan)
        mediator = table.rules.mediator
        if mediator:
            table.believed = dict.fromkeys([mediator.about.actor] if mediator.about else table.parties, -1)
        table.peak = {i: world.of(i, world.start()) for i in table.rules.agenda}
        return table

    def raise_peak(self, now: Now) -> None:
        self.peak = {i: max(level, self.world.of(i, now)) for i, level in self.peak.items()}

    def seated(self, observers: Sequence[str]) -> Table:
        """The same table with others listening."""
        return replace(self, observers=tuple(observers))

    def _outvoted(self, assent: Any) -> list[str]:
        """On whom a deal can be imposed; a quota that everyone is needed for is assent by all."""
        weight = {p: assent.weights.get(p, 1.0) if assent else 0.0 for p in self.parties}
        free = [p for p in self.parties if assent and p not in assent.veto]
        return [p for p in free if sum(weight.values()) - weight[p] >= assent.quota - 1e-9]

    # --- who speaks, and for how long -----------------------------------------------------------------------------

    def recognition(self, t: int) -> dict[str, float]:
        """Who proposes in period t, and how likely; nobody apart where all demand at once."""
        kind, n = self.rules.protocol.name, len(self.parties)
        if kind == "alternating_offers":
            return {self.parties[(self.parties.index(self.rule.first) + t - self.opened) % n]: 1.0}
        if kind == "random":
            return {p: self.rule.odds.get(p, 0.0) for p in self.parties}
        return {self.rule.by if kind == "ultimatum" else self.rule.demands: 1.0}

    def share(self, party: str) -> float:
        """Its long-run share of the proposals."""
        if self.rules.protocol.name in ("alternating_offers", "simultaneous"):
            return 1 / len(self.parties)
        return self.recognition(0).get(party, 0.0)

    def last(self) -> float:
        """The period in which the table no longer meets."""
        return math.inf if self.rules.deadline is None else self.opened + self.rules.deadline

    def horizon(self, now: int) -> tuple[int, bool]:
        """T*, and whether the talks are over then: the look-ahead's end, or the deadline where that is no later."""
        end = now + self.lookahead
        return (end, False) if end < self.last() else (int(self.last()), True)

    def hazard(self, now: Now, all_on: bool = False) -> float:
        """Chance that the talks break down after a failed meeting in this state."""
        end = self.rules.breakdown
        if end is None or not self.world.backed(end.claims, all_on):
            return 0.0
        if hasattr(end.hazard, "along"):
            return self.world.along(end.hazard, now)
        return float(self.world.draws.hazard[self.name][self.world.index])

    # --- what may be agreed ---------------------------------------------------------------------------------------

    def packages(self) -> list[tuple[int, ...]]:
        """Every package, the first issue of the agenda moving slowest."""
        issues = self.world.scenario.issues
        return list(itertools.product(*(range(len(issues[i].levels.names)) for i in self.rules.agenda)))

    def given(self, package: tuple[int, ...]) -> dict[str, int]:
        return dict(zip(self.rules.agenda, package, strict=True))

    def starts(self) -> dict[str, int]:
        """Where the issues that lapse go back to."""
        return {i: self.world.of(i, self.world.start()) for i in self.rules.lapses}

    def admissible(self, package: tuple[int, ...], now: Now, all_on: bool = False) -> bool:
        """Whether a package changes something, may be carried out, is no more than a slice where slices are cut, and
        is required and not forbidden in this state."""
        world, asked = self.world, self.given(package)
        then = world.put(now, asked, all_on)
        done = all(world.of(i, then) == level for i, level in asked.items())
        things = self.rules.agenda[: len(self.rules.agenda) - self.rules.paid_by]  # money by itself is no deal
        if not done or not world.holds(self.rules.require, then):
            return False
        if all(world.of(i, then) == world.of(i, now) for i in things):
            return False
        if self.rules.payments:  # the last party, too, pays and gets no more than `most`
            amounts = [world.number(i, then) for i in self.rules.agenda[len(things) :]]
            if abs(sum(amounts)) > self.rules.payments.most + 1e-9:
                return False
        if self.rules.protocol.name == "salami":
            for i, level in asked.items():
                if not world.of(i, now) - self.rule.step <= level <= self.peak[i] + self.rule.step:
                    return False
        return not any(world.holds(f.when, then) for f in self.rules.forbid if world.backed(f.claims, all_on))

    def unasked(self, who: str, package: tuple[int, ...], now: Now) -> bool:
        """Whether a third party has nothing to say about a package: it changes none of its issues."""
        changed = {i for i, level in self.given(package).items() if self.world.of(i, now) != level}
        return not changed & self.asked[who]

    def sorted_by_drift(self) -> bool:
        """Whether the agenda can change how stocks or decays move, by which packages are then sorted."""
        s = self.world.scenario
        conditions = [line.when for stock in s.stocks.values() for line in stock.change]
        conditions += [i.since for terms in s.interests.values() for i in terms if i.form == "decaying"]
        return any(variables(c) & set(self.rules.agenda) for c in conditions)

    def outlook(self, all_on: bool = False) -> Outlook:
        """The forecast of those who sit here; with every claim on, as for the stakes, that of the prior odds."""
        prior = {a: [p.odds for p in profiles] for a, profiles in self.world.profiles.items()}
        return outlook(self.world, prior if all_on else self.odds, all_on)

    def slack(self, member: str) -> float:
        """Two values nearer than this are the same."""
        return TIE * self.stakes.get(member, 0.0) + STAKELESS
