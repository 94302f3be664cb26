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
    from sim.meeting import Meeting
    from sim.model import Negotiation


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
    being proposed, which `sides` value; `status`: how the table stands afterwards; `choices`: packages that were
    admissible, and that the proposer itself would have signed."""

    table: str
    proposer: str
    offer: dict[str, str] | None
    nearest: dict[str, str] | None
    sides: dict[str, Side]
    status: str
    choices: tuple[int, int]
    asked: list[ThirdParty] = field(default_factory=list)


@dataclass
class PeriodRecord:
    period: int
    meetings: list[MeetingRecord] = field(default_factory=list)
    levels: dict[str, str] = field(default_factory=dict)
    stocks: dict[str, float] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)


class Trace:
    """Handed to a model of one world, it fills `periods` as the model is stepped."""

    def __init__(self) -> None:
        self.periods: list[PeriodRecord] = []
        self._meetings: list[MeetingRecord] = []
        self._events: dict[str, int] = {}

    def meeting(
        self, m: Meeting, views: list[View], offer: Ints, yes: dict[int, Bools], vetoes: dict[str, Bools]
    ) -> None:
        """Called after a meeting's consequences are in place; `m.beliefs` still holds what was beliefs before it."""
        package, menu = int(offer[0]), m.talks.menu
        signable = views[m.j].acceptable() & views[m.j].allowed
        shown = package if package >= 0 else _nearest(views[m.j], signable)
        sides = {p: self._side(m, i, views[i], shown, yes) for i, p in enumerate(m.talks.parties)}
        self._meetings.append(
            MeetingRecord(
                m.talks.name,
                m.talks.parties[m.j],
                dict(menu.packages.fixed[package]) if package >= 0 else None,
                dict(menu.packages.fixed[shown]) if package < 0 <= shown else None,
                sides,
                Status(int(m.talks.status[m.worlds[0]])).name.lower(),
                (int(m.allowed.sum()), int(signable.sum())),
                [
                    self._third(m, t, package, bool(vetoes[t.name][0]))
                    for t in m.thirds
                    if self._was_asked(t, package, yes)
                ],
            )
        )

    @staticmethod
    def _was_asked(third: Asked, package: int, yes: dict[int, Bools]) -> bool:
        agreed = package >= 0 and all(answer[0] for answer in yes.values())
        return bool(agreed and third.belief.holds[0] and third.belief.asked[0, package])

    @staticmethod
    def _third(m: Meeting, third: Asked, package: int, veto: bool) -> ThirdParty:
        kind = int(m.model.actor(third.name).kind[m.worlds[0]])
        loss = float(third.belief.losses(third.agreed[kind], third.no_deal[kind])[0, package])
        tolerance = float(m.model.draws.tolerance[third.name, m.talks.name][m.worlds[0]])
        return ThirdParty(third.name, loss, tolerance, float(third.chance()[0, package]), veto)

    def _side(self, m: Meeting, i: int, view: View, package: int, yes: dict[int, Bools]) -> Side:
        party, kind, belief = m.talks.parties[i], int(m.kinds[i][0]), m.beliefs[i]
        actor = m.model.actor(party)
        no_deal = float(m.stances[i].no_deal[kind, 0])
        side = Side(
            party,
            actor.profiles[kind].name,
            float(belief.stakes[0]),
            float(view.resolve[0]),
            no_deal,
            float(view.refuse[0]),
        )
        low_after = m.talks.low[party][kind, m.worlds[0]]
        side.low = (float(belief.low[kind, 0]), float(low_after))
        names = [p.name for p in actor.profiles]
        side.odds = (_named(names, belief.odds[:, 0]), _named(names, actor.odds[:, m.worlds[0]]))
        if package < 0:
            return side
        side.worth, side.gain = float(view.agreed[0, package]), float(view.gain[0, package])
        if i != m.j:
            side.likely = float(sum(o * a[0, package] for o, a in zip(belief.odds[:, 0], m.answers[i], strict=True)))
            side.accepts = bool(yes[i][0])
        agreed, now = m.fc.parts(i, kind, package), m.fc.parts(i, kind, int(m.fc.now[0]))
        for term in {**agreed, **now}:
            name = f"{m.model.terms[term].actor}.{m.model.terms[term].name}"
            side.because[name] = agreed.get(term, 0.0) - now.get(term, 0.0)
        return side

    def period(self, model: Negotiation) -> None:
        """Called at the end of a period, after the battle."""
        levels = {
            i: model.layout.levels[i].names[k]
            for i, k in zip(model.scenario.issues, model.state.levels[0], strict=True)
        }
        stocks = {s: float(v) for s, v in zip(model.scenario.stocks, model.state.stocks[0], strict=True)}
        occurred = {name: int(count[0]) for name, count in model.occurred.items()}
        events = [name for name, count in occurred.items() if count > self._events.get(name, 0)]
        self.periods.append(PeriodRecord(model.period + 1, self._meetings, levels, stocks, events))
        self._events = occurred
        self._meetings = []


def _nearest(view: View, signable: Bools) -> int:
    """The package that the proposer came nearest to proposing: the best of those it would sign, else its own best
    gain."""
    assert view.expected is not None
    if signable.any():
        return int(np.where(signable, view.expected, -np.inf)[0].argmax())
    return int(np.where(view.allowed, view.gain, -np.inf)[0].argmax()) if view.allowed.any() else -1


def _named(names: list[str], odds: Floats) -> dict[str, float]:
    return {n: float(o) for n, o in zip(names, np.asarray(odds), strict=True)} if len(names) > 1 else {}
