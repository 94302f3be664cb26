"""An issue's levels: ordered names, each with a number in [0, 1]."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.errors import clean, did_you_mean, shown
from sim.scenario.base import Found, is_number, problems

LIMIT = 100_001
MOST = 200_000  # of all issues together


@dataclass(frozen=True)
class Levels:
    """names (L,) and their values (L,), strictly rising within [0, 1]."""

    names: tuple[str, ...]
    values: tuple[float, ...]

    def find(self, given: Any) -> str | None:
        """The level that `given` names, by name or, for a number, by value; None if there is none."""
        if isinstance(given, bool):
            return None
        if isinstance(given, str):
            return given if given in self._places else None
        if isinstance(given, int | float):
            if str(given) in self._places:
                return str(given)
            near = bisect_left(self.values, given - 1e-9)
            two = slice(near, near + 2)  # whose value is the first that isn't below by more
            return next(
                (n for n, v in zip(self.names[two], self.values[two], strict=True) if abs(v - given) < 1e-9), None
            )
        return None

    def index(self, name: str) -> int:
        return self._places[name]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: k for k, name in enumerate(self.names)}


def level_name(levels: Levels, given: str) -> str:
    """The name of the level that `given` names or, for a number, equals."""
    level = levels.find(given) or levels.find(_as_number(given))
    if level is None:
        text = f"{shown(given)} is not a level{did_you_mean(given, levels.names, 'levels')}"
        raise PydanticCustomError("level", "{text}", {"text": text})
    return level


def _as_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _grid(data: dict[str, Any]) -> Levels:
    low, high, steps = data["from"], data["to"], data["steps"]
    if not (is_number(low) and is_number(high) and 0 <= low < high <= 1):
        raise problems([((), f"needs 0 ≤ from < to ≤ 1; got from {shown(low)}, to {shown(high)}")])
    if not isinstance(steps, int) or isinstance(steps, bool) or not 2 <= steps <= LIMIT:
        raise problems([(("steps",), f"steps is a whole number from 2 to {LIMIT}; got {shown(steps)}")])
    values = [low + (high - low) * k / (steps - 1) for k in range(steps)]
    return Levels(tuple(f"{v:.10g}" for v in values), tuple(values))


def divisions(among: int, steps: int) -> list[tuple[int, ...]]:
    """Every way to share out `steps` equal pieces among so many, the first one's share falling fastest last."""
    if among == 1:
        return [(steps,)]
    return [(mine, *rest) for mine in range(steps + 1) for rest in divisions(among - 1, steps - mine)]


def _division(data: dict[str, Any]) -> Levels:
    found: Found = [
        ((key,), f"{key} is a whole number from {low} to {high}; got {shown(data[key])}")
        for key, low, high in (("among", 2, 8), ("steps", 1, 1000))
        if not isinstance(data[key], int) or isinstance(data[key], bool) or not low <= data[key] <= high
    ]
    if not found and (count := math.comb(data["steps"] + data["among"] - 1, data["among"] - 1)) > LIMIT:
        found = [((), f"{count:,} divisions; the limit is {LIMIT:,}")]
    if found:
        raise problems(found)
    ways = divisions(data["among"], data["steps"])
    names = ("/".join(f"{k / data['steps']:.4g}" for k in way) for way in ways)
    return Levels(tuple(names), tuple(k / (len(ways) - 1) for k in range(len(ways))))


def parse(data: Any) -> Levels:
    """`{name: number, …}` in rising order, `{from: a, to: b, steps: n}`, or `{among: 3, steps: 10}`: the divisions of
    a pie in tenths among three, named like 0.7/0.3/0 and told apart by the form `share`."""
    if isinstance(data, Levels):
        return data
    if not isinstance(data, dict) or not data:
        raise problems([((), "levels is a mapping of names to numbers in [0, 1], or {from: 0, to: 1, steps: 101}")])
    if set(data) == {"from", "to", "steps"}:
        return _grid(data)
    if set(data) == {"among", "steps"}:
        return _division(data)
    found = [
        ((str(k),), f"a level's value is a number in [0, 1]; got {shown(v)}")
        for k, v in data.items()
        if not (is_number(v) and 0 <= v <= 1)
    ]
    found += [((str(k),), "a level's name holds a sign that can't be seen") for k in data if clean(k) != k]
    if found:
        raise problems(found)
    values = [float(v) for v in data.values()]
    for name, low, high in zip(list(data)[1:], values[:-1], values[1:], strict=True):
        if high <= low:
            found.append(((str(name),), f"levels must rise in value; {high:g} does not exceed {low:g}"))
    if found:
        raise problems(found)
    return Levels(tuple(str(k) for k in data), tuple(values))


def count(data: Any) -> int:
    """How many levels the data asks for, before any is made; 0 where it makes no sense."""
    given = data if isinstance(data, dict) else {}
    if set(given) == {"from", "to", "steps"}:
        return given["steps"] if isinstance(given["steps"], int) and given["steps"] <= LIMIT else 0
    if set(given) == {"among", "steps"}:
        among, steps = given["among"], given["steps"]
        fits = isinstance(among, int) and isinstance(steps, int) and 2 <= among <= 8 and 1 <= steps <= 1000
        return min(math.comb(steps + among - 1, among - 1), LIMIT) if fits else 0
    return len(given)


IssueLevels = Annotated[
    Levels,
    PlainValidator(parse),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": "number"}, "minProperties": 1}),
]
