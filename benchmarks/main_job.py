"""The main job's cost against its goals: `python benchmarks/main_job.py [--quick]`; README.md says what the rows mean.

Every row compares figures of this one run, medians of at least three. Nothing else should run on the machine meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from statistics import median

from measuring import CHEAP, KURSK, Row, detente_run, show, timed_run

from sim.scenario.loader import load


def ten_thousand(quick: bool) -> Iterator[Row]:
    found = [detente_run(KURSK, 10_000, 2) for _ in range(1 if quick else 3)]
    wall = median(f.wall for f in found)
    spent = f"{wall:.0f} s, CPU {median(f.cpu for f in found):.0f} s"
    yield Row("(p) detente run, 10,000 worlds, 2 processes: wall", spent, "≤ 30 s", wall <= 30)


def linear(quick: bool) -> Iterator[Row]:
    loaded = load(KURSK)
    sizes = (1000, 2000, 4000) if quick else (2000, 4000, 8000)
    per_world = [median(timed_run(loaded, n)[0] for _ in range(1 if quick else 3)) / n * 1e3 for n in sizes]
    grown = per_world[-1] / per_world[0]
    what = f"(q) {listed(sizes, ',')} worlds: {listed(per_world, '.2f')} ms a world; last ÷ first"
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
        what = f"(r) peak memory, 100,000 ÷ 10,000 worlds, {scenario.stem}: {large:.0f} ÷ {small:.0f} MB"
        yield Row(what, f"{large / small:.2f}", "≤ 1.5", large / small <= 1.5)


def processes(quick: bool) -> Iterator[Row]:
    worlds, ratios = 6000 if quick else 20_000, []
    for _ in range(1 if quick else 3):
        ratios.append(detente_run(KURSK, worlds, 1).wall / detente_run(KURSK, worlds, 2).wall)
    faster = median(ratios)
    yield Row(f"(s) detente run, {worlds:,} worlds: one process ÷ two, wall", f"{faster:.2f}", "≥ 1.7", faster >= 1.7)


ROWS = {"p": ten_thousand, "q": linear, "r": memory, "s": processes}


def main() -> None:
    show(__doc__ or "", ROWS)


if __name__ == "__main__":
    main()
