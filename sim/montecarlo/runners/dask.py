"""Dask: pieces shared out over a dask.distributed cluster, or over one started here for the purpose (extra `cluster`).

The scheduler keeps the task as a plug-in of its workers: each gets it once, also one that comes later or in place of a
dead one; then only numbers of pieces travel. The pieces of a worker that dies are computed by others.
"""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from importlib.metadata import version
from itertools import islice
from typing import Any
from uuid import uuid4

from distributed import Client, KilledWorker, LocalCluster, WorkerPlugin, as_completed, get_worker

from sim.errors import RunError, UserError
from sim.montecarlo.job import T, Task

AHEAD, LEAST = 4, 64  # pieces in flight: so many a thread, and so many at least
PATIENCE = 600  # seconds to wait for a first worker
SAME = ("detente", "numpy", "scipy")  # of one version everywhere, or bits may differ
GOES_ON = "the same command goes on from what is there."


class Installed(WorkerPlugin):
    """A task as a worker has it, with the coordinator's versions."""

    def __init__(self, task: Task[Any], versions: dict[str, str]):
        self.task, self.versions = task, versions

    def compute(self, piece: int) -> Any:
        different = [f"{p} {version(p)}, not {v}" for p, v in self.versions.items() if version(p) != v]
        if different:  # of a worker that came after the start
            raise RunError(f"a worker has {', '.join(different)}; install the same there. Then {GOES_ON}")
        return self.task.compute(piece)


def _piece(name: str, piece: int) -> bytes:
    """What came of it, pickled: dask walks through lists and dictionaries as through work of its own."""
    plugin: Any = get_worker().plugins[name]
    return pickle.dumps(plugin.compute(piece))


def compute(
    task: Task[T], pieces: Sequence[int], processes: int, scheduler: str | None = None
) -> Iterator[tuple[int, T]]:
    """`scheduler`: such as tcp://host:8786; without, a cluster of `processes` on this machine.

    Raises UserError for a scheduler that can't be reached or workers of other versions, RunError when a piece keeps
    killing its workers or the scheduler goes away.
    """
    with _client(processes, scheduler) as client:
        versions, name = _same_versions(client), f"detente-{uuid4().hex}"
        client.register_plugin(Installed(task, versions), name=name)
        try:
            yield from _shared_out(client, name, pieces)
        except KilledWorker as error:
            raise RunError(
                f"a piece killed {error.allowed_failures + 1} workers, most likely for want of memory: give workers "
                f"more of it, or fewer threads; {GOES_ON}"
            ) from None
        except (CancelledError, TimeoutError, OSError) as error:
            if client.status == "running" and not isinstance(error, CancelledError):
                raise
            raise RunError(f"the scheduler at {scheduler} went away; start it, and {GOES_ON}") from None
        finally:
            if client.status == "running":
                client.unregister_worker_plugin(name)


def _shared_out(client: Client, name: str, pieces: Sequence[int]) -> Iterator[tuple[int, Any]]:
    """A bounded number of pieces at a time: neither the scheduler nor the workers' memory grows with all of them."""
    left, number = iter(pieces), {}
    done = as_completed(loop=client.loop, with_results=True)

    def give(count: int) -> None:
        for piece in islice(left, count):
            future = client.submit(_piece, name, piece, pure=False)
            number[future.key] = piece
            done.add(future)

    give(max(LEAST, AHEAD * _threads(client)))
    for future, result in done:
        if future.status != "finished":
            raise CancelledError  # what dask hands back here is no result
        piece = number.pop(future.key)
        future.release()
        give(1)
        yield piece, pickle.loads(result)


@contextmanager
def _client(processes: int, scheduler: str | None) -> Iterator[Client]:
    for name in [n for n in logging.root.manager.loggerDict if n.startswith("distributed")]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what matters is said in our words
    if scheduler is None:
        with (
            LocalCluster(processes, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0") as cluster,
            Client(cluster, set_as_default=False) as client,
        ):
            yield client
        return
    try:
        client = Client(scheduler, timeout=10, set_as_default=False)
    except (OSError, TimeoutError, ValueError):
        raise UserError(
            f"no scheduler answers at {scheduler}; is `dask scheduler` running there, and is the address "
            "tcp://HOST:PORT as it printed?"
        ) from None
    with client:
        yield client


def _same_versions(client: Client) -> dict[str, str]:
    """The coordinator's versions, once there are workers. Raises UserError where theirs differ."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        raise UserError(
            f"no worker has come to the scheduler in {PATIENCE:,} s; start some with `dask worker`."
        ) from None
    mine = {package: version(package) for package in SAME}
    for package, here in mine.items():
        theirs = client.run(version, package, on_error="return")
        for worker, there in theirs.items():
            if there != here:
                has = f"{package} {there}" if isinstance(there, str) else f"no {package}"
                raise UserError(f"the worker {worker} has {has}, this side {here}; install {package}=={here} there.")
    return mine


def _threads(client: Client) -> int:
    return sum(client.nthreads().values())


def threads(scheduler: str) -> int:
    """How many pieces the workers of a scheduler compute at once; at least 1. Raises UserError if it can't be
    reached."""
    with _client(1, scheduler) as client:
        return max(_threads(client), 1)
