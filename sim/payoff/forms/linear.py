"""linear: the value of one issue or stock."""

from __future__ import annotations

from typing import Literal

from sim.scenario.base import VariableName
from sim.scenario.interest import Factor, Interest


class Linear(Interest):
    """φ = v, in [0, 1] for an issue and in its range for a stock."""

    form: Literal["linear"]
    of: VariableName

    def factors(self) -> tuple[Factor, ...]:
        return (Factor(self.of, lambda v: v, linear=True),)
