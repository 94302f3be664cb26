"""What would last at a table if everyone could leave, in words and numbers for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap as fold
from typing import Any

from sim.report.style import counted, plain

NAMES = {"nash": "Nash", "smr": "SMR", "seq": "SEQ", "gmr": "GMR"}
LEAVES = 3  # ways out of a state that are told, the likeliest first


def shown(report: dict[str, Any], many: int) -> list[dict[str, Any]]:
    """No deal, the walk-out, and so many packages: the most often agreed first, then those that last most often."""
    ends = [s for s in report["states"] if s["kind"] != "package"]
    return ends + [s for s in report["states"] if s["kind"] == "package"][:many]


def tell_stability(report: dict[str, Any], many: int) -> str:
    """Of what is agreed, how much lasts; then each state, who would leave it, and for what."""
    met, who = report["met"], ", ".join(report["actors"])
    lines = [report["scenario"]["title"], f"Table {plain(report['table'])}: {who}"]
    lines += [f"{report['worlds']:,} worlds, seed {report['seed']}; the talks open in {met['count']:,} of them"]
    if report["owners"]:
        lines.append("set alone: " + ", ".join(f"{plain(i)} by {a}" for i, a in report["owners"].items()))
    if not met["count"]:
        return "\n".join([*lines, "", "The talks never open, so that there is nothing to leave."])
    lines += [
        "",
        *fold(_deals(report), 116),
        *fold(f"Some package is stable for all in: {_by(report['some_package'])}", 116),
    ]
    lines += [
        "",
        "States: in how many worlds each is stable for all, of those in which it is possible (95 % intervals)",
    ]
    for state in shown(report, many):
        lines += _state(state, report)
    rest = len(report["states"]) - len(shown(report, many))
    if rest > 0:
        lines.append(f"  … and {rest:,} more; stability.json has them all")
    return "\n".join([*lines, "", *fold(READING, 116)])


READING = (
    "Nash: nobody gains by leaving. SMR, GMR: who leaves can be left with no more than before, whatever it does then, "
    "or if it does nothing. SEQ: the same, by moves from which the others gain themselves. Lasts: Nash, and no "
    "agreement that all who are needed would prefer. Leaving costs nothing here: no resolve, no price of a broken "
    "word. All is valued as the talks open, with deals in force for good."
)


def _deals(report: dict[str, Any]) -> str:
    deals = report["deals"]
    if not deals["nash"]["of"]:
        return "Nothing is agreed in any world."
    return f"Of what is agreed, stable for all: {_by(deals)}"


def _by(counts: dict[str, Any]) -> str:
    """`Nash, SMR 160 of 183, 87 % [82, 92]; …`: concepts that say the same told once."""
    found: dict[str, list[str]] = {}
    for concept, c in counts.items():
        found.setdefault(counted(c), []).append(NAMES[concept])
    return "; ".join(f"{', '.join(names)} {told}" for told, names in found.items())


def _state(state: dict[str, Any], report: dict[str, Any]) -> Iterator[str]:
    yield from fold(plain(state["name"]), 112, initial_indent="  ", subsequent_indent="    ")
    agreed = f"agreed in {state['agreed']['count']:,}; " * (state["kind"] == "package")
    lasts = f"; lasts {counted(state['lasts'])}" * (state["kind"] != "walk-out")
    yield from fold(agreed + _by(state["stable"]) + lasts, 108, initial_indent="      ", subsequent_indent="      ")
    moves = sorted((m for m in report["moves"] if m["from"] == state["name"]), key=lambda m: -m["improves"]["count"])
    ways = [f"{m['actor']} for {plain(m['to'])} in {counted(m['improves'])}" for m in moves[:LEAVES]]
    if ways:
        told = "better alone: " + "; ".join(ways) + f"; {len(moves) - LEAVES} more" * (len(moves) > LEAVES)
        yield from fold(told, 108, initial_indent="      ", subsequent_indent="      ")
