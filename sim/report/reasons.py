"""Why it failed, counted: in words and numbers for a terminal; and the figure."""

from __future__ import annotations

from textwrap import wrap as fold
from typing import Any

from matplotlib.figure import Figure

from sim.report.layout import Page, empty, page
from sim.report.style import COLOURS, FAINT, INK, SMALL, interval_of, minus, percent, plain, points, styled, text_size

SHOWN, SETS = 12, 10
WORDS = {  # what each change is called
    "information": "types, resolve known",
    "openness": "no secret deals",
    "promises": "promises are kept",
    "lasting": "deals last",
    "consent": "no veto",
    "payments": "side payments",
    "time": "more time",
    "luck": "luck (placebo)",
}
NAMES, BARS, GAP, ROW = 2.1, 2.6, 0.15, 0.5  # inches


def tell_reasons(report: dict[str, Any], folder: str) -> str:
    """What each change mends and breaks beside the placebo, and which sets of changes mend a failure."""
    f = report["failures"]
    which = f"'{plain(report['outcome'])}': a failure is a world in which {report['failure']}"
    lines = [report["scenario"]["title"], which]
    lines += [f"{f['count']:,} of {f['of']:,} worlds fail, seed {report['seed']}: {interval_of(f)}"]
    rows = _rows(report)
    if not f["count"]:
        return "\n".join([*lines, "", "Nothing failed, so there is nothing to mend."])
    for table, z in report["no_zone"].items():
        closed = report["never_opened"][table]["count"]
        text = f"At {plain(table)}: " + f"in {closed:,} of these the talks never opened; " * (closed > 0)
        text += (
            f"in {z['count']:,} no package was as good as no deal for every party as talks opened; "
            f"in {report['no_room'][table]['count']:,} none gave every party its resolve."
        )
        lines += fold(text, 116)
    lines += ["", "The same worlds with one thing changed"]
    for r in rows:
        lines += [f"  {WORDS[r['name']]}"]
        lines += fold(r["says"], 112, initial_indent="      ", subsequent_indent="      ")
        broken = f"; breaks {r['breaks']['count']:,} of {r['breaks']['of']:,}" if r["breaks"]["of"] else ""
        mark = "" if _counts(r) else " (may be chance)"
        lines += [
            f"      mends {r['mends']['count']:,} of {r['mends']['of']:,}, {interval_of(r['mends'])}{broken}; "
            f"net {points(r['net'])} points{mark}"
        ]
    lines += ["", "Which changes mend a failure, each by itself: failures, a typical world"]
    for s in report["sets"][:SHOWN]:
        lines.append(f"  {s['count']:>6,}  {_set(s):60}  world {s['typical']}")
    if len(report["sets"]) > SHOWN:
        lines.append(f"          … and {len(report['sets']) - SHOWN} smaller sets; reasons.json has them all")
    if report["nothing_to_change"]:
        lines += ["", "Not played"]
        lines += [f"  {WORDS[name]}: {why}" for name, why in report["nothing_to_change"].items()]
    lines += ["", *fold(_reading(report), 116)]
    lines += ["", f"Explain one: detente explain {folder}/as_it_is --world {report['sets'][0]['typical']}"]
    if rows:
        lines += [f"and the same under a change: detente explain {folder}/{rows[0]['name']} --world …"]
    return "\n".join(lines)


def _reading(report: dict[str, Any]) -> str:
    text = "A failure may have several reasons, so shares don't sum to one, and a change may break what had succeeded."
    if report["luck"] is not None:
        luck = report["luck"]
        text += (
            f" The placebo changes nothing but luck: it mends {percent(luck['mends']['share'])} % of the failures, and "
            f"breaks {percent(luck['breaks']['share'])} % of the successes; on the whole it can do nothing: its net "
            "is chance. A change counts for its net."
        )
    return text


def _counts(r: dict[str, Any]) -> bool:
    """Whether a change does something on the whole: the placebo, which draws from the same laws, can't."""
    return bool(r["net"]["found"]) and r["name"] != "luck"


def _set(s: dict[str, Any]) -> str:
    return ", ".join(WORDS[n] for n in s["mended_by"]) or "none of these"


def _rows(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The reasons by what they mend, then the placebo."""
    ranked = sorted(report["reasons"], key=lambda r: -r["mends"]["count"])
    return [*ranked, *([report["luck"]] if report["luck"] else [])]


@styled()
def upset(report: dict[str, Any]) -> Figure:
    """Left: what each change mends and breaks. Right: failures by the set of changes that mend them (an upset plot: Lex
    et al. 2014)."""
    headline = f"Why no “{plain(report['outcome'])}”? What would mend a failure"
    if report["failure"] == "it comes about":
        headline = f"Why “{plain(report['outcome'])}”? What would prevent it"
    shown = {k: report[k] for k in ("scenario", "worlds", "seed", "options")}
    rows, sets = _rows(report), report["sets"][:SETS]
    if not sets or not rows:
        return empty(headline, "Nothing failed." if not sets else "Nothing could be changed.", shown)
    f = report["failures"]
    more = len(report["sets"]) - len(sets)
    note = (
        f"{f['count']:,} of {f['of']:,} worlds fail. Left: failures mended by one change (blue), successes broken "
        "(orange), and the net in percentage points of all worlds with its interval. Right: failures by which changes "
        "mend them, each by itself; an empty column: none does."
        + (f" {more} smaller sets aren't shown." if more > 0 else "")
    )
    above = 1.5
    sheet = page(headline, note, shown, above + ROW * len(rows) + 0.1)
    step = min((sheet.room - above - 0.1) / len(rows), 0.8)
    _bars(sheet, rows, above, step)
    _matrix(sheet, rows, sets, above, step)
    return sheet.figure


def _bars(sheet: Page, rows: list[dict[str, Any]], above: float, step: float) -> None:
    figures = [minus(points(r["net"])) for r in rows]
    size = min(text_size(len(rows)), 14)
    for k, (r, text) in enumerate(zip(rows, figures, strict=True)):
        at = above + (k + 0.5) * step
        sheet.write(WORDS[r["name"]], NAMES - GAP, at - 0.09, ha="right", fontsize=size)
        ink, weight = (INK, "bold") if _counts(r) else (FAINT, "normal")
        sheet.write(text, NAMES - GAP, at + 0.14, ha="right", fontsize=10, color=ink, weight=weight)
    axes = sheet.axes(NAMES, above, BARS, step * len(rows))
    most = max(1, *(r[k]["count"] for r in rows for k in ("mends", "breaks")))
    axes.set_xlim(-1.32 * most, 1.32 * most)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.axvline(0, color=FAINT, linewidth=1)
    for k, r in enumerate(rows):
        for which, sign, colour in (("mends", 1, COLOURS[0]), ("breaks", -1, COLOURS[1])):
            count = r[which]["count"]
            axes.barh(k, sign * count, height=0.5, color=colour)
            at, side = sign * (count + 0.03 * most), "left" if sign > 0 else "right"
            axes.text(at, k, f"{count:,}", fontsize=SMALL, va="center", ha=side)
    axes.axis("off")
    middle = NAMES + BARS / 2
    sheet.write("breaks", middle - 0.1, above - 0.15, ha="right", fontsize=SMALL, color=COLOURS[1], weight="bold")
    sheet.write("mends", middle + 0.1, above - 0.15, ha="left", fontsize=SMALL, color=COLOURS[0], weight="bold")


def _matrix(sheet: Page, rows: list[dict[str, Any]], sets: list[dict[str, Any]], above: float, step: float) -> None:
    left = NAMES + BARS + 2 * GAP
    wide = min(sheet.width - left, 0.62 * len(sets) + 0.3)
    top = sheet.axes(left, 0.25, wide, above - 0.45)
    top.bar(range(len(sets)), [s["count"] for s in sets], width=0.6, color=INK)
    most = sets[0]["count"]
    for k, s in enumerate(sets):
        label = f"{s['count']:,}\n{percent(s['share'])} %"
        top.text(k, s["count"] + 0.03 * most, label, ha="center", va="bottom", fontsize=10, linespacing=1.1)
    top.set_ylim(0, 1.55 * most)
    dots = sheet.axes(left, above, wide, step * len(rows))
    dots.set_ylim(len(rows) - 0.5, -0.5)
    for k in range(0, len(rows), 2):
        dots.axhspan(k - 0.5, k + 0.5, color="#f3f3f3", zorder=0)
    for j, s in enumerate(sets):
        on = [k for k, r in enumerate(rows) if r["name"] in s["mended_by"]]
        dots.scatter([j] * len(rows), range(len(rows)), s=70, color="#d9d9d9", zorder=2)
        dots.scatter([j] * len(on), on, s=90, color=INK, zorder=4)
        if len(on) > 1:
            dots.plot([j, j], [min(on), max(on)], color=INK, linewidth=2.5, zorder=3)
    for axes in (top, dots):
        axes.set_xlim(-0.6, len(sets) - 0.4)
        axes.axis("off")
    sheet.write("failures mended by just these", left, 0.08, fontsize=SMALL, color=FAINT)
