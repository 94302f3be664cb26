"""What experiments cost beyond their simulations, against their goals: `python benchmarks/experiments.py [--quick]`;
README.md says what the rows mean. `--paper` prints what a million design points would take instead.

Every row compares figures of this one run, taken in turns, medians of at least three.
"""

from __future__ import annotations

import argparse
import pickle
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median

from measuring import CHEAP, KURSK, Row, cpu, detente_run, header, medians

from sim.comparison import compare
from sim.experiment import Experiment, load_experiment
from sim.flips import Flip, flip
from sim.montecarlo.draws import ClaimRule, draw, used_claims
from sim.montecarlo.job import Job
from sim.montecarlo.runners import Runner, computed
from sim.runs import run
from sim.scenario.loader import Loaded, load
from sim.simulate import simulate
from sim.store.folder import block_file
from sim.store.rows import ROWS
from sim.sweeping import Sweep, sweep

VARIED = {  # a Sobol design of two fields of each
    CHEAP: "actors.A.discount: {range: [0.8, 0.99]}, actors.B.discount: {range: [0.8, 0.99]}",
    KURSK: "stocks.kursk.change.0.by: {range: [0, -0.16]}, actors.RUS.discount: {range: [0.9, 0.99]}",
}
MILLION, TEN_THOUSAND = 1_000_000, 10_000
WORKERS = 1000


def sobol(scenario: Path, points: int, worlds: int) -> Experiment:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "benchmark.yaml"
        design = f"design: sobol\npoints: {points}\nworlds: {worlds}\nmeasure: [outcomes, values, deals]"
        file.write_text(f"scenario: {scenario}\nvary: {{{VARIED[scenario]}}}\n{design}\n", encoding="utf-8")
        return load_experiment(file)


def bare(loaded: Loaded, worlds: int) -> None:
    simulate(loaded.scenario, draw(loaded.scenario, loaded.claims, ClaimRule(), 1, 0, slice(0, worlds)))


def into_folder(experiment: Experiment) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sweep(experiment, out=Path(folder) / "sweep")


# --- the rows ---


def compared(quick: bool) -> Iterator[Row]:
    for scenario, change in ((CHEAP, "actors.A.discount=0.9"), (KURSK, "actors.RUS.discount=0.95")):
        one, two = load(scenario), load(scenario, (change,))
        worlds = 1000 if quick else 4000

        def both(one: Loaded = one, two: Loaded = two, worlds: int = worlds) -> object:
            return compare(run(one, worlds), run(two, worlds))

        alone, paired = medians(3, lambda one=one, worlds=worlds: run(one, worlds).document, both)
        what = f"(k) {scenario.stem}, {worlds:,} worlds: a paired compare {paired:.2f} s ÷ one run {alone:.2f} s"
        yield Row(what, f"{paired / alone:.2f}", "≤ 2.2", paired <= 2.2 * alone)


def flipped(quick: bool) -> Iterator[Row]:
    loaded, worlds = load(KURSK), 1000 if quick else 4000
    claim = used_claims(loaded.scenario)[0]
    one = Flip("claim", claim, (claim,))
    alone, paired = medians(3, lambda: run(loaded, worlds).document, lambda: flip(loaded, [one], worlds))
    what = f"(l) {KURSK.stem}, {worlds:,} worlds: a flip of {claim} {paired:.2f} s ÷ one run {alone:.2f} s"
    yield Row(what, f"{paired / alone:.2f}", "≤ 2.2", paired <= 2.2 * alone)


def swept(quick: bool) -> Iterator[Row]:
    for scenario, some in ((CHEAP, 64 if quick else 256), (KURSK, 4 if quick else 16)):
        whole = sobol(scenario, 4096, 500)
        part = replace(whole, points=whole.points[:: 4096 // some])
        ready = [Sweep(part).loaded(k) for k in range(some)]

        def simulations(ready: list[Loaded] = ready) -> None:
            for loaded in ready:
                bare(loaded, 500)

        alone, all_of_it = medians(3, simulations, partial(into_folder, part))
        more = all_of_it / alone - 1
        what = f"(m) {scenario.stem}: {some} of 4,096 points × 500 worlds {all_of_it:.1f} s, bare {alone:.1f} s"
        yield Row(what, f"{more:+.1%}", "≤ 15 %", more <= 0.15)


def shared(quick: bool) -> Iterator[Row]:
    loaded, blocks = load(KURSK), 8 if quick else 20
    job = Job(loaded.scenario, loaded.claims, ClaimRule(), 1, blocks * 1000)

    def wall(processes: int) -> float:
        start = time.perf_counter()
        for _ in computed(job, range(blocks), processes):
            pass
        return time.perf_counter() - start

    found = [[wall(n) for n in (1, 2)] for _ in range(3)]
    one, two = (min(f[k] for f in found) for k in range(2))
    what = f"(n) {KURSK.stem}, {blocks} blocks, best of 3: one process {one:.1f} s ÷ two {two:.1f} s, wall"
    yield Row(what, f"{one / two:.2f}", "≥ 1.8", one >= 1.8 * two)


def bounded(quick: bool) -> Iterator[Row]:
    small, large = (10_000, 100_000) if quick else (100_000, 1_000_000)
    less, more = (detente_run(CHEAP, n, 1).peak for n in (small, large))
    what = f"(o) peak memory of detente run, {CHEAP.stem}, {large:,} ÷ {small:,} worlds: {more:.0f} ÷ {less:.0f} MB"
    yield Row(what, f"{more / less:.2f}", "≤ 1.5", more <= 1.5 * less)


ROWS_OF = {"k": compared, "l": flipped, "m": swept, "n": shared, "o": bounded}


# --- on paper ---


@dataclass
class Measured:
    """What one point and one world of a scenario take on this machine."""

    world: float  # seconds of one core
    block: float  # bytes of a block's file
    line: float  # bytes of a row's line
    row: float  # bytes of a row in the coordinator's memory
    point: float  # bytes of a point in what is sent to each worker


def measured(scenario: Path) -> Measured:
    whole = sobol(scenario, 1024, 1000)
    part, loaded = replace(whole, points=whole.points[::256]), load(scenario)
    world = median(cpu(lambda: bare(loaded, 1000)) for _ in range(3)) / 1000
    with tempfile.TemporaryDirectory() as folder:
        run(loaded, 1000, out=f"{folder}/run")
        block = block_file(Path(folder) / "run", 0).stat().st_size
        sweep(part, out=Path(folder) / "sweep")
        line = (Path(folder) / "sweep" / ROWS).stat().st_size / len(part.points)
    row = Sweep(part).compute(0)
    tracemalloc.start()
    copies = [pickle.loads(pickle.dumps(row)) for _ in range(100)]
    memory = tracemalloc.get_traced_memory()[0] / len(copies)
    tracemalloc.stop()
    sent = [len(pickle.dumps(Sweep(e))) for e in (part, whole)]
    return Measured(world, block, line, memory, (sent[1] - sent[0]) / (len(whole.points) - len(part.points)))


@dataclass(frozen=True)
class Nothing:
    def compute(self, piece: int) -> int:
        return piece


def each_piece(runner: Runner, pieces: int = 2000) -> float:
    """Seconds of the coordinator for a piece that computes nothing, workers' start left out."""
    found = computed(Nothing(), range(pieces), runner)
    next(found)
    start = time.perf_counter()
    for _ in found:
        pass
    return (time.perf_counter() - start) / pieces


def paper() -> None:
    worlds, blocks = MILLION * TEN_THOUSAND, MILLION * TEN_THOUSAND // 1000
    print(f"{MILLION:,} points × {TEN_THOUSAND:,} worlds = {worlds:,} worlds, {blocks:,} blocks\n")
    piece = each_piece(Runner("dask", 2))
    for scenario in (CHEAP, KURSK):
        m = measured(scenario)
        hours = m.world * worlds / 3600
        seconds = m.world * TEN_THOUSAND
        rows: dict[str, str] = {
            "a world, one core": f"{m.world * 1e3:.2f} ms",
            "a point (one piece of work)": f"{seconds:,.1f} s",
            "all, one core": f"{hours:,.0f} hours",
            f"all, {WORKERS:,} cores": f"{hours / WORKERS:,.1f} hours",
            "blocks, had each point been a run with its own folder": f"{m.block * blocks / 1e12:,.2f} TB",
            "rows.jsonl, which a sweep keeps": f"{m.line * MILLION / 1e9:,.2f} GB",
            "rows in the coordinator's memory": f"{m.row * MILLION / 1e9:,.1f} GB",
            "the design as sent to each worker": f"{m.point * MILLION / 1e6:,.0f} MB",
            "the coordinator and scheduler, a piece": f"{piece * 1e3:.1f} ms",
            "… so cores that they keep busy": f"{seconds / piece:,.0f}",
        }
        print(f"| {scenario.stem} | |\n|---|---|")
        print("\n".join(f"| {what} | {number} |" for what, number in rows.items()), end="\n\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer worlds and points: a look, not a measurement")
    parser.add_argument("--only", default="".join(ROWS_OF), metavar="LETTERS", help="rows to measure, such as km")
    parser.add_argument("--paper", action="store_true", help="a million design points of 10,000 worlds, on paper")
    options = parser.parse_args()
    if options.paper:
        paper()
        return
    header(options.quick)
    for letter in options.only:
        for row in ROWS_OF[letter](options.quick):
            row.show()


if __name__ == "__main__":
    main()
