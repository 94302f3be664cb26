"""Our distribution beside rival models' forecasts: in tables for a terminal; and the figure."""

from __future__ import annotations

from io import StringIO
from itertools import pairwise
from textwrap import wrap as fold
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from rich.console import Console
from rich.table import Table

from sim.report.layout import Page, empty, page
from sim.report.style import COLOURS, FAINT, INK, SMALL, interval_of, percent, plain, styled, text_size, width, wrap
from sim.report.text import differs

WIDE, COLUMNS = 118, 4  # letters of a line; levels that have a column of their own
NAMES, GAP, BARS, LINE, LEVELS = 2.0, 0.2, 0.75, 0.155, 0.42  # inches
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p")
TITLES = {
    "kalai_smorodinsky": "Kalai–Smorodinsky",
    "nash": "Nash",
    "probabilistic_condorcet": "probabilistic Condorcet",
}


def title(rival: str) -> str:
    return TITLES.get(rival, plain(rival))


def tell_rivals(report: dict[str, Any]) -> str:
    """For every issue what came out, and a table of what each rival says and how far it parts from that."""
    lines = [report["scenario"]["title"], f"{report['worlds']:,} worlds, seed {report['seed']}"]
    lines += [text for text in (differs(report), _weights(report)) if text]
    for name, issue in report["issues"].items():
        lines += ["", f"{plain(name)} (at the start: {plain(issue['start'])})"]
        lines += fold(f"came out: {_simulated(issue)}", WIDE, initial_indent="  ", subsequent_indent="    ")
        stands = ", ".join(f"{a} {v['position']:.2f} ({v['salience']:.2f})" for a, v in issue["actors"].items())
        lines += fold(f"wanted (salience): {stands}", WIDE, initial_indent="  ", subsequent_indent="    ")
        lines += _table(issue)
    if not report["issues"]:
        lines += ["", "No issue that rivals could speak of."]
    if report["left_out"]:
        lines += ["", *fold("Left out: " + "; ".join(f"{plain(i)}: {w}" for i, w in report["left_out"].items()), WIDE)]
    return "\n".join([*lines, "", *fold(READING, WIDE)])


READING = (
    "Levels count as their numbers in the file. Wanted: mean over worlds of each actor's position, and how much "
    "of what it cares about it is. Says: mean over worlds, and the range of 90 % of them. Parts by: rival minus "
    "what came out, in percent of the issue's range, with an interval wide enough for all being looked at (?: may "
    "be chance). Same level: in how many worlds its nearest level is the one that came out. Moved: how much of "
    "one distribution over levels would have to be moved to make the other. Rivals see everyone's true aims as "
    "things stand at the start; none says when, or that talks may fail."
)


def _weights(report: dict[str, Any]) -> str:
    if report["capability_assumed"]:
        return "Capabilities: all equal, which is an assumption; --capability ACTOR=NUMBER changes it"
    return "Capabilities: " + ", ".join(f"{a} {c:g}" for a, c in report["capability"].items())


def _simulated(issue: dict[str, Any]) -> str:
    s = issue["simulated"]
    mean = f"mean {s['mean']:.2f}, 90 % of worlds in [{s['p05']:.2f}, {s['p95']:.2f}]"
    if s["levels"] is None:
        return mean
    shares = [f"{plain(n)} {interval_of(v)}" for n, v in s["levels"].items() if v["count"]]
    return f"{', '.join(shares)}; {mean}"


def _table(issue: dict[str, Any]) -> list[str]:
    names = list(issue["levels"]) if issue["simulated"]["levels"] and len(issue["levels"]) <= COLUMNS else []
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    table.add_column("")
    table.add_column("says", justify="right")
    for name in names:
        table.add_column(plain(name), justify="right")
    for head in ("parts by, % of range", "same level", "moved"):
        table.add_column(head, justify="right")
    for rival, r in issue["rivals"].items():
        says = f"{r['mean']:.2f} [{r['p05']:.2f}, {r['p95']:.2f}]"
        shares = [f"{percent(r['levels'][n]['share'])} %" for n in names]
        beside = apart(r["apart"]), interval_of(r["same"]), f"{percent(r['distance'])} %"
        table.add_row(title(rival), says, *shares, *beside)
    text = StringIO()
    Console(file=text, width=WIDE + 40, color_system=None, legacy_windows=False).print(table)
    return [f"  {line.rstrip()}" for line in text.getvalue().rstrip("\n").split("\n")]


def apart(a: dict[str, Any]) -> str:
    """`+21 [+19, +23]`: by how much a rival says more than what came out, in percent of the issue's range."""
    text = f"{100 * a['estimate']:+.0f} [{100 * a['low']:+.0f}, {100 * a['high']:+.0f}]"
    return f"{text}  " if a["found"] else f"{text} ?"


@styled()
def marks(report: dict[str, Any]) -> Figure:
    """One row an issue: our distribution over its levels as bars, below it each rival's mean and range."""
    headline = "What came out here, and what other models say"
    issues = report["issues"]
    if not issues or not next(iter(issues.values()))["rivals"]:
        return empty(headline, "There is nothing that rivals could speak of.", report)
    rivals = list(next(iter(issues.values()))["rivals"])
    note = (
        "Bars: share of worlds that end at each level. Marks: what a rival says of the same worlds, its mean and the "
        f"range of 90 % of them; dashed: our mean. {_weights(report).split(',')[0]}."
    )
    keys = -(-len(rivals) // 4) * 0.26 + 0.15
    row = BARS + LEVELS + LINE * len(rivals) + 0.2
    sheet = page(headline, note, report, keys + row * len(issues))
    _keys(sheet, rivals)
    for k, (name, issue) in enumerate(issues.items()):
        top = keys + k * row
        lines = wrap(plain(name), text_size(len(issues)), NAMES - GAP, 3, "bold")
        sheet.write("\n".join(lines), 0, top + BARS, fontsize=text_size(len(issues)), weight="bold", va="bottom")
        _bars(sheet.axes(NAMES, top, sheet.width - NAMES, BARS), issue)
        _ranges(sheet.axes(NAMES, top + BARS + LEVELS, sheet.width - NAMES, LINE * len(rivals)), issue)
        _level_names(sheet, issue, top + BARS + 0.17)
    return sheet.figure


def _keys(sheet: Page, rivals: list[str]) -> None:
    axes = sheet.axes(0, 0, sheet.width, 0.26 * -(-len(rivals) // 4))
    axes.axis("off")
    handles = [Line2D([], [], **_mark(k), linewidth=2, label=title(r)) for k, r in enumerate(rivals)]
    axes.legend(
        handles=handles, ncols=4, loc="upper left", frameon=False, fontsize=SMALL, borderaxespad=0, handlelength=1.8
    )


def _mark(k: int) -> dict[str, Any]:
    return {"color": COLOURS[k % len(COLOURS)], "marker": MARKERS[k % len(MARKERS)], "markersize": 7}


def _limits(issue: dict[str, Any]) -> tuple[float, float]:
    low, *_, high = issue["levels"].values()
    return low - 0.07 * (high - low), high + 0.07 * (high - low)


def _bars(axes: Axes, issue: dict[str, Any]) -> None:
    axes.set_xlim(*_limits(issue))
    axes.set_ylim(0, 1.25)
    axes.set_yticks([])
    axes.set_xticks([])
    axes.spines["left"].set_visible(False)
    s, span = issue["simulated"], max(issue["levels"].values()) - min(issue["levels"].values())
    if s["levels"] is None:
        axes.plot([s["p05"], s["p95"]], [0.3, 0.3], color=INK, linewidth=6, solid_capstyle="butt")
        axes.plot(s["mean"], 0.3, "o", color=INK, markersize=10)
        return
    for name, value in issue["levels"].items():
        share = s["levels"][name]["share"]
        axes.bar(value, share, width=0.07 * span, color="#8c8c8c")
        axes.text(value, share + 0.06, f"{percent(share)} %", ha="center", va="bottom", fontsize=SMALL)


def _ranges(axes: Axes, issue: dict[str, Any]) -> None:
    axes.set_xlim(*_limits(issue))
    axes.set_ylim(len(issue["rivals"]) - 0.5, -0.5)
    axes.axis("off")
    for value in issue["levels"].values() if len(issue["levels"]) <= 20 else ():
        axes.axvline(value, color="#d9d9d9", linewidth=1, zorder=0)
    axes.axvline(issue["simulated"]["mean"], color=INK, linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)
    for k, r in enumerate(issue["rivals"].values()):
        axes.plot([r["p05"], r["p95"]], [k, k], color=COLOURS[k % len(COLOURS)], linewidth=2, alpha=0.55)
        axes.plot(r["mean"], k, **_mark(k), zorder=3, clip_on=False)


def _level_names(sheet: Page, issue: dict[str, Any], top: float) -> None:
    """Under the bars; where they would overlap, the ends only."""
    low, high = _limits(issue)
    room = sheet.width - NAMES
    at = {plain(n): NAMES + room * (v - low) / (high - low) for n, v in issue["levels"].items()}
    names, size = list(at), SMALL
    if len(names) > 20 or any(at[b] - at[a] < (width(a, size) + width(b, size)) / 2 + 0.08 for a, b in pairwise(names)):
        names = [names[0], names[-1]]
    for name in names:
        text = min(max(at[name], NAMES), sheet.width - width(name, size) / 2)
        sheet.write(name, text, top, ha="center", fontsize=size, color=FAINT)
