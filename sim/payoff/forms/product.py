"""product: things that count together (complements with a positive weight, substitutes with a negative one)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.base import VariableName
from sim.scenario.interest import Factor, Interest


class Product(Interest):
    """φ = Π v_k over the issues and stocks named in `of`."""

    form: Literal["product"]
    of: Annotated[tuple[VariableName, ...], Field(min_length=2)]

    def factors(self) -> tuple[Factor, ...]:
        return tuple(Factor(v, lambda x: x, linear=True) for v in self.of)
