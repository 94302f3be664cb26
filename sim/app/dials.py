"""What a demo lets people change: its dials, the points that are computed for them, and which fields they turn where a
scenario doesn't say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from sim.analysis.words import plain
from sim.errors import UserError
from sim.experiment import Experiment, File, Point, Value
from sim.montecarlo.playing import Progress
from sim.montecarlo.runners import Runner
from sim.scenario.laws import Prior
from sim.scenario.loader import Loaded
from sim.scenario.overrides import standing
from sim.scenario.schema import Scenario
from sim.scenario.shifts import patience, quartiles
from sim.sweeping import sweep

STEPS = {1: 9, 2: 7, 3: 5}  # of a range or a prior, by how many dials there are
MOST = 3
FEW = 200  # worlds of a screening


@dataclass(frozen=True)
class Dial:
    """One field and its values; None stands for what the file has there, where that is no single value. `now`: which
    of the values is the scenario as it is."""

    path: str
    label: str
    values: tuple[Value | None, ...]
    now: int


def dials(loaded: Loaded, vary: dict[str, list[Value]], labels: dict[str, str]) -> list[Dial]:
    """A dial for each field, with its present value among the values, each in its place."""
    found = []
    for path, given in vary.items():
        there = standing(loaded.data, path)
        values: list[Value | None] = list(dict.fromkeys(given))
        if not isinstance(there, bool | int | float | str):
            values, now = [None, *values], 0
        else:
            there = float(there) if isinstance(there, int) and not isinstance(there, bool) else there
            if there not in values:
                values.append(there)
            if all(isinstance(v, int | float) for v in values):
                values.sort()
            now = values.index(there)
        found.append(Dial(path, labels.get(path) or plain(path.replace(".", " · ")), tuple(values), now))
    return found


def points(turned: list[Dial]) -> list[Point]:
    """Every combination, the last dial fastest; a field that stays as it is isn't named."""
    every = product(*(d.values for d in turned))
    return [{d.path: v for d, v in zip(turned, values, strict=True) if v is not None} for values in every]


def here(turned: list[Dial]) -> int:
    """Which point is the scenario as it is."""
    k = 0
    for d in turned:
        k = k * len(d.values) + d.now
    return k


def experiment(loaded: Loaded, path: Path, played: list[Point], worlds: int, seed: int) -> Experiment:
    """Points of a scenario, as a sweep plays them."""
    file = File(scenario=str(path), set=loaded.overrides, worlds=worlds, seed=seed)
    text = f"{worlds} worlds of seed {seed}, changed: {', '.join(loaded.overrides) or 'nothing'}"
    return Experiment(path.stem, text, file, path, loaded.written, played)


def outcome_of(loaded: Loaded) -> str:
    """The outcome that is guessed. Raises UserError where none is named."""
    s = loaded.scenario
    if s.demo is not None:
        return s.demo.outcome
    if not s.outcomes:
        raise UserError("the scenario names no outcome to guess; name one under `outcomes:`.")
    return next(iter(s.outcomes))


def declared(loaded: Loaded) -> list[Dial] | None:
    """The dials of the file's `demo:`; None without one."""
    demo = loaded.scenario.demo
    if demo is None:
        return None
    steps = STEPS[len(demo.vary)]
    return dials(loaded, {path: v.grid(steps) for path, v in demo.vary.items()}, demo.labels)


def screened(
    loaded: Loaded,
    path: Path,
    seed: int,
    *,
    processes: int | Runner = 1,
    out: Path | None = None,
    force: bool = False,
    progress: Progress = lambda done, of: None,
) -> list[Dial]:
    """The three fields that move the outcome most between a lower and a higher value, one at a time in the same few
    worlds. Raises UserError where nothing moves it."""
    outcome, tried = f"outcome.{outcome_of(loaded)}", list(candidates(loaded.scenario))
    pairs: list[Point] = [{where: v} for where, _, ends in tried for v in ends]
    if not pairs:
        raise UserError("nothing in the scenario can be turned; say what under `demo:`.")
    few = experiment(loaded, path, pairs, FEW, seed)
    rows = sweep(few, processes=processes, out=out, force=force, progress=progress).rows
    found = []
    for k, (where, label, ends) in enumerate(tried):
        low, high = (r.get(outcome) for r in rows[2 * k : 2 * k + 2])
        if low is not None and high is not None and low != high:
            found.append((-abs(high - low), k, where, label, ends))
    if not found:
        raise UserError(f"no single field moves {plain(outcome_of(loaded))}; say what to vary under `demo:`.")
    most = sorted(found)[:MOST]
    steps = STEPS[len(most)]
    vary: dict[str, list[Value]] = {
        where: [round(low + (high - low) * k / (steps - 1), 9) for k in range(steps)]
        for *_, where, _, (low, high) in most
    }
    return dials(loaded, vary, {where: label for *_, where, label, _ in most})


def candidates(scenario: Scenario) -> Iterator[tuple[str, str, tuple[float, float]]]:
    """(path, label, (lower, higher)) of weights, discounts, breakdowns and starts of stocks."""

    def ends(shifts: dict[str, Any]) -> tuple[float, float]:
        low, high = sorted(shifts.values())
        return low, high

    for a, actor in scenario.actors.items():
        who = actor.name or plain(a)
        yield f"actors.{a}.discount", f"{who}: patience (discount)", ends(patience(actor.discount))
        for i in scenario.interests.get(a, ()):
            yield f"interests.{a}.{i.term}.weight", f"{who}: weight of {plain(i.term)}", ends(quartiles(i.weight))
    for t, table in scenario.tables.items():
        if table.breakdown is not None and isinstance(table.breakdown.hazard, Prior):
            shifts = quartiles(table.breakdown.hazard)
            yield f"tables.{t}.breakdown.hazard", f"{plain(t)}: risk of a breakdown", ends(shifts)
    for s, stock in scenario.stocks.items():
        yield f"stocks.{s}.start", f"{plain(s)} at the start", ends(quartiles(stock.start))
