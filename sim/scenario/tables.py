"""Tables: who bargains over what, under which protocol, and what else holds there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Discriminator, Field, Tag, ValidationInfo, create_model, model_validator
from pydantic_core import PydanticCustomError

from sim.plugins import find
from sim.scenario.base import ActorName, Count, IssueName, Sourced, Strict, Text, Word, names_of, problems
from sim.scenario.levels import level_name
from sim.scenario.priors import Hazard
from sim.scenario.protocol import Protocol
from sim.scenario.selectors import ALWAYS, When

PROTOCOLS = find("sim.protocols", Protocol)


class Forbid(Sourced):
    when: When


class Opens(Sourced):
    """The table meets once `when` has held."""

    when: When


def _levels_set(sets: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    names = names_of(info)
    found: list[tuple[tuple[str | int, ...], str]] = []
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

    hazard: Hazard
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


class AnyProtocol(Strict):
    """Exactly one protocol, under its name."""

    @model_validator(mode="after")
    def _one(self) -> AnyProtocol:
        if len(self.model_fields_set) != 1:
            text = f"give exactly one protocol: {', '.join(PROTOCOLS)}"
            raise PydanticCustomError("protocol", "{text}", {"text": text})
        if self.rule is None:
            name = next(iter(self.model_fields_set))
            needed = [k for k, f in PROTOCOLS[name].model_fields.items() if f.is_required()]
            raise problems([((name,), f"a mapping is needed ({', '.join(needed) or '{}'}); got nothing")])
        return self

    @property
    def rule(self) -> Protocol:
        return getattr(self, next(iter(self.model_fields_set)))


if TYPE_CHECKING:
    ProtocolChoice = AnyProtocol
else:
    ProtocolChoice = create_model(
        "ProtocolChoice", __base__=AnyProtocol, **{name: (rule | None, None) for name, rule in PROTOCOLS.items()}
    )


class Table(Strict):
    """Where parties bargain over an agenda, in the order in which the file names its tables."""

    about: Text | None = None
    parties: Annotated[tuple[ActorName, ...], Field(min_length=2)]
    protocol: ProtocolChoice
    agenda: Annotated[tuple[IssueName, ...], Field(min_length=1)]
    require: When = ALWAYS
    forbid: tuple[Forbid, ...] = ()
    opens: Opens | None = None
    deadline: Count | None = None
    lookahead: Count | None = None
    consent: dict[ActorName, Consent] = Field(default_factory=dict)
    breakdown: Breakdown | None = None
    walk_away: WalkAway | None = None
