"""Processes: pieces shared out over worker processes of this machine.

Each worker has a pipe of its own, so a worker that dies, even in the middle of a result, takes nothing with it but the
pieces that it had: others compute them. The standard library's pool gives up there.
"""

from __future__ import annotations

import multiprocessing
import signal
import traceback
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from sim.errors import RunError
from sim.montecarlo.job import T, Task

AHEAD = 2  # pieces that a worker has at a time, so that it doesn't wait while its last result is written
DEATHS = 3  # of workers, with nothing finished in between, after which it is no accident


def _work(pipe: Connection, task: Task[Any]) -> None:
    """A worker: the task is sent to it once, then numbers of pieces. Ctrl-C is the coordinator's business; without a
    coordinator the pipe ends, and so does the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        while True:
            piece = pipe.recv()
            pipe.send((piece, *_outcome(task, piece)))
    except (EOFError, OSError):
        return


def _outcome(task: Task[Any], piece: int) -> tuple[Any, Exception | None]:
    try:
        return task.compute(piece), None
    except Exception as error:
        error.add_note(traceback.format_exc())
        return None, error


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """What is started here inherits it, so that Ctrl-C while a worker imports doesn't fill the screen."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # at its own start it would undo the mask
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass
class _Worker:
    """A worker process, the coordinator's end of its pipe, and the pieces that it has, the first in hand."""

    process: BaseProcess
    pipe: Connection
    pieces: list[int] = field(default_factory=list)

    @classmethod
    def start(cls, task: Task[Any]) -> _Worker:
        context = multiprocessing.get_context("spawn")
        mine, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, task), daemon=True)
        with _deaf_to_ctrl_c():
            process.start()
        theirs.close()  # so that the pipe ends when the worker does
        return cls(process, mine)

    def give(self, left: deque[int]) -> None:
        while left and len(self.pieces) < AHEAD:
            self.pieces.append(left.popleft())
            try:
                self.pipe.send(self.pieces[-1])
            except OSError:
                return  # it is dead, as reading from it will tell

    def stop(self) -> None:
        self.pipe.close()
        self.process.terminate()
        self.process.join()


def compute(task: Task[T], pieces: Sequence[int], processes: int) -> Iterator[tuple[int, T]]:
    """Raises RunError when workers die again and again; pieces handed back before stay whole."""
    left, deaths = deque(pieces), 0
    workers = [_Worker.start(task) for _ in range(min(processes, len(pieces)))]
    try:
        while left or any(w.pieces for w in workers):
            for worker in workers:
                worker.give(left)
            ready = wait([w.pipe for w in workers])
            for k, worker in enumerate(workers):
                if worker.pipe not in ready:
                    continue
                try:
                    piece, result, error = worker.pipe.recv()
                except (EOFError, OSError):
                    deaths += 1
                    workers[k] = _replaced(task, worker, left, deaths)
                    continue
                if error is not None:
                    raise error
                worker.pieces.remove(piece)
                worker.give(left)
                deaths = 0
                yield piece, result
    finally:
        for worker in workers:
            worker.stop()


def _replaced(task: Task[Any], dead: _Worker, left: deque[int], deaths: int) -> _Worker:
    """A new worker for a dead one, whose pieces go to the front. Raises RunError when it isn't the first time."""
    dead.stop()
    left.extendleft(reversed(dead.pieces))
    if deaths >= DEATHS:
        code = dead.process.exitcode
        why = "killed, most likely for want of memory: try fewer --processes" if code == -9 else f"exit code {code}"
        raise RunError(f"{deaths} worker processes in a row died ({why}); the same command goes on from what is there.")
    return _Worker.start(task)
