"""Runners: where the pieces of a task (blocks of a run, points of a sweep) are computed. Every runner gives the same
bits; each piece is handed back once, in the order in which they are done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sim.errors import UserError, at_least
from sim.montecarlo.job import T, Task

NAMES = ("serial", "processes", "dask")


@dataclass(frozen=True)
class Runner:
    """Which runner: in this process, in `processes` of this machine, or through dask, at `scheduler` or else on a
    cluster of so many processes here. Raises UserError for what there isn't."""

    name: str = "processes"
    processes: int = 1
    scheduler: str | None = None

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise UserError(f"a runner is {', '.join(NAMES)}; got '{self.name}'")
        at_least(1, processes=self.processes)
        if self.scheduler is not None and self.name != "dask":
            raise UserError(f"the runner '{self.name}' has no scheduler; give --runner dask with it.")

    def workers(self) -> int:
        """How many pieces are computed at once, for an estimate of time; asks the scheduler where there is one."""
        if self.scheduler is not None:
            return _dask().threads(self.scheduler)
        return 1 if self.name == "serial" else self.processes


def _dask() -> Any:
    try:
        from sim.montecarlo.runners import dask
    except ImportError as error:
        raise UserError(f"the runner 'dask' needs {error.name}: pip install 'detente[cluster]'") from None
    return dask


def computed(task: Task[T], pieces: Sequence[int], where: int | Runner) -> Iterator[tuple[int, T]]:
    """(piece, what came of it) as they are done. `where`: a runner, or how many processes of this machine.

    Raises RunError when workers keep dying; what was handed back before stays whole.
    """
    runner = where if isinstance(where, Runner) else Runner(processes=where)
    if runner.name == "dask" and pieces:
        return _dask().compute(task, pieces, runner.processes, runner.scheduler)
    if runner.name == "processes" and runner.processes > 1 and len(pieces) > 1:
        from sim.montecarlo.runners import processes

        return processes.compute(task, pieces, runner.processes)
    from sim.montecarlo.runners import serial

    return serial.compute(task, pieces)
