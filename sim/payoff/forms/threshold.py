"""threshold: nothing below a value, all from it on."""

from __future__ import annotations

from typing import Literal

from sim.scenario.base import Number, VariableName
from sim.scenario.interest import Factor, Interest


class Threshold(Interest):
    """φ = 1 where v ≥ at, else 0."""

    form: Literal["threshold"]
    of: VariableName
    at: Number

    def factors(self) -> tuple[Factor, ...]:
        at = self.at - 1e-12  # a level written as 0.3 is at least 0.3
        return (Factor(self.of, lambda v: (v >= at) * 1.0),)
