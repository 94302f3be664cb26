"""Rival models: what other people's models of collective decisions say of the same scenario. Each file here is one
rival, found by its name."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from sim.analysis.case import Case
from sim.arrays import Floats

RANGE = 1e-12  # what differs by less, as a share of an issue's range or of a utility, is equal


class Rival:
    """Base of every rival. One that takes each issue by itself defines `on_issue`; one that looks at several at once
    defines `forecast`.

    `weighs`: an actor that has all the weight gets its position. `mirrors`: with an issue turned upside down the
    forecast is, too.
    """

    weighs: ClassVar[bool] = True
    mirrors: ClassVar[bool] = True

    def forecast(self, case: Case) -> Floats:
        """What it says of every issue (N, I), as a level's number. Who has no capability isn't there; where nobody
        cares who is, nothing changes."""
        found = np.repeat(case.start[None], case.worlds, axis=0)
        able = case.capability > 0
        for k, span in enumerate(case.span):
            position, salience = case.positions[:, able, k], case.salience[:, able, k]
            cares = salience.any(axis=1)
            found[cares, k] = self.on_issue(position[cares], case.capability[able], salience[cares], float(span))
        return found

    def on_issue(self, positions: Floats, capability: Floats, salience: Floats, span: float) -> Floats:
        """What it says of one issue (n,): positions and salience (n, A), capability (A,) above 0, the issue's range. In
        every world somebody cares."""
        raise NotImplementedError
