"""A protocol says who proposes at a table's meetings. The protocols are in `sim.protocols`, one a file."""

from __future__ import annotations

from typing import ClassVar

from sim.scenario.base import Strict


class Protocol(Strict):
    """Base of every protocol; its fields are what stands in the file under the protocol's name.

    `joint`: all parties put a package at once; recognition is then in equal shares. `reopens`: a deal leaves the
    table open, which goes on from the new status quo.
    """

    joint: ClassVar[bool] = False
    reopens: ClassVar[bool] = False

    @property
    def most(self) -> int | None:
        """How many levels a package may move an issue by; None: any number."""
        return None

    def recognition(self, meeting: int, parties: tuple[str, ...]) -> tuple[float, ...]:
        """Probability (n,) that each party proposes at the `meeting`-th meeting, counted from 0 at the opening."""
        raise NotImplementedError

    def cycle(self, parties: tuple[str, ...]) -> int:
        """Meetings after which recognition repeats itself; 1 where it is the same at each."""
        return 1

    def named(self) -> dict[str, str]:
        """The actors that a file names in this protocol, which must be parties: key in the file -> actor."""
        return {k: v for k, v in self.model_dump().items() if isinstance(v, str)}

    def shares(self, parties: tuple[str, ...]) -> tuple[float, ...]:
        """Long-run share (n,) of the proposals that each party makes."""
        rounds = [self.recognition(m, parties) for m in range(self.cycle(parties))]
        return tuple(sum(r[k] for r in rounds) / len(rounds) for k in range(len(parties)))
