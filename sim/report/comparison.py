"""Two runs set side by side, in words and numbers for a terminal; and the figure."""

from __future__ import annotations

import json
from textwrap import wrap as fold
from typing import Any

from matplotlib.figure import Figure

from sim.report.layout import empty, page, percent_axis, rows_only
from sim.report.style import (
    COLOURS,
    FAINT,
    INK,
    SMALL,
    height,
    minus,
    percent,
    plain,
    points,
    styled,
    text_size,
    width,
    wrap,
)

SHOWN, LONG = 40, 100
NAMES, GAP, AXIS = 3.4, 0.2, 0.45  # inches


def tell_comparison(report: dict[str, Any]) -> str:
    """What the two assume differently, then what came out differently."""
    one, two = report["scenarios"]
    lines = [f"1: {one['title']}", f"2: {two['title']}"] if one["title"] != two["title"] else [one["title"]]
    more = f" (the first of {max(report['of']):,} in one of them)" if len(set(report["of"])) > 1 else ""
    lines += [f"The same {report['worlds']:,} worlds, seed {report['seed']}{more}", ""]
    if not report["assumptions"]:
        return "\n".join([*lines, "Both are the same scenario, counted the same way: nothing differs."])
    lines += _assumptions(report["assumptions"])
    kinds = {"outcome": "Outcomes", "deal": "A deal at the table", "value": "Values, in each file's own units"}
    for kind, head in kinds.items():
        rows = [r for r in report["differences"] if r["kind"] == kind]
        if rows:
            lines += ["", f"{head}: first, second, difference with its interval"]
            wide = max(len(r["name"]) for r in rows)
            lines += [f"  {plain(r['name']):{wide}}  {_told(r)}" for r in rows]
    for which, names in zip(("first", "second"), report["only_in"], strict=True):
        if names:
            lines += ["", f"Only in the {which}: {', '.join(map(plain, names))}"]
    return "\n".join(lines)


def _assumptions(rows: list[dict[str, Any]]) -> list[str]:
    lines = ["What they assume differently"] if rows else []
    for r in rows[:SHOWN]:
        lines += fold(change(r), 116, initial_indent="  ", subsequent_indent="      ")
    if len(rows) > SHOWN:
        lines.append(f"  … and {len(rows) - SHOWN} more; compare.json has them all")
    return lines


def change(r: dict[str, Any]) -> str:
    """`actors.A.discount: 0.9 → 0.8`: one place where two files differ."""
    return f"{r['where']}: {_short(r['one'])} → {_short(r['two'])}"


def _short(value: Any) -> str:
    text = "(none)" if value is None else json.dumps(value, ensure_ascii=False).replace('"', "")
    return text if len(text) <= LONG else text[: LONG - 1] + "…"


def _told(r: dict[str, Any]) -> str:
    mark = "" if r["found"] else "  (may be chance)"
    if r["kind"] == "value":
        return f"{r['one']:+.3f}  {r['two']:+.3f}  {r['estimate']:+.3f} [{r['low']:+.3f}, {r['high']:+.3f}]{mark}"
    if not r["up"] + r["down"]:
        return f"{percent(r['one']):>4} %  {percent(r['two']):>4} %  the same in every world"
    flips = f"{r['up']:,} worlds gain it, {r['down']:,} lose it"
    return f"{percent(r['one']):>4} %  {percent(r['two']):>4} %  {points(r)}; {flips}{mark}"


@styled()
def arrows(report: dict[str, Any]) -> Figure:
    """For every outcome an arrow from its share in the first to that in the second, the greatest change on top."""
    headline = "What changes, in the same worlds"
    shown = {"scenario": report["scenarios"][0], "worlds": report["worlds"], "seed": report["seed"]}
    rows = [r for r in report["differences"] if r["kind"] == "outcome"]
    if not rows:
        return empty(headline, "They share no named outcomes.", shown)
    rows = sorted(rows, key=lambda r: -abs(r["estimate"]))
    size = text_size(len(rows))
    labels = [wrap(plain(r["name"]), size, NAMES - GAP) for r in rows]
    figures = [minus(points(r)) for r in rows]
    right = max(width(text, SMALL, "bold") for text in figures) + GAP
    step = max(max(height(len(lines), size) for lines in labels) + 0.12, 0.42)
    if not report["assumptions"]:
        return empty(headline, "Both are the same scenario: nothing differs.", shown)
    changed = "; ".join(f"{r['where']} {_short(r['one'])} → {_short(r['two'])}" for r in report["assumptions"][:3])
    more = len(report["assumptions"]) - 3
    note = (
        f"Circle: before. Dot: after. Right: percentage points with interval. Faint: may be chance. Changed: {changed}"
    )
    sheet = page(headline, note + (f" and {more} more" if more > 0 else ""), shown, step * len(rows) + AXIS)
    step = min((sheet.room - AXIS) / len(rows), 1.1)
    axes = sheet.axes(NAMES, 0, sheet.width - NAMES - right, step * len(rows))
    percent_axis(axes, "x")
    rows_only(axes, len(rows))
    for k, (r, name, text) in enumerate(zip(rows, labels, figures, strict=True)):
        faint = 1.0 if r["found"] else 0.35
        colour = COLOURS[0] if r["estimate"] >= 0 else COLOURS[1]
        axes.plot([r["one"], r["two"]], [k, k], color=colour, alpha=0.5 * faint, linewidth=6, solid_capstyle="butt")
        axes.plot(r["one"], k, "o", color="white", markeredgecolor=FAINT, markersize=11, clip_on=False, zorder=3)
        axes.plot(r["two"], k, "o", color=colour, alpha=faint, markersize=11, clip_on=False, zorder=4)
        sheet.write("\n".join(name), NAMES - GAP, (k + 0.5) * step, ha="right", fontsize=size)
        weight, ink = ("bold", INK) if r["found"] else ("normal", FAINT)
        sheet.write(text, sheet.width, (k + 0.5) * step, ha="right", weight=weight, color=ink, fontsize=SMALL)
    return sheet.figure
