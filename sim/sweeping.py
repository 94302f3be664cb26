"""A sweep: the same worlds played at every point of a design, one tidy row a point, resumable row by row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.intervals import wilson
from sim.analysis.measures import MEASURES
from sim.arrays import Array
from sim.errors import ScenarioError, UserError
from sim.experiment import Experiment, load_experiment, overrides
from sim.montecarlo.runners import computed
from sim.runs import run
from sim.scenario.claims import claims_for
from sim.scenario.loader import Loaded, loads
from sim.store.folder import write_json

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Z = 1.959963984540054  # of a 95 % interval
ROWS = "rows.jsonl"
Row = dict[str, Any]


@dataclass(frozen=True)
class Sweep:
    """Picklable; sent once to each worker, then the numbers of points. `batches`: into how many parts of equal size the
    worlds of a point are cut, whose means a row then holds as well, as `MEASURE.batches`."""

    experiment: Experiment
    batches: int = 0

    def loaded(self, point: int) -> Loaded:
        e = self.experiment
        changes = (*e.file.set, *overrides(e.points[point]))
        return loads(e.scenario_text, str(e.scenario), changes, claims_for(e.scenario))

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
    half = Z * float(worlds.std(ddof=1)) / np.sqrt(len(worlds)) if len(worlds) > 1 else float("inf")
    mean = float(worlds.mean())
    return {name: mean, f"{name}.low": mean - half, f"{name}.high": mean + half}


@dataclass(frozen=True)
class Swept:
    """What came out of a sweep."""

    experiment: Experiment
    rows: list[Row]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row a point: its number, its parameters, every measure with `.low` and `.high`."""
        return frame(self.rows)

    def figures(self) -> dict[str, Figure]:
        """name -> figure: lines over one field, maps over two or three."""
        from sim.report.sweep import figures

        return figures(document(self.experiment, self.rows))


def sweep(source: Experiment | Path | str, **how: Any) -> Swept:
    """Play every point of an experiment, or of an experiment's file; `how` as for `play`."""
    experiment = source if isinstance(source, Experiment) else load_experiment(source)
    return Swept(experiment, play(experiment, **how))


def play(
    experiment: Experiment,
    *,
    processes: int = 1,
    out: Path | None = None,
    force: bool = False,
    batches: int = 0,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[Row]:
    """Play every point of an experiment; rows in the order of the design. With `out`, every finished row is kept there,
    and the same experiment goes on from them. `batches`: see `Sweep`.

    Raises UserError for a folder of another experiment (without `force`), ScenarioError where a varied field can't be
    what it is to be, RunError when a worker dies.
    """
    job = Sweep(experiment, batches)
    check(job)
    done = {} if out is None else _prepared(experiment, out, force)
    missing = [k for k in range(len(experiment.points)) if k not in done]
    progress(len(done), len(experiment.points))
    for point, row in computed(job, missing, processes):
        done[point] = row
        if out is not None:
            with (out / ROWS).open("a", encoding="utf-8") as kept:
                kept.write(json.dumps(row, ensure_ascii=False) + "\n")
        progress(len(done), len(experiment.points))
    rows = [done[k] for k in range(len(experiment.points))]
    if out is not None:
        _write(experiment, rows, out)
    return rows


def check(job: Sweep) -> None:
    """Raises ScenarioError if the first point, or any field's first or last value, makes no valid scenario."""
    points, seen = job.experiment.points, set()
    for path in points[0]:
        values = [p[path] for p in points]
        ends = {min(values), max(values)} if all(isinstance(v, float) for v in values) else set(values)
        seen |= {values.index(v) for v in ends}
    for k in sorted(seen):
        job.loaded(k)


def identity(experiment: Experiment) -> dict[str, Any]:
    """What makes two sweeps the same one."""
    claims = claims_for(experiment.scenario).read_bytes()
    parts = (experiment.text.encode(), experiment.scenario_text.encode(), claims, repr(experiment.points).encode())
    return {"version": version("detente"), "sha256": [hashlib.sha256(p).hexdigest() for p in parts]}


def _prepared(experiment: Experiment, out: Path, force: bool) -> dict[int, Row]:
    """Finished rows of the same experiment by point; the last one may be torn and is then played again."""
    manifest, mine = out / "manifest.json", identity(experiment)
    if out.exists() and any(out.iterdir()):
        try:
            there = json.loads(manifest.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            there = None
        if there != mine:
            if not force:
                what = (
                    "something that is not a sweep" if there is None else "another experiment, or another version of it"
                )
                raise UserError(f"{out} holds {what}; give another --out, or --force to replace it.")
            (out / ROWS).unlink(missing_ok=True)
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_json(manifest, mine)
    except OSError as error:
        raise UserError(f"can't write to {out}: {error.strerror}; give another --out.") from None
    (out / "experiment.yaml").write_text(experiment.text, encoding="utf-8")
    (out / "scenario.yaml").write_text(experiment.scenario_text, encoding="utf-8")
    lines = (out / ROWS).read_text(encoding="utf-8").splitlines() if (out / ROWS).exists() else []
    rows = [row for line in lines if (row := _row(line)) is not None]
    (out / ROWS).write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return {int(row["point"]): row for row in rows}


def _row(line: str) -> Row | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) and "point" in row else None


def _write(experiment: Experiment, rows: list[Row], out: Path) -> None:
    """points.csv, sweep.json, and points.parquet where pyarrow is there."""
    table = frame(rows)
    table.to_csv(out / "points.csv", index=False, lineterminator="\n")
    write_json(out / "sweep.json", document(experiment, rows))
    if find_spec("pyarrow") is not None:  # the extra `parquet`
        table.to_parquet(out / "points.parquet", index=False)


def frame(rows: list[Row]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([{k: v for k, v in row.items() if not isinstance(v, list)} for row in rows])


def document(experiment: Experiment, rows: list[Row]) -> dict[str, Any]:
    """The sweep as one JSON document."""
    file = experiment.file
    about = {
        "experiment": file.title or experiment.name,
        "labels": dict(file.labels),
        "scenario": experiment.scenario.name,
        "design": str(file.design),
    }
    return about | {"worlds": file.worlds, "seed": file.seed, "varied": list(experiment.points[0]), "rows": rows}
