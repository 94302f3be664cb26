"""Levers in words and numbers for a terminal; and the figure: what raises the outcome, and what the actor gets."""

from __future__ import annotations

from shlex import quote
from textwrap import wrap as fold
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.report.layout import Page, empty, faint_lines, page, rows_only
from sim.report.style import BODY, COLOURS, FAINT, INK, SMALL, height, interval, plain, points, shorten, styled, wrap
from sim.report.text import differs

MOST, MORE = 5, 3  # changes told of each side: that raise the outcome most, and besides them the actor's value
NAMES, GAP, AXIS, HEAD = 4.2, 0.4, 0.4, 0.35  # inches
Row = dict[str, Any]


def tell_levers(report: Row, command: str) -> str:
    """As it is, what raises the outcome and the actor's value on either side, and what is held fixed. `command`: what a
    change's `--set` is to be typed after."""
    name, now, outcome = report["name"], report["as_it_is"], plain(report["outcome"])
    worlds, count = report["worlds"], len(report["changes"])
    value = f"{now['value']:+.3f} [{now['value_low']:+.3f}, {now['value_high']:+.3f}]"
    lines = [
        report["scenario"]["title"],
        *filter(None, [differs(report)]),
        f"{count} changes, one at a time, each in the same {worlds:,} worlds, seed {report['seed']}",
        f"As it is: {outcome} in {now['count']:,} of {worlds:,} worlds, "
        f"{interval(now['probability'], now['low'], now['high'])}; {name} gets {value}",
    ]
    for side, head in (("own", f"What {name} can do"), ("others", "What others would have to want")):
        lines += ["", head, *_side([r for r in report["changes"] if r["side"] == side], outcome, name)]
    lines += ["", "In percentage points and utility, with intervals as wide as looking at all of them makes necessary."]
    lines += fold(report["held_fixed"], 118) + fold(report["rule"], 118)
    lines += ["", "To look at one more closely, with quotation marks as they stand:", f"  {command} --set '…'"]
    return "\n".join(lines)


def _side(rows: list[Row], outcome: str, name: str) -> list[str]:
    lines: list[str] = []
    best, more = picked(rows)
    for head, some in ((f"raise {outcome} most:", best), (f"raise most what {name} gets:", more)):
        for k, r in enumerate(some):
            lines += [f"  {head}"] * (k == 0)
            lines += fold(f"{r['change']}: {_told(r)}", 116, initial_indent="    ", subsequent_indent="        ")
            lines += fold(f"rests on: {r['rests_on']}", 116, initial_indent="        ", subsequent_indent="          ")
            lines.append("        " + " ".join(f"--set {quote(s)}" for s in r["set"]))
    rest = [r for r in rows if r not in best and r not in more]
    raises = sum(_found(r, "outcome") > 0 or _found(r, "value") > 0 for r in rest)
    lowers = sum(min(_found(r, "outcome"), _found(r, "value")) < 0 for r in rest if not _raises(r))
    still = sum(_idle(r) for r in rest)
    parts = [(raises, "raise one of the two as well"), (lowers, "lower one and raise neither")]
    parts += [(len(rest) - raises - lowers - still, "may be chance"), (still, "change nothing in any world")]
    told = ", ".join(f"{n} {what}" for n, what in parts if n) or "none"
    return [*lines, *fold(f"the others: {told}" if lines else told, 116, initial_indent="  ", subsequent_indent="    ")]


def picked(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """Of those that stand out: what raises the outcome most, and what else raises the actor's value most."""
    best = sorted((r for r in rows if _found(r, "outcome") > 0), key=lambda r: -_found(r, "outcome"))[:MOST]
    left = [r for r in rows if _found(r, "value") > 0 and r not in best]
    return best, sorted(left, key=lambda r: -_found(r, "value"))[:MORE]


def _found(row: Row, what: str) -> float:
    """By how much it moves it, 0 where that may be chance or isn't known."""
    effect = row[what]
    return float(effect["estimate"]) if effect is not None and effect["found"] else 0.0


def _raises(row: Row) -> bool:
    return _found(row, "outcome") > 0 or _found(row, "value") > 0


def _idle(row: Row) -> bool:
    flips = row["outcome"]["up"] + row["outcome"]["down"]
    return not flips and (row["value"] is None or row["value"]["low"] == row["value"]["high"] == 0)


def _told(r: Row) -> str:
    o, v = r["outcome"], r["value"]
    text = f"{points(o)}{_chance(o)}, {o['up']:,} worlds gain it and {o['down']:,} lose it"
    if not o["up"] + o["down"]:
        text = "the same in every world"
    if v is None:
        return f"{text}; value not compared, as what measures it changes too"
    return f"{text}; value {_utility(v)}{_chance(v)}"


def _chance(effect: Row) -> str:
    return "" if effect["found"] else " (may be chance)"


def _utility(v: Row) -> str:
    return f"{v['estimate'] + 0.0:+.4f} [{v['low'] + 0.0:+.4f}, {v['high'] + 0.0:+.4f}]"


def table(report: Row) -> list[Row]:
    """One flat row a change, for a CSV file."""
    rows = []
    for r in report["changes"]:
        row = {k: r[k] for k in ("side", "change", "rests_on", "count", "probability", "low", "high")}
        row["set"] = " ".join(f"--set {quote(s)}" for s in r["set"])
        for what in ("outcome", "value"):
            for k in ("estimate", "low", "high", "q", "found"):
                row[f"{what}.{k}"] = None if r[what] is None else r[what][k]
        rows.append(row | {k: r["outcome"][k] for k in ("up", "down")})
    return rows


@styled()
def figure(report: Row) -> Figure:
    """The changes told in words, the outcome's probability on the left and the actor's value on the right."""
    headline = f"What raises {plain(report['outcome'])}, and what {report['name']} gets"
    rows = [
        r for side in ("own", "others") for p in picked([c for c in report["changes"] if c["side"] == side]) for r in p
    ]
    if not rows:
        return empty(headline, "No single change raises either by more than chance.", report)
    labels = [wrap(r["change"].replace("(-", "(−"), SMALL, NAMES - 0.2, 3) for r in rows]
    note = (
        f"One change at a time, the same worlds. Blue: {report['name']}'s own doing; orange: others want otherwise. "
        "Bars: 95 % intervals, as wide as looking at all changes makes necessary. Faint: may be chance."
    )
    step = max(max(height(len(lines), SMALL) for lines in labels) + 0.1, 0.45)
    sheet = page(headline, note, report, step * len(rows) + AXIS + HEAD)
    wide = (sheet.width - NAMES - GAP) / 2
    for k, (what, scale, head) in enumerate(
        (("outcome", 100, "percentage points"), ("value", 1, f"value to {report['name']}"))
    ):
        left = NAMES + k * (wide + GAP)
        sheet.write(
            shorten(head, BODY, wide, "bold"), left + wide / 2, HEAD - 0.1, ha="center", va="baseline", weight="bold"
        )
        axes = sheet.axes(left, HEAD, wide, step * len(rows))
        _bars(axes, rows, what, scale)
    _names(sheet, labels, step)
    return sheet.figure


def _names(sheet: Page, labels: list[list[str]], step: float) -> None:
    for k, lines in enumerate(labels):
        sheet.write("\n".join(lines), NAMES - 0.2, HEAD + (k + 0.5) * step, ha="right", fontsize=SMALL)


def _bars(axes: Axes, rows: list[Row], what: str, scale: float) -> None:
    rows_only(axes, len(rows))
    axes.axvline(0, color=INK, linewidth=1.5)
    for k, r in enumerate(rows):
        v = r[what]
        if v is None:
            axes.text(0, k, " not compared", fontsize=SMALL, color=FAINT, va="center")
            continue
        colour, faint = COLOURS[0 if r["side"] == "own" else 1], 1.0 if v["found"] else 0.35
        ends = [scale * v["low"], scale * v["high"]]
        axes.plot(ends, [k, k], color=colour, alpha=0.45 * faint, linewidth=11, solid_capstyle="butt")
        axes.plot(scale * v["estimate"], k, "o", color=colour, alpha=faint, markersize=11, zorder=3)
    axes.margins(x=0.1)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=3))
    faint_lines(axes, "x", labelcolor=FAINT)
