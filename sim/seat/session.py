"""One playing of a world up to the first decision that hasn't been made: it hands out decisions, hears what is public,
and puts the questions together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.trace import Trace, levels_of
from sim.answers import mean
from sim.arrays import Floats, of_type
from sim.errors import UserError
from sim.menu import BREACH
from sim.seat.questions import Decision, Heard, Kind, Menu, Question

if TYPE_CHECKING:
    from sim.meeting import Meeting
    from sim.model import Negotiation
    from sim.seat.human import Human
    from sim.talks import Talks
    from sim.view import View

StandIn = Callable[[Question], tuple[Decision] | None]
WAITS: dict[Kind, Decision] = {"propose": None, "demand": None, "leave": False, "break": False}


def nobody(question: Question) -> None:
    """Stands in for no one."""


class Asked(Exception):
    """The world can't go on before this question is decided."""

    def __init__(self, question: Question):
        super().__init__(question.kind)
        self.question = question


class Session(Trace):
    """`decided`: every question so far with its decision. stand_in: decides what hasn't been decided; None where that
    is to be asked."""

    def __init__(self, decisions: Sequence[Decision], stand_in: StandIn = nobody):
        super().__init__()
        self.stand_in = stand_in
        self.decisions, self.decided = decisions, list[tuple[Question, Decision]]()
        self._model: Negotiation
        self._sitting: tuple[Meeting, list[View]]
        self._heard: list[tuple[frozenset[str] | None, Heard]] = []  # who heard it (None: everyone), and what
        self._up_to: dict[str, int] = {}  # how much of that each seat has been told

    # --- questions ---

    def put(self, human: Human, kind: Kind, hint: int, focal: int | None) -> int:
        """The package that a person puts, −1 for none; where all put one at once, `focal` is where they'd meet."""
        m, views = self._sitting
        i = m.talks.parties.index(human.actor)
        view, packages = views[i], m.talks.menu.packages.fixed
        some = np.flatnonzero(view.allowed[0])
        at_once = focal is not None
        menu = Menu(
            [packages[k] for k in some],
            view.agreed[0, some],
            view.gain[0, some],
            view.acceptable()[0, some],
            None if at_once else _likely(m)[0, some],
            None if at_once else view.expected[0, some],
        )
        offer = focal if focal is not None and focal >= 0 else None
        decision = self._decide(human, kind, None if hint < 0 else packages[hint], offer, menu)
        return -1 if decision is None else packages.index(decision)  # type: ignore[arg-type]

    def answer(self, human: Human, package: int, hint: bool) -> bool:
        """Whether a person accepts a package."""
        return bool(self._decide(human, "answer", hint, package, None))

    def leave(self, human: Human, hint: bool) -> bool:
        """Whether a person walks away."""
        m, _ = self._sitting
        i = m.talks.parties.index(human.actor)
        stance = m.seen[i].position.stances[i]
        assert stance.out is not None
        worth, waiting = (float(of_type(v, m.kinds[i])[0]) for v in (stance.out, stance.refuse))
        seen = self._at_table(human, None, None) | {"worth": worth, "waiting": waiting, "parts": None}
        return bool(self._ask(human, "leave", hint, **seen))

    def consent(self, human: Human, hint: bool, package: int, loss: float, tolerance: float) -> bool:
        """Whether a third party that a person plays lets a package pass."""
        m, _ = self._sitting
        third = next(t for t in m.thirds if t.name == human.actor)
        kind = m.model.actor(human.actor).kind[m.worlds]
        no_deal = float(of_type(third.no_deal, kind)[0])
        return bool(
            self._ask(
                human,
                "consent",
                hint,
                offer=m.talks.menu.packages.fixed[package],
                worth=float(of_type(third.agreed, kind)[0, package]),
                waiting=no_deal,
                no_deal=no_deal,
                gain=-loss,
                resolve=-tolerance,
                stakes=float(third.belief.stakes[0]),
                proposer=m.talks.parties[m.j] if m.j >= 0 else None,
            )
        )

    def break_word(self, human: Human, hint: bool, gain: float, stakes: float, resolve: float, price: float) -> bool:
        """Whether a person breaks a deal in force: `gain` in utility."""
        talks = self._model.tables[human.table]
        return bool(
            self._ask(
                human,
                "break",
                hint,
                offer=talks.menu.leave[f"{BREACH} {human.actor}"],
                worth=gain,
                waiting=0.0,
                no_deal=0.0,
                gain=gain / stakes if stakes else None,
                resolve=resolve,
                price=price,
                stakes=stakes,
                proposer=None,
            )
        )

    def _decide(self, human: Human, kind: Kind, hint: Decision, package: int | None, menu: Menu | None) -> Decision:
        return self._ask(human, kind, hint, **self._at_table(human, package, menu))

    def _at_table(self, human: Human, package: int | None, menu: Menu | None) -> dict[str, Any]:
        """What a party sees at the meeting that it sits in."""
        m, views = self._sitting
        i = m.talks.parties.index(human.actor)
        view, kind, packages = views[i], int(m.kinds[i][0]), m.talks.menu.packages.fixed
        return {
            "offer": None if package is None else packages[package],
            "worth": None if package is None else float(view.agreed[0, package]),
            "waiting": float(view.refuse[0]),
            "no_deal": float(of_type(m.seen[i].position.stances[i].no_deal, m.kinds[i])[0]),
            "gain": None if package is None else float(view.gain[0, package]),
            "resolve": float(view.resolve[0]),
            "stakes": float(view.stakes[0]),
            "proposer": m.talks.parties[m.j] if m.j >= 0 else None,
            "menu": menu,
            "parts": lambda levels: self.because(m, i, kind, packages.index(levels)),
        }

    def _ask(self, human: Human, kind: Kind, hint: Decision, **seen: Any) -> Decision:
        """The decision, if it has been made; else raises Asked."""
        model, talks = self._model, self._model.tables[human.table]
        actor = model.actor(human.actor)
        number = len(self.decided)
        question = Question(
            number=number,
            seat=human.actor,
            kind=kind,
            table=human.table,
            period=model.period + 1,
            meeting=int(talks.meetings[0]) + 1,
            deadline=talks.table.deadline,
            now=levels_of(model, model.known(human.actor, np.arange(1))[0], talks.table.agenda),
            stocks={s: float(v) for s, v in zip(model.spec.stocks, model.state.stocks[0], strict=True)},
            hint=hint,
            discount=float(actor.delta[0] ** model.period),
            heard=self._told(human.actor),
            public=[h for who, h in self._heard if who is None],
            **seen,
        )
        found = (self.decisions[number],) if number < len(self.decisions) else self.stand_in(question)
        if found is None:
            raise Asked(question)
        if not question.allows(found[0]):
            raise UserError(
                f"decision {number + 1} doesn't fit: {human.actor} can't decide so at table {human.table} in period "
                f"{question.period}. The decisions are of another world, scenario or version."
            )
        self.decided.append((question, found[0]))
        return found[0]

    # --- what is heard ---

    def _told(self, seat: str) -> list[Heard]:
        """What a seat has heard since it last decided something."""
        first, self._up_to[seat] = self._up_to.get(seat, 0), len(self._heard)
        return [h for who, h in self._heard[first:] if who is None or seat in who]

    def _hear(self, talks: Talks | None, what: str, name: str, secret: bool | None = None, **more: Any) -> None:
        hidden = talks is not None and (bool(talks.unseen[0]) if secret is None else secret)
        who = frozenset(talks.table.insiders()) if hidden and talks is not None else None
        self._heard.append((who, Heard(self._model.period + 1, what, name, **more)))

    def sits(self, m: Meeting, views: list[View]) -> None:
        self._sitting = m, views

    def happened(self, model: Negotiation) -> None:
        self._model = model
        for name, count in model.occurred.items():
            if int(count[0]) > self._events.get(name, 0):
                self._hear(None, "event", name)
        for name, talks in model.tables.items():
            if talks.lapsed_in[0] == model.period + 1:
                self._hear(talks, "lapsed", name)
        super().happened(model)

    def messages(self, talks: Talks, messages: Any) -> None:
        super().messages(talks, messages)
        for word in self._now.words[-len(messages) :] if messages else []:
            self._hear(talks, "word", talks.name, actor=word.mediator, about=(word.about, word.said))

    def temptation(self, talks: Talks, party: str, gain: float, resolve: float, price: float, breaks: bool) -> None:
        super().temptation(talks, party, gain, resolve, price, breaks)
        if breaks:
            self._hear(talks, "broken", talks.name, actor=party, levels=dict(talks.table.renege[party].sets))

    def meeting(self, m: Meeting, *what: Any) -> None:
        super().meeting(m, *what)
        r = self._now.meetings[-1]
        one = r.proposer is not None
        self._hear(
            m.talks,
            "meeting",
            r.table,
            actor=r.proposer,
            levels=r.offer if one else None,
            demands={} if one else {p: s.demand for p, s in r.sides.items()},
            refused=tuple(p for p, s in r.sides.items() if one and s.accepts is False),
            vetoed=tuple(t.actor for t in r.asked if t.refuses),
            status=r.status,
            deal=r.deal,
        )

    def met(self, model: Negotiation) -> None:
        super().met(model)
        for name, talks in model.tables.items():
            if talks.revealed_in[0] == model.period + 1:
                levels = levels_of(model, model.state.levels[0], talks.table.agenda)
                self._hear(talks, "revealed", name, secret=False, levels=levels)


def _likely(m: Meeting) -> Floats:
    """The chance (1, M) that j's proposal of each package is carried and let pass, as j sees the others."""
    seen = m.seen[m.j]
    beliefs = seen.position.beliefs
    chances = {i: mean(beliefs[i].odds, seen.answers[i]) for i in m.others}
    likely = m.talks.votes.likely(m.j, chances)
    return reduce(np.multiply, [t.chance() for t in seen.position.thirds], likely)
