"""constant: 1 wherever `when` holds (a cost of war per period, say)."""

from __future__ import annotations

from typing import Literal

from sim.scenario.interest import Factor, Interest


class Constant(Interest):
    """φ = 1."""

    form: Literal["constant"]

    def factors(self) -> tuple[Factor, ...]:
        return ()
