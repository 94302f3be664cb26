"""Serial: one piece after another, in this process."""

from __future__ import annotations

from collections.abc import Iterator

from sim.montecarlo.job import T, Task


def compute(task: Task[T], pieces: list[int], processes: int = 1) -> Iterator[tuple[int, T]]:
    for piece in pieces:
        yield piece, task.compute(piece)
