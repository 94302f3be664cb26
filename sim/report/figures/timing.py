"""When each outcome comes: its cumulative incidence (the share in which it has come about for good), with its band."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.report.layout import empty, page, percent_axis, spread
from sim.report.style import FAINT, SMALL, height, line_style, percent, plain, text_size, wrap

HEADLINE = "When does each outcome come?"
NOTE = (
    "Share of worlds in which it has come about for good, with its 95 % interval. What holds at the start stands at 0."
)
LEFT, LABELS, LEADER, AXIS, PAD = 0.65, 3.1, 0.35, 0.55, 0.06  # inches


def draw(summary: dict[str, Any]) -> Figure:
    """One line an outcome over periods 1 … T, labelled at its end."""
    found = {name: o for name, o in (summary.get("outcomes") or {}).items() if o.get("by_period")}
    if not found:
        return empty(HEADLINE, "This scenario names no outcomes to follow through time.", summary)
    rows = sorted(found.items(), key=lambda item: (-item[1]["by_period"][-1], item[0]))
    size = min(text_size(len(rows)), 16) if len(rows) <= 6 else SMALL
    labels = [wrap(f"{percent(o['by_period'][-1])} %  {plain(name)}", size, LABELS) for name, o in rows]
    sizes = [height(len(lines), size) + PAD for lines in labels]
    sheet = page(HEADLINE, NOTE, summary, sum(sizes) + AXIS)
    high = sheet.room - AXIS
    wide = sheet.width - LEFT - LABELS - LEADER
    axes = sheet.axes(LEFT, 0, wide, high)
    percent_axis(axes, "y")
    for k, (_, outcome) in enumerate(rows):
        _line(axes, k, outcome)
    periods = max(len(o["by_period"]) for _, o in rows)
    axes.set_xlim(0, periods)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8, steps=[1, 2, 3, 6, 10], min_n_ticks=1))
    period = str(summary.get("scenario", {}).get("period") or "period")
    sheet.write(period, LEFT + wide / 2, sheet.room - 0.08, color=FAINT)
    ends = [(1 - o["by_period"][-1]) * high for _, o in rows]
    beside = sheet.axes(LEFT + wide, 0, LEADER, high)
    beside.set(xlim=(0, 1), ylim=(high, 0))
    beside.axis("off")
    for k, at in enumerate(spread(ends, sizes, 0, high)):
        beside.plot([0.1, 0.85], [ends[k], at], linewidth=1.5, clip_on=False, **line_style(k))
        sheet.write("\n".join(labels[k]), LEFT + wide + LEADER, at, fontsize=size)
    return sheet.figure


def _line(axes: Axes, k: int, outcome: dict[str, Any]) -> None:
    """A step at every period; period t is the stretch from t − 1 to t."""
    shares, style = [0.0, *outcome["by_period"]], line_style(k)
    when = range(len(shares))
    low, high = outcome.get("by_period_low"), outcome.get("by_period_high")
    if low and high:
        axes.fill_between(when, [0.0, *low], [0.0, *high], step="pre", color=style["color"], alpha=0.18, linewidth=0)
    axes.plot(when, shares, drawstyle="steps-pre", linewidth=3, **style)
    axes.plot(len(shares) - 1, shares[-1], "o", color=style["color"], markersize=7, clip_on=False, zorder=3)
