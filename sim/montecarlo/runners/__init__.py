"""Runners: where the pieces of a task are computed."""

from __future__ import annotations

from collections.abc import Iterator

from sim.montecarlo.job import T, Task


def computed(task: Task[T], pieces: list[int], processes: int) -> Iterator[tuple[int, T]]:
    """(piece, what came of it) as they are done: in worker processes where there is more than one piece for them."""
    if processes > 1 and len(pieces) > 1:
        from sim.montecarlo.runners import processes as runner

        return runner.compute(task, pieces, processes)
    from sim.montecarlo.runners import serial

    return serial.compute(task, pieces)
