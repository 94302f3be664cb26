"""Marked runs: a line each for a terminal, and a row each for a grade book."""

from __future__ import annotations

from typing import Any

from sim.report.comparison import change
from sim.report.style import interval, plain

SHOWN = 12


def tell_marks(rows: list[dict[str, Any]]) -> str:
    """A paragraph a folder, then how many agree."""
    right, wrong = (sum(r["agrees"] is agrees for r in rows) for agrees in (True, False))
    total = f"{len(rows)} runs: {right} agree to the bit, {wrong} don't, {len(rows) - right - wrong} can't be read."
    return "\n".join([*(line for r in rows for line in _told(r)), "", total])


def _told(r: dict[str, Any]) -> list[str]:
    if r["worlds"] is None:
        return [f"{r['folder']}: can't be read", f"  {_line(r['error'])}"]
    lines = [f"{r['folder']}: {r['title']}; {r['worlds']:,} worlds, seed {r['seed']}; {_verdict(r)}"]
    if r["changed"] is not None:
        lines.append(f"  {'changed: ' + _changes(r, '; ') if r['changed'] else 'the scenario as given'}")
    found = [
        f"{plain(n)} in {o['count']:,}, {interval(o['probability'], o['low'], o['high'])}"
        for n, o in r["outcomes"].items()
    ]
    found += [f"mean {plain(n)} {mean:.3f}" for n, mean in r["means"].items()]
    return [*lines, f"  {'; '.join(found)}"] if found else lines


def _verdict(r: dict[str, Any]) -> str:
    if r["agrees"] is None:
        return _line(r["error"])
    return "every bit agrees" if r["agrees"] else f"differs in {_columns(r)}{_versions(r, '; made with ')}"


def _line(text: str) -> str:
    return "; ".join(text.splitlines())


def _columns(r: dict[str, Any]) -> str:
    return ", ".join(dict.fromkeys(c for d in r["differing"] or () for c in d["columns"]))


def _versions(r: dict[str, Any], head: str = "") -> str:
    told = ", ".join(f"{name} {then} (here {now})" for name, (then, now) in (r["versions"] or {}).items())
    return head + told if told else ""


def _changes(r: dict[str, Any], between: str) -> str:
    more = len(r["changed"]) - SHOWN
    return between.join([*map(change, r["changed"][:SHOWN]), *([f"and {more} more"] if more > 0 else [])])


def grades(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One flat row a folder, for a CSV; for each outcome its share, count and interval, and the
    mean of what the file reports; empty where a run has none."""
    return [{key: _harmless(value) for key, value in _flat(r).items()} for r in rows]


def _flat(r: dict[str, Any]) -> dict[str, Any]:
    words = {True: "yes", False: "no", None: ""}
    row = {k: r[k] for k in ("folder", "title", "seed", "worlds")} | {"agrees": words[r["agrees"]]}
    row["as_given"] = words[None if r["changed"] is None else not r["changed"]]
    row["changed"] = _changes(r, "; ") if r["changed"] else ""
    row |= {"differs_in": _columns(r), "other_versions": _versions(r), "error": _line(r["error"] or "")}
    for name, o in (r["outcomes"] or {}).items():
        row |= {f"outcome.{name}": o["probability"], f"outcome.{name}.count": o["count"]}
        row |= {f"outcome.{name}.low": o["low"], f"outcome.{name}.high": o["high"]}
    return row | {f"mean.{name}": mean for name, mean in (r["means"] or {}).items()}


def _harmless(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula, marked as text: titles are their authors'."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
