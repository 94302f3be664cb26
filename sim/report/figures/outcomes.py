"""How likely each named outcome is: a dot with its 95 % interval, and the number beside it."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from sim.report.layout import empty, page, percent_axis, rows_only
from sim.report.style import COLOURS, INK, height, interval, plain, text_size, width, wrap

HEADLINE = "How likely is each outcome?"
NAMES, GAP, AXIS = 3.4, 0.2, 0.45  # inches


def draw(summary: dict[str, Any]) -> Figure:
    """Rows from the most to the least likely outcome; 0 to 100 %."""
    found = summary.get("outcomes") or {}
    if not found:
        return empty(HEADLINE, "This scenario names no outcomes.", summary)
    rows = sorted(found.items(), key=lambda item: (-item[1]["probability"], item[0]))
    size = text_size(len(rows))
    labels = [wrap(plain(name), size, NAMES - GAP) for name, _ in rows]
    least = max(height(len(lines), size) for lines in labels) + 0.12
    figures = [interval(o["probability"], o["low"], o["high"]) for _, o in rows]
    right = max(width(text, size, "bold") for text in figures) + GAP
    sheet = page(HEADLINE, "Share of worlds, with its 95 % interval.", summary, least * len(rows) + AXIS)
    step = min((sheet.room - AXIS) / len(rows), 1.3)
    axes = sheet.axes(NAMES, 0, sheet.width - NAMES - right, step * len(rows))
    percent_axis(axes, "x")
    rows_only(axes, len(rows))
    for k, ((_, outcome), name, text) in enumerate(zip(rows, labels, figures, strict=True)):
        axes.plot([0, outcome["probability"]], [k, k], color=COLOURS[0], alpha=0.3, linewidth=14, solid_capstyle="butt")
        ends = [outcome["low"], outcome["high"]]
        axes.plot(
            ends, [k, k], color=INK, linewidth=2, marker="|", markersize=16, markeredgewidth=2, clip_on=False, zorder=3
        )
        axes.plot(outcome["probability"], k, "o", color=COLOURS[0], markersize=9, clip_on=False, zorder=4)
        sheet.write("\n".join(name), NAMES - GAP, (k + 0.5) * step, ha="right", fontsize=size)
        sheet.write(text, sheet.width, (k + 0.5) * step, ha="right", weight="bold", fontsize=size)
    return sheet.figure
