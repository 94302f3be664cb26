"""The main job's cost against its goals: `python benchmarks/main_job.py [--quick]`; README.md says what the rows mean.

Every row compares figures of this one run, medians of at least three. Nothing else should run on the machine meanwhile.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from statistics import median
from unittest import mock

import numpy as np

from sim.model import Negotiation
from sim.montecarlo.draws import ClaimRule, Draws, draw
from sim.payoff.terms import profiles
from sim.runs import run
from sim.scenario.loader import Loaded, load
from sim.simulate import simulate

SCENARIOS = Path(__file__).parents[1] / "scenarios"
KURSK, CHEAP = SCENARIOS / "kursk_ceasefire.yaml", SCENARIOS / "teaching" / "split_the_dollar.yaml"
NOMINAL = 10.0  # ns: the yardstick's step …
REFERENCE = 1.5  # … on a machine whose calibration loop takes so many ns an element
ELEMENTS = 32_768  # three arrays of 256 KB: they stay in a second-level cache of 1 MB
DETENTE = (sys.executable, "-c", "from sim.cli.main import main; main()")


@dataclass
class Row:
    what: str
    measured: str
    goal: str
    met: bool | None = None  # None: reported, no goal

    def show(self) -> None:
        verdict = {True: "met", False: "MISSED", None: ""}[self.met]
        print(f"| {self.what:78} | {self.measured:>25} | {self.goal:>8} | {verdict:6} |", flush=True)


@dataclass
class Spent:
    wall: float  # seconds
    cpu: float  # seconds, with children
    peak: float  # MB, of the largest process


def child(*command: str | Path) -> Spent:
    """Run a command and say what it and its children took. Raises SystemExit if it fails."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([str(c) for c in command], stdout=output, stderr=output)
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


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of a call in this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


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


# --- the rows ---


def vectorised(quick: bool) -> Iterator[Row]:
    worlds, sample = 2000, 20 if quick else 100
    loaded = load(KURSK)

    def drawn(keep: slice) -> Draws:
        return draw(loaded.scenario, loaded.claims, ClaimRule(), 1, 0, keep)

    def simulated(parts: list[Draws]) -> float:
        return cpu(lambda: [simulate(loaded.scenario, d) for d in parts])

    found = []
    with blocks_of(worlds):
        for _ in range(3):
            together = simulated([drawn(slice(None))]) / worlds
            one = simulated([drawn(slice(k, k + 1)) for k in range(0, worlds, worlds // sample)]) / sample
            found.append((together, one, one / together))
    together, one, ratio = (median(f[k] for f in found) for k in range(3))
    detail = f"(a) one model of 2,000 worlds: {together * 1e3:.2f} ms a world; one at a time: {one * 1e3:.0f} ms"
    yield Row(detail, f"{ratio:.0f} times", "≥ 150", ratio >= 150)


def yardstick(quick: bool) -> Iterator[Row]:
    loaded, found = load(KURSK), []
    run(loaded, 100)  # imports are not the run's
    for _ in range(3):
        before, (spent, n), after = calibrate(), timed_run(loaded, 2000), calibrate()
        found.append((spent / n * 1e9, (before + after) / 2))
    per_step, element = median(f[0] for f in found), median(f[1] for f in found)
    scaled = median(f[0] / (NOMINAL * f[1] / REFERENCE) for f in found)
    yield Row("(b) calibration: multiply, exp, add", f"{element:.2f} ns an element", "")
    yield Row("    the run, 2,000 worlds: CPU a package, type, period solved and world", f"{per_step:.1f} ns", "")
    yield Row("    ÷ 10 ns, unscaled", f"{per_step / NOMINAL:.2f}", "")
    yield Row("    ÷ 10 ns × calibration / 1.5 ns", f"{scaled:.2f}", "≤ 2.5", scaled <= 2.5)


def ten_thousand(quick: bool) -> Iterator[Row]:
    found = [detente_run(KURSK, 10_000, 2) for _ in range(1 if quick else 3)]
    wall = median(f.wall for f in found)
    spent = f"{wall:.0f} s, CPU {median(f.cpu for f in found):.0f} s"
    yield Row("(c) detente run, 10,000 worlds, 2 processes: wall", spent, "≤ 30 s", wall <= 30)


def linear(quick: bool) -> Iterator[Row]:
    loaded = load(KURSK)
    sizes = (1000, 2000, 4000) if quick else (2000, 4000, 8000)
    per_world = [median(timed_run(loaded, n)[0] for _ in range(1 if quick else 3)) / n * 1e3 for n in sizes]
    grown = per_world[-1] / per_world[0]
    what = f"(d) {listed(sizes, ',')} worlds: {listed(per_world, '.2f')} ms a world; last ÷ first"
    yield Row(what, f"{grown:.2f}", "≤ 1.15", grown <= 1.15)
    costs, packages = [], []
    for reliefs in (3, 6, 12):
        wider = load(KURSK, (f"issues.relief_russia.levels={relief_levels(reliefs)}",))
        packages.append(54 * reliefs)
        found = [timed_run(wider, 1000) for _ in range(3)]
        costs.append(median(spent / n * 1e9 for spent, n in found))
    grown = costs[-1] / costs[0]
    what = f"    {listed(packages, ',')} packages: {listed(costs, '.1f')} ns a step; last ÷ first"
    yield Row(what, f"{grown:.2f}", "≤ 1.15", grown <= 1.15)


def listed(numbers: Iterable[float], form: str) -> str:
    return ", ".join(format(n, form) for n in numbers)


def relief_levels(n: int) -> str:
    """`n` levels of relief from 0 to 1 that keep the scenario's three names."""
    between = [k / (n - 1) for k in range(1, n - 1)]
    middle = min(range(len(between)), key=lambda k: abs(between[k] - 0.5))
    named = [f"{'partial' if k == middle else f'step_{k}'}: {v:.4f}" for k, v in enumerate(between)]
    return f"{{none: 0, {', '.join(named)}, broad: 1}}"


def memory(quick: bool) -> Iterator[Row]:
    for scenario in (CHEAP,) if quick else (CHEAP, KURSK):
        times = 3 if scenario == CHEAP else 1
        small, large = (median(detente_run(scenario, n, 1).peak for _ in range(times)) for n in (10_000, 100_000))
        what = f"(e) peak memory, 100,000 ÷ 10,000 worlds, {scenario.stem}: {large:.0f} ÷ {small:.0f} MB"
        yield Row(what, f"{large / small:.2f}", "≤ 1.5", large / small <= 1.5)


def processes(quick: bool) -> Iterator[Row]:
    worlds, ratios = 6000 if quick else 20_000, []
    for _ in range(1 if quick else 3):
        ratios.append(detente_run(KURSK, worlds, 1).wall / detente_run(KURSK, worlds, 2).wall)
    faster = median(ratios)
    yield Row(f"(f) detente run, {worlds:,} worlds: one process ÷ two, wall", f"{faster:.2f}", "≥ 1.7", faster >= 1.7)


def start_up(quick: bool) -> Iterator[Row]:
    bare = (sys.executable, "-c", "import click, yaml, pydantic")
    commands = {"detente --help": (*DETENTE, "--help"), "detente check": (*DETENTE, "check", KURSK)}
    for name, command in commands.items():
        found = [(child(*command).cpu, child(*bare).cpu) for _ in range(7)]
        mine, theirs = median(f[0] for f in found), median(f[1] for f in found)
        what = f"(g) {name}: {mine * 1e3:.0f} ms ÷ import click, yaml, pydantic: {theirs * 1e3:.0f} ms, CPU"
        yield Row(what, f"{mine / theirs:.2f}", "")


ROWS = {"a": vectorised, "b": yardstick, "c": ten_thousand, "d": linear, "e": memory, "f": processes, "g": start_up}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer worlds and repetitions: a look, not a measurement")
    parser.add_argument("--only", default="".join(ROWS), metavar="LETTERS", help="rows to measure, such as ab")
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"{cores} cores, Python {sys.version.split()[0]}, numpy {np.__version__}{', quick' * options.quick}\n")
    print(f"| {'':78} | {'measured':>25} | {'goal':>8} |        |\n|{'-' * 80}|{'-' * 27}|{'-' * 10}|{'-' * 8}|")
    for letter in options.only:
        for row in ROWS[letter](options.quick):
            row.show()


if __name__ == "__main__":
    main()
