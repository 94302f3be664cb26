"""A game: one world of a scenario, who takes a seat in it, and the decisions so far. Its state follows from these."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property

from sim.analysis.records import PeriodRecord
from sim.arrays import Array, of_type
from sim.errors import UserError, did_you_mean
from sim.model import Negotiation
from sim.montecarlo.draws import ClaimRule, Draws, draw
from sim.scenario.loader import Loaded
from sim.scenario.schema import Scenario
from sim.scenario.strategy import Strategy
from sim.seat.human import Human
from sim.seat.questions import Decision, Question
from sim.seat.session import WAITS, Asked, Session
from sim.simulate import simulate
from sim.strategies.lookahead import Lookahead
from sim.streams import place_of


@dataclass(frozen=True)
class Ended:
    """A world played to its end: the columns of its row (see `sim.store.columns`), its trace, and every question with
    its decision."""

    columns: dict[str, Array]
    periods: list[PeriodRecord]
    decided: list[tuple[Question, Decision]]


@dataclass(frozen=True)
class Role:
    """Who a seat is in this world: its type ("" where it has none), and what counts for it: weight, whose term it is,
    the term's name, the variables that it looks at."""

    seat: str
    kind: str
    terms: list[tuple[float, str, str, tuple[str, ...]]]


@dataclass(frozen=True)
class Game:
    """The world that a run of `seed` counts as `world`. `stood_in`: the numbers of the decisions that the model made
    for a seat that nobody held. Raises UserError where a seat can't be taken."""

    loaded: Loaded
    seats: tuple[str, ...]
    seed: int = 1
    world: int = 0
    decisions: tuple[Decision, ...] = field(default=())
    stood_in: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        check_seats(self.loaded.scenario, self.seats)

    @cached_property
    def state(self) -> Question | Ended:
        """The question that is to be decided next, or the end; the world is played up to there, from its start."""
        session = Session(self.decisions)
        seated = _humans(self.loaded.scenario, self.seats, session)
        try:
            columns = simulate(self.loaded.scenario, self.draws(), session, seated)
        except Asked as asked:
            return asked.question
        if len(session.decided) < len(self.decisions):
            raise UserError("there are more decisions than this world asks for; they are of another one, or version.")
        return Ended(columns, session.periods, session.decided)

    def draws(self) -> Draws:
        """This world's draws alone."""
        return draw(self.loaded.scenario, self.loaded.claims, ClaimRule(), self.seed, *place_of(self.world))

    def role(self, seat: str) -> Role:
        """What a seat knows of itself before anything is put."""
        model = Negotiation(self.loaded.scenario, self.draws())
        try:
            actor, terms = model.actor(seat), model.terms
            mine = of_type(actor.weights.of_type, actor.kind)[0]
            found = [(float(w), terms[k]) for w, k in zip(mine, actor.weights.columns, strict=True) if w]
            told = [(w, t.actor, t.name, tuple(dict.fromkeys(f.variable for f in t.factors))) for w, t in found]
            return Role(seat, actor.profiles[int(actor.kind[0])].name, sorted(told, key=lambda t: -abs(t[0])))
        finally:
            model.close()

    def decide(self, decision: Decision) -> Game:
        """The game once the question of its state is decided so. Raises UserError for what can't be decided there."""
        question = self.state
        if isinstance(question, Ended):
            raise UserError("this world has been played to its end; there is nothing left to decide.")
        if not question.allows(decision):
            raise UserError(f"{decision!r} can't be decided here.")
        return replace(self, decisions=(*self.decisions, decision))

    def wait(self) -> Game:
        """The game at the next question with something new: until then nothing is put, nobody leaves or breaks its
        word. The same game where the question now can't wait."""
        return self.onward(waiting=self.seats)

    def onward(self, absent: Collection[str] = (), waiting: Collection[str] = ()) -> Game:
        """The game at the next question that is put to somebody: the model decides for the seats `absent`, and those
        that are `waiting` wait for something new. A question now to one of these waits, old or new."""
        first, stood_in = len(self.decisions), set(self.stood_in)

        def stand_in(q: Question) -> tuple[Decision] | None:
            if q.seat in absent:
                stood_in.add(q.number)
                return (q.hint,)
            waits = q.seat in waiting and q.kind in WAITS and (q.number == first or q.quiet)
            return (WAITS[q.kind],) if waits else None

        session = Session(self.decisions, stand_in)
        with suppress(Asked):
            simulate(self.loaded.scenario, self.draws(), session, _humans(self.loaded.scenario, self.seats, session))
        decisions = tuple(decision for _, decision in session.decided)
        return replace(self, decisions=decisions, stood_in=frozenset(stood_in))

    @property
    def people(self) -> list[int]:
        """The numbers of the decisions that people made."""
        return [k for k in range(len(self.decisions)) if k not in self.stood_in]

    def undo(self, decisions: int = 1) -> Game:
        """The game before the last decisions that people made; from its start where there are no more."""
        people = self.people
        left = people[-decisions] if 0 < decisions <= len(people) else len(self.decisions) * (decisions < 1)
        return replace(self, decisions=self.decisions[:left], stood_in=frozenset(k for k in self.stood_in if k < left))


def places(scenario: Scenario) -> dict[str, list[str]]:
    """Who can take a seat: actor -> the tables at which it is a party, or asked for its consent."""
    found: dict[str, list[str]] = {}
    for name, table in scenario.tables.items():
        for member in (*table.parties, *table.consent):
            found.setdefault(member, []).append(name)
    return {a: found[a] for a in scenario.actors if a in found}


def check_seats(scenario: Scenario, seats: Sequence[str]) -> None:
    """Raises UserError for seats that nobody can take."""
    known = places(scenario)
    if not seats:
        raise UserError(f"nobody takes a seat; give --as with one of: {', '.join(known)}")
    for seat in seats:
        if seat not in known:
            what = "sits at no table" if seat in scenario.actors else "is no actor"
            raise UserError(f"{seat} {what}{did_you_mean(seat, list(known), 'seats')}")
        for table in known[seat]:
            if scenario.tables[table].beliefs == "grid":
                raise UserError(
                    f"{seat} can't be played at table {table}: there beliefs are `grid`, and its equilibrium says what "
                    f"every type does. Play it with --set tables.{table}.beliefs=naive."
                )
    if len(set(seats)) < len(seats):
        raise UserError("every seat is taken once; an actor is named twice.")


def _humans(scenario: Scenario, seats: Sequence[str], session: Session) -> dict[tuple[str, str], Strategy]:
    found: dict[tuple[str, str], Strategy] = {}
    for seat in seats:
        for table in places(scenario)[seat]:
            chosen = scenario.tables[table].strategies.get(seat)
            own = Lookahead() if chosen is None else chosen.rule
            found[seat, table] = Human(actor=seat, table=table, own=own, session=session)
    return found
