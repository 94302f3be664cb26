"""ideal: the nearer to an ideal point the better (spatial preferences with linear loss; Enelow & Hinich 1984)."""

from __future__ import annotations

from typing import Literal

from sim.scenario.base import Number, VariableName
from sim.scenario.interest import Factor, Interest


class Ideal(Interest):
    """φ = −|v − at|."""

    form: Literal["ideal"]
    of: VariableName
    at: Number

    def factors(self) -> tuple[Factor, ...]:
        at = self.at
        return (Factor(self.of, lambda v: -abs(v - at)),)
