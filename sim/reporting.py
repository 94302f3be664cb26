"""The report of a run: what its page says, as one JSON document, and the page itself (`sim.report.html`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.openings import openings
from sim.analysis.textbook import textbook
from sim.analysis.typical import stories
from sim.arrays import Ints
from sim.errors import UserError
from sim.flips import backing
from sim.montecarlo.draws import AS_IT_IS, ClaimRule, draw
from sim.montecarlo.playing import Progress
from sim.montecarlo.runners import Runner
from sim.reasoning import BASE, reasons
from sim.report.answer import answer
from sim.report.html import page
from sim.runs import Result, explain, open_run, run
from sim.scenario.assumptions import assumptions
from sim.scenario.loader import again
from sim.store.folder import identity, read_manifest, write_json, write_text
from sim.twins import information

FILE, REASONS = "report.html", "reasons"
SAMPLE, ROOM = 200, 4_000_000  # worlds in which the textbook is asked, and gains held for it at once
FEWER = 500  # worlds in which reasons are counted for a report
NONE_NAMED = "The scenario names no outcomes, so that there is no failure to count."
OTHERWISE = "Reasons aren't counted for runs that count claims or draw worlds in a way of their own."
NOT_YET = (
    "What would have mended the failures hasn't been counted for this run, as that takes longer than the run itself. "
    "To have it counted type detente report RUN."
)
Asked = tuple[str, bool]  # an outcome, and whether it is the failure


def report_page(source: Result | Path | str, outcome: str | None = None, avoid: bool = False) -> str:
    """The page of a run, or of a run's folder: one HTML file that asks for nothing else. The same run gives the same
    bytes. Reasons for failures of `outcome` (by default the first) are on it where they have been counted, by `detente
    report` or `detente reasons`.

    Raises UserError for a folder that is no run, or an outcome that there isn't.
    """
    result = source if isinstance(source, Result) else open_run(source)
    return page(document(result, kept_reasons(result, asked(result, outcome, avoid))))


def write_page(found: dict[str, Any], file: Path) -> None:
    """Raises UserError for a place that can't be written to."""
    try:
        write_text(file, page(found))
    except OSError as error:
        raise UserError(f"can't write {file}: {error.strerror}; give another --output.") from None


def document(result: Result, why: dict[str, Any] | None = None) -> dict[str, Any]:
    """Everything that the page says; `why`: the document of reasons, where they have been counted."""
    summary, loaded = _summary(result), result.loaded
    backs = backing(loaded.scenario)
    return {
        "summary": summary,
        "about": loaded.scenario.about,
        "answer": answer(summary),
        "assumptions": [{"where": where, "says": says} for where, says in assumptions(loaded)],
        "claims": {
            c: {"source": loaded.claims[c].source, "kind": loaded.claims[c].kind, "backs": backs[c], **v}
            for c, v in summary["claims"].items()
        },
        "reasons": None if why is None else why | {"scenario": summary["scenario"], "options": summary["options"]},
        "no_reasons": None if why is not None else _why_none(result),
        "textbook": _textbook(result),
        "stories": _stories(result),
    }


def _summary(result: Result) -> dict[str, Any]:
    """The run's summary with how it differs from the plain file, which a folder's manifest knows, and without the
    file's name, which is another once it is kept."""
    summary = result.document
    manifest = None if result.blocks.folder is None else read_manifest(result.blocks.folder)
    options = summary["options"] if manifest is None else manifest["options"]
    scenario = {k: v for k, v in summary["scenario"].items() if k != "file"}
    return summary | {"options": options, "scenario": scenario}


# --- why it failed ---


def asked(result: Result, outcome: str | None, avoid: bool) -> Asked | None:
    """Which outcome reasons are counted for; None where the scenario has none. Raises UserError for an unknown one."""
    names = list(result.loaded.scenario.outcomes)
    if outcome is not None and outcome not in names:
        raise UserError(f"no outcome '{outcome}'; outcomes: {', '.join(names) or 'none'}")
    return (outcome or names[0], avoid) if names else None


def countable(result: Result) -> bool:
    """Whether the run counts claims and draws worlds as `detente reasons` does."""
    return result.rule == ClaimRule() and result.redraw == AS_IT_IS


def _why_none(result: Result) -> str:
    return NONE_NAMED if not result.loaded.scenario.outcomes else NOT_YET if countable(result) else OTHERWISE


def kept_reasons(result: Result, what: Asked | None) -> dict[str, Any] | None:
    """Reasons that were counted for the same run, in its folder or in one beside it; those of the most worlds."""
    folder = result.blocks.folder
    if folder is None or what is None:
        return None
    mine = _identity(folder)
    found = []
    for file in [*sorted((folder / REASONS).glob("*/reasons.json")), *sorted(folder.parent.glob("*/reasons.json"))]:
        if _identity(file.parent / BASE) == mine:
            why = _kept(file)
            if (why["outcome"], why["failure"] == "it comes about") == what:
                found.append(why)
    return max(found, key=lambda why: why["worlds"], default=None)


def _kept(file: Path) -> dict[str, Any]:
    """Raises UserError for a file that was damaged."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        if found.keys() >= {"outcome", "failure", "worlds", "failures", "reasons", "sets"}:
            return dict(found)
    except (ValueError, AttributeError):
        pass
    raise UserError(f"{file} isn't as it was written; delete it, or count the reasons again with --force.")


def _identity(folder: Path) -> Any:
    """What makes two runs the same one: the scenario's hash knows of all that was set."""
    manifest = read_manifest(folder)
    if manifest is None:
        return None
    same = identity(manifest)
    return same | {"options": {k: v for k, v in (same["options"] or {}).items() if k != "set"}}


def count_reasons(
    result: Result, what: Asked, where: int | Runner = 1, progress: Progress = lambda done, of: None
) -> dict[str, Any]:
    """Count them in the first worlds of a run in a folder, and keep them there; the same call goes on from what is
    finished."""
    assert result.blocks.folder is not None
    (outcome, avoid), worlds = what, min(result.blocks.worlds, FEWER)
    folder = result.blocks.folder / REASONS / (f"avoid-{outcome}" if avoid else outcome)
    loaded = result.loaded
    found = reasons(
        loaded, outcome, worlds, result.seed, avoid=avoid, processes=where, out=folder, force=True, progress=progress
    )
    write_json(folder / "reasons.json", found.document)
    return _kept(folder / "reasons.json")


# --- the textbook, and stories ---


def sample(result: Result) -> int:
    """In how many of its worlds the textbook is asked; in none without tables."""
    scenario = result.loaded.scenario
    most = max((len(t.parties) * scenario.packages(name) for name, t in scenario.tables.items()), default=0)
    return min(SAMPLE, result.blocks.worlds, max(ROOM // most, 1)) if most else 0


def _textbook(result: Result) -> dict[str, Any] | None:
    """In the first worlds of the run; None without tables."""
    loaded, rule, worlds = result.loaded, result.rule, sample(result)
    if not worlds:
        return None
    draws = draw(loaded.scenario, loaded.claims, rule, result.seed, 0, slice(0, worlds), result.redraw)
    played = {"simulated": _terms(result, worlds)}
    changes = information(loaded)
    if changes is not None:
        twin = run(
            again(loaded, changes[1]),
            worlds,
            result.seed,
            claims=rule.mode,
            only_source=rule.only,
            without_source=rule.without,
            redraw=result.redraw,
        )
        played["public"] = _terms(twin, worlds)
    return textbook(loaded.scenario, openings(loaded.scenario, draws), played, worlds)


def _terms(result: Result, worlds: int) -> dict[str, Ints]:
    """Levels last agreed (worlds, agenda) at every table, -1 for none."""
    return {
        name: np.column_stack([result.blocks.column(f"table.{name}.terms.{i}")[:worlds] for i in table.agenda])
        for name, table in result.loaded.scenario.tables.items()
    }


def _stories(result: Result) -> list[dict[str, Any]]:
    """Worlds worth telling, each told; without a world where there is none such."""
    found: list[dict[str, Any]] = []
    for kind, world in stories(result.loaded.scenario, result.blocks).items():
        told: dict[str, Any] = {"kind": kind, "world": world}
        same = next((f["kind"] for f in found if world is not None and f["world"] == world), None)
        if same is not None:
            told["same"] = same
        elif world is not None:
            source = result.loaded if result.blocks.folder is None else result.blocks.folder
            story = explain(source, world, result.seed)
            told["parts"] = story.parts()
        found.append(told)
    return found
