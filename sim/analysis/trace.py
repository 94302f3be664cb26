"""A record of one world as it is played: every meeting with each side's arithmetic, and where the stocks stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.status import Status
from sim.view import View

if TYPE_CHECKING:
    from sim.consent import Asked
    from sim.mediation import Message
    from sim.meeting import Meeting
    from sim.model import Negotiation
    from sim.talks import Talks


@dataclass
class Side:
    """One party at one meeting. `worth`, `no_deal`, `waiting`: values of the offer in force from now, of no deal
    ever, of refusing now; `gain` = (worth − no_deal) / stakes against `resolve`; `likely`: the others' chance that it
    accepts (None for the proposer); `because`: what each term adds to the offer over things as they are, by name."""

    party: str
    kind: str
    stakes: float
    resolve: float
    no_deal: float
    waiting: float
    worth: float | None = None
    gain: float | None = None
    likely: float | None = None
    accepts: bool | None = None
    because: dict[str, float] = field(default_factory=dict)
    low: tuple[float, float] = (-1.0, -1.0)  # the best share known to have been refused by its type, before and after
    odds: tuple[dict[str, float], dict[str, float]] = field(default_factory=lambda: ({}, {}))


@dataclass
class ThirdParty:
    """A third party whose consent was asked: what it loses and tolerates (shares of its stakes), the others' chance
    that it lets the package pass, and whether it refused."""

    actor: str
    loss: float
    tolerance: float
    likely: float
    refuses: bool


@dataclass
class MeetingRecord:
    """`offer`: issue -> level, None where nothing was proposed, and then `nearest` is the package that came nearest to
    being proposed, which `sides` value; `proposer`: None where all demand at once, `offer` then being the package on
    which demands would meet; `status`: how the table stands afterwards; `choices`: packages that were admissible, and
    that the proposer itself would have signed; `carried`: whether a deal came of it."""

    table: str
    proposer: str | None
    offer: dict[str, str] | None
    nearest: dict[str, str] | None
    sides: dict[str, Side]
    status: str
    choices: tuple[int, int]
    asked: list[ThirdParty] = field(default_factory=list)
    carried: bool = False


@dataclass
class Word:
    """A mediator's message about a party: what it said, whether it was believed, the odds before and after; `lie`:
    (seen, said, by how much) where it would rather say something else than what it saw."""

    table: str
    mediator: str
    about: str
    said: str
    believed: bool
    odds: tuple[dict[str, float], dict[str, float]]
    lie: tuple[str, str, float] | None


@dataclass
class Temptation:
    """What breaking a deal would gain a party, its resolve and the price of it, as shares of its stakes."""

    table: str
    party: str
    gain: float
    resolve: float
    price: float
    breaks: bool


@dataclass
class PeriodRecord:
    period: int
    meetings: list[MeetingRecord] = field(default_factory=list)
    levels: dict[str, str] = field(default_factory=dict)
    stocks: dict[str, float] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    temptations: list[Temptation] = field(default_factory=list)
    lapsed: list[str] = field(default_factory=list)  # tables whose deal lapsed
    revealed: list[str] = field(default_factory=list)  # secret tables whose deal came out


class Trace:
    """Handed to a model of one world, it fills `periods` as the model is stepped."""

    def __init__(self) -> None:
        self.periods: list[PeriodRecord] = []
        self._meetings: list[MeetingRecord] = []
        self._words: list[Word] = []
        self._temptations: list[Temptation] = []
        self._events: dict[str, int] = {}

    def meeting(
        self, m: Meeting, views: list[View], offer: Ints, yes: dict[int, Bools], vetoes: dict[str, Bools], agreed: Ints
    ) -> None:
        """Called after a meeting's consequences are in place; its positions still hold what was believed before it."""
        package, menu = int(offer[0]), m.talks.menu
        lead = views[max(m.j, 0)]
        signable = lead.acceptable() & lead.allowed
        shown = package if package >= 0 else _nearest(lead, signable)
        sides = {p: self._side(m, i, views[i], shown, yes) for i, p in enumerate(m.talks.parties)}
        self._meetings.append(
            MeetingRecord(
                m.talks.name,
                m.talks.parties[m.j] if m.j >= 0 else None,
                dict(menu.packages.fixed[package]) if package >= 0 else None,
                dict(menu.packages.fixed[shown]) if package < 0 <= shown else None,
                sides,
                Status(int(m.talks.status[m.worlds[0]])).name.lower(),
                (int(m.allowed.sum()), int(signable.sum())),
                [
                    self._third(m, t, int(agreed[0]), bool(vetoes[t.name][0]))
                    for t in m.thirds
                    if agreed[0] >= 0 and t.belief.holds[0] and t.belief.asked[0, agreed[0]]
                ],
                bool(agreed[0] >= 0 and not any(v[0] for v in vetoes.values())),
            )
        )

    @staticmethod
    def _third(m: Meeting, third: Asked, package: int, veto: bool) -> ThirdParty:
        kind = int(m.model.actor(third.name).kind[m.worlds[0]])
        loss = float(third.belief.losses(third.agreed[kind], third.no_deal[kind])[0, package])
        tolerance = float(m.model.draws.tolerance[third.name, m.talks.name][m.worlds[0]])
        return ThirdParty(third.name, loss, tolerance, float(third.chance()[0, package]), veto)

    def _side(self, m: Meeting, i: int, view: View, package: int, yes: dict[int, Bools]) -> Side:
        party, kind, seen = m.talks.parties[i], int(m.kinds[i][0]), m.seen[i]
        believed, actor, fc = m.common.position.beliefs[i], m.model.actor(party), seen.position.fc
        side = Side(
            party,
            actor.profiles[kind].name,
            float(believed.stakes[0]),
            float(view.resolve[0]),
            float(seen.position.stances[i].no_deal[kind, 0]),
            float(view.refuse[0]),
        )
        side.low = (float(believed.low[kind, 0]), float(m.talks.low[party][kind, m.worlds[0]]))
        names = [p.name for p in actor.profiles]
        side.odds = (_named(names, believed.odds[:, 0]), _named(names, m.talks.odds[party][:, m.worlds[0]]))
        if package < 0:
            return side
        side.worth, side.gain = float(view.agreed[0, package]), float(view.gain[0, package])
        if i != m.j:
            chances = zip(believed.odds[:, 0], m.common.answers[i], strict=True)
            side.likely = float(sum(o * a[0, package] for o, a in chances))
            side.accepts = bool(yes[i][0])
        agreed, now = fc.parts(i, kind, package), fc.parts(i, kind, int(fc.now[0]))
        for term in {**agreed, **now}:
            name = f"{m.model.terms[term].actor}.{m.model.terms[term].name}"
            side.because[name] = agreed.get(term, 0.0) - now.get(term, 0.0)
        return side

    def messages(self, talks: Talks, messages: list[Message]) -> None:
        """Called when a table opens and its mediator has spoken."""
        for m in messages:
            said, worth = int(m.said[0]), m.worth[:, :, 0]
            lie = next(
                ((s, t) for s in range(len(worth)) for t in range(len(worth)) if worth[t, s] > worth[s, s]), None
            )
            self._words.append(
                Word(
                    talks.name,
                    m.mediator,
                    m.subject.actor,
                    m.values[said],
                    bool(m.believed[0]),
                    (_named(list(m.values), m.prior[:, 0]), _named(list(m.values), m.posterior[:, 0])),
                    None
                    if lie is None
                    else (m.values[lie[0]], m.values[lie[1]], float(worth[lie[1], lie[0]] - worth[lie])),
                )
            )

    def temptation(self, talks: Talks, party: str, gain: float, resolve: float, price: float, breaks: bool) -> None:
        """Called for every party that could break a deal in force: shares of its stakes."""
        self._temptations.append(Temptation(talks.name, party, gain, resolve, price, breaks))

    def period(self, model: Negotiation) -> None:
        """Called at the end of a period, after the battle."""
        levels = {
            i: model.layout.levels[i].names[k]
            for i, k in zip(model.scenario.issues, model.state.levels[0], strict=True)
        }
        stocks = {s: float(v) for s, v in zip(model.scenario.stocks, model.state.stocks[0], strict=True)}
        occurred = {name: int(count[0]) for name, count in model.occurred.items()}
        events = [name for name, count in occurred.items() if count > self._events.get(name, 0)]
        now = model.period + 1
        revealed = [name for name, t in model.tables.items() if t.revealed_in[0] == now]
        lapsed = [name for name, t in model.tables.items() if t.lapsed_in[0] == now]
        self.periods.append(
            PeriodRecord(now, self._meetings, levels, stocks, events, self._words, self._temptations, lapsed, revealed)
        )
        self._events, self._meetings, self._words, self._temptations = occurred, [], [], []


def _nearest(view: View, signable: Bools) -> int:
    """The package that the proposer came nearest to proposing: the best of those it would sign, else its own best
    gain."""
    if signable.any():
        return int(np.where(signable, view.expected, -np.inf)[0].argmax())
    return int(np.where(view.allowed, view.gain, -np.inf)[0].argmax()) if view.allowed.any() else -1


def _named(names: list[str], odds: Floats) -> dict[str, float]:
    return {n: float(o) for n, o in zip(names, np.asarray(odds), strict=True)} if len(names) > 1 else {}
