"""What each actor gets: median, mean and the middle 90 % of worlds, on one scale with zero marked."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.report.layout import empty, faint_lines, page, rows_only
from sim.report.style import COLOURS, FAINT, INK, height, number, plain, text_size, width, wrap

HEADLINE = "What does each actor get?"
NOTE = (
    "Average discounted payoff: median (dot), mean (diamond), middle 90 % of worlds (bar). Right: median [90 %]. "
    "Each actor on its own scale: not to be compared."
)
NAMES, GAP, AXIS = 2.6, 0.25, 0.45  # inches


def draw(summary: dict[str, Any]) -> Figure:
    """One row an actor, in the file's order."""
    found = summary.get("values") or {}
    if not found:
        return empty(HEADLINE, "This run recorded no values.", summary)
    rows = list(found.items())
    size = text_size(len(rows))
    labels = [wrap(" ".join((v.get("name") or plain(actor)).split()), size, NAMES - GAP) for actor, v in rows]
    scale = max(abs(v[q]) for _, v in rows for q in ("p05", "p50", "p95")) or 1.0
    figures = ["{} [{}, {}]".format(*(number(v[q], scale) for q in ("p50", "p05", "p95"))) for _, v in rows]
    right = max(width(text, size, "bold") for text in figures) + GAP
    least = max(height(len(lines), size) for lines in labels) + 0.12
    sheet = page(HEADLINE, NOTE, summary, least * len(rows) + AXIS)
    step = min((sheet.room - AXIS) / len(rows), 1.3)
    axes = sheet.axes(NAMES, 0, sheet.width - NAMES - right, step * len(rows))
    rows_only(axes, len(rows))
    axes.axvline(0, color=INK, linewidth=1.5)
    for k, ((_, v), name, text) in enumerate(zip(rows, labels, figures, strict=True)):
        axes.plot([v["p05"], v["p95"]], [k, k], color=COLOURS[0], alpha=0.4, linewidth=11, solid_capstyle="butt")
        axes.plot(v["p50"], k, "o", color=COLOURS[0], markersize=14, zorder=3)
        axes.plot(
            v["mean"], k, "D", color="white", markeredgecolor=COLOURS[1], markeredgewidth=2, markersize=7, zorder=4
        )
        sheet.write("\n".join(name), NAMES - GAP, (k + 0.5) * step, ha="right", fontsize=size)
        sheet.write(text, sheet.width, (k + 0.5) * step, ha="right", weight="bold", fontsize=size)
    axes.margins(x=0.06)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
    faint_lines(axes, "x", labelcolor=FAINT)
    return sheet.figure
