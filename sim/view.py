"""What one actor sees at a meeting: its own values and resolve, and its estimate of the others. Nothing private of
anyone else's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.answers import STAKELESS
from sim.arrays import Bools, Floats, Ints, at_index
from sim.beliefs import TIE


@dataclass
class View:
    """n worlds, M packages.

    agreed (n, M): own value of each package in force from now · refuse (n,): of no deal now (or of leaving, for one
    who may) · gain (n, M): share of its stakes gained over no deal ever · resolve (n,) · stakes (n,) · allowed (n, M)
    · expected (n, M): as proposer, expected gain over proposing nothing · draw (n,): uniforms for ties.
    """

    agreed: Floats
    refuse: Floats
    gain: Floats
    resolve: Floats
    stakes: Floats
    allowed: Bools
    expected: Floats | None
    draw: Floats

    def acceptable(self) -> Bools:
        """Packages (n, M) that the actor itself would assent to: no worse than refusing, and worth its resolve."""
        slack = TIE * self.stakes + STAKELESS
        patient = self.agreed >= (self.refuse - slack)[:, None]
        return patient & (self.gain >= (self.resolve - TIE)[:, None])

    def accepts(self, package: Ints) -> Bools:
        """`acceptable` read at one package a world; -1 (nothing proposed) is never accepted."""
        there = at_index(self.acceptable(), np.maximum(package, 0))
        return there & (package >= 0)
