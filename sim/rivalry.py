"""Our distribution over an issue's levels beside what rival models say of the same worlds, and where they part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.case import Case, case_of, counted_issues
from sim.analysis.influence import adjusted
from sim.analysis.intervals import counted, errors
from sim.arrays import Floats, Ints
from sim.errors import UserError, did_you_mean, shown
from sim.montecarlo.draws import ClaimRule, draw
from sim.montecarlo.playing import Progress
from sim.montecarlo.runners import Runner
from sim.plugins import find
from sim.rivals import Rival
from sim.runs import Result, run
from sim.scenario.loader import Loaded, given
from sim.streams import shares

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

NAMED = 20  # levels that are counted one by one; of a longer grid means and ranges are told
ROOM = 4_000_000  # gains of packages held at once


@cache
def rivals() -> dict[str, Rival]:
    """Every rival by its file's name, as it is by default."""
    return {name: kind() for name, kind in find("sim.rivals", Rival).items()}


@dataclass
class Rivalry:
    """What came out, and what rivals say: values of levels. said: rival -> (worlds, issues); positions, salience
    (worlds, actors, issues)."""

    result: Result
    issues: list[str]
    capability: dict[str, float]
    said: dict[str, Floats]
    positions: Floats
    salience: Floats

    @cached_property
    def document(self) -> dict[str, Any]:
        """One JSON document; see docs/how-to/rivals.md."""
        loaded = self.result.loaded
        _, why = counted_issues(loaded.scenario)
        return {
            "scenario": {"title": loaded.scenario.title, "file": str(loaded.file)},
            "worlds": self.result.blocks.worlds,
            "seed": self.result.seed,
            "options": {"set": list(loaded.overrides)},
            "capability": self.capability,
            "capability_assumed": len(set(self.capability.values())) == 1,
            "issues": {name: self._issue(k, name) for k, name in enumerate(self.issues)},
            "left_out": why,
        }

    def _issue(self, k: int, name: str) -> dict[str, Any]:
        issue = self.result.loaded.scenario.issues[name]
        values = np.asarray(issue.levels.values)
        levels = self.result.blocks.column(f"level.{name}").astype(int)
        ours = _told(issue.levels.names, values, values[levels], levels)
        actors = {
            a: {"position": float(self.positions[:, i, k].mean()), "salience": float(self.salience[:, i, k].mean())}
            for i, a in enumerate(self.result.loaded.scenario.actors)
        }
        found = {}
        for rival, said in self.said.items():
            nearest = np.abs(said[:, k, None] - values).argmin(axis=1)
            off = np.bincount(nearest, minlength=len(values)) - np.bincount(levels, minlength=len(values))
            found[rival] = _told(issue.levels.names, values, said[:, k], nearest) | {
                "apart": self._apart[rival][k],
                "same": counted(int((nearest == levels).sum()), len(levels)),
                "distance": float(np.abs(off).sum() / 2 / len(levels)),
            }
        about = {"levels": dict(zip(issue.levels.names, issue.levels.values, strict=True)), "start": issue.start}
        return about | {"simulated": ours, "rivals": found, "actors": actors}

    @cached_property
    def _apart(self) -> dict[str, list[dict[str, Any]]]:
        """rival -> of each issue, by how much it says more than what came out, in shares of the issue's range: mean of
        the paired differences, with an interval adjusted for how many are looked at."""
        scenario, worlds = self.result.loaded.scenario, self.result.blocks.worlds
        values = [np.asarray(scenario.issues[i].levels.values) for i in self.issues]
        columns = [self.result.blocks.column(f"level.{i}").astype(int) for i in self.issues]
        ours = np.array([v[c] for v, c in zip(values, columns, strict=True)]).reshape(len(values), worlds).T
        span = np.array([v[-1] - v[0] for v in values])
        more = np.array([(said - ours) / span for said in self.said.values()])  # (rivals, worlds, issues)
        if not more.size:
            return {rival: [] for rival in self.said}
        error = errors(more, axis=1)
        return dict(zip(self.said, adjusted(more.mean(axis=1), np.where(error > 1e-12, error, 0.0)), strict=True))

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row an issue and a rival: what it says, and how far it parts from what came out."""
        import pandas as pd

        rows = []
        for name, issue in self.document["issues"].items():
            for rival, r in issue["rivals"].items():
                row = {"issue": name, "rival": rival, "simulated": issue["simulated"]["mean"], "rival_says": r["mean"]}
                row |= {"p05": r["p05"], "p95": r["p95"], "distance": r["distance"]}
                row |= {f"apart.{k}": v for k, v in r["apart"].items()}
                rows.append(row | {f"same.{k}": v for k, v in r["same"].items()})
        return pd.DataFrame(rows)

    def figure(self) -> Figure:
        """For every issue our distribution as bars, and where each rival's forecasts lie."""
        from sim.report.rivals import marks

        return marks(self.document)


def _told(names: tuple[str, ...], values: Floats, found: Floats, level: Ints) -> dict[str, Any]:
    """Mean and 5–95 % range over worlds of some levels' values (worlds,), and the share of each level."""
    low, high = np.percentile(found, [5, 95])
    told = {"mean": float(found.mean()), "p05": float(low), "p95": float(high)}
    counts = np.bincount(level, minlength=len(values))
    by_level = {n: counted(int(c), len(level)) for n, c in zip(names, counts, strict=True)}
    return told | {"levels": by_level if len(names) <= NAMED else None}


def compare_rivals(
    scenario: Loaded | Path | str,
    worlds: int = 2000,
    seed: int = 1,
    *,
    capability: Mapping[str, float] | None = None,
    models: Mapping[str, Rival] | None = None,
    processes: int | Runner = 1,
    out: Path | str | None = None,
    force: bool = False,
    progress: Progress = lambda done, of: None,
) -> Rivalry:
    """Play a scenario, and ask rival models about the same worlds: each sees every actor's true aims, as things stand
    at the start. capability: of actors, else 1 (an assumption). models: rivals by name, by default every one in
    `sim.rivals`. With `out`, the run is kept in that folder, and the same call goes on from what is finished.

    Raises UserError for an actor that there isn't, a capability below 0, none above 0, and as `sim.run` does.
    """
    loaded = given(scenario)
    weights = capabilities(loaded, capability or {})
    issues, _ = counted_issues(loaded.scenario)
    asked = dict(rivals() if models is None else models)
    result = run(loaded, worlds, seed, processes=processes, out=out, force=force, progress=progress)
    said: dict[str, list[Floats]] = {name: [] for name in asked}
    stands, cares = [], []
    for case in cases(loaded, worlds, seed, weights):
        stands.append(case.positions)
        cares.append(case.salience)
        for name, rival in asked.items():
            said[name].append(rival.forecast(case))
    together = {name: np.concatenate(found) for name, found in said.items()}
    return Rivalry(result, issues, weights, together, np.concatenate(stands), np.concatenate(cares))


def cases(loaded: Loaded, worlds: int, seed: int, capability: Mapping[str, float]) -> Iterator[Case]:
    """The case in the worlds of a run, some at a time."""
    scenario = loaded.scenario
    gains = sum(len(t.parties) * scenario.packages(name) for name, t in scenario.tables.items())
    step = max(ROOM // max(gains, 1), 1)
    for block, count in shares(worlds):
        for first in range(0, count, step):
            some = slice(first, min(first + step, count))
            yield case_of(scenario, draw(scenario, loaded.claims, ClaimRule(), seed, block, some), capability)


def capabilities(loaded: Loaded, declared: Mapping[str, float]) -> dict[str, float]:
    """Of every actor, 1 where nothing is said. Raises UserError as `compare_rivals` does."""
    actors = loaded.scenario.actors
    for name, value in declared.items():
        if name not in actors:
            raise UserError(f"no actor '{name}' to give a capability{did_you_mean(name, list(actors), 'actors')}")
        if not 0 <= value < np.inf:
            raise UserError(f"the capability of {name} is a number of at least 0, such as 2; got {shown(value)}")
    found = {a: float(declared.get(a, 1.0)) for a in actors}
    if not any(found.values()):
        raise UserError("all capabilities are 0; give at least one actor a capability above 0.")
    return found
