"""The recorder of one world: handed to a model with N = 1, it is told of every step as the model makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.records import (
    AGAIN,
    BREACH,
    BREAKDOWN,
    LAPSE,
    SEAT,
    Levels,
    MeetingRecord,
    News,
    Odds,
    PeriodRecord,
    Side,
    Temptation,
    ThirdParty,
    Word,
)
from sim.arrays import Bools, Floats, Ints
from sim.status import Status
from sim.view import View

if TYPE_CHECKING:
    from sim.consent import Asked
    from sim.mediation import Message
    from sim.meeting import Meeting
    from sim.model import Negotiation
    from sim.talks import Talks

Belief = tuple[str, bool, str]  # of an actor's types, or resolve, at a table


class Trace:
    """`periods` is filled as the model is stepped."""

    def __init__(self) -> None:
        self.periods: list[PeriodRecord] = []
        self._now = PeriodRecord(1)
        self._events: dict[str, int] = {}
        self._known: dict[Belief, Odds] = {}

    # --- a meeting ---

    def sits(self, m: Meeting, views: list[View]) -> None:
        """Called when a meeting begins, before anything is put."""

    def meeting(
        self, m: Meeting, views: list[View], offer: Ints, yes: dict[int, Bools], vetoes: dict[str, Bools], agreed: Ints
    ) -> None:
        """Called after a meeting's consequences are in place; its positions still hold what was believed before it."""
        package, talks, world = int(offer[0]), m.talks, m.worlds[0]
        lead, fc = views[max(m.j, 0)], m.seen[max(m.j, 0)].position.fc
        signable = lead.acceptable() & lead.allowed
        shown = package if package >= 0 or m.j < 0 else _nearest(lead, signable)
        signed = int(agreed[0]) if agreed[0] >= 0 and not any(v[0] for v in vetoes.values()) else -1
        record = MeetingRecord(
            talks.name,
            int(talks.meetings[world]) + 1,
            talks.parties[m.j] if m.j >= 0 else None,
            _package(talks, package),
            _package(talks, shown) if package < 0 else None,
            levels_of(m.model, fc.state.levels[0], talks.table.agenda),
            {p: self._side(m, i, views[i], shown, offer, yes) for i, p in enumerate(talks.parties)},
            Status(int(talks.status[world])).name.lower(),
            (int(m.allowed.sum()), int(signable.sum())),
            _package(talks, signed),
            [
                self._third(m, t, int(agreed[0]), bool(vetoes[t.name][0]))
                for t in m.thirds
                if agreed[0] >= 0 and t.belief.holds[0] and t.belief.asked[0, agreed[0]]
            ],
        )
        record.hazard = float(fc.hazard[0, 0]) if talks.table.breakdown is not None else 0.0
        if fc.held is not None and (signed >= 0 or shown >= 0):
            record.held = float(fc.held[0, signed if signed >= 0 else shown])
        if package >= 0 and lead.often is not None and (record.proposer, talks.name) not in m.model.seated:
            weight = lead.often * signable * (lead.expected > 0)
            record.mixed = float(weight[0, package] / weight[0].sum()) if weight[0].any() else None
        if signed >= 0 and talks.hidden[world]:
            record.outside = levels_of(m.model, m.model.announced[world], talks.table.agenda)
        if record.status == "walked_away":
            record.left = next(p for p, gone in m.left.items() if gone[0])
        self._now.meetings.append(record)

    @staticmethod
    def _third(m: Meeting, third: Asked, package: int, veto: bool) -> ThirdParty:
        kind = int(m.model.actor(third.name).kind[m.worlds[0]])
        loss = float(third.belief.losses(third.agreed[kind], third.no_deal[kind])[0, package])
        tolerance = float(m.model.draws.tolerance[third.name, m.talks.name][m.worlds[0]])
        return ThirdParty(third.name, loss, tolerance, float(third.chance()[0, package]), veto)

    def _side(self, m: Meeting, i: int, view: View, package: int, offer: Ints, yes: dict[int, Bools]) -> Side:
        party, kind, seen = m.talks.parties[i], int(m.kinds[i][0]), m.seen[i]
        believed, actor, world = m.common.position.beliefs[i], m.model.actor(party), m.worlds[0]
        side = Side(
            party,
            actor.profiles[kind].name,
            float(believed.stakes[0]),
            float(view.resolve[0]),
            float(seen.position.stances[i].no_deal[kind, 0]),
            float(view.refuse[0]),
        )
        strategy, chosen = m.talks.strategies[i], m.talks.table.strategies
        side.strategy = chosen[party].name if party in chosen else "lookahead"
        side.strategy = SEAT if (party, m.talks.name) in m.model.seated else side.strategy
        aim = strategy.aim(view, view.meeting + (i != m.j and m.j >= 0))
        side.aim = None if aim is None else float(aim[0])
        side.low = (float(believed.low[kind, 0]), float(m.talks.low[party][kind, world]))
        names = [p.name for p in actor.profiles]
        side.odds = (_named(names, believed.odds[:, 0]), _named(names, m.talks.odds[party][:, world]))
        side.unaware = _unaware(m, i)
        if m.j < 0:
            side.demand = _package(m.talks, int(m.demands[i][0]))
        if package < 0:
            return side
        side.worth, side.gain = float(view.agreed[0, package]), float(view.gain[0, package])
        if i != m.j:
            chances = zip(believed.odds[:, 0], m.common.answers[i], strict=True)
            side.likely = float(sum(o * a[0, package] for o, a in chances))
            side.accepts = bool(yes[i][0]) if offer[0] >= 0 else None
        side.because = self.because(m, i, kind, package)
        return side

    @staticmethod
    def because(m: Meeting, i: int, kind: int, package: int) -> dict[str, float]:
        """What adds up to the worth of a package over no deal."""
        position = m.seen[i].position
        fc, stance = position.fc, position.stances[i]
        agreed, now = fc.parts(i, kind, package), fc.parts(i, kind, int(fc.now[0]))
        found: dict[str, float] = {}
        for part in {**agreed, **now}:
            name = part if isinstance(part, str) else f"{m.model.terms[part].actor}.{m.model.terms[part].name}"
            found[name] = found.get(name, 0.0) + agreed.get(part, 0.0) - now.get(part, 0.0)
        more = fc.signed[i].more
        if more is not None:
            lapses = m.talks.lapse is not None
            found[LAPSE if lapses else BREACH] = float(more[kind, 0, 0, package])
            if lapses:
                found[AGAIN] = float(stance.agreed[kind, 0, package] - fc.agreed(i, kind, 0)[0, package])
        if m.talks.table.breakdown is not None:
            found[BREAKDOWN] = sum(now.values()) - float(stance.no_deal[kind, 0])
        return found

    # --- words, promises and beliefs ---

    def messages(self, talks: Talks, messages: list[Message]) -> None:
        """Called when a table opens and its mediator has spoken."""
        for m in messages:
            values, worth = list(m.values), m.worth[:, :, 0]
            others = [[t for t in range(len(values)) if t != s] for s in range(len(values))]
            best = [max(other, key=lambda t, s=s: worth[t, s]) for s, other in enumerate(others)]  # type: ignore[misc]
            self._now.words.append(
                Word(
                    talks.name,
                    m.mediator,
                    m.subject.actor,
                    values[int(m.said[0])],
                    bool(m.believed[0]),
                    (_named(values, m.prior[:, 0]), _named(values, m.posterior[:, 0])),
                    [(values[s], values[t], float(worth[t, s] - worth[s, s])) for s, t in enumerate(best)],
                )
            )

    def temptation(self, talks: Talks, party: str, gain: float, resolve: float, price: float, breaks: bool) -> None:
        """Called for every party that could break a deal in force: shares of its stakes."""
        self._now.temptations.append(Temptation(talks.name, party, gain, resolve, price, breaks))

    def happened(self, model: Negotiation) -> None:
        """Called when a period's events are over."""
        self._look(model, "events")

    def met(self, model: Negotiation) -> None:
        """Called when all tables have met: what was learnt there stands with the meetings."""
        self._look(model, None)

    def _look(self, model: Negotiation, cause: str | None) -> None:
        """Note what is believed of everyone at the tables that are open, and what `cause` has changed in it."""
        for (table, resolve, actor), after in list(_beliefs(model).items()):
            before = self._known.get((table, resolve, actor), _prior(model, resolve, actor))
            self._known[table, resolve, actor] = after
            if cause is None or before == after:
                continue
            same = (n for n in self._now.news if (n.cause, n.actor, n.resolve) == (cause, actor, resolve))
            there = next((n for n in same if not resolve and n.odds == (before, after)), None)
            if there is None:
                self._now.news.append(News(cause, actor, resolve, [table], (before, after)))
            else:
                there.tables.append(table)

    # --- a period ---

    def period(self, model: Negotiation) -> None:
        """Called at the end of a period, after the battle."""
        self._look(model, "battle")
        now, tables = self._now, model.tables.items()
        now.levels = levels_of(model, model.state.levels[0], tuple(model.spec.issues))
        now.stocks = {s: float(v) for s, v in zip(model.spec.stocks, model.state.stocks[0], strict=True)}
        occurred = {name: int(count[0]) for name, count in model.occurred.items()}
        now.events = [name for name, count in occurred.items() if count > self._events.get(name, 0)]
        now.lapsed = [name for name, t in tables if t.lapsed_in[0] == now.period]
        now.revealed = {
            name: levels_of(model, model.announced[0], t.table.agenda)
            for name, t in tables
            if t.revealed_in[0] == now.period
        }
        self.periods.append(now)
        self._events, self._now = occurred, PeriodRecord(now.period + 1)


def _nearest(view: View, signable: Bools) -> int:
    """The package that the proposer came nearest to proposing: the best of those it would sign, else its own best
    gain."""
    if signable.any():
        return int(np.where(signable, view.expected, -np.inf)[0].argmax())
    return int(np.where(view.allowed, view.gain, -np.inf)[0].argmax()) if view.allowed.any() else -1


def _package(talks: Talks, package: int) -> Levels | None:
    return dict(talks.menu.packages.fixed[package]) if package >= 0 else None


def levels_of(model: Negotiation, row: Ints, issues: tuple[str, ...]) -> Levels:
    """The names of some issues' levels in one world's row (issues,)."""
    return {i: model.layout.levels[i].names[row[model.layout.issues[i]]] for i in issues}


def _unaware(m: Meeting, i: int) -> dict[str, tuple[str, str]]:
    """What party i doesn't know of secret deals at other tables: issue -> what it takes it for, what it is."""
    secret = [t.table for t in m.model.tables.values() if t.table.secret is not None and t is not m.talks]
    issues = tuple(i for t in secret for i in t.agenda)
    thinks = levels_of(m.model, m.seen[i].position.fc.state.levels[0], issues)
    true = levels_of(m.model, m.model.state.levels[m.worlds[0]], issues)
    return {k: (thinks[k], true[k]) for k in issues if thinks[k] != true[k]}


def _beliefs(model: Negotiation) -> dict[Belief, Odds]:
    """What is thought of every actor's types, and of every party's resolve, at the tables where it still
    matters."""
    found = {}
    for name, talks in model.tables.items():
        open_now = (Status.WAITING, Status.TALKING)
        if talks.status[0] in ((*open_now, Status.DEAL) if talks.lapse or talks.table.renege else open_now):
            for actor, odds in talks.odds.items():
                found[name, False, actor] = _named([p.name for p in model.actor(actor).profiles], odds[:, 0])
            for party in talks.upper:
                upper = float(talks.half(party)[0])
                found[name, True, party] = {"below": 1 - upper, "above": upper}
    return found


def _prior(model: Negotiation, resolve: bool, actor: str) -> Odds:
    if resolve:
        return {"below": 0.5, "above": 0.5}
    return _named([p.name for p in model.actor(actor).profiles], model.actor(actor).first_odds[:, 0])


def _named(names: list[str], odds: Floats) -> Odds:
    return {n: float(o) for n, o in zip(names, np.asarray(odds), strict=True)} if len(names) > 1 else {}
