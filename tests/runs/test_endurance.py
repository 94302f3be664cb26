"""Many runs in one process, many worlds in one run: memory stays where it was.

A million worlds take minutes; row (o) of the benchmarks plays them.
"""

from __future__ import annotations

import gc
import os
import sys
import tracemalloc

import pytest

import sim
from sim.model import Negotiation

RUNS, WARM_UP = 500, 20
FEW, MANY = 20_000, 200_000


@pytest.mark.slow
def test_five_hundred_runs_leave_nothing_behind(scenarios):
    """Mesa 3.3 by itself keeps every model that ever had an agent, some 15 kB each."""
    loaded = sim.load(
        scenarios / "teaching" / "split_the_dollar.yaml",
        ["horizon=2", "tables.split.deadline=2", "issues.share.levels={from: 0, to: 1, steps: 11}"],
    )
    tracemalloc.start()
    try:
        for k in range(RUNS + WARM_UP):
            sim.run(loaded, worlds=2, seed=k)
            if k == WARM_UP - 1:
                gc.collect()
                before = tracemalloc.get_traced_memory()[0]
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert not [o for o in gc.get_objects() if isinstance(o, Negotiation)]
    assert grown < 200 * RUNS, f"{grown / RUNS:.0f} bytes a run"  # what a list of numbers a run would take


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "wait4"), reason="needs a process's peak memory")
def test_worlds_are_played_in_bounded_memory(scenarios, tmp_path):
    file = scenarios / "teaching" / "split_the_dollar.yaml"
    few, many = (peak(file, n, tmp_path / str(n)) for n in (FEW, MANY))
    assert many < 1.5 * few


def peak(file, worlds, out):
    """MB of `detente run` at its largest, in a process of its own."""
    command = "from sim.cli.main import main; main()"
    options = ["run", str(file), "--worlds", str(worlds), "--processes", "1", "--out", str(out)]
    child = os.posix_spawn(sys.executable, [sys.executable, "-c", command, *options], os.environ)
    _, status, used = os.wait4(child, 0)
    assert status == 0
    return used.ru_maxrss / 1024
