"""Ultimatum: one party makes every proposal; the others say yes or no."""

from __future__ import annotations

from sim.scenario.base import ActorName
from sim.scenario.protocol import Protocol


class Ultimatum(Protocol):
    """Take it or leave it (Fearon 1995 with `deadline: 1`); without a deadline `by` proposes at every meeting."""

    by: ActorName

    def recognition(self, meeting: int, parties: tuple[str, ...]) -> tuple[float, ...]:
        return tuple(float(p == self.by) for p in parties)
