"""Priors as a file writes them: a bare number, or one named law with named parameters; and where each may lie."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, PlainValidator, Tag, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.errors import did_you_mean, shown
from sim.scenario.base import Found, Probability, StockName, Strict, is_number, problems
from sim.scenario.laws import Beta, Choice, Fixed, Prior, Triangular, Uniform
from sim.scenario.truncatable import Logistic, Lognormal, Normal, Truncatable

KINDS: dict[str, type[Prior]] = {c.name: c for c in (Uniform, Triangular, Normal, Lognormal, Logistic, Beta, Choice)}


def _parameters(kind: type[Prior]) -> dict[str, str]:
    """Name in a file -> name of the field; optional ones are low and high of a truncated law."""
    return {f.name.rstrip("_"): f.name for f in fields(kind)}


def _required(kind: type[Prior]) -> set[str]:
    optional = {"low", "high"} if issubclass(kind, Truncatable) else set()
    return set(_parameters(kind)) - optional


def _choice(given: dict[str, Any]) -> Choice:
    found = []
    pairs = []
    for key, p in given.items():
        if not re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,2})?", str(key)):
            found.append((("choice", str(key)), f"choice maps numbers to probabilities; '{key}' is not a number"))
        elif not is_number(p) or not 0 <= p <= 1:
            found.append((("choice", str(key)), f"a probability is a number in [0, 1]; got {shown(p)}"))
        else:
            pairs.append((float(key), float(p)))
    if found or not pairs:
        raise problems(found or [(("choice",), "choice needs at least one value")])
    pairs.sort()  # so that the quantile function rises
    return Choice(tuple(v for v, _ in pairs), tuple(p for _, p in pairs))


def parse(data: Any) -> Prior:
    """A bare number, or one named law with named parameters. Raises a validation error with the path of a fault."""
    if isinstance(data, Prior):
        return data
    if is_number(data):
        return Fixed(float(data))
    if not isinstance(data, dict) or len(data) != 1:
        text = f"a prior is a finite number or one law such as {{uniform: {{low: 0, high: 1}}}}; got {shown(data)}"
        raise problems([((), text)])
    name, given = next(iter(data.items()))
    kind = KINDS.get(name)
    if kind is None:
        raise problems([((name,), f"unknown prior '{name}'{did_you_mean(str(name), KINDS)}")])
    if not isinstance(given, dict):
        raise problems([((name,), f"{name} takes named parameters: {', '.join(sorted(_required(kind)))}")])
    if kind is Choice:
        prior: Prior = _choice(given)
    else:
        allowed = _parameters(kind)
        found: Found = [
            ((name, k), f"unknown parameter '{k}' of {name}{did_you_mean(str(k), allowed)}")
            for k in given
            if k not in allowed
        ]
        found += [
            ((name, k), f"a finite number is needed; got {shown(v)}")
            for k, v in given.items()
            if k in allowed and not is_number(v)
        ]
        found += [((name,), f"{name} lacks '{k}'") for k in sorted(_required(kind) - set(given))]
        if found:
            raise problems(found)
        prior = kind(**{allowed[k]: float(v) for k, v in given.items()})
    complaint = prior.complaint()
    if complaint:
        raise problems([((name,), f"{name}: {complaint}")])
    return prior


def _schema() -> dict[str, Any]:
    laws = []
    for name, kind in KINDS.items():
        if kind is Choice:
            inner: dict[str, Any] = {"type": "object", "additionalProperties": {"type": "number"}}
        else:
            inner = {
                "type": "object",
                "properties": {k: {"type": "number"} for k in _parameters(kind)},
                "required": sorted(_required(kind)),
                "additionalProperties": False,
            }
        laws.append({"type": "object", "properties": {name: inner}, "required": [name], "additionalProperties": False})
    return {"anyOf": [{"type": "number"}, *laws]}


def leaves(prior: Prior, low: float, high: float, *, open_above: bool = False) -> str | None:
    """What to say of a prior that can leave [low, high]; None if it can't."""
    bottom, top = prior.support()
    if bottom >= low and top <= high and not (open_above and top >= high):
        return None
    text = f"must stay within [{low:g}, {high:g}{')' if open_above else ']'}"
    if bottom == top:
        return f"{text}; got {bottom:g}"
    hint = " (give `low` and `high` to truncate it)" if isinstance(prior, Truncatable) else ""
    return f"{text}; this can reach [{bottom:g}, {top:g}]{hint}"


def within(low: float, high: float, *, open_above: bool = False) -> AfterValidator:
    """The prior may not leave [low, high] (or [low, high) with `open_above`)."""

    def check(prior: Prior) -> Prior:
        text = leaves(prior, low, high, open_above=open_above)
        if text:
            raise PydanticCustomError("range", "{text}", {"text": text})
        return prior

    return AfterValidator(check)


AnyPrior = Annotated[Prior, PlainValidator(parse), WithJsonSchema(_schema())]
MOST_PATIENT = 1 - 1e-8


def _waits(prior: Prior) -> Prior:
    """A wait that costs less than what is told from a tie (`sim.beliefs.TIE`) would never end."""
    top = prior.support()[1]
    if top > MOST_PATIENT:
        text = f"must be at most 1 - 1e-8, above which what waiting costs is lost in rounding; got {top:.15g}"
        raise PydanticCustomError("range", "{text}", {"text": text})
    return prior


Discount = Annotated[AnyPrior, within(0, 1, open_above=True), AfterValidator(_waits)]
Hazard = Annotated[AnyPrior, within(0, 1)]


class Along(Strict):
    """A hazard that rises or falls in a straight line along a stock: `at_low` where the stock is at the bottom of its
    range, `at_high` at the top."""

    along: StockName
    at_low: Probability
    at_high: Probability


def _hazard_kind(hazard: Any) -> str:
    along = isinstance(hazard, Along) or (isinstance(hazard, dict) and not Along.model_fields.keys().isdisjoint(hazard))
    return "along:" if along else "prior:"


AnyHazard = Annotated[
    Annotated[Along, Tag("along:")] | Annotated[Hazard, Tag("prior:")],
    Discriminator(_hazard_kind),
]
