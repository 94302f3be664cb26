"""Marking: the folders of many people's runs, each computed again and set beside a lesson's scenario; a row each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sim.analysis.intervals import probability
from sim.analysis.measures import outcomes, report
from sim.comparison import differing, rules
from sim.errors import RunError, UserError
from sim.montecarlo.draws import ClaimRule, used_claims
from sim.montecarlo.runners import Runner
from sim.replaying import replay
from sim.runs import Result, open_run
from sim.scenario.loader import Loaded


def marks(
    folders: Iterable[Path | str],
    lesson: Loaded | None = None,
    *,
    processes: int | Runner = 1,
    finished: Callable[[list[dict[str, Any]]], None] = lambda rows: None,
) -> list[dict[str, Any]]:
    """One row a folder: {folder, title, seed, worlds, agrees: whether every bit does, differing, versions (as `replay`
    gives them), changed: [{where, one, two}] against the lesson (None without one), outcomes: {name: {count,
    probability, low, high}} and means: {name: mean of what the file reports}, both of the worlds in the folder, error}.

    A folder that is no run, or a damaged one, is a row with its `error`, and None for what can't be said.
    `finished(rows)` is called after each.
    """
    rows: list[dict[str, Any]] = []
    for folder in folders:
        rows.append(_row(Path(folder), lesson, processes))
        finished(rows)
    return rows


def _row(folder: Path, lesson: Loaded | None, processes: int | Runner) -> dict[str, Any]:
    keys = ("title", "seed", "worlds", "agrees", "differing", "versions", "changed", "outcomes", "means", "error")
    row: dict[str, Any] = {"folder": str(folder)} | dict.fromkeys(keys)
    try:
        kept = open_run(folder)
        row |= {"title": kept.loaded.scenario.title, "seed": kept.seed, "worlds": kept.blocks.worlds}
        row |= {"changed": lesson and changed(lesson, kept), "outcomes": _counted(kept), "means": _means(kept)}
        found = replay(folder, processes=processes).document
        row |= {"agrees": found["same"], "differing": found["differing"], "versions": found["versions"]}
    except (UserError, RunError) as error:
        row["error"] = str(error)
    except Exception as error:  # somebody else's folder may hold anything, and the others are to be marked all the same
        row["error"] = f"{folder} can't be read as a run: {type(error).__name__}: {error}"
    return row


def changed(lesson: Loaded, kept: Result) -> list[dict[str, Any]]:
    """Every place where a run isn't the lesson's scenario as it is given, [{where, one, two}]: how claims are counted,
    the file, and the claims that both rest on."""
    one, two = lesson.claims, kept.loaded.claims
    both = [c for c in used_claims(lesson.scenario) if c in used_claims(kept.loaded.scenario)]
    redrawn = {k: v for k, v in vars(kept.redraw).items() if v is not None}
    return [
        *rules(ClaimRule(), kept.rule),
        *([{"where": "(drawn from another seed)", "one": None, "two": redrawn}] if redrawn else []),
        *differing(lesson.data, kept.loaded.data),
        *(row for c in both for row in differing(vars(one[c]), vars(two[c]), ("claims", c))),
    ]


def _counted(kept: Result) -> dict[str, dict[str, Any]]:
    held = outcomes(kept.loaded, kept.blocks).items()
    return {n.removeprefix("outcome."): probability(int(v.sum()), len(v)) for n, v in held}


def _means(kept: Result) -> dict[str, float]:
    return {n.removeprefix("report."): float(v.mean()) for n, v in report(kept.loaded, kept.blocks).items()}
