"""Nash: the package that maximises the product of what the parties of a table gain over the status quo."""

from __future__ import annotations

from typing import ClassVar

from sim.analysis.case import Case
from sim.analysis.textbook import SOLUTIONS
from sim.arrays import Floats
from sim.rivals import Rival


class Nash(Rival):
    """Nash (1950), table by table, the status quo as the disagreement point, all parties with equal power: capability
    counts for nothing, and who isn't a party neither. The status quo where no package gains every party something. Of
    packages that are equally good the first."""

    weighs: ClassVar[bool] = False
    mirrors: ClassVar[bool] = False

    def forecast(self, case: Case) -> Floats:
        return case.settled(SOLUTIONS["nash"])
