"""The class demo: an experiment on one scenario, computed here, as one document that a page shows.

Every point is played in the same worlds as the scenario as it is, so differences are paired: they are means over equal
batches of worlds, with an interval by Student's t between batches (Law & Kelton's batch means).
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import stdtrit

from sim.analysis.intervals import Z, counted, flipped
from sim.analysis.words import plain
from sim.app.dials import MOST, STEPS, Dial, declared, experiment, here, outcome_of, points, screened
from sim.app.steps import told
from sim.app.worlds import Chosen, examples, failures
from sim.arrays import Floats
from sim.errors import UserError
from sim.experiment import overrides
from sim.montecarlo.draws import used_claims
from sim.montecarlo.playing import Progress
from sim.montecarlo.runners import Runner
from sim.runs import Result, explain, run
from sim.scenario.loader import Loaded, again
from sim.store.rows import Row
from sim.sweeping import Sweep, check, sweep

BATCHES = 20
Json = dict[str, Any]


def demo(
    loaded: Loaded,
    path: Path,
    worlds: int = 1000,
    seed: int = 1,
    *,
    processes: int | Runner = 1,
    out: Path | None = None,
    force: bool = False,
    progress: Progress = lambda done, of: None,
) -> Json:
    """Everything that the page shows, as one JSON document; the same scenario, worlds and seed give the same one. With
    `out`, what is finished is kept there, and the same call goes on from it.

    Raises UserError for worlds that can't be cut into equal batches, a scenario without outcomes, or one without a
    `demo:` in which nothing moves the outcome.
    """
    if worlds < BATCHES or worlds % BATCHES:
        raise UserError(f"worlds is a multiple of {BATCHES}, the batches that intervals come from; got {worlds}.")

    def within(part: str) -> dict[str, Any]:
        return {"processes": processes, "out": None if out is None else out / part, "force": force}

    outcome = outcome_of(loaded)
    turned = declared(loaded) or screened(loaded, path, seed, **within("screening"), progress=progress)
    base = run(loaded, worlds, seed, **within("as_it_is"))
    planned = experiment(loaded, path, points(turned), worlds, seed)
    rows = sweep(planned, batches=BATCHES, progress=progress, **within("points")).rows
    ways = {name: run(loaded, worlds, seed, **how, **within(name)) for name, how in claim_rules(loaded).items()}
    s = loaded.scenario
    return {
        "title": s.title,
        "question": s.question,
        "about": {"period": s.period, "horizon": s.horizon, "worlds": worlds, "seed": seed, "set": loaded.overrides},
        "version": version("detente"),
        "outcome": outcome,
        "outcomes": {o: plain(o) for o in s.outcomes},
        "dials": [_dial(d) for d in turned],
        "now": here(turned),
        "base": {o: counted(int(_held(base, o).sum()), worlds) for o in s.outcomes},
        "points": {o: [_point(r, _held(base, o), o) for r in rows] for o in s.outcomes},
        "errors": sum("error" in r for r in rows),
        "claims": {name: {o: _way(base, way, o) for o in s.outcomes} for name, way in ways.items()},
        "stocks": {n: {"name": plain(n), "about": k.about, "range": k.range} for n, k in s.stocks.items()},
        "map": None if s.demo is None else s.demo.map,
        "stories": _stories(base, outcome, turned, rows),
    }


def most_points(loaded: Loaded, path: Path, worlds: int, seed: int) -> int:
    """How many times so many worlds are played at most, the few of a screening not counted; all is checked."""
    ways = 1 + len(claim_rules(loaded))
    outcome_of(loaded)
    turned = declared(loaded)
    if turned is None:
        return ways + (STEPS[MOST] + 1) ** MOST
    planned = experiment(loaded, path, points(turned), worlds, seed)
    check(Sweep(planned))
    return ways + len(planned.points)


def claim_rules(loaded: Loaded) -> dict[str, Json]:
    """name -> how claims are counted otherwise: all of them, and without each source."""
    sources = sorted({loaded.claims[c].source for c in used_claims(loaded.scenario)})
    if not sources:
        return {}
    return {"all": {"claims": "all"}} | {f"without {s}": {"without_source": (s,)} for s in sources}


def _held(result: Result, outcome: str) -> Floats:
    return np.asarray(result.blocks.column(f"outcome.{outcome}") > 0, float)


def _dial(d: Dial) -> Json:
    return {"path": d.path, "label": d.label, "values": list(d.values), "now": d.now}


def _point(row: Row, base: Floats, outcome: str) -> list[float] | None:
    """[share, low, high, change, low, high] of one outcome at one point; None where that is no valid scenario."""
    if "error" in row:
        return None
    name = f"outcome.{outcome}"
    mean, low, high = change(np.array(row[f"{name}.batches"]), base)
    return [round(float(v), 5) for v in (row[name], row[f"{name}.low"], row[f"{name}.high"], mean, low, high)]


def change(batches: Floats, base: Floats) -> tuple[float, float, float]:
    """Mean difference from the scenario as it is (worlds,) and its 95 % interval, from means of equal batches."""
    d = batches - np.array([part.mean() for part in np.array_split(base, len(batches))])
    half = float(stdtrit(len(d) - 1, 0.975)) * float(d.std(ddof=1)) / np.sqrt(len(d))
    return float(d.mean()), float(d.mean() - half), float(d.mean() + half)


def _way(base: Result, way: Result, outcome: str) -> Json:
    """An outcome under other claims, with its paired difference."""
    held = _held(way, outcome)
    d = held - _held(base, outcome)
    centre, error = flipped(int((d > 0).sum()), int((d < 0).sum()), len(d))
    found = counted(int(held.sum()), len(held))
    low, high = np.clip([centre - Z * error, centre + Z * error], -1.0, 1.0).tolist()
    return found | {"change": float(d.mean()), "change_low": low, "change_high": high}


def _stories(base: Result, outcome: str, turned: list[Dial], rows: list[Row]) -> list[Json]:
    """Worlds told step by step: examples and failures of the scenario as it is, and the failures of the point where
    most fail, if none do as it is."""
    found = [_story(base, c, []) for c in examples(base)]
    failed = failures(base, outcome)
    if failed:
        return found + [_story(base, c, []) for c in failed]
    shares = [np.nan if "error" in r else r[f"outcome.{outcome}"] for r in rows]
    point = points(turned)[int(np.nanargmin(shares))]
    there = run(again(base.loaded, overrides(point)), base.blocks.worlds, base.seed)
    labels = {d.path: d.label for d in turned}
    changed = [f"{labels[p]}: {v:g}" if isinstance(v, float) else f"{labels[p]}: {v}" for p, v in point.items()]
    return found + [_story(there, c, changed) for c in failures(there, outcome)]


def _story(result: Result, c: Chosen, changed: list[str]) -> Json:
    about = {"title": c.title, "kind": c.kind, "count": c.count, "of": c.of, "changed": changed}
    return about | told(explain(result.loaded, c.world, result.seed))
