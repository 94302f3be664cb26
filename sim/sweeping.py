"""A sweep: the same worlds played at every point of a design, one tidy row a point, resumable row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.intervals import averaged, wilson
from sim.analysis.measures import MEASURES
from sim.arrays import Array
from sim.errors import ScenarioError
from sim.experiment import Experiment, load_experiment, overrides
from sim.montecarlo.playing import Progress
from sim.montecarlo.runners import Runner, computed
from sim.runs import run
from sim.scenario.claims import Claim, claims_for, load_claims
from sim.scenario.loader import Loaded, changed, parsed
from sim.scenario.reading import Document
from sim.store.folder import write_json, write_text
from sim.store.rows import Row, identity_of, keeping
from sim.store.writing import replacing

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Sweep:
    """Picklable; sent once to each worker, then the numbers of points. What is read from files is read here, before.
    `batches`: into how many parts of equal size the worlds of a point are cut, whose means a row then holds as well, as
    `MEASURE.batches`."""

    experiment: Experiment
    batches: int = 0
    claims: dict[str, Claim] = field(init=False)
    document: Document = field(init=False)  # the scenario, parsed once

    def __post_init__(self) -> None:
        e = self.experiment
        object.__setattr__(self, "claims", load_claims(claims_for(e.scenario)))
        object.__setattr__(self, "document", parsed(e.scenario_text, str(e.scenario)))

    def loaded(self, point: int) -> Loaded:
        e = self.experiment
        changes = (*e.file.set, *overrides(e.points[point]))
        return changed(self.document.copy(), self.claims, e.scenario_text, changes)

    def compute(self, point: int) -> Row:
        """One row: the point's parameters, then every measure with its 95 % interval; or the error that it makes."""
        e = self.experiment
        row: Row = {"point": point, **e.points[point]}
        try:
            result = run(self.loaded(point), e.file.worlds, e.file.seed)
        except ScenarioError as error:
            return row | {"error": "; ".join(str(p) for p in error.problems)}
        for measure in e.file.measure:
            for name, worlds in MEASURES[measure](result.loaded, result.blocks).items():
                row |= _mean(name, worlds)
                if self.batches:
                    row[f"{name}.batches"] = [float(part.mean()) for part in np.array_split(worlds, self.batches)]
        return row


def _mean(name: str, worlds: Array) -> Row:
    """A share (of bools) or a mean with its 95 % interval."""
    if worlds.dtype == bool:
        low, high = (float(v) for v in wilson(int(worlds.sum()), len(worlds)))
        return {name: int(worlds.sum()) / len(worlds), f"{name}.low": low, f"{name}.high": high}
    mean, low, high = averaged(worlds)
    return {name: mean, f"{name}.low": low, f"{name}.high": high}


@dataclass(frozen=True)
class Swept:
    """What came out of a sweep: `document` as in sweep.json."""

    experiment: Experiment
    rows: list[Row]

    @cached_property
    def document(self) -> dict[str, Any]:
        """What was varied and played, and the rows."""
        e, file = self.experiment, self.experiment.file
        about = {
            "experiment": file.title or e.name,
            "labels": dict(file.labels),
            "scenario": e.scenario.name,
            "design": str(file.design),
        }
        return about | {
            "worlds": file.worlds,
            "seed": file.seed,
            "varied": list(dict.fromkeys(path for p in e.points for path in p)),
            "rows": self.rows,
        }

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row a point: its number, its parameters, every measure with `.low` and `.high`."""
        return frame(self.rows)

    def figures(self) -> dict[str, Figure]:
        """name -> figure: lines over one field, maps over two or three."""
        from sim.report.sweep import figures

        return figures(self.document)

    def write(self, folder: Path) -> None:
        """points.csv, sweep.json, and points.parquet where pyarrow is there; and what was played."""
        write_text(folder / "experiment.yaml", self.experiment.text)
        write_text(folder / "scenario.yaml", self.experiment.scenario_text)
        with replacing(folder / "points.csv") as file:
            self.frame.to_csv(file, index=False, lineterminator="\n")
        write_json(folder / "sweep.json", self.document)
        if find_spec("pyarrow") is not None:  # the extra `parquet`
            with replacing(folder / "points.parquet", "wb") as binary:
                self.frame.to_parquet(binary, index=False)


def sweep(
    source: Experiment | Path | str,
    *,
    processes: int | Runner = 1,
    out: Path | str | None = None,
    force: bool = False,
    batches: int = 0,
    progress: Progress = lambda done, of: None,
) -> Swept:
    """Play every point of an experiment, or of an experiment's file; rows in the order of the design. With `out`, every
    finished row is kept there, and the same experiment goes on from them. `processes`: how many of this machine, or a
    Runner; `batches`: as of `Sweep`.

    Raises UserError for a folder of another experiment (without `force`) or that another process writes to,
    ScenarioError where a varied field can't be what it is to be, RunError when workers keep dying or the folder can no
    longer be written to.
    """
    experiment = source if isinstance(source, Experiment) else load_experiment(source)
    out = None if out is None else Path(out)
    job, count = Sweep(experiment, batches), len(experiment.points)
    check(job)
    with keeping(out, identity(experiment, batches), force) as kept:
        done = {int(row["point"]): row for row in kept.rows}
        progress(len(done), count)
        for point, row in computed(job, [k for k in range(count) if k not in done], processes):
            done[point] = row
            kept.add(row)
            progress(len(done), count)
        swept = Swept(experiment, [done[k] for k in range(count)])
        if out is not None:
            swept.write(out)
    return swept


def check(job: Sweep) -> None:
    """Raises ScenarioError if any field's first or last value makes no valid scenario."""
    points, seen = job.experiment.points, set()
    for path in dict.fromkeys(path for p in points for path in p):
        values = {p[path]: k for k, p in reversed(list(enumerate(points))) if path in p}  # each where it is first
        ends = {min(values), max(values)} if all(isinstance(v, float) for v in values) else values
        seen |= {values[v] for v in ends}
    for k in sorted(seen):
        job.loaded(k)


def identity(experiment: Experiment, batches: int) -> Row:
    """What makes two sweeps the same one."""
    texts = {
        "experiment": experiment.text,
        "scenario": experiment.scenario_text,
        "claims": claims_for(experiment.scenario).read_bytes().decode(),
        "design": repr(experiment.points),
    }
    return identity_of("sweep", texts, batches=batches)


def frame(rows: list[Row]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([{k: v for k, v in row.items() if not isinstance(v, list)} for row in rows])
