"""An experiment file: which fields of a scenario are varied, over what, and which points of that space are played."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, ValidationError

from sim.arrays import Floats
from sim.errors import Problem, ScenarioError, UserError, did_you_mean
from sim.scenario.base import Count, Names, Strict, Text
from sim.scenario.claims import find_scenario, scenarios
from sim.scenario.messages import translate
from sim.scenario.reading import Document, read, read_file
from sim.scenario.varying import AnyVaried, Value, Varied

GRID = 9  # points of a range or a prior on a grid, unless the file says otherwise
MOST_VALUES, MOST_BYTES = 500_000, 10_000_000
Point = dict[str, Value]


class Misfit(UserError):
    """A design that can't be laid out; `path`: the field of the file that is wrong."""

    def __init__(self, path: tuple[str, ...], message: str):
        self.path = path
        super().__init__(message)


class Points(Strict):
    """Design points from a CSV file: one column a path, one row a point."""

    points: Text


class File(Strict):
    """What an experiment file holds; `scenario` is a file beside it or a bundled one."""

    title: Text | None = None
    scenario: Text
    set: tuple[Text, ...] = ()
    vary: dict[str, AnyVaried] = Field(default_factory=dict)
    design: Literal["grid", "lhs", "sobol"] | Points = "grid"
    points: Count | None = None
    worlds: Count = 500
    seed: Annotated[int, Field(ge=0)] = 1
    labels: dict[str, Text] = Field(default_factory=dict)
    measure: tuple[Literal["outcomes", "values", "report", "deals"], ...] = ("outcomes",)


@dataclass(frozen=True)
class Experiment:
    """An experiment read: the scenario's file and text, and every design point as {path: value}."""

    name: str
    text: str
    file: File
    scenario: Path
    scenario_text: str
    points: list[Point]


def load_experiment(path: Path | str, plan: Callable[[File, Path], list[Point]] | None = None) -> Experiment:
    """Read an experiment file; `plan` lays out its points, as the file's own design does unless another is given.
    Raises ScenarioError with every fault and its place, or UserError."""
    path = Path(path)
    text = read_file(path)
    document = read(text, str(path))
    if document.problems or not isinstance(document.data, dict):
        needs = Problem(str(path), 1, 1, "an experiment is a mapping: scenario, vary, design, worlds, …")
        raise ScenarioError(document.problems or [needs])
    if "actors" in document.data:
        raise ScenarioError(
            [Problem(str(path), 1, 1, "this is a scenario, not an experiment; play it with `detente run`")]
        )
    names = Names()
    try:
        file = File.model_validate(document.data, context=names)
    except ValidationError as error:
        raise ScenarioError(translate(error, document, names)) from None
    scenario = _scenario(file.scenario, path, document)
    try:
        points = (plan or design)(file, path.parent)
    except Misfit as wrong:
        raise ScenarioError([document.problem(wrong.path, str(wrong))]) from None
    return Experiment(path.stem, text, file, scenario, read_file(scenario), points)


def _scenario(name: str, path: Path, document: Document) -> Path:
    """The scenario's file, beside the experiment or bundled; a mistake is told where it stands."""
    beside = path.parent / name
    try:
        if beside.is_file():
            return beside
        there = sorted(p.name for p in beside.parent.glob("*.yaml")) if beside.parent.is_dir() else []
    except (OSError, ValueError):  # a name that no file can have
        there = []
    known = [*there, *scenarios()] if "/" not in name else there
    if name in scenarios():
        return find_scenario(name)
    message = f"no scenario '{name}'{did_you_mean(beside.name, known, 'there')}"
    raise ScenarioError([document.problem(("scenario",), message)])


def design(file: File, folder: Path) -> list[Point]:
    """The points (McKay, Beckman & Conover 1979 for `lhs`; Sobol 1967, scrambled after Owen 1998, for `sobol`)."""
    if isinstance(file.design, Points):
        return _from_csv(folder / file.design.points)
    if not file.vary:
        raise Misfit(("vary",), "nothing is varied; give `vary: {PATH: [a, b]}`, or `design: {points: FILE.csv}`.")
    paths, varied = list(file.vary), list(file.vary.values())
    if file.design == "grid":
        _bounded(prod(v.size(file.points or GRID) for v in varied), file)
        axes = [v.grid(file.points or GRID) for v in varied]
        return [dict(zip(paths, values, strict=True)) for values in product(*axes)]
    if file.design == "sobol":
        return _rows(paths, varied, _sobol(file, len(paths)))
    if file.points is None:
        raise Misfit(("design",), "`design: lhs` needs `points:`, how many there are to be.")
    _bounded(file.points, file)
    from scipy.stats import qmc

    return _rows(paths, varied, qmc.LatinHypercube(len(paths), seed=file.seed).random(file.points))


def pairs(file: File, folder: Path) -> list[Point]:
    """Two independent samples of the varied fields, one after the other, from one Sobol sequence of twice as many
    dimensions (Saltelli et al. 2010, section 5); whatever `design` the file has."""
    if len(file.vary) < 2:
        text = "sensitivity compares fields: give two or more under `vary:`; for one, `detente sweep`."
        raise Misfit(("vary",), text)
    paths, varied = list(file.vary), list(file.vary.values())
    u = _sobol(file, 2 * len(paths))
    return [p for half in np.split(u, 2, axis=1) for p in _rows(paths, varied, half)]


def _sobol(file: File, dimensions: int) -> Floats:
    """(points, dimensions) in [0, 1), scrambled by the file's seed."""
    from scipy.stats import qmc

    if file.points is None:
        raise Misfit(("design",), "a Sobol design needs `points:`, how many there are to be, such as 128.")
    if file.points & (file.points - 1):
        less = 1 << (file.points.bit_length() - 1)
        text = f"a Sobol design has a power of two of points; got {file.points}, near it are {less} and {2 * less}."
        raise Misfit(("points",), text)
    _bounded(file.points * dimensions // len(file.vary), file)
    return np.asarray(qmc.Sobol(dimensions, seed=file.seed).random(file.points))


def _bounded(points: int, file: File) -> None:
    """Raises Misfit before a design is made that no machine would play to the end."""
    if points * len(file.vary) > MOST_VALUES:
        fields = f"{len(file.vary)} field{'s' * (len(file.vary) > 1)}"
        text = f"{points:,} points of {fields}; points times fields are at most {MOST_VALUES:,}: split the design."
        raise Misfit(("points",) if file.points else ("vary",), text)


def _rows(paths: Sequence[str], varied: Sequence[Varied], u: Floats) -> list[Point]:
    columns = [v.at(u[:, k]) for k, v in enumerate(varied)]
    return [dict(zip(paths, values, strict=True)) for values in zip(*columns, strict=True)]


def _from_csv(path: Path) -> list[Point]:
    here = ("design", "points")
    try:
        if path.exists() and not path.is_file():
            raise Misfit(here, f"{path} is no file.")
        if path.stat().st_size > MOST_BYTES:
            raise Misfit(here, f"{path} holds more than {MOST_BYTES:,} bytes, which is the limit: split the design.")
        with path.open(newline="", encoding="utf-8-sig") as handle:
            rows = list(csv.DictReader(handle))
    except (OSError, ValueError, csv.Error) as error:
        raise Misfit(here, f"{path} can't be read: {error}") from None
    if not rows or any(None in row or None in row.values() for row in rows):
        raise Misfit(here, f"{path} needs a first line of paths and as many cells in every row.")
    return [{k.strip(): _number(v) for k, v in row.items()} for row in rows]


def _number(cell: str) -> Value:
    try:
        return float(cell)
    except ValueError:
        return cell.strip()


def overrides(point: Point) -> tuple[str, ...]:
    """A design point as `--set` takes it."""
    return tuple(f"{path}={_spelled(value)}" for path, value in point.items())


def _spelled(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)
