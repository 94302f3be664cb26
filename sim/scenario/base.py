"""What every part of a scenario shares: strictness, names that must exist, and claims-or-an-assumption."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic import Strict as PydanticStrict
from pydantic_core import PydanticCustomError

from sim.errors import clean, did_you_mean
from sim.scenario.reading import Path

RESERVED = {"any", "not", "ever", "before", "claims"}
Found = list[tuple[Path, str]]  # problems: where, from some place on, and what is wrong there
KINDS = {"variable": "issue or stock", "quantity": "issue, stock or actor"}
PLURALS = {"quantity": "quantities"}


@dataclass
class Names:
    """What a file declares, read before it is validated, so that every reference can be checked where it stands."""

    actors: set[str] = field(default_factory=set)
    issues: dict[str, Any] = field(default_factory=dict)  # name -> Levels, None where these are invalid
    stocks: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    outcomes: set[str] = field(default_factory=set)
    claims: set[str] = field(default_factory=set)
    terms: dict[str, set[str]] = field(default_factory=dict)  # actor -> its terms
    covered: bool = False  # an assumption at the top covers the file
    partial: bool = False  # some parts are invalid and were left out
    models: dict[int, type[BaseModel]] = field(default_factory=dict)  # id(mapping) -> what it was read as

    @cached_property
    def variables(self) -> set[str]:
        return set(self.issues) | self.stocks

    @cached_property
    def quantities(self) -> set[str]:
        return self.variables | self.actors

    def known(self, kind: str) -> Collection[str]:
        found: Collection[str] = getattr(self, PLURALS.get(kind, f"{kind}s"))
        return found


def problems(found: Sequence[tuple[Path, str]]) -> PydanticCustomError:
    """Several problems below one place: each a path from here and what is wrong there."""
    return PydanticCustomError("problems", "{text}", {"text": "; ".join(m for _, m in found), "found": found})


def names_of(info: ValidationInfo) -> Names | None:
    return info.context if isinstance(info.context, Names) else None


def reference(kind: str) -> AfterValidator:
    """The name must be one of the file's `kind`s."""

    def check(value: str, info: ValidationInfo) -> str:
        names = names_of(info)
        if names is not None and value not in names.known(kind):
            text = f"unknown {KINDS.get(kind, kind)} '{value}'{did_you_mean(value, names.known(kind))}"
            raise PydanticCustomError("unknown", "{text}", {"text": text})
        return value

    return AfterValidator(check)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _own_name(value: str) -> str:
    if value in RESERVED:
        text = f"'{value}' is a word of the selectors; use another name"
        raise PydanticCustomError("reserved", "{text}", {"text": text})
    return value


def _word(value: Any) -> Any:
    """Levels and names are words; a number given where a word is meant is read as it is written."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$"), AfterValidator(_own_name)]
ValueName = Annotated[str, Field(pattern=r"^([A-Za-z][A-Za-z0-9_]{0,63}|[1-9][0-9]{0,2})$")]  # "3": of 20 points
Word = Annotated[
    str, BeforeValidator(_word), Field(min_length=1, max_length=64), WithJsonSchema({"type": ["string", "number"]})
]
Text = Annotated[str, Field(max_length=20_000), AfterValidator(clean)]
Number = Annotated[float, PydanticStrict(), Field(allow_inf_nan=False)]
Probability = Annotated[float, PydanticStrict(), Field(ge=0, le=1)]
Count = Annotated[int, PydanticStrict(), Field(ge=1)]
ActorName = Annotated[str, reference("actor")]
IssueName = Annotated[str, reference("issue")]
VariableName = Annotated[str, reference("variable")]
TableName = Annotated[str, reference("table")]
StockName = Annotated[str, reference("stock")]
ClaimId = Annotated[str, reference("claim")]


class Strict(BaseModel):
    """Frozen; an unknown key is an error. Remembers which mapping it was read from, for did-you-mean."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _remember(cls, data: Any, info: ValidationInfo) -> Any:
        names = names_of(info)
        if names is not None and isinstance(data, dict):
            names.models[id(data)] = cls
        return data


class Sourced(Strict):
    """Rests on claims of the documents, or says that it is assumed."""

    claims: tuple[ClaimId, ...] = ()
    assumption: Text | None = None

    @model_validator(mode="after")
    def _has_a_source(self, info: ValidationInfo) -> Sourced:
        names = names_of(info)
        if names is not None and not (self.claims or self.assumption or names.covered):
            raise PydanticCustomError(
                "unsourced",
                "nothing says where this comes from; give `claims: [ID, …]` or `assumption: why` "
                "(one `assumption:` at the top covers a whole file)",
            )
        return self
