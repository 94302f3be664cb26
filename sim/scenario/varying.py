"""What a field may be when it is varied: some values, a range, or a law; in an experiment's file, or for a demo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from sim.errors import did_you_mean
from sim.scenario.base import Strict, Text, problems, reference
from sim.scenario.laws import Prior, Uniform
from sim.scenario.priors import parse

if TYPE_CHECKING:
    from sim.arrays import Floats

Value = float | str | bool


@dataclass(frozen=True)
class Varied:
    """What one field may be: some values, or a law whose quantiles are taken."""

    values: tuple[Value, ...] = ()
    law: Prior | None = None

    def at(self, u: Floats) -> list[Value]:
        """Quantiles at u (n,) in [0, 1); of a list, each value as likely."""
        if self.law is not None:
            return [float(v) for v in self.law.ppf(u)]
        return [self.values[min(int(k * len(self.values)), len(self.values) - 1)] for k in u]

    def size(self, points: int) -> int:
        """How many values `grid` gives."""
        return len(self.values) if self.law is None else points

    def grid(self, points: int) -> list[Value]:
        """All values of a list; of a range its ends and between; of another law so many quantiles."""
        import numpy as np

        if self.law is None:
            return list(self.values)
        even = np.linspace(0, 1, points) if isinstance(self.law, Uniform) else (np.arange(points) + 0.5) / points
        return self.at(even)


def _varied(data: Any) -> Varied:
    """A list, `range: [low, high]`, or a prior. Raises a validation error."""
    if isinstance(data, list):
        if not data or not all(isinstance(v, bool | int | float | str) for v in data):
            raise problems([((), "a list of numbers or names is needed, such as [0.9, 0.95]")])
        return Varied(tuple(data))
    if isinstance(data, dict) and set(data) == {"range"}:
        ends = data["range"]
        if not (isinstance(ends, list) and len(ends) == 2 and all(isinstance(v, int | float) for v in ends)):
            raise problems([(("range",), "a range is [low, high]")])
        return Varied(law=parse({"uniform": {"low": min(ends), "high": max(ends)}}))
    if not isinstance(data, dict):
        raise problems([((), "what may it be? A list [a, b, …], {range: [low, high]}, or a prior")])
    return Varied(law=parse(data))


AnyVaried = Annotated[Varied, PlainValidator(_varied), WithJsonSchema({"type": ["array", "object"]})]


class Demo(Strict):
    """What `detente demo` shows: up to three fields to change, one outcome to guess, and which stock is ground that is
    fought over. No world depends on it."""

    vary: Annotated[dict[str, AnyVaried], Field(min_length=1, max_length=3)]
    outcome: Annotated[str, reference("outcome")]
    labels: dict[str, Text] = Field(default_factory=dict)
    map: Annotated[str, reference("stock")] | None = None

    @model_validator(mode="after")
    def _labels_of_what_is_varied(self) -> Demo:
        found = [
            (("labels", path), f"'{path}' isn't varied{did_you_mean(path, self.vary, 'varied')}")
            for path in self.labels
            if path not in self.vary
        ]
        if found:
            raise problems(found)
        return self
