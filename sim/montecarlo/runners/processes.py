"""Processes: pieces (blocks of a run, points of a sweep) shared out over worker processes of this machine, handed back
in the order in which they are done."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from sim.errors import RunError
from sim.montecarlo.job import T, Task

_task: Task[Any] | None = None


def _start(task: Task[Any]) -> None:
    """The task is sent once to each worker. Ctrl-C is the coordinator's business."""
    global _task
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _task = task


def _piece(piece: int) -> Any:
    assert _task is not None
    return _task.compute(piece)


def compute(task: Task[T], pieces: list[int], processes: int) -> Iterator[tuple[int, T]]:
    """Raises RunError when a worker dies; pieces handed back before stay whole."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(processes, len(pieces)), mp_context=context, initializer=_start, initargs=(task,))
    try:
        waiting = {pool.submit(_piece, k): k for k in pieces}
        for done in as_completed(waiting):
            yield waiting.pop(done), done.result()
    except BrokenProcessPool:
        raise RunError(
            "a worker process died (out of memory?); the same command goes on from what is finished."
        ) from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
