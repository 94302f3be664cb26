"""What several commands need: how many processes, a bar of progress, what a run would take."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.loader import Loaded


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def progress_bar(what: str = "worlds") -> Iterator[Callable[[int, int], None]]:
    """A bar with the time left, on a terminal; silence elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def expected(loaded: Loaded, worlds: int, processes: int) -> float:
    """About how many seconds so many worlds take, from a few of them: a part is once a block, the rest by world."""
    from sim.runs import run
    from sim.streams import BLOCK

    times = []
    for few in (8, 8, 48):  # the first warms up
        started = time.perf_counter()
        run(loaded, few)
        times.append(time.perf_counter() - started)
    each = max(times[2] - times[1], 0.0) / 40
    blocks = -(-worlds // BLOCK)
    return (max(times[1] - 8 * each, 0.0) * blocks + each * worlds) / min(processes, blocks)
