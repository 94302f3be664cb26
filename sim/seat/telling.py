"""The debrief of a game in words."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.analysis.story import wrapped
from sim.analysis.words import plain, value
from sim.report.style import interval
from sim.scenario.loader import Loaded
from sim.seat.words import Words

MOST = 6  # decisions told for each seat


def tell(document: dict[str, Any], loaded: Loaded) -> str:
    """The debrief of every seat."""
    return "\n\n".join("\n".join(p for line in lines for p in wrapped(line)) for lines in told(document, loaded))


def told(document: dict[str, Any], loaded: Loaded) -> list[list[str]]:
    """Lines on what came out, and then on each seat."""
    words = Words(loaded)
    lines = [_ended(document["outcomes"]), f"With the model in every seat: {_held(document['model_outcomes'])}."]
    each = document["seats"].items()
    return [lines, *(_seat(words, seat, found, document["worlds"], loaded.scenario.period) for seat, found in each)]


def _ended(outcomes: dict[str, bool]) -> str:
    return f"In the end: {_held(outcomes)}."


def _held(outcomes: dict[str, bool]) -> str:
    return ", ".join(plain(o) for o, yes in outcomes.items() if yes) or "none of the named outcomes"


def _seat(words: Words, seat: str, found: dict[str, Any], worlds: int, period: str) -> list[str]:
    values, decisions = np.array(found["values"]), [d for d in found["decisions"] if not d["stood_in"]]
    stood_in = len(found["decisions"]) - len(decisions)
    lines = [
        f"{words.teller.actor(seat)}: your value is {value(found['value'])}; the model in your seat gets "
        f"{value(found['model'])} in this very world."
    ]
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    lines.append(
        f"  In {worlds:,} worlds with the same interests and secrets, chance drawn anew, it gets {value(middle)} "
        f"in the median, 90 % between {value(low)} and {value(high)}; less than you in {_below(found['below'])}."
    )
    if stood_in:
        lines.append(f"  The model decided {stood_in} time{'s' * (stood_in > 1)}, while nobody held the seat.")
    if not decisions:
        return lines if stood_in else [*lines, "  You were never asked."]
    alike = sum(d["as_model"] for d in decisions)
    lines.append(f"  You decided as the model would in {alike} of {len(decisions)} decisions.")
    unlike = sorted((d for d in decisions if not d["as_model"]), key=lambda d: -(d["left"] or 0.0))
    lines += [f"  {_told(words, d, period)}" for d in unlike[:MOST]]
    if len(unlike) > MOST:
        lines.append(f"  … and {len(unlike) - MOST} more, which cost less.")
    return lines


def _below(below: dict[str, Any]) -> str:
    ties = f", as much in {below['ties']}" if below["ties"] else ""
    return f"{below['count']} ({interval(below['share'], below['low'], below['high'])}){ties}"


def _told(words: Words, d: dict[str, Any], period: str) -> str:
    did, would = (words.decision(d["kind"], d[k]) for k in ("decision", "hint"))
    text = f"{period.capitalize()} {d['period']}, {plain(d['table'])}: you chose to {did}, the model would {would}"
    if d["left"] is None:
        return f"{text}."
    if abs(d["left"]) < 5e-4:
        return f"{text}; as good, as it saw it."
    return f"{text}, expecting {abs(d['left']):.3f} {'more' if d['left'] > 0 else 'less'}."


def marks(reports: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a grade book: one a seat of every game that was played again, or the error of one that couldn't be."""
    rows = []
    for report in reports:
        game = {k: report.get(k, "") for k in ("record", "title", "bundled", "seed", "world", "hard", "same", "error")}
        for seat, s in report.get("seats", {"": {}}).items():
            own = {k: s.get(k, "") for k in ("value", "model", "decisions", "as_model")}
            rows.append(game | {"seat": seat, **own, "share_below": s["below"]["share"] if s else ""})
    return rows


def mark(report: dict[str, Any]) -> str:
    """A game that was played again from its record (see `sim.seat.record.replay`)."""
    path = report["record"]
    if "error" in report:
        return f"{path}: {report['error']}"
    which = report["bundled"] or "not a bundled scenario, or changed"
    lines = [f"{path}: {report['title']} ({which}), seed {report['seed']}, world {report['world']}, played again"]
    for seat, s in report["seats"].items():
        lines.append(
            f"  {seat}: {value(s['value'])}, the model {value(s['model'])}, less than that in {_below(s['below'])} of "
            f"its worlds; {s['as_model']} of {s['decisions']} decisions as the model's"
        )
    lines += [f"  {what} was {there}, is {now}" for what, (there, now) in report["differing"].items()]
    lines.append("What came of it agrees." if report["same"] else "It does not agree.")
    then, now = report["versions"]
    return "\n".join(lines + [f"  détente was {then}, is {now}"] * (then != now))
