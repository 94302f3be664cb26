"""decaying: worth less with time, halving every `half_life` periods while `since` holds (a need that fades, P13)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.base import Number, VariableName
from sim.scenario.interest import Decay, Factor, Interest
from sim.scenario.selectors import When


class Decaying(Interest):
    """φ = v · 2^(−n / half_life), n = periods for which `since` has held without a break."""

    form: Literal["decaying"]
    of: VariableName
    half_life: Annotated[Number, Field(gt=0)]
    since: When

    def factors(self) -> tuple[Factor, ...]:
        return (Factor(self.of, lambda v: v, linear=True),)

    def decay(self) -> Decay:
        return Decay(self.since, 0.5 ** (1.0 / self.half_life))
