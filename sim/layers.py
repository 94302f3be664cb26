"""What decides a world: what nobody knows (claims, weights), what one actor knows (types, resolve), or chance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.layers import split
from sim.analysis.measures import MEASURES
from sim.arrays import Array
from sim.montecarlo.draws import LAYERS, ClaimRule, Redraw
from sim.montecarlo.job import Job
from sim.montecarlo.playing import Progress, in_folder, in_memory
from sim.montecarlo.runners import Runner
from sim.report.sensitivity import Indices
from sim.runs import manifest
from sim.scenario.loader import Loaded, given
from sim.scenario.reading import read, read_file
from sim.store.folder import Blocks

CORNERS = tuple(product((0, 1), repeat=len(LAYERS)))
ANEW = 1_000_003  # added to the seed of a layer that is drawn anew
LABELS = {
    "epistemic": "nobody knows (claims, weights)",
    "private": "one actor knows (types, resolve)",
    "chance": "chance",
}


def is_scenario(source: str) -> bool:
    """Whether a file is a scenario, or its name a bundled one's, and not an experiment."""
    if not Path(source).is_file():
        return not Path(source).suffix
    data = read(read_file(Path(source)), source).data
    return isinstance(data, dict) and "actors" in data


@dataclass(frozen=True)
class Corners:
    """Picklable. A block played in every combination of layers as drawn and anew; `3.outcome.agreed`: in the third."""

    loaded: Loaded
    job: Job

    @property
    def worlds(self) -> int:
        return self.job.worlds

    def compute(self, block: int) -> dict[str, Array]:
        found: dict[str, Array] = {}
        for k, corner in enumerate(CORNERS):
            anew = {name: self.job.seed + ANEW for name, yes in zip(LAYERS, corner, strict=True) if yes}
            columns = replace(self.job, redraw=Redraw(**anew)).compute(block)
            blocks = Blocks(len(columns["world"]), memory={0: columns})
            measured = {n: v for of in MEASURES.values() for n, v in of(self.loaded, blocks).items()}
            found |= {"world": columns["world"], **{f"{k}.{n}": v for n, v in measured.items()}}
        return found


def variance(
    scenario: Loaded | Path | str,
    worlds: int = 2000,
    seed: int = 1,
    *,
    processes: int | Runner = 1,
    out: Path | str | None = None,
    force: bool = False,
    progress: Progress = lambda done, of: None,
) -> Indices:
    """Sobol indices of the three layers of draws for every outcome, deal, value and reported quantity of one world,
    with 95 % intervals. With `out`, finished blocks are kept there and the same command goes on from them; more worlds
    extend the first ones.

    Raises UserError for a folder of something else (without `force`), RunError when a worker dies.
    """
    loaded = given(scenario)
    job = Job(loaded.scenario, loaded.claims, ClaimRule(), seed, worlds)
    corners = Corners(loaded, job)
    if out is None:
        return Indices(_document(loaded, job, Blocks(worlds, memory=in_memory(corners, processes, progress))))
    about, folder = manifest(loaded, job.rule, seed, worlds), Path(out)
    about["options"] = about["options"] | {"redrawn": "every layer"}
    in_folder(folder, corners, about, {}, force, processes, progress)
    result = Indices(_document(loaded, job, Blocks(worlds, folder)))
    result.write(folder)
    return result


def _document(loaded: Loaded, job: Job, blocks: Blocks) -> dict[str, Any]:
    names = [n.removeprefix("0.") for n in blocks.names() if n.startswith("0.")]
    measures: dict[str, Any] = {}
    for name in names:
        if name.removeprefix("report.") in loaded.scenario.actors:
            continue  # its value is there already
        plays = [blocks.column(f"{k}.{name}").astype(float) for k in range(len(CORNERS))]
        y = np.stack(plays, axis=1).reshape(job.worlds, *(2,) * len(LAYERS))
        found = split(y, job.seed)
        indices = None if found is None else dict(zip(LAYERS, found, strict=True))
        measures[name] = {"mean": float(y.mean()), "sd": float(y.std()), "indices": indices}
    return {
        "title": loaded.scenario.title,
        "scenario": Path(loaded.file).name,
        "set": list(loaded.overrides),
        "labels": LABELS,
        "worlds": job.worlds,
        "seed": job.seed,
        "measures": measures,
    }
