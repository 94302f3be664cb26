"""A run: a scenario played out in many worlds, in memory or in a folder that can be gone on with."""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.story import Story
from sim.analysis.summary import summarise
from sim.analysis.trace import Trace
from sim.errors import UserError, did_you_mean
from sim.montecarlo.draws import AS_IT_IS, ClaimRule, Redraw, draw, used_claims
from sim.montecarlo.job import Job
from sim.montecarlo.playing import Progress, in_folder, in_memory
from sim.montecarlo.runners import Runner
from sim.payoff.terms import documented
from sim.scenario.claims import dump
from sim.scenario.loader import Loaded, given, load
from sim.scenario.reading import read_file
from sim.simulate import simulate
from sim.store.folder import FORMAT, Blocks, check_format, digest, read_manifest, whole
from sim.store.table import frame
from sim.streams import BLOCK, place_of, shares

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

LIBRARIES = ("numpy", "scipy", "mesa", "pydantic", "PyYAML", "pandas", "matplotlib")


@dataclass
class Result:
    """What came out of a run. `blocks` holds the worlds; everything else is read from them."""

    loaded: Loaded
    rule: ClaimRule
    seed: int
    blocks: Blocks
    redraw: Redraw = AS_IT_IS

    @cached_property
    def document(self) -> dict[str, Any]:
        """The run's JSON document: outcomes with counts and 95 % intervals, terms, times, values, claims."""
        scenario, claims = self.loaded.scenario, self.loaded.claims
        weights = draw(scenario, claims, self.rule, self.seed, 0).weights

        def counts(actor: str, claim: str) -> bool:
            return not self.rule.dropped(claims[claim])

        def stated(actor: str, claim: str) -> bool:
            c = claims[claim]
            return c.kind == "interest" and actor in c.actors and not self.rule.dropped(c)

        rests = {"documented": documented(scenario, weights, counts), "stated": documented(scenario, weights, stated)}
        document = summarise(self.loaded, self.seed, self.blocks, rests, self.rule.mode == "drawn")
        return document | {"options": options(self.loaded, self.rule, self.redraw), "frozen": self._frozen()}

    def _frozen(self) -> list[str]:
        """Issues that are at their start in every world because none of their claims is ever true."""
        issues = self.loaded.scenario.issues.items()
        return [n for n, i in issues if i.claims and not any(self.blocks.column(f"claim.{c}").any() for c in i.claims)]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row a world; the columns are described in `sim.store.columns`."""
        return frame(self.loaded.scenario, self.blocks)

    def telling_world(self) -> int:
        """A world worth explaining: the first in which an offer was refused and a deal came, else the first with a
        deal."""
        tables = self.loaded.scenario.tables
        refused, agreed = np.zeros(self.blocks.worlds, bool), np.zeros(self.blocks.worlds, bool)
        for name, table in tables.items():
            agreed |= self.blocks.column(f"table.{name}.deal_period") > 0
            for party in table.parties:
                refused |= self.blocks.column(f"table.{name}.refusals.{party}") > 0
        return int(np.argmax(2 * (agreed & refused) + agreed))

    def figure(self, name: str) -> Figure:
        """One of the run's figures by name (`sim.report.figures.names()`). Raises UserError for an unknown one."""
        from sim.report.figures import draw

        return draw(name, self.document)

    def figures(self) -> dict[str, Figure]:
        """name -> figure: all of them."""
        from sim.report.figures import names

        return {name: self.figure(name) for name in names()}


def options(loaded: Loaded, rule: ClaimRule, redraw: Redraw) -> dict[str, Any]:
    """How a run differs from the plain file."""
    redrawn = {layer: seed for layer, seed in asdict(redraw).items() if seed is not None}
    return {
        "set": list(loaded.overrides),
        "claims": rule.mode,
        "only_source": list(rule.only),
        "without_source": list(rule.without),
    } | ({"redraw": redrawn} if redrawn else {})


def manifest(loaded: Loaded, rule: ClaimRule, seed: int, worlds: int, redraw: Redraw = AS_IT_IS) -> dict[str, Any]:
    """What identifies a run, and with which versions it was made."""
    used = dump({c: loaded.claims[c] for c in used_claims(loaded.scenario)})
    return {
        "format": FORMAT,
        "block": BLOCK,
        "version": version("detente"),
        "versions": {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES},
        "scenario": {
            "title": loaded.scenario.title,
            "file": Path(loaded.file).name,
            "sha256": digest(loaded.text),
        },
        "claims_sha256": digest(used),
        "seed": seed,
        "worlds": worlds,
        "options": options(loaded, rule, redraw),
        "duration_seconds": None,
    }


def check_sources(loaded: Loaded, rule: ClaimRule) -> None:
    """Raises UserError for a way of counting claims that there isn't, or a source that no claim has."""
    if rule.mode not in ("drawn", "all"):
        raise UserError(f"claims are 'drawn' or 'all'; got '{rule.mode}'")
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
    processes: int | Runner = 1,
    out: Path | str | None = None,
    overrides: tuple[str, ...] = (),
    redraw: Redraw = AS_IT_IS,
    force: bool = False,
    progress: Progress = lambda done, worlds: None,
) -> Result:
    """Play a scenario in `worlds` worlds; with `out`, in a folder, block by block, going on from what is whole there.

    The same scenario, seed and options give the same worlds, whatever `worlds` and `processes`: more worlds leave the
    first ones as they are. `progress(done, worlds)` is called as blocks are finished. `processes`: how
    many of this machine, or a Runner; above 1, call it under `if __name__ == "__main__":`, as for every use of
    multiprocessing. `redraw`: layers of draws to take from another seed.

    Raises UserError for a folder of another run (without `force`) or that another process writes to, or an unknown
    source; RunError when workers keep dying or the folder can no longer be written to. Finished blocks are kept.
    """
    loaded = given(scenario, overrides)
    out = None if out is None else Path(out)
    rule = ClaimRule(claims, tuple(only_source), tuple(without_source))
    check_sources(loaded, rule)
    job = Job(loaded.scenario, loaded.claims, rule, seed, worlds, redraw)
    if out is None:
        return Result(loaded, rule, seed, Blocks(worlds, memory=in_memory(job, processes, progress)), redraw)
    texts = {"scenario.yaml": loaded.text, "claims.yaml": dump(loaded.claims)}
    in_folder(out, job, manifest(loaded, rule, seed, worlds, redraw), texts, force, processes, progress)
    return Result(loaded, rule, seed, Blocks(worlds, out), redraw)


def run_until(scenario: Loaded | str | Path, precision: float, worlds: int = 2000, **how: Any) -> Result:
    """As `run`, into a folder `out`, with ever more worlds until the 95 % interval of every outcome spans no more than
    `precision`; the first worlds stay what they are. Raises UserError for a precision outside (0, 1]."""
    if not 0 < precision <= 1:
        raise UserError(f"a precision lies above 0 and is at most 1, such as 0.01; got {precision:g}")
    if how.get("out") is None:
        raise UserError("a run to a precision is extended in a folder; give `out`.")
    while True:
        result = run(scenario, worlds, **how)
        widest = max((o["high"] - o["low"] for o in result.document["outcomes"].values()), default=0.0)
        if widest <= precision:
            return result
        wanted = worlds * min((widest / precision) ** 2, 10) * 1.02  # intervals narrow with the root of the worlds
        worlds = max(worlds + BLOCK, -(-int(wanted) // BLOCK) * BLOCK)


def explain(
    source: Loaded | str | Path, world: int = 0, seed: int | None = None, overrides: tuple[str, ...] = ()
) -> Story:
    """Play one world again, the same code with N = 1, and tell it. `source`: a scenario, its file, or a run's folder
    (whose seed and options are then taken). The world is the one that a run of that seed counts under the same
    number.

    Raises UserError for a folder that is no run, a world that it hasn't, or a world or seed below 0.
    """
    its_seed, rule, redraw = 1, ClaimRule(), AS_IT_IS
    if not isinstance(source, Loaded) and (folder := Path(source)).is_dir():
        worlds, its_seed, rule, redraw, loaded = _read(folder, overrides)
        if world >= worlds and seed is None and not overrides:
            raise UserError(f"{folder} has {worlds:,} worlds, 0 to {worlds - 1:,}; got {world:,}")
    else:
        loaded = given(source, overrides)
    seed = its_seed if seed is None else seed
    draws = draw(loaded.scenario, loaded.claims, rule, seed, *place_of(world), redraw)
    trace = Trace()
    columns = simulate(loaded.scenario, draws, trace)
    return Story.of(loaded, world, draws, columns, trace.periods)


def open_run(folder: str | Path) -> Result:
    """A finished run, read from its folder. Raises UserError for a folder that is none, isn't whole, or is of another
    version's form."""
    worlds, seed, rule, redraw, loaded = _read(Path(folder), ())
    for block, count in shares(worlds):
        if not whole(Path(folder), block, count):
            raise UserError(
                f"{folder} isn't whole: block {block} is missing or damaged; the same `detente run` mends it."
            )
    return Result(loaded, rule, seed, Blocks(worlds, Path(folder)), redraw)


def _read(folder: Path, overrides: tuple[str, ...]) -> tuple[int, int, ClaimRule, Redraw, Loaded]:
    """A run's worlds, seed, rule for claims, redrawn layers and scenario, from its manifest."""
    no_run = UserError(f"{folder} is not the folder of a run; give one that `detente run` wrote.")
    document = read_manifest(folder)
    if document is None:
        raise no_run
    check_format(folder, document)
    try:
        how = document["options"]
        rule = ClaimRule(how["claims"], tuple(how["only_source"]), tuple(how["without_source"]))
        worlds, seed, redraw = int(document["worlds"]), int(document["seed"]), Redraw(**how.get("redraw", {}))
    except (ValueError, KeyError, TypeError):
        raise no_run from None
    if digest(read_file(folder / "scenario.yaml")) != document["scenario"].get("sha256"):
        raise UserError(f"{folder}/scenario.yaml isn't what the run played; the same `detente run` mends it.")
    return worlds, seed, rule, redraw, load(folder / "scenario.yaml", overrides)
