"""Salami: one side demands, a slice at a time; the others yield or resist, and the table goes on after each slice."""

from __future__ import annotations

from typing import ClassVar

from sim.scenario.base import ActorName, Count
from sim.scenario.protocol import Protocol


class Salami(Protocol):
    """Salami tactics (Schelling 1966; Fearon 1996). A slice moves an issue up by at most `step` levels from the
    highest that was in force at this table, and down by at most `step` from what is in force now."""

    demands: ActorName
    step: Count = 1

    reopens: ClassVar[bool] = True

    @property
    def most(self) -> int | None:
        return self.step

    def recognition(self, meeting: int, parties: tuple[str, ...]) -> tuple[float, ...]:
        return tuple(float(p == self.demands) for p in parties)
