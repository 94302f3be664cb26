"""share: one part of a pie whose divisions are an issue's levels."""

from __future__ import annotations

from math import comb
from typing import Any, Literal

from pydantic import ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.base import Count, IssueName, names_of
from sim.scenario.interest import Factor, Interest
from sim.scenario.levels import divisions


class Share(Interest):
    """φ = the `part`-th share (from 1) of an issue with `levels: {among: n, steps: m}`."""

    form: Literal["share"]
    of: IssueName
    part: Count
    among: Count
    steps: Count

    @model_validator(mode="after")
    def _divided_so(self, info: ValidationInfo) -> Share:
        names = names_of(info)
        levels = names.issues.get(self.of) if names is not None else None
        ways = comb(self.steps + self.among - 1, self.among - 1)
        if self.part > self.among or (levels is not None and len(levels.names) != ways):
            text = f"'{self.of}' needs levels {{among: {self.among}, steps: {self.steps}}}, and part to be one of them"
            raise PydanticCustomError("share", "{text}", {"text": text})
        return self

    def factors(self) -> tuple[Factor, ...]:
        import numpy as np

        shares = np.array([way[self.part - 1] / self.steps for way in divisions(self.among, self.steps)])

        def shape(v: Any) -> Any:
            return shares[np.rint(np.asarray(v) * (len(shares) - 1)).astype(int)]

        return (Factor(self.of, shape),)
