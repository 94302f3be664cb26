"""A run: a scenario played out in many worlds, in memory or in a folder that can be gone on with."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.story import Story
from sim.analysis.summary import summarise
from sim.analysis.trace import Trace
from sim.arrays import Array
from sim.errors import UserError, did_you_mean
from sim.montecarlo.draws import ClaimRule, draw, used_claims
from sim.montecarlo.job import Job
from sim.montecarlo.runners import processes as in_processes
from sim.montecarlo.runners import serial
from sim.payoff.terms import documented, profiles
from sim.scenario.claims import dump
from sim.scenario.loader import Loaded, load
from sim.simulate import simulate
from sim.store.folder import FORMAT, Blocks, prepare, whole, write_block, write_json
from sim.store.table import frame
from sim.streams import BLOCK, shares

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Progress = Callable[[int, int], None]
LIBRARIES = ("numpy", "scipy", "mesa", "pydantic", "PyYAML", "pandas", "matplotlib")


@dataclass
class Result:
    """What came out of a run. `blocks` holds the worlds; everything else is read from them."""

    loaded: Loaded
    rule: ClaimRule
    seed: int
    blocks: Blocks

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The run's JSON document: outcomes with counts and 95 % intervals, terms, times, values, claims."""
        drawn = draw(self.loaded.scenario, self.loaded.claims, self.rule, self.seed, 0)
        shares_documented = documented(self.loaded.scenario, drawn.weights)
        return summarise(self.loaded, self.seed, self.blocks, shares_documented, self.rule.mode == "drawn")

    @cached_property
    def worlds(self) -> pd.DataFrame:
        """One row a world; the columns are described in `sim.store.columns`."""
        return frame(self.loaded.scenario, self.blocks)

    def figure(self, name: str) -> Figure:
        """One of the run's figures by name (`sim.report.figures.names()`). Raises UserError for an unknown one."""
        from sim.report.figures import draw

        return draw(name, self.summary)


def manifest(loaded: Loaded, rule: ClaimRule, seed: int, worlds: int, overrides: tuple[str, ...]) -> dict[str, Any]:
    """What identifies a run, and with which versions it was made."""
    used = dump({c: loaded.claims[c] for c in used_claims(loaded.scenario)})
    return {
        "format": FORMAT,
        "block": BLOCK,
        "version": version("detente"),
        "versions": {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES},
        "scenario": {
            "title": loaded.scenario.title,
            "file": loaded.file,
            "sha256": hashlib.sha256(loaded.text.encode()).hexdigest(),
        },
        "claims_sha256": hashlib.sha256(used.encode()).hexdigest(),
        "seed": seed,
        "worlds": worlds,
        "options": {
            "set": list(overrides),
            "claims": rule.mode,
            "only_source": list(rule.only),
            "without_source": list(rule.without),
        },
        "duration_seconds": None,
    }


def check_sources(loaded: Loaded, rule: ClaimRule) -> None:
    """Raises UserError for a source that no claim has."""
    known = sorted({c.source for c in loaded.claims.values()})
    for name in (*rule.only, *rule.without):
        if name not in known:
            raise UserError(f"unknown source '{name}'{did_you_mean(name, known, 'sources')}")


def run(
    scenario: Loaded | str | Path,
    worlds: int = 2000,
    seed: int = 1,
    *,
    claims: str = "drawn",
    only_source: tuple[str, ...] = (),
    without_source: tuple[str, ...] = (),
    processes: int = 1,
    out: Path | None = None,
    overrides: tuple[str, ...] = (),
    force: bool = False,
    progress: Progress = lambda done, worlds: None,
) -> Result:
    """Play a scenario in `worlds` worlds; with `out`, in a folder, block by block, going on from what is whole there.

    The same scenario, seed and options give the same worlds, whatever `worlds`, `processes` or the machine: more
    worlds leave the first ones as they are. `progress(done, worlds)` is called as blocks are finished. With
    `processes` above 1, call it under `if __name__ == "__main__":`, as for every use of multiprocessing.

    Raises UserError for a folder of another run (without `force`) or an unknown source, RunError when a worker dies.
    """
    loaded = scenario if isinstance(scenario, Loaded) else load(scenario, overrides)
    if worlds < 1:
        raise UserError(f"worlds must be at least 1; got {worlds}")
    if seed < 0:
        raise UserError(f"seed must not be negative; got {seed}")
    rule = ClaimRule(claims, tuple(only_source), tuple(without_source))
    check_sources(loaded, rule)
    job = Job(loaded.scenario, loaded.claims, rule, seed, worlds)
    document, started = manifest(loaded, rule, seed, worlds, overrides), time.monotonic()
    if out is not None:
        prepare(out, document, force)
        (out / "scenario.yaml").write_text(loaded.text, encoding="utf-8")
        (out / "claims.yaml").write_text(
            dump({c: loaded.claims[c] for c in used_claims(loaded.scenario)}), encoding="utf-8"
        )
    memory: dict[int, dict[str, Array]] = {}
    wanted = dict(shares(worlds))
    missing = [b for b, count in wanted.items() if out is None or not whole(out, b, count)]
    finished = worlds - sum(wanted[b] for b in missing)
    progress(finished, worlds)
    for block, columns in _computed(job, missing, processes):
        if out is None:
            memory[block] = columns
        else:
            write_block(out, block, columns)
        finished += wanted[block]
        progress(finished, worlds)
    if out is not None:
        write_json(out / "manifest.json", document | {"duration_seconds": round(time.monotonic() - started, 3)})
    return Result(loaded, rule, seed, Blocks(worlds, out, None if out is not None else memory))


def explain(
    source: Loaded | str | Path, world: int = 0, seed: int | None = None, overrides: tuple[str, ...] = ()
) -> Story:
    """Play one world again, the same code with N = 1, and tell it. `source`: a scenario, its file, or a run's folder
    (whose seed and options are then taken). The world is the one that a run of that seed counts under the same
    number.

    Raises UserError for a folder that is no run.
    """
    rule = ClaimRule()
    if not isinstance(source, Loaded) and Path(source).is_dir():
        seed, rule, source = _of_run(Path(source), seed)
    loaded = source if isinstance(source, Loaded) else load(source, overrides)
    seed = 1 if seed is None else seed
    block, place = divmod(world, BLOCK)
    draws = draw(loaded.scenario, loaded.claims, rule, seed, block, slice(place, place + 1))
    trace = Trace()
    columns = simulate(loaded.scenario, draws, trace)
    private = {
        a: profiles(actor)[int(draws.kind[a][0])].name for a, actor in loaded.scenario.actors.items() if actor.types
    }
    off = [c for c, on in draws.claims.items() if not on[0]]
    outcomes = {o: bool(columns[f"outcome.{o}"][0]) for o in loaded.scenario.outcomes}
    values = {a: float(columns[f"value.{a}"][0]) for a in loaded.scenario.actors}
    return Story(loaded, world, seed, private, off, trace.periods, outcomes, values)


def _of_run(folder: Path, seed: int | None) -> tuple[int, ClaimRule, Loaded]:
    try:
        document = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        options = document["options"]
        rule = ClaimRule(options["claims"], tuple(options["only_source"]), tuple(options["without_source"]))
        return document["seed"] if seed is None else seed, rule, load(folder / "scenario.yaml")
    except (OSError, ValueError, KeyError, TypeError):
        raise UserError(
            f"{folder} is not the folder of a run; give a scenario file, or a folder that `detente run` wrote."
        ) from None


def _computed(job: Job, blocks: list[int], processes: int) -> Iterator[tuple[int, dict[str, Array]]]:
    if processes > 1 and len(blocks) > 1:
        return in_processes.compute(job, blocks, processes)
    return serial.compute(job, blocks)
