"""What the deals say: for every issue of a table, the share of each level among the worlds with a deal there."""

from __future__ import annotations

from typing import Any, NamedTuple

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from sim.report.layout import Page, empty, page
from sim.report.style import BODY, FAINT, INK, SMALL, height, percent, plain, shorten, width, wrap

HEADLINE = "What do the deals say?"
NAMES, GAP, HEADING, BAR, INSIDE, MOST = 2.5, 0.2, 0.5, 0.5, 0.1, 6  # inches; MOST is a number of parts


class Part(NamedTuple):
    """One stretch of a bar: a level, or the rest of them."""

    label: str
    share: float
    colour: str


class Row(NamedTuple):
    """An issue: its name in lines, its parts from left to right, what didn't fit inside in lines."""

    name: list[str]
    parts: list[Part]
    rest: list[str]
    height: float


def draw(summary: dict[str, Any]) -> Figure:
    """A heading a table and a stacked bar an issue; levels run from light to dark in their order.

    The order is that of `summary["levels"][ISSUE]`, a list of names, where given (a JSON object may have lost it).
    """
    tables = {name: t for name, t in (summary.get("tables") or {}).items() if t.get("terms") and t["worlds_with_deal"]}
    if not tables:
        why = "No table reached a deal in any world." if summary.get("tables") else "This scenario has no tables."
        return empty(HEADLINE, why, summary)
    wide = 9.3 - NAMES
    blocks = [
        (_heading(n, t, summary), _rows(t["terms"], summary.get("levels") or {}, wide)) for n, t in tables.items()
    ]
    room = sum(HEADING + sum(row.height for row in rows) for _, rows in blocks)
    sheet = page(HEADLINE, "Share of each level among the worlds with a deal at the table.", summary, room)
    top = 0.0
    for heading, rows in blocks:
        sheet.write(heading, 0, top + HEADING / 2, weight="bold", color=INK)
        top += HEADING
        for row in rows:
            _bar(sheet, row, top, wide)
            top += row.height
    return sheet.figure


def _heading(name: str, table: dict[str, Any], summary: dict[str, Any]) -> str:
    deals, worlds = table["worlds_with_deal"], summary.get("worlds", 0)
    share = f": deals in {deals:,} of {worlds:,} worlds ({percent(deals / worlds)} %)" if worlds else ""
    return shorten(plain(name), BODY, 9.3 - width(share, BODY, "bold"), "bold") + share


def _rows(terms: dict[str, Any], order: dict[str, list[str]], wide: float) -> list[Row]:
    return [
        _row(issue, {name: levels[name] for name in order.get(issue, levels) if name in levels}, wide)
        for issue, levels in terms.items()
    ]


def _row(issue: str, levels: dict[str, Any], wide: float) -> Row:
    parts = _parts(levels)
    name = wrap(plain(issue), BODY, NAMES - GAP)
    unnamed = [f"{p.label}: {percent(p.share)} %" for p in parts if p.label not in _inside(p, wide)]
    rest = wrap("unnamed, left to right: " + ", ".join(unnamed), SMALL, wide, 4) if unnamed else []
    return Row(name, parts, rest, max(BAR, height(len(name), BODY)) + height(len(rest), SMALL) + 0.16)


def _parts(levels: dict[str, Any]) -> list[Part]:
    """Levels that occur, in order. Beyond `MOST`: numbers are grouped into neighbours of about equal share; of
    named levels the most frequent are kept, and the others are one grey part at the end."""
    occur = [(name, v["probability"]) for name, v in levels.items() if v["probability"] > 0]
    if all(_is_number(name) for name, _ in occur):
        occur = _grouped(sorted(occur, key=lambda item: float(item[0])))
    room = MOST if len(occur) <= MOST else MOST - 1
    kept = sorted(sorted(range(len(occur)), key=lambda k: (-occur[k][1], k))[:room])
    ramp = colormaps["Blues"]
    shades = [to_hex(ramp(0.22 + 0.7 * i / max(len(kept) - 1, 1))) for i in range(len(kept))]
    parts = [Part(plain(occur[k][0]), occur[k][1], shade) for k, shade in zip(kept, shades, strict=True)]
    if len(kept) < len(occur):
        others = sum(share for k, (_, share) in enumerate(occur) if k not in kept)
        parts.append(Part(f"{len(occur) - len(kept)} other levels", others, "#c8c8c8"))
    return parts


def _is_number(name: str) -> bool:
    try:
        float(name)
    except ValueError:
        return False
    return True


def _grouped(occur: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """At most `MOST` groups of neighbouring numbers, `low–high`, cut where the running share passes k / MOST."""
    if len(occur) <= MOST:
        return occur
    groups: dict[int, list[tuple[str, float]]] = {}
    below, total = 0.0, sum(share for _, share in occur)
    for name, share in occur:
        groups.setdefault(int(MOST * (below + share / 2) / total), []).append((name, share))
        below += share
    return [
        (members[0][0] if len(members) == 1 else f"{members[0][0]}–{members[-1][0]}", sum(s for _, s in members))
        for members in groups.values()
    ]


def _inside(part: Part, wide: float) -> str:
    """The longest label that fits into the part: level and share in one line or two, the share alone, nothing."""
    share = f"{percent(part.share)} %"
    for lines in ([f"{part.label}: {share}"], [part.label, share], [share]):
        if max(width(line, SMALL) for line in lines) + INSIDE <= part.share * wide:
            return "\n".join(lines)
    return ""


def _bar(sheet: Page, row: Row, top: float, wide: float) -> None:
    bar = max(BAR, height(len(row.name), BODY))
    axes: Axes = sheet.axes(NAMES, top + (bar - BAR) / 2, wide, BAR)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.axis("off")
    sheet.write("\n".join(row.name), NAMES - GAP, top + bar / 2, ha="right")
    start = 0.0
    for part in row.parts:
        axes.barh(0.5, part.share, 1, left=start, color=part.colour, edgecolor="white", linewidth=1.5)
        middle = NAMES + (start + part.share / 2) * wide
        sheet.write(_inside(part, wide), middle, top + bar / 2, fontsize=SMALL, ha="center", color=_ink(part.colour))
        start += part.share
    sheet.write("\n".join(row.rest), NAMES, top + bar + 0.05, fontsize=SMALL, color=FAINT, va="top")


def _ink(colour: str) -> str:
    """White on dark, ink on light (WCAG relative luminance)."""
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return INK if 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.2 else "white"
