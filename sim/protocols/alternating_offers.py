"""Alternating offers: the parties take turns to propose, in the table's order; all others must accept."""

from __future__ import annotations

from sim.scenario.base import ActorName
from sim.scenario.protocol import Protocol


class AlternatingOffers(Protocol):
    """Rubinstein (1982); with a `deadline` Stahl's (1972) finite game. `first` proposes at the table's opening."""

    first: ActorName

    def recognition(self, meeting: int, parties: tuple[str, ...]) -> tuple[float, ...]:
        proposer = (parties.index(self.first) + meeting) % len(parties)
        return tuple(float(k == proposer) for k in range(len(parties)))

    def cycle(self, parties: tuple[str, ...]) -> int:
        return len(parties)
