"""Kalai–Smorodinsky: the package whose gains are nearest to equal shares of what each party could hope for at most."""

from __future__ import annotations

from typing import ClassVar

from sim.analysis.case import Case
from sim.analysis.textbook import SOLUTIONS
from sim.arrays import Floats
from sim.rivals import Rival


class KalaiSmorodinsky(Rival):
    """Kalai & Smorodinsky (1975), table by table, the status quo as the disagreement point; else as `nash`."""

    weighs: ClassVar[bool] = False
    mirrors: ClassVar[bool] = False

    def forecast(self, case: Case) -> Floats:
        return case.settled(SOLUTIONS["kalai_smorodinsky"])
