"""Sensitivity: how much of what differs between points of an experiment each varied field explains (Sobol 1993).

Two independent samples A and B of n points, and for each of d fields A with that field from B: n (d + 2) points
(Saltelli et al. 2010), all in the same worlds. `sim.analysis.indices` has the estimators.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.indices import BATCHES, NEGLIGIBLE, indices, largest_effects, noise, rank_correlation
from sim.arrays import Floats
from sim.errors import UserError
from sim.experiment import Experiment, File, Misfit, Point, load_experiment, pairs
from sim.montecarlo.playing import Progress
from sim.montecarlo.runners import Runner
from sim.report.sensitivity import Indices
from sim.sweeping import Row, frame, sweep

STEPS = 16  # of each field in a screening
Key = tuple[tuple[str, Any], ...]


def load_sensitivity(path: Path | str) -> Experiment:
    """An experiment whose points are A's and then B's. Raises UserError where there are not two fields, `points` is no
    power of two, or worlds can't be cut into equal batches."""
    return load_experiment(path, _in_batches)


def _in_batches(file: File, folder: Path) -> list[Point]:
    """The points of a file whose worlds can be cut into equal batches."""
    if file.worlds % BATCHES:
        text = f"sensitivity tells luck from effects by {BATCHES} equal batches of worlds: `worlds` is a multiple of "
        raise Misfit(("worlds",), f"{text}{BATCHES}; got {file.worlds}.")
    return pairs(file, folder)


def mixed(experiment: Experiment, field: str) -> list[Point]:
    """A's points with one field from B's."""
    half = len(experiment.points) // 2
    return [a | {field: b[field]} for a, b in zip(experiment.points[:half], experiment.points[half:], strict=True)]


def distinct(points: Sequence[Point]) -> list[Point]:
    """Every point once: where fields have few values, many coincide."""
    return [dict(key) for key in dict.fromkeys(_key(p) for p in points)]


def _key(point: Point) -> Key:
    return tuple(point.items())


def design(experiment: Experiment, fields: Sequence[str]) -> list[Point]:
    """Every distinct point to play for the indices of `fields`."""
    return distinct([*experiment.points, *(p for f in fields for p in mixed(experiment, f))])


def sensitivity(
    source: Experiment | Path | str,
    *,
    screen: bool = False,
    processes: int | Runner = 1,
    out: Path | str | None = None,
    force: bool = False,
    progress: Progress = lambda done, of: None,
) -> Indices:
    """First-order and total Sobol indices (shares of a measure's variance between points; Saltelli et al. 2010, Jansen
    1999) of every measure, with 95 % intervals, from an experiment's file.

    screen: play 16 steps of every field first, and leave out fields that move no measure by more than a tenth of its
    standard deviation. With `out`, finished points are kept there and the same command goes on from them.

    Raises UserError for fewer than two fields, `points` that are no power of two, `worlds` that aren't a multiple of
    ten, and as `sim.sweep` does.
    """
    experiment = source if isinstance(source, Experiment) else load_sensitivity(source)
    folder, fields = None if out is None else Path(out), list(experiment.points[0])
    rows: dict[Key, Row] = {}

    def played(points: Sequence[Point], name: str) -> None:
        missing = [p for p in distinct(points) if _key(p) not in rows]
        if missing:
            part = None if folder is None else folder / name
            how: dict[str, Any] = {"processes": processes, "force": force, "progress": progress}
            found = sweep(replace(experiment, points=missing), out=part, batches=BATCHES, **how).rows
            rows.update(zip(map(_key, missing), found, strict=True))

    dropped: dict[str, float] = {}
    half = len(experiment.points) // 2
    if screen and half > STEPS:
        few = replace(experiment, points=[*experiment.points[:STEPS], *experiment.points[half : half + STEPS]])
        played(design(few, fields), "screening")
        tried = _Samples(few, fields, rows)
        dropped = {f: v for f, v in tried.largest().items() if v <= NEGLIGIBLE} if tried.all_move() else {}
    kept = [f for f in fields if f not in dropped]
    played(design(experiment, kept), "points")
    result = Indices(_document(experiment, _Samples(experiment, kept, rows), dropped, len(rows)))
    if folder is not None:
        result.write(folder)
        _base(experiment, rows).to_csv(folder / "points.csv", index=False, lineterminator="\n")
    return result


def _base(experiment: Experiment, rows: dict[Key, Row]) -> Any:
    """A's and B's points, which are a plain sample of the fields, with what was measured there."""
    return frame([{**rows[_key(p)], "point": k} for k, p in enumerate(experiment.points)])


class _Samples:
    """What was measured at A, B and A with one field from B; rows of the design with an error anywhere are left out."""

    def __init__(self, experiment: Experiment, fields: list[str], rows: dict[Key, Row]) -> None:
        half = len(experiment.points) // 2
        sets = [experiment.points[:half], experiment.points[half:], *(mixed(experiment, f) for f in fields)]
        found = [[rows[_key(p)] for p in points] for points in sets]
        whole = [k for k in range(half) if not any("error" in s[k] for s in found)]
        if len(whole) < 4:
            errors = [r["error"] for s in found for r in s if "error" in r]
            raise UserError(f"too few points make a valid scenario to compare fields; the first error: {errors[0]}")
        self.fields, self.failed = fields, half - len(whole)
        self.sets = [[s[k] for k in whole] for s in found]
        self.measures = [n.removesuffix(".batches") for n in self.sets[0][0] if n.endswith(".batches")]

    def batches(self, measure: str) -> tuple[Floats, Floats, Floats]:
        """f_A, f_B (K, n) and f_AB (d, K, n)."""
        f = np.array([[r[f"{measure}.batches"] for r in s] for s in self.sets]).transpose(0, 2, 1)
        return f[0], f[1], f[2:]

    def largest(self) -> dict[str, float]:
        """Each field's largest elementary effect on any measure."""
        effects = np.array([largest_effects(*self.batches(m)) for m in self.measures])
        return {f: float(effects[:, i].max()) for i, f in enumerate(self.fields)}

    def all_move(self) -> bool:
        """Whether every measure differs between points: of one that doesn't, so few points tell nothing."""
        return all(np.ptp(np.concatenate(self.batches(m)[:2], axis=1).mean(axis=0)) > 0 for m in self.measures)

    def correlations(self, measure: str) -> dict[str, Any]:
        """field -> its rank correlation with a measure over A and B; None for fields of names."""
        both = self.sets[0] + self.sets[1]
        y, found = np.array([r[measure] for r in both]), {}
        for f in self.fields:
            x = [r[f] for r in both]
            ordered = all(isinstance(v, int | float) for v in x)
            found[f] = rank_correlation(np.array(x, float), y) if ordered else None
        return found

    def measured(self, measure: str, seed: int) -> dict[str, Any]:
        """One measure: its mean and standard deviation between points, the share of luck in it, and the indices."""
        a, b, ab = self.batches(measure)
        means = np.concatenate([a, b], axis=1).mean(axis=0)
        about = {"mean": float(means.mean()), "sd": float(means.std()), "noise": noise(a, b)}
        found = indices(a, b, ab, seed) if self.fields else None
        if found is None:
            return about | {"indices": None}
        ranks, largest = self.correlations(measure), largest_effects(a, b, ab)
        rows = zip(self.fields, found, largest, strict=True)
        return about | {"indices": {f: {**i, "rank": ranks[f], "largest": float(e)} for f, i, e in rows}}


def _document(experiment: Experiment, samples: _Samples, dropped: dict[str, float], played: int) -> dict[str, Any]:
    file, largest = experiment.file, samples.largest() if samples.fields else {}
    return {
        "title": file.title or experiment.name,
        "scenario": experiment.scenario.name,
        "labels": dict(file.labels),
        "worlds": file.worlds,
        "seed": file.seed,
        "points": len(experiment.points) // 2,
        "played": played,
        "failed": samples.failed,
        "varied": list(experiment.points[0]),
        "dropped": dropped,
        "negligible": [f for f, v in largest.items() if v <= NEGLIGIBLE],
        "measures": {m: samples.measured(m, file.seed) for m in samples.measures},
    }
