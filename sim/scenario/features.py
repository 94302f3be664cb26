"""Features of a table: what may hold there besides who proposes. Each rests on claims or says that it is assumed."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, ValidationInfo
from pydantic_core import PydanticCustomError

from sim.errors import shown
from sim.scenario.base import (
    ActorName,
    Found,
    IssueName,
    Name,
    Number,
    Probability,
    Sourced,
    Strict,
    Word,
    names_of,
    problems,
)
from sim.scenario.levels import level_name
from sim.scenario.priors import AnyHazard, Hazard
from sim.scenario.selectors import When


class Forbid(Sourced):
    when: When


class Opens(Sourced):
    """The table meets once `when` has held."""

    when: When


def _levels_set(sets: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    names = names_of(info)
    found: Found = []
    named = {}
    for issue, given in sets.items():
        levels = names.issues.get(issue) if names is not None else None
        try:
            named[issue] = given if levels is None else level_name(levels, given)
        except PydanticCustomError as error:
            found.append(((issue,), error.message()))
    if found:
        raise problems(found)
    return named


Sets = Annotated[dict[IssueName, Word], AfterValidator(_levels_set)]


class Breakdown(Sourced):
    """After a refusal the talks collapse with probability `hazard`, leaving the levels that `sets` says, for good."""

    hazard: AnyHazard
    sets: Sets = Field(default_factory=dict)


class WalkAway(Sourced):
    """`by` may leave instead of answering; the talks then end in what `sets` says."""

    by: Annotated[
        Annotated[ActorName, Tag("one:")] | Annotated[tuple[ActorName, ...], Field(min_length=1), Tag("several:")],
        Discriminator(lambda by: "several:" if isinstance(by, list | tuple) else "one:"),
    ]
    sets: Sets = Field(default_factory=dict)

    @property
    def walkers(self) -> tuple[str, ...]:
        return (self.by,) if isinstance(self.by, str) else self.by


class Consent(Sourced):
    """A third party is asked whenever a package would change one of the issues in `on`."""

    on: Annotated[tuple[IssueName, ...], Field(min_length=1)]


class Subject(Strict):
    """What a mediator knows something about: a party's resolve at the table, or, with `type`, its type."""

    actor: ActorName
    type: Name | None = None


class Mediator(Sourced):
    """`by` sees what a party keeps private, rightly with probability `accuracy`, and sends a message as talks open."""

    by: ActorName
    accuracy: Probability
    about: Subject | None = None  # left out: the resolve of every party in turn


class Guarantor(Sourced):
    """`by` adds `penalty` (a share of the breaker's stakes) to the price of breaking the table's deal."""

    by: ActorName
    penalty: Annotated[Number, Field(ge=0)]


class Renege(Sourced):
    """A party may break the deal, leaving the levels that `sets` says, at a price of `penalty` (a share of its
    stakes)."""

    sets: Annotated[Sets, Field(min_length=1)]
    penalty: Annotated[Number, Field(ge=0)] = 0.0


class Revealed(Strict):
    """A secret comes out with probability `hazard` in each period."""

    hazard: Hazard


class Secret(Sourced):
    """What is agreed is in force at once, and outsiders know nothing of it until it is revealed."""

    revealed: Revealed


class Payments(Sourced):
    """Parties may pay one another on top of a package, up to `most` of what each has at stake, in so many equal
    steps."""

    most: Annotated[Number, Field(gt=0, le=10)]
    steps: Annotated[int, Field(strict=True, ge=1, le=100)]


class Assent(Strict):
    """Who must agree: those whose weights (1 each unless given) add up to `quota`, the proposer's own included, and
    every one of `veto`."""

    quota: Annotated[Number, Field(gt=0)]
    weights: dict[ActorName, Annotated[Number, Field(ge=0)]] = Field(default_factory=dict)
    veto: tuple[ActorName, ...] = ()


def _assent(given: object) -> object:
    """`all`, written as a word, is the default: everyone."""
    if given == "all":
        return None
    if isinstance(given, str):
        text = f"assent is `all` or a mapping such as {{quota: 2}}; got {shown(given)}"
        raise PydanticCustomError("assent", "{text}", {"text": text})
    return given


class _AllOr:
    """Tells the JSON Schema of the word that `_assent` takes."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"const": "all"}, handler(core)]}


AssentOrAll = Annotated[Assent | None, BeforeValidator(_assent), _AllOr()]
