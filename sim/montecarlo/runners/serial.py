"""Serial: one piece after another, in this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.montecarlo.job import T, Task


def compute(task: Task[T], pieces: Sequence[int]) -> Iterator[tuple[int, T]]:
    for piece in pieces:
        yield piece, task.compute(piece)
