"""The scenario: what a file may say, as frozen objects. The language is told in docs/reference/scenario_language.md."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from math import prod
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sim.errors import did_you_mean, shown
from sim.plugins import find
from sim.scenario.base import (
    ActorName,
    ClaimId,
    Count,
    Found,
    Name,
    Names,
    Number,
    Probability,
    Sourced,
    Strict,
    TableName,
    Text,
    ValueName,
    Word,
    names_of,
    problems,
    reference,
)
from sim.scenario.features import Sets
from sim.scenario.interest import Interest
from sim.scenario.levels import IssueLevels, level_name
from sim.scenario.priors import AnyHazard, AnyPrior, Discount
from sim.scenario.selectors import ALWAYS, Selector, When, parse
from sim.scenario.tables import Table
from sim.scenario.truncatable import Logistic
from sim.scenario.varying import Demo

FORMS = find("sim.payoff.forms", Interest)
DEFAULT_RESOLVE = Logistic(mean_=0.15, scale=0.1)  # fitted to laboratory responders: docs/validation.md
MONTHS = {"day": 12 / 365.25, "week": 12 / 52, "month": 1.0, "quarter": 3.0, "year": 12.0, "round": 1.0}

if TYPE_CHECKING:
    AnyInterest = Interest
else:
    AnyInterest = Annotated[reduce(or_, FORMS.values()), Field(discriminator="form")]


class TypeValue(Strict):
    """One value of a type: how likely, and what it does to the actor's terms (weights scaled or set)."""

    probability: Probability
    scale: dict[str, Number] = Field(default_factory=dict)
    set: dict[str, Number] = Field(default_factory=dict)
    claims: tuple[ClaimId, ...] = ()
    assumption: Text | None = None


class ContinuousType(Strict):
    """A continuous private draw, held at `points` quantile midpoints of its priors."""

    points: Annotated[int, Field(strict=True, ge=2, le=200)]
    scale: dict[str, AnyPrior] = Field(default_factory=dict)
    set: dict[str, AnyPrior] = Field(default_factory=dict)
    claims: tuple[ClaimId, ...] = ()
    assumption: Text | None = None


def _type_kind(value: Any) -> str:
    continuous = "points" in value if isinstance(value, dict) else isinstance(value, ContinuousType)
    return "continuous:" if continuous else "values:"


# tags end in a colon so that they can't be mistaken for a name in the file
AnyType = Annotated[
    Annotated[ContinuousType, Tag("continuous:")] | Annotated[dict[Name, TypeValue], Tag("values:")],
    Discriminator(_type_kind),
]


class Actor(Strict):
    """One state: discount per period in [0, 1), resolve and tolerance as shares of its stakes, private types."""

    name: Text | None = None
    about: Text | None = None
    discount: Discount
    resolve: AnyPrior = DEFAULT_RESOLVE
    tolerance: AnyPrior = DEFAULT_RESOLVE  # as a consenter: the loss that it lets pass, a share of its stakes
    types: dict[Name, AnyType] = Field(default_factory=dict)


class Issue(Strict):
    """What is bargained over. With claims, it can change only in worlds where one of them is true."""

    about: Text | None = None
    levels: IssueLevels
    start: Word
    irreversible: bool = Field(default=False, strict=True)
    claims: tuple[ClaimId, ...] = ()
    assumption: Text | None = None

    @field_validator("start")
    @classmethod
    def _start_is_a_level(cls, start: str, info: ValidationInfo) -> str:
        levels = info.data.get("levels")
        return start if levels is None else level_name(levels, start)


class ByType(Strict):
    """A law of change for each value of an actor's type: whoever sees the stock move learns of the type."""

    actor: ActorName
    type: Name
    by: Annotated[dict[ValueName, AnyPrior], Field(min_length=1)]


class Change(Sourced):
    """One line of a stock's change per period: drawn each period by the law `by`, or by the law that `by_type` gives
    the actor's true type, and added where `when` holds."""

    by: AnyPrior | None = None
    by_type: ByType | None = None
    when: When = ALWAYS

    @model_validator(mode="after")
    def _one_law(self) -> Change:
        if (self.by is None) == (self.by_type is None):
            text = "give either `by` (how much a period) or `by_type` (the same for each value of a type)"
            raise PydanticCustomError("change", "{text}", {"text": text})
        return self


class Stock(Strict):
    """A quantity that nobody sets: drawn at the start, moved every period by the lines that hold, within its range."""

    about: Text | None = None
    start: AnyPrior
    range: tuple[Number, Number] = (0.0, 1.0)
    change: tuple[Change, ...] = ()
    claims: tuple[ClaimId, ...] = ()
    assumption: Text | None = None


class ByResolve(Strict):
    """A likelihood for a resolve below its median, and one for a resolve above it."""

    below_median: Probability
    above_median: Probability


class Signals(Strict):
    """The event's occurrence tells of `actor`'s type, or of its resolve at a table: how likely it is, when due, under
    each value of that type, or on either side of the median."""

    actor: ActorName
    type: Name | None = None
    likelihood: dict[ValueName, Probability] = Field(default_factory=dict)
    resolve: ByResolve | None = None
    table: TableName | None = None  # where it has this resolve; needed if the actor sits at several

    @model_validator(mode="after")
    def _one_subject(self) -> Signals:
        given = (self.type is not None, bool(self.likelihood), self.resolve is not None)
        if given not in ((True, True, False), (False, False, True)):
            text = (
                "give either `type` with a `likelihood` for each of its values, "
                "or `resolve: {below_median: …, above_median: …}`"
            )
            raise PydanticCustomError("signals", "{text}", {"text": text})
        if self.table is not None and self.resolve is None:
            raise problems([(("table",), "a table goes with `resolve`; types are the same at every table")])
        return self


class Event(Sourced):
    """Something that happens at period `at`, or with probability `hazard` in each period, where `when` holds."""

    about: Text | None = None
    at: Count | None = None
    hazard: AnyHazard | None = None
    when: When = ALWAYS
    sets: Sets = Field(default_factory=dict)
    signals: Signals | None = None

    @model_validator(mode="after")
    def _one_clock(self) -> Event:
        if (self.at is None) == (self.hazard is None):
            text = "give either `at` (a period, counted from 1) or `hazard` (a probability a period)"
            raise PydanticCustomError("event", "{text}", {"text": text})
        return self


@dataclass(frozen=True)
class Outcome:
    """A named condition. `at_end` is read at the end of the horizon, `ever` anywhere on the path.

    With `before`, what is asked for (`ever`, else `at_end`) must come first; true also where `before` never happens.
    """

    at_end: Selector = ALWAYS
    ever: Selector | None = None
    before: Selector | None = None
    claims: tuple[str, ...] = ()  # whose expectation it is; nothing is switched by it


def _outcome(data: Any, info: ValidationInfo) -> Outcome:
    names = names_of(info)
    found: Found = []
    if not isinstance(data, dict) or not data:
        raise problems([((), "an outcome is a mapping of conditions, such as {ceasefire: general}")])
    path = {k: parse(data[k], names, (k,), found) for k in ("ever", "before") if k in data}
    claims = _expected(data.get("claims", []), names, found)
    rest = {k: v for k, v in data.items() if k not in path and k != "claims"}
    if "before" in path and not rest and "ever" not in path:
        found.append((("before",), "before needs something that comes first: conditions beside it, or `ever`"))
    at_end = parse(rest, names, (), found)
    if found:
        raise problems(found)
    return Outcome(at_end, path.get("ever"), path.get("before"), claims)


def _expected(given: Any, names: Names | None, found: Found) -> tuple[str, ...]:
    """The claims that an outcome stands for."""
    if not isinstance(given, list):
        found.append((("claims",), f"claims is a list of ids, such as [P4]; got {shown(given)}"))
        return ()
    for k, claim in enumerate(given):
        if names is not None and str(claim) not in names.claims:
            known = did_you_mean(str(claim), names.claims, "claims")
            found.append((("claims", k), f"unknown claim {shown(claim)}{known}"))
    return tuple(str(c) for c in given)


AnyOutcome = Annotated[Outcome, PlainValidator(_outcome), WithJsonSchema({"type": "object", "minProperties": 1})]


class Scenario(Strict):
    """A whole file. Load one with `sim.load(path)`; it doesn't change afterwards."""

    title: Annotated[Text, Field(min_length=1)]
    question: Text = ""
    about: Text | None = None
    as_of: Text | None = None
    assumption: Text | None = None
    period: Literal["day", "week", "month", "quarter", "year", "round"] = "month"
    horizon: Annotated[int, Field(strict=True, ge=1, le=10_000)]
    normalise: bool = Field(default=True, strict=True)
    information: Literal["private", "public"] = "private"  # public: everyone knows all types, resolves and tolerances
    actors: Annotated[dict[Name, Actor], Field(min_length=1)]
    issues: Annotated[dict[Name, Issue], Field(min_length=1)]
    stocks: dict[Name, Stock] = Field(default_factory=dict)
    interests: dict[ActorName, tuple[AnyInterest, ...]]
    tables: dict[Name, Table] = Field(default_factory=dict)
    events: dict[Name, Event] = Field(default_factory=dict)
    outcomes: dict[Name, AnyOutcome] = Field(default_factory=dict)
    report: tuple[Annotated[str, reference("quantity")], ...] = ()
    demo: Demo | None = None

    def packages(self, table: str) -> int:
        """How many packages a table's agenda spans, whatever is required or forbidden."""
        return prod(len(self.issues[i].levels.names) for i in self.tables[table].agenda)

    def called(self, given: str) -> str:
        """The actor that somebody means who types its key or its name in any case; what isn't known stays as it is."""
        keys = {str(a.name).lower(): key for key, a in self.actors.items()} | {key.lower(): key for key in self.actors}
        return given if given in self.actors else keys.get(given.lower(), given)
