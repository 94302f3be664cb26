"""A sweep: the same worlds played at every point of a design, one tidy row a point, resumable row by row."""

from __future__ import annotations

import hashlib
import json
import pickle
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
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
from sim.montecarlo.runners import Runner, computed
from sim.runs import Result, run
from sim.scenario.claims import Claim, claims_for, load_claims
from sim.scenario.loader import Loaded, changed, parsed
from sim.store.folder import FORMAT, check_format, write_json, write_text
from sim.store.writing import LOCK, replacing, writing

Z = 1.959963984540054  # of a 95 % interval
ROWS, SUM = "rows.jsonl", "crc32"
Row = dict[str, Any]


@dataclass(frozen=True)
class Sweep:
    """Picklable; sent once to each worker, then the numbers of points. What is read from files is read here, before."""

    experiment: Experiment
    claims: dict[str, Claim] = field(init=False)
    document: bytes = field(init=False)  # the scenario, parsed once; pickled, as nothing makes copies faster

    def __post_init__(self) -> None:
        e = self.experiment
        object.__setattr__(self, "claims", load_claims(claims_for(e.scenario)))
        object.__setattr__(self, "document", pickle.dumps(parsed(e.scenario_text, str(e.scenario))))

    def loaded(self, point: int) -> Loaded:
        e = self.experiment
        changes = (*e.file.set, *overrides(e.points[point]))
        return changed(pickle.loads(self.document), self.claims, e.scenario_text, changes)

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
    processes: int | Runner = 1,
    out: Path | None = None,
    force: bool = False,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[Row]:
    """Play every point of an experiment; rows in the order of the design. With `out`, every finished row is kept there,
    and the same experiment goes on from them. `processes`: how many of this machine, or a Runner.

    Raises UserError for a folder of another experiment (without `force`) or that another process writes to,
    ScenarioError where a varied field can't be what it is to be, RunError when workers keep dying or the folder can no
    longer be written to.
    """
    job = Sweep(experiment)
    check(job)
    if out is None:
        return _play(job, {}, processes, lambda row: None, progress)
    with writing(out):
        done = _prepared(experiment, out, force)
        with (out / ROWS).open("a", encoding="utf-8") as kept:

            def keep(row: Row) -> None:
                kept.write(_line(row))
                kept.flush()

            rows = _play(job, done, processes, keep, progress)
        _write(experiment, rows, out)
    return rows


def _play(
    job: Sweep,
    done: dict[int, Row],
    processes: int | Runner,
    keep: Callable[[Row], None],
    progress: Callable[[int, int], None],
) -> list[Row]:
    """All rows, those that aren't done computed and kept one by one."""
    count = len(job.experiment.points)
    progress(len(done), count)
    for point, row in computed(job, [k for k in range(count) if k not in done], processes):
        done[point] = row
        keep(row)
        progress(len(done), count)
    return [done[k] for k in range(count)]


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
    hashes = [hashlib.sha256(p).hexdigest() for p in parts]
    return {"format": FORMAT, "version": version("detente"), "sha256": hashes}


def _prepared(experiment: Experiment, out: Path, force: bool) -> dict[int, Row]:
    """Finished rows of the same experiment by point; one that is torn or altered is played again."""
    manifest, mine = out / "manifest.json", identity(experiment)
    if {p.name for p in out.iterdir()} - {LOCK, "manifest.json.tmp"}:  # as a sweep leaves it that is killed at once
        try:
            there = json.loads(manifest.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            there = None
        if there != mine and not force:
            raise _refusal(out, there)
        if there != mine:
            (out / ROWS).unlink(missing_ok=True)
    write_json(manifest, mine)
    write_text(out / "experiment.yaml", experiment.text)
    write_text(out / "scenario.yaml", experiment.scenario_text)
    lines = (out / ROWS).read_text(encoding="utf-8", errors="replace").splitlines() if (out / ROWS).exists() else []
    rows = [row for line in lines if (row := _row(line)) is not None]
    write_text(out / ROWS, "".join(_line(row) for row in rows))
    return {int(row["point"]): row for row in rows}


def _refusal(out: Path, there: Any) -> UserError:
    a_sweep = isinstance(there, dict) and isinstance(there.get("sha256"), list)
    if a_sweep:
        check_format(out, there)
    what = "another experiment, or another version of it" if a_sweep else "something that is not a sweep"
    return UserError(f"{out} holds {what}; give another --out, or --force to replace it.")


def _line(row: Row) -> str:
    """A row with its checksum, the CRC-32 of the rest."""
    return json.dumps(row | {SUM: _crc(row)}, ensure_ascii=False) + "\n"


def _row(line: str) -> Row | None:
    """The row of a line as it was written; None where it isn't whole."""
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) and row.pop(SUM, None) == _crc(row) else None


def _crc(row: Row) -> int:
    return zlib.crc32(json.dumps(row, ensure_ascii=False).encode())


def _write(experiment: Experiment, rows: list[Row], out: Path) -> None:
    """points.csv, sweep.json, and points.parquet where pyarrow is there."""
    import pandas as pd

    frame = pd.DataFrame(rows)
    with replacing(out / "points.csv") as file:
        frame.to_csv(file, index=False, lineterminator="\n")
    write_json(out / "sweep.json", document(experiment, rows))
    if find_spec("pyarrow") is not None:  # the extra `parquet`
        with replacing(out / "points.parquet", "wb") as file:
            frame.to_parquet(file, index=False)


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
