"""A sweep: the same worlds played at every point of a design, one tidy row a point, resumable row by row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.intervals import wilson
from sim.analysis.summary import quantity
from sim.arrays import Floats
from sim.errors import ScenarioError, UserError
from sim.experiment import Experiment, overrides
from sim.montecarlo.runners import computed
from sim.runs import Result, run
from sim.scenario.claims import claims_for
from sim.scenario.loader import Loaded, loads
from sim.store.folder import write_json

Z = 1.959963984540054  # of a 95 % interval
ROWS = "rows.jsonl"
Row = dict[str, Any]


@dataclass(frozen=True)
class Sweep:
    """Picklable; sent once to each worker, then the numbers of points."""

    experiment: Experiment

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
            row |= MEASURES[measure](result)
        return row


def _outcomes(result: Result) -> Row:
    names = {f"outcome.{o}": f"outcome.{o}" for o in result.loaded.scenario.outcomes}
    return _shares(result, names)


def _deals(result: Result) -> Row:
    return _shares(result, {f"deal.{t}": f"table.{t}.deal_period" for t in result.loaded.scenario.tables})


def _shares(result: Result, columns: dict[str, str]) -> Row:
    found: Row = {}
    for name, column in columns.items():
        count = int((result.blocks.column(column) > 0).sum())
        low, high = wilson(count, result.blocks.worlds)
        found |= {name: count / result.blocks.worlds, f"{name}.low": float(low), f"{name}.high": float(high)}
    return found


def _values(result: Result) -> Row:
    return _means({f"value.{a}": result.blocks.column(f"value.{a}") for a in result.loaded.scenario.actors})


def _report(result: Result) -> Row:
    return _means({f"report.{n}": quantity(n, result.loaded, result.blocks) for n in result.loaded.scenario.report})


def _means(columns: dict[str, Floats]) -> Row:
    found: Row = {}
    for name, values in columns.items():
        half = Z * float(values.std(ddof=1)) / np.sqrt(len(values)) if len(values) > 1 else float("inf")
        mean = float(values.mean())
        found |= {name: mean, f"{name}.low": mean - half, f"{name}.high": mean + half}
    return found


MEASURES = {"outcomes": _outcomes, "values": _values, "report": _report, "deals": _deals}


def sweep(
    experiment: Experiment,
    *,
    processes: int = 1,
    out: Path | None = None,
    force: bool = False,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[Row]:
    """Play every point of an experiment; rows in the order of the design. With `out`, every finished row is kept there,
    and the same experiment goes on from them.

    Raises UserError for a folder of another experiment (without `force`), ScenarioError where a varied field can't be
    what it is to be, RunError when a worker dies.
    """
    job = Sweep(experiment)
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
    import pandas as pd

    frame = pd.DataFrame(rows)
    frame.to_csv(out / "points.csv", index=False, lineterminator="\n")
    write_json(out / "sweep.json", document(experiment, rows))
    if find_spec("pyarrow") is not None:  # the extra `parquet`
        frame.to_parquet(out / "points.parquet", index=False)


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
