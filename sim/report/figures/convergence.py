"""How the shares settle: each outcome's share in the first worlds, ever more of them, with its 95 % interval."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from sim.report.layout import empty, faint_lines, page
from sim.report.style import BODY, COLOURS, FAINT, SMALL, height, interval, plain, wrap

HEADLINE = "How far have the shares settled?"
MOST = 6  # outcomes shown
LEFT, ACROSS, RIGHT, BELOW, PANEL = 0.75, 1.1, 0.25, 0.7, 1.9  # inches: labels and gaps, and a panel's least height


def draw(summary: dict[str, Any]) -> Figure:
    """One panel an outcome, those with the widest last interval first; worlds on a log scale."""
    found = summary.get("convergence") or {}
    rows = sorted(
        (found.get("outcomes") or {}).items(), key=lambda item: (item[1]["low"][-1] - item[1]["high"][-1], item[0])
    )
    if not rows:
        return empty(HEADLINE, "This scenario names no outcomes.", summary)
    shown, columns = rows[:MOST], 1 if len(rows) == 1 else 2
    note = "Share of the first worlds, ever more of them (log scale), with its 95 % interval."
    if len(rows) > MOST:
        note += f" The {MOST} outcomes of {len(rows)} whose intervals are still widest."
    lines = -(-len(shown) // columns)
    sheet = page(HEADLINE, note, summary, lines * (PANEL + BELOW + height(3, BODY)))
    wide = (sheet.width - LEFT - RIGHT - (columns - 1) * ACROSS) / columns
    heads = [wrap(f"{_last(o)}  {plain(n)}", BODY, wide + RIGHT, 3, "bold") for n, o in shown]
    head = max(height(len(text), BODY) for text in heads) + 0.1
    high = (sheet.room - lines * (BELOW + head)) / lines
    for k, ((_, outcome), text) in enumerate(zip(shown, heads, strict=True)):
        left = LEFT + (k % columns) * (wide + ACROSS)
        top = (k // columns) * (head + high + BELOW) + head
        sheet.write("\n".join(text), left, top - 0.08, va="bottom", weight="bold")
        _panel(sheet.axes(left, top, wide, high), found["worlds"], outcome)
        if k + columns >= len(shown):
            sheet.write("worlds", left + wide / 2, top + high + 0.45, ha="center", color=FAINT, fontsize=SMALL)
    return sheet.figure


def _last(outcome: dict[str, Any]) -> str:
    return interval(*(outcome[k][-1] for k in ("share", "low", "high")))


def _panel(axes: Axes, worlds: list[int], outcome: dict[str, Any]) -> None:
    axes.set_xscale("log")
    axes.set_xlim(worlds[0] * 0.95, max(worlds[-1], worlds[0] * 2))
    axes.fill_between(worlds, outcome["low"], outcome["high"], color=COLOURS[0], alpha=0.25, linewidth=0)
    axes.axhline(outcome["share"][-1], color=FAINT, linewidth=1, linestyle=(0, (4, 3)))
    axes.plot(worlds, outcome["share"], color=COLOURS[0], linewidth=3)
    axes.plot(worlds[-1], outcome["share"][-1], "o", color=COLOURS[0], markersize=8, clip_on=False, zorder=3)
    marks = [10**k for k in range(9) if worlds[0] <= 10**k <= worlds[-1]] or [worlds[0]]
    axes.set_xticks(marks, [f"{m:,}" for m in marks])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    axes.set_ylim(0, 1)
    faint_lines(axes, "y", pad=6)
