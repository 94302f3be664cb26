"""Processes: blocks shared out over worker processes of this machine, handed back in the order in which they are
done."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from sim.arrays import Array
from sim.errors import RunError
from sim.montecarlo.job import Job

_job: Job | None = None


def _start(job: Job) -> None:
    """The job is sent once to each worker. Ctrl-C is the coordinator's business."""
    global _job
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _job = job


def _block(block: int) -> dict[str, Array]:
    assert _job is not None
    return _job.compute(block)


def compute(job: Job, blocks: list[int], processes: int) -> Iterator[tuple[int, dict[str, Array]]]:
    """Raises RunError when a worker dies; blocks handed back before stay whole."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(processes, len(blocks)), mp_context=context, initializer=_start, initargs=(job,))
    try:
        waiting = {pool.submit(_block, b): b for b in blocks}
        for done in as_completed(waiting):
            yield waiting.pop(done), done.result()
    except BrokenProcessPool:
        raise RunError(
            "a worker process died (out of memory?); the same command goes on from the finished blocks."
        ) from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
