"""The challenge model's speed against its goal: `python benchmarks/rivals.py`; README.md says what the rows mean."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import numpy as np
from main_job import Row, cpu

from sim.rivals.challenge import SCHOLZ_2011

TESTS = Path(__file__).parents[1] / "tests" / "rivals"
sys.path.insert(0, str(TESTS))
from slow_challenge import Group  # noqa: E402

REPLICATION = 2.7  # CPU-seconds that the published Python replication takes for this example
ROUNDS, TIMES, MANY = 10, 15, 1000


def example() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    found = json.loads((TESTS / "emissions.json").read_text(encoding="utf-8"))
    x, c, s = (np.array(found[k], float) for k in ("position", "capability", "salience"))
    return x, c, s


def spread(work: Callable[[], object], times: int, repeat: int = 1) -> tuple[float, float, float]:
    """Median, smallest and largest CPU-seconds of the work, done `repeat` times at a go."""

    def again() -> None:
        for _ in range(repeat):
            work()

    found = sorted(cpu(again) / repeat for _ in range(times))
    return median(found), found[0], found[-1]


def rows() -> Iterator[Row]:
    x, c, s = example()

    def loops() -> None:
        group = Group(list(x), list(c), list(s))
        for _ in range(ROUNDS):
            group.play()

    def vectorised(worlds: int = 1) -> None:
        for _ in SCHOLZ_2011.played(np.tile(x, (worlds, 1)), c, np.tile(s, (worlds, 1))):
            pass

    vectorised()
    slow, fast = spread(loops, 3), spread(vectorised, TIMES, 20)
    many = [t / MANY for t in spread(lambda: vectorised(MANY), 5)]
    for what, goal, base in (("the published 2.7 s", 100, (REPLICATION,) * 3), ("plain loops, here", 100, slow)):
        ratio = base[0] / fast[0]
        least, most = base[1] / fast[2], base[2] / fast[1]
        text = f"(p) ten actors, ten rounds: {what}, {base[0]:.2f} s ÷ {told(fast)}"
        yield Row(text, f"{ratio:,.0f} [{least:,.0f}, {most:,.0f}]", f"≥ {goal}", ratio >= goal)
    text = f"    one of {MANY:,} worlds at once: plain loops {slow[0]:.2f} s ÷ {told(many)}"
    yield Row(text, f"{slow[0] / many[0]:,.0f}", "")


def told(times: tuple[float, ...] | list[float]) -> str:
    return f"{times[0] * 1e3:.2f} ms [{times[1] * 1e3:.2f}, {times[2] * 1e3:.2f}]"


def main() -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"{cores} cores, Python {sys.version.split()[0]}, numpy {np.__version__}\n")
    print(f"| {'':78} | {'measured':>25} | {'goal':>8} |        |\n|{'-' * 80}|{'-' * 27}|{'-' * 10}|{'-' * 8}|")
    for row in rows():
        row.show()


if __name__ == "__main__":
    main()
