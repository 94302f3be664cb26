"""What the textbook would have them agree on, beside what they did: the solutions of Nash (1950) and of Kalai &
Smorodinsky (1975) over the packages that lay before them when talks opened, world by world, and the play of the same
worlds under complete information."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.analysis.intervals import counted
from sim.analysis.openings import Opening
from sim.arrays import Ints
from sim.scenario.schema import Scenario
from sim.theory import kalai_smorodinsky, nash_solution

NAMED = 20  # levels of an issue that are counted one by one; of a longer grid quartiles are told
GAIN = 1e-9  # less than this share of one's stakes is no gain
SOLUTIONS = {"nash": nash_solution.on_packages, "kalai_smorodinsky": kalai_smorodinsky.on_packages}


def textbook(
    scenario: Scenario, found: dict[str, Opening], played: dict[str, dict[str, Ints]], worlds: int
) -> dict[str, Any]:
    """By table: in how many of the worlds it met, and in how many some package gave everyone a gain; then what is
    agreed and who gains by it in each of `played` (name -> table -> levels (worlds, agenda), -1 for nothing), the
    simulation first, and by each solution. All gains are over no deal as the talks opened, in shares of stakes."""
    return {
        "worlds": worlds,
        "tables": {name: _table(name, scenario, opening, played) for name, opening in found.items()},
    }


def _table(name: str, scenario: Scenario, opening: Opening, played: dict[str, dict[str, Ints]]) -> dict[str, Any]:
    chosen = {how: _package(opening, terms[name]) for how, terms in played.items()}
    chosen |= {solution: solved(opening, solve) for solution, solve in SOLUTIONS.items()}
    simulated = next(iter(chosen.values()))
    return {
        "met": counted(int(opening.met.sum()), len(opening.met)),
        "zone": counted(int((chosen["nash"] >= 0).sum()), len(opening.met)),
        "columns": {k: _column(name, scenario, opening, p, simulated) for k, p in chosen.items()},
    }


def _package(opening: Opening, terms: Ints) -> Ints:
    """Which package (N,) some levels (N, agenda) are; -1 for none, or where the talks never opened in the end."""
    size = opening.levels.max(axis=0) + 1
    order = np.argsort(np.ravel_multi_index(tuple(opening.levels.T), tuple(size)))  # every combination is a package
    package = order[np.ravel_multi_index(tuple(np.maximum(terms, 0).T), tuple(size))]
    return np.where((terms >= 0).all(axis=1) & opening.met, package, -1)


def solved(opening: Opening, solve: Callable[..., int | None]) -> Ints:
    """A solution's package in every world (N,), -1 where no package that may be agreed gives every party a gain."""
    found = np.full(len(opening.met), -1)
    for w in np.flatnonzero(opening.met):
        among = np.flatnonzero(opening.allowed[w] & (opening.gains[w] > GAIN).all(axis=0))
        if len(among):
            best = solve(opening.gains[w][:, among].T, np.zeros(opening.gains.shape[1]))
            found[w] = among[best] if best is not None else -1
    return found


def _column(name: str, scenario: Scenario, opening: Opening, package: Ints, simulated: Ints) -> dict[str, Any]:
    table, deal = scenario.tables[name], package >= 0
    both = deal & (simulated >= 0)
    levels = opening.levels[package[deal]]
    gains = opening.gains[deal, :, package[deal]]
    return {
        "deals": counted(int(deal.sum()), len(deal)),
        "same": counted(int((package[both] == simulated[both]).sum()), int(both.sum())),
        "terms": {issue: _terms(scenario, issue, levels[:, k]) for k, issue in enumerate(table.agenda)},
        "gains": {p: _quartiles(gains[:, i]) for i, p in enumerate(table.parties)},
    }


def _terms(scenario: Scenario, issue: str, levels: Ints) -> dict[str, Any]:
    """Shares of the levels, or of a long grid the quartiles of their values, among deals."""
    names = scenario.issues[issue].levels.names
    if len(names) > NAMED:
        return {"quartiles": _quartiles(np.asarray(scenario.issues[issue].levels.values)[levels])}
    counts = np.bincount(levels, minlength=len(names))
    return {"levels": {n: counted(int(c), len(levels)) for n, c in zip(names, counts, strict=True)}}


def _quartiles(values: Any) -> list[float] | None:
    return [float(v) for v in np.percentile(values, [25, 50, 75])] if len(values) else None
