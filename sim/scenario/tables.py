"""Tables: who bargains over what, under which protocol, and what else holds there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from sim.plugins import find
from sim.scenario.base import ActorName, Count, IssueName, Sourced, Strict, TableName, Text
from sim.scenario.features import (
    AssentOrAll,
    Breakdown,
    Consent,
    Forbid,
    Guarantor,
    Mediator,
    Opens,
    Payments,
    Renege,
    Secret,
    WalkAway,
)
from sim.scenario.named import Named, choice
from sim.scenario.protocol import Protocol
from sim.scenario.selectors import ALWAYS, When
from sim.scenario.strategy import Strategy

PROTOCOLS = find("sim.protocols", Protocol)
STRATEGIES = find("sim.strategies", Strategy)

if TYPE_CHECKING:
    ProtocolChoice = Named
    StrategyChoice = Named
else:
    ProtocolChoice = choice("protocol", PROTOCOLS, __name__)
    StrategyChoice = choice("strategy", STRATEGIES, __name__)


class Table(Strict):
    """Where parties bargain over an agenda, in the order in which the file names its tables."""

    about: Text | None = None
    parties: Annotated[tuple[ActorName, ...], Field(min_length=2)]
    protocol: ProtocolChoice
    assent: AssentOrAll = None  # all
    strategies: dict[ActorName, StrategyChoice] = Field(default_factory=dict)
    agenda: Annotated[tuple[IssueName, ...], Field(min_length=1)]
    require: When = ALWAYS
    forbid: tuple[Forbid, ...] = ()
    opens: Opens | None = None
    deadline: Count | None = None
    lookahead: Count | None = None
    consent: dict[ActorName, Consent] = Field(default_factory=dict)
    breakdown: Breakdown | None = None
    walk_away: WalkAway | None = None
    reopens: Annotated[bool, Field(strict=True)] = False
    lapses: dict[IssueName, Count] = Field(default_factory=dict)
    renege: dict[ActorName, Renege] = Field(default_factory=dict)
    guarantor: Guarantor | None = None
    mediator: Mediator | None = None
    secret: Secret | None = None
    payments: Payments | None = None
    foresees: tuple[TableName, ...] = ()
    beliefs: Literal["naive", "grid"] = "naive"

    def features(self) -> list[Sourced]:
        """Everything at the table that rests on claims or an assumption."""
        single = (self.opens, self.breakdown, self.walk_away, self.guarantor, self.mediator, self.secret, self.payments)
        return [*self.forbid, *self.consent.values(), *self.renege.values(), *(f for f in single if f is not None)]

    @property
    def paid_by(self) -> int:
        """How many issues at the end of the agenda are side payments (see `sim.scenario.payments`)."""
        return 0 if self.payments is None else len(self.parties) - 1

    def insiders(self) -> set[str]:
        """Who knows what is agreed at a secret table."""
        helpers = {f.by for f in (self.mediator, self.guarantor) if f is not None}
        return {*self.parties, *self.consent, *helpers}

    def spoken_of(self) -> tuple[str, ...]:
        """The parties that a mediator sends a message about."""
        if self.mediator is None:
            return ()
        return self.parties if self.mediator.about is None else (self.mediator.about.actor,)
