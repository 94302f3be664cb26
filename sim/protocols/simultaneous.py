"""Simultaneous: at each meeting all parties demand at once; demands that fit together are the deal."""

from __future__ import annotations

from typing import ClassVar

from sim.scenario.protocol import Protocol


class Simultaneous(Protocol):
    """Nash's (1953) demand game, smoothed by what each side doesn't know of the others' resolve. Where the demands
    don't fit together nothing is agreed, and the table meets again."""

    joint: ClassVar[bool] = True

    def recognition(self, meeting: int, parties: tuple[str, ...]) -> tuple[float, ...]:
        return (1 / len(parties),) * len(parties)
