"""Selectors: the conditions of `when`, `require`, `forbid` and outcomes, as a small tree of named tests.

Nothing is computed here: `sim.state` reads the tree on arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import PlainValidator, ValidationInfo, WithJsonSchema

from sim.errors import did_you_mean, shown
from sim.scenario.base import Found, Names, is_number, names_of, problems
from sim.scenario.reading import Path


@dataclass(frozen=True)
class Condition:
    """One line of a selector: `variable` is (one of) / at least / below / between `values`."""

    variable: str
    how: Literal["is", "at_least", "below", "between"]
    values: tuple[str | float, ...]


@dataclass(frozen=True)
class All:
    parts: tuple[Selector, ...]


@dataclass(frozen=True)
class Any_:
    parts: tuple[Selector, ...]


@dataclass(frozen=True)
class Not:
    part: Selector


Selector = Condition | All | Any_ | Not
ALWAYS = All(())
NEVER = Any_(())


def variables(selector: Selector) -> set[str]:
    """Names of the issues and stocks that a selector reads."""
    if isinstance(selector, Condition):
        return {selector.variable}
    if isinstance(selector, Not):
        return variables(selector.part)
    return set().union(*(variables(p) for p in selector.parts))


def size(selector: Selector) -> int:
    """How many tests it is made of."""
    if isinstance(selector, Condition):
        return len(selector.values) or 1
    return size(selector.part) if isinstance(selector, Not) else sum(map(size, selector.parts))


def _value(variable: str, given: Any, names: Names | None, at: Path, found: Found) -> str | float | None:
    """One level or number; records a problem and returns None where it is neither."""
    levels = names.issues.get(variable) if names is not None else None
    if levels is None and names is not None and variable in names.issues:
        return str(given)  # the issue's levels are invalid, which is told where they stand
    if levels is not None:
        level = levels.find(given)
        if level is None:
            hint = did_you_mean(str(given), levels.names, "levels")
            found.append((at, f"{shown(given)} is not a level of {variable}{hint}"))
        return level
    if is_number(given):
        return float(given)
    if names is None and isinstance(given, str):
        return given
    found.append((at, f"{variable} is a stock, compared with numbers; got {shown(given)}"))
    return None


def _upside_down(variable: str, values: list[Any], names: Names | None) -> bool:
    levels = names.issues.get(variable) if names is not None else None
    low, high = [levels.index(v) for v in values] if levels is not None else values
    return type(low) is type(high) and low > high


def _test(variable: str, given: Any, names: Names | None, at: Path, found: Found) -> Selector:
    if isinstance(given, dict):
        if len(given) != 1 or next(iter(given)) not in ("at_least", "below", "between"):
            key = next((k for k in given if k not in ("at_least", "below", "between")), None)
            hint = did_you_mean(str(key), ["at_least", "below", "between"]) if key is not None else ""
            keys = ", ".join(f"'{k}'" for k in given) or "none"
            found.append((at, f"a condition is one of at_least, below, between; got {keys}{hint}"))
            return ALWAYS
        how, operand = next(iter(given.items()))
        if how == "between" and not (isinstance(operand, list) and len(operand) == 2):
            found.append(((*at, how), "between takes [low, high]"))
            return ALWAYS
        operands, at = (operand if how == "between" else [operand]), (*at, how)
    else:
        how, operands = "is", given if isinstance(given, list) else [given]
        if not operands:
            found.append((at, f"an empty list: no level of {variable} would ever do"))
    listed = how == "between" or isinstance(given, list)
    values = [_value(variable, v, names, (*at, k) if listed else at, found) for k, v in enumerate(operands)]
    if how == "between" and None not in values and _upside_down(variable, values, names):
        found.append((at, f"between takes [low, high]; got {shown(operands[0])} above {shown(operands[1])}"))
    return Condition(variable, how, tuple(v for v in values if v is not None))


def parse(data: Any, names: Names | None, at: Path, found: Found) -> Selector:
    """The tree for a mapping as read from YAML; problems are appended to `found` with their paths."""
    if not isinstance(data, dict):
        found.append((at, f"a selector is a mapping of conditions, such as {{ceasefire: general}}; got {shown(data)}"))
        return ALWAYS
    parts: list[Selector] = []
    for key, value in data.items():
        here = (*at, key)
        if key == "any":
            options = value if isinstance(value, list) and value else None
            if options is None:
                found.append((here, "any takes a list of selectors, at least one"))
            parts.append(Any_(tuple(parse(v, names, (*here, i), found) for i, v in enumerate(options or ()))))
        elif key == "not":
            parts.append(Not(parse(value, names, here, found)))
        elif names is not None and key not in names.known("variable"):
            found.append((here, f"unknown issue or stock '{key}'{did_you_mean(str(key), names.known('variable'))}"))
        else:
            parts.append(_test(key, value, names, here, found))
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _validate(data: Any, info: ValidationInfo) -> Selector:
    found: Found = []
    if isinstance(data, Selector):
        return data
    selector = parse(data, names_of(info), (), found)
    if found:
        raise problems(found)
    return selector


When = Annotated[
    Selector,
    PlainValidator(_validate),
    WithJsonSchema({"type": "object", "description": "conditions on issues and stocks; every line must hold"}),
]
