"""What the benchmarks share: a row of the table, CPU time of a call or a command, and how many steps a run takes."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any
from unittest import mock

import numpy as np

from sim.model import Negotiation
from sim.payoff.terms import profiles
from sim.runs import run
from sim.scenario.loader import Loaded

SCENARIOS = Path(__file__).parents[1] / "scenarios"
KURSK, CHEAP = SCENARIOS / "kursk_ceasefire.yaml", SCENARIOS / "teaching" / "split_the_dollar.yaml"
ELEMENTS = 32_768  # three arrays of 256 KB: they stay in a second-level cache of 1 MB
DETENTE = (sys.executable, "-c", "from sim.cli.main import main; main()")
Work = Callable[[], object]


@dataclass
class Row:
    what: str
    measured: str
    goal: str = ""
    met: bool | None = None  # None: reported, no goal

    def show(self) -> None:
        verdict = {True: "met", False: "MISSED", None: ""}[self.met]
        print(f"| {self.what:88} | {self.measured:>25} | {self.goal:>8} | {verdict:6} |", flush=True)


def show(about: str, rows: Mapping[str, Callable[[bool], Iterator[Row]]]) -> None:
    """The command line of a benchmark: print the rows asked for, as they are measured."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--quick", action="store_true", help="smaller and fewer: a look, not a measurement")
    parser.add_argument(
        "--only", default="".join(rows), metavar="LETTERS", help="rows to measure, such as " + "".join(rows)[:2]
    )
    options = parser.parse_args()
    header(options.quick)
    for letter in options.only:
        for row in rows[letter](options.quick):
            row.show()


def header(quick: bool) -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"{cores} cores, Python {sys.version.split()[0]}, numpy {np.__version__}{', quick' * quick}\n")
    print(f"| {'':88} | {'measured':>25} | {'goal':>8} |        |\n|{'-' * 90}|{'-' * 27}|{'-' * 10}|{'-' * 8}|")


# --- time ---


def cpu(work: Work) -> float:
    """CPU seconds of a call in this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def in_turns(times: int, *works: Work) -> list[list[float]]:
    """CPU seconds of each of several things, each time in turn: a list of `times` for each."""
    found = [[cpu(work) for work in works] for _ in range(times)]
    return [list(column) for column in zip(*found, strict=True)]


def medians(times: int, *works: Work) -> list[float]:
    return [median(column) for column in in_turns(times, *works)]


@dataclass
class Ratio:
    """A ratio of figures taken in turns: one a repetition."""

    found: list[float]

    @classmethod
    def of(cls, slow: list[float], fast: list[float], scale: float = 1.0) -> Ratio:
        return cls([scale * s / f for s, f in zip(slow, fast, strict=True)])

    @property
    def median(self) -> float:
        return median(self.found)

    def at_least(self, what: str, goal: float) -> Row:
        return Row(what, str(self), f"≥ {goal:g}", self.median >= goal)

    def at_most(self, what: str, goal: float) -> Row:
        return Row(what, str(self), f"≤ {goal:g}", self.median <= goal)

    def __str__(self) -> str:
        form = ",.0f" if self.median >= 100 else ".1f" if self.median >= 10 else ".2f"
        return f"{self.median:{form}} [{min(self.found):{form}}, {max(self.found):{form}}]"


@dataclass
class Spent:
    wall: float  # seconds
    cpu: float  # seconds, with children
    peak: float  # MB, of the largest process


def child(*command: str | Path) -> Spent:
    """Run a command and say what it and its children took; modules once compiled stay so, as a user has them. Raises
    SystemExit if it fails."""
    compiled = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([str(c) for c in command], stdout=output, stderr=output, env=compiled)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"{' '.join(map(str, command))} failed:\n{output.read().decode()}")
    return Spent(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def detente_run(scenario: Path, worlds: int, processes: int) -> Spent:
    with tempfile.TemporaryDirectory() as folder:
        options = ("--worlds", str(worlds), "--processes", str(processes), "--out", f"{folder}/run")
        return child(*DETENTE, "run", scenario, *options)


def calibrate() -> float:
    """ns per element of a bare numpy multiply, exp, add over arrays that fit in the second-level cache."""
    rng = np.random.default_rng(1)
    a, b, c = (rng.random(ELEMENTS) for _ in range(3))
    passes = 300

    def loop() -> None:
        for _ in range(passes):
            np.multiply(a, b, out=c)
            np.exp(c, out=c)
            np.add(c, a, out=c)

    return median(cpu(loop) for _ in range(5)) / passes / ELEMENTS * 1e9


# --- work ---


@contextmanager
def blocks_of(size: int) -> Iterator[None]:
    """Blocks of another size, so that one model holds that many worlds."""
    homes = [m for n, m in sys.modules.items() if n.startswith("sim.") and hasattr(m, "BLOCK")]
    patches = [mock.patch.object(m, "BLOCK", size) for m in homes]
    for p in patches:
        p.start()
    try:
        yield
    finally:
        for p in patches:
            p.stop()


@contextmanager
def timing(home: ModuleType, name: str, spent: list[float]) -> Iterator[None]:
    """Note the CPU seconds of every call of a module's function."""
    real = getattr(home, name)

    def timed(*args: Any, **options: Any) -> Any:
        start = time.process_time()
        found = real(*args, **options)
        spent.append(time.process_time() - start)
        return found

    with mock.patch.object(home, name, timed):
        yield


@contextmanager
def counting(total: dict[str, int]) -> Iterator[None]:
    """Add up, by table, the worlds × periods that every model solves."""
    close = Negotiation.close

    def closing(model: Negotiation) -> None:
        for table, solved in model.solved.items():
            total[table] = total.get(table, 0) + solved
        close(model)

    with mock.patch.object(Negotiation, "close", closing):
        yield


def steps(loaded: Loaded, solved: dict[str, int]) -> int:
    """packages × profiles of types × periods solved × worlds, over all tables; every package, admissible or not."""
    s = loaded.scenario

    def size(table: str) -> int:
        packages = prod(len(s.issues[i].levels.names) for i in s.tables[table].agenda)
        return packages * prod(len(profiles(s.actors[p])) for p in s.tables[table].parties)

    return sum(size(table) * n for table, n in solved.items())


def timed_run(loaded: Loaded, worlds: int) -> tuple[float, int]:
    """(CPU seconds, steps of the yardstick) of a whole run in this process."""
    solved: dict[str, int] = {}
    with counting(solved):
        spent = cpu(lambda: run(loaded, worlds).document)
    return spent, steps(loaded, solved)
