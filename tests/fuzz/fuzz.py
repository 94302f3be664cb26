"""Feeds scenario and experiment files to the loader until time is up: `python tests/fuzz/fuzz.py --seconds 300`.

Every input loads, or is refused with its place in the file: no other exception, no hang over 2 s, no more than 500 MB.
Small ones that load are played in two worlds, some of them. What fails is written to tests/fuzz/corpus, where a test
replays it; the exit code is then 1. `pip install '.[fuzz]'` adds atheris, which searches bytes by what they reach.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

from from_schema import Drawn
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from judging import GAME, MEGABYTES, judge, peak, play, small
from mutating import bent, corrupted, cut, large, scribbled, write

from sim.experiment import File
from sim.scenario.claims import scenarios
from sim.scenario.reading import read
from sim.scenario.schema import Scenario

CORPUS = Path(__file__).parent / "corpus"
EXPERIMENTS = Path(__file__).parents[2] / "experiments"
EXPERIMENT = "{scenario: game.yaml, vary: {actors.A.discount: [0.5, 0.9], interests.A.x.weight: {range: [0, 1]}}}"
EACH_PLAYED, MOST_FAULTS, MEMORY = 40, 10, 4_000_000_000
Input = tuple[str, bytes]  # its kind, and what stands in the file


class Tally:
    """What one worker saw; handed over as JSON when its time is up."""

    def __init__(self, folder: Path, name: str, until: float):
        self.folder, self.name, self.until = folder / name, name, until
        self.folder.mkdir()
        (self.folder / "game.yaml").write_text(GAME, encoding="utf-8")
        (self.folder / "claims.yaml").write_text("sources: {}\nclaims: {}\n", encoding="utf-8")
        self.counts: Counter[str] = Counter()
        self.slowest, self.faults = (0.0, ""), {}

    def take(self, kind: str, raw: bytes) -> None:
        """Judge one input, and count it."""
        file, experiment = self.folder / "f.yaml", kind.startswith("experiment")
        found = judge(raw, file, experiment)
        self.counts[f"{kind}: {'loaded' if found.loaded else 'refused'}"] += 1
        self.slowest = max(self.slowest, (found.seconds, kind))
        fault = found.fault
        if found.scenario is not None and not fault and small(found.scenario):
            self.counts["small"] += 1
            if self.counts["small"] % EACH_PLAYED == 1:
                self.counts["played"] += 1
                fault = play(found.scenario)
        if fault:
            self.faults.setdefault(fault[:60], (fault, _kept(raw, experiment)))

    @property
    def over(self) -> bool:
        return time.monotonic() > self.until or len(self.faults) >= MOST_FAULTS

    def hand_over(self) -> None:
        told = {"counts": self.counts, "slowest": self.slowest, "faults": list(self.faults.values()), "peak": peak()}
        (self.folder / "tally.json").write_text(json.dumps(told), encoding="utf-8")


def _kept(raw: bytes, experiment: bool) -> str:
    name = f"{'experiment' if experiment else 'scenario'}_{hashlib.sha256(raw).hexdigest()[:8]}.yaml"
    (CORPUS / name).write_bytes(raw)
    return name


@cache
def strategy(model: Any, text: str) -> Any:
    """Two of three: the valid document with more in it; one: anything that the schema allows."""
    drawn, data = Drawn(model), read(text, "f").data
    return st.one_of(drawn.grown(data), drawn.grown(data), drawn.of(drawn.schema))


def documents(model: Any, text: str, number: int, count: int) -> list[Any]:
    """So many documents by the model's schema; `text`: a valid one."""
    found = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy(model, text))
    def collect(data: Any) -> None:
        found.append(data)

    collect()
    return found


def inputs(r: Random, bytes_too: bool) -> Iterator[Input]:
    """Inputs without end; every kind in each round."""
    bundled = [read(p.read_text(encoding="utf-8"), "f").data for p in scenarios().values()]
    varied = [read(p.read_text(encoding="utf-8"), "f").data for p in sorted(EXPERIMENTS.glob("*.yaml"))]
    varied = [v | {"scenario": "game.yaml"} for v in varied if "vary" in v] + [read(EXPERIMENT, "f").data]
    while True:
        whole = documents(Scenario, GAME, r.randrange(2**32), 100)
        plans = documents(File, EXPERIMENT, r.randrange(2**32), 40)
        for data in whole:
            yield "scenario by schema", write(data, r).encode()
        for data in plans:
            yield "experiment by schema", write(data | {"scenario": "game.yaml"}, r).encode()
        for _ in range(1200):
            yield "scenario bent", write(bent(r.choice(whole), r), r, 0.02).encode(errors="surrogatepass")
        for _ in range(300):
            yield "scenario bent", write(bent(cut(r.choice(bundled), r), r), r, 0.01).encode(errors="surrogatepass")
        yield "scenario bent", write(bent(r.choice(bundled), r), r, 0.001).encode(errors="surrogatepass")
        for _ in range(300):
            yield "experiment bent", write(bent(r.choice(plans + varied), r), r, 0.02).encode(errors="surrogatepass")
        for _ in range(700):
            text = write(r.choice(whole), r).replace("}, ", "},\n ")
            yield "scenario scribbled on", scribbled(text, r).encode(errors="surrogatepass")
        for _ in range(200):
            yield "experiment scribbled on", scribbled(write(r.choice(plans), r), r).encode(errors="surrogatepass")
        yield "scenario large", large(r.choice([*whole, r.choice(bundled)]), r).encode(errors="surrogatepass")
        for _ in range(400 if bytes_too else 0):
            yield "scenario bytes", corrupted(write(r.choice(whole), r).encode(), r)


def structured(folder: Path, name: str, number: int, until: float) -> None:
    """One worker: inputs by structure until time is up."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    tally = Tally(folder, name, until)
    for kind, raw in inputs(Random(number), bytes_too=find_spec("atheris") is None):
        tally.take(kind, raw)
        if tally.over:
            break
    tally.hand_over()


def by_coverage(folder: Path, name: str, number: int, until: float) -> None:
    """One worker: bytes that atheris finds by what they reach in the loader, until time is up."""
    import atheris

    for module in ("reading", "loader", "messages", "selectors", "priors", "levels", "overrides"):
        for function in vars(sys.modules[f"sim.scenario.{module}"]).values():
            if getattr(function, "__module__", "") == f"sim.scenario.{module}" and hasattr(function, "__code__"):
                function.__code__ = atheris.instrument_func(function).__code__
    tally = Tally(folder, name, until)
    seeds = folder / f"{name}-seeds"
    seeds.mkdir()
    r, game = Random(number), read(GAME, "f").data
    for k in range(50):
        (seeds / f"{k}.yaml").write_text(write(bent(game, r) if k else game, r), encoding="utf-8")

    def one(raw: bytes) -> None:
        tally.take("scenario bytes", raw)
        if tally.over:
            tally.hand_over()
            os._exit(0)

    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what libFuzzer tells on its way
    options = [f"-seed={1 + number}", "-max_len=600", "-handle_alrm=0", "-rss_limit_mb=2000", "-timeout=600"]
    atheris.Setup([name, *options, str(seeds)], one)
    atheris.Fuzz()


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seconds", type=float, default=300, help="for how long (default 300)")
    ask.add_argument("--at-least", type=int, default=0, help="go on for up to twice as long, then fail (default 0)")
    ask.add_argument("--seed", type=int, default=1, help="where the random numbers start (default 1)")
    ask.add_argument("--processes", type=int, default=2, help="workers at a time (default 2)")
    asked = ask.parse_args()
    began, tallies, died = time.monotonic(), [], 0
    by_bytes = structured if find_spec("atheris") is None else by_coverage
    if by_bytes is structured:
        print("atheris isn't there (pip install '.[fuzz]'): bytes are changed at random instead.")
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # where a file costs next to nothing
    with tempfile.TemporaryDirectory(dir=memory) as folder:

        def played(phase: Callable[..., None], until: float) -> None:
            nonlocal died
            number = 1000 * asked.seed + len(tallies) + died
            found, dead = phase_of(phase, Path(folder), asked.processes, number, until)
            tallies.extend(found)
            died += dead

        played(by_bytes, began + asked.seconds * 0.2)
        played(structured, began + asked.seconds)
        while seen(tallies) < asked.at_least and time.monotonic() < began + 2 * asked.seconds:  # a slow machine
            played(by_bytes, time.monotonic() + asked.seconds / 8)
    return told(tallies, died, asked.at_least, time.monotonic() - began)


def phase_of(
    phase: Callable[..., None], folder: Path, processes: int, number: int, until: float
) -> tuple[list[dict[str, Any]], int]:
    """What the workers of a phase saw, and how many of them died."""
    names = [f"{phase.__name__}-{number + k}" for k in range(processes)]
    given = [(folder, name, number + k, until) for k, name in enumerate(names)]
    workers = [multiprocessing.Process(target=phase, args=args) for args in given]
    tallies, died = [], 0
    for worker in workers:
        worker.start()
    for worker, name in zip(workers, names, strict=True):
        worker.join()
        tally = folder / name / "tally.json"
        if tally.exists():
            tallies.append(json.loads(tally.read_text(encoding="utf-8")))
        else:
            died += 1
            last = folder / name / "f.yaml"
            kept = _kept(last.read_bytes(), False) if last.exists() else "before its first input"
            print(f"FAULT: a worker ended with code {worker.exitcode}: {kept}")
    return tallies, died


def seen(tallies: list[dict[str, Any]]) -> int:
    """How many inputs there were."""
    return sum(n for t in tallies for k, n in t["counts"].items() if ":" in k)


def told(tallies: list[dict[str, Any]], died: int, least: int, seconds: float) -> int:
    """Print what was seen; the exit code."""
    counts: Counter[str] = sum((Counter(t["counts"]) for t in tallies), Counter())
    kinds = sorted({k.split(":")[0] for k in counts if ":" in k})
    for kind in kinds:
        loaded, refused = counts[f"{kind}: loaded"], counts[f"{kind}: refused"]
        print(f"{kind:26} {loaded + refused:9,} inputs {loaded:9,} loaded {refused:9,} refused")
    total = seen(tallies)
    slowest, kind = max(((t["slowest"][0], t["slowest"][1]) for t in tallies), default=(0.0, ""))
    print(f"{'all':26} {total:9,} inputs in {seconds:.0f} s; {counts['played']:,} of the loaded ones played")
    most = max((t["peak"] for t in tallies), default=0.0)
    print(f"slowest {slowest:.2f} s ({kind}); most memory of a worker {most:.0f} MB")
    faults = [f for t in tallies for f in t["faults"]]
    for fault, name in faults:
        print(f"FAULT: {fault}: {CORPUS / name}")
    wrong = [f"more than {MEGABYTES} MB"] * (most > MEGABYTES) + [f"fewer than {least:,} inputs"] * (total < least)
    for fault in wrong:
        print(f"FAULT: {fault}")
    return int(bool(faults or died or wrong))


if __name__ == "__main__":
    sys.exit(main())
