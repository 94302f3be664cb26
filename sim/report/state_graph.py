"""The graph of a table's states: who would leave which for what, in which share of worlds."""

from __future__ import annotations

import math
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from sim.report.layout import Page, empty, page
from sim.report.style import COLOURS, FAINT, INK, SMALL, height, percent, plain, styled, wrap

MOST, HUBS, CIRCLE = 8, 5, 8  # packages drawn; states on the right; states on a circle
WIDE, END, ROW = 4.1, 2.1, 0.92  # inches: a package's box, a box that arrows lead to, a row
ROUND = 6.4  # … and a circle's height
OTHER = "another state"
Place = tuple[float, float]


@styled()
def drawn(report: dict[str, Any]) -> Figure:
    """Packages on the left, what they are left for on the right; a few that lead back and forth, on a circle."""
    headline = f"What would last at {plain(report['table'])}, if each could leave"
    if not report["met"]["count"]:
        return empty(headline, "The talks never open.", report)
    few = [s for s in report["states"] if s["kind"] == "package"][:MOST]
    if len(report["states"]) <= CIRCLE and _back_and_forth(report):
        states, moves = report["states"], report["moves"]
        right: list[str] = []
    else:
        states, right, moves = _sides(report, few)
    note = (
        "Nash: worlds in which nobody gains by leaving. Lasts: in which, too, no agreement is better for all who are "
        "needed. Arrows: who gains by going there alone, in which share of worlds. Leaving costs nothing here."
    )
    rest = len(report["states"]) - len(states)
    note += f" {rest:,} states aren't shown." * (rest > 0)
    left = [s for s in states if s["name"] not in right]
    sheet = page(headline, note, report, ROW * max(len(left), 2 * len(right)) + 0.3 if right else ROUND)
    axes = sheet.axes(0, 0, sheet.width, sheet.room)
    axes.set(xlim=(0, sheet.width), ylim=(sheet.room, 0))
    axes.axis("off")
    texts = {s["name"]: s for s in states}
    places = _columns(sheet, left, right) if right else _circle(sheet, list(texts))
    boxes = {n: _box(axes, n, texts.get(n), at, END if n in right or not right else WIDE) for n, at in places.items()}
    _arrows(axes, moves, boxes, report["actors"], bool(right))
    return sheet.figure


def _back_and_forth(report: dict[str, Any]) -> bool:
    """Whether packages are left for packages that can be left in turn."""
    starts = {m["from"] for m in report["moves"]} - {s["name"] for s in report["states"] if s["kind"] != "package"}
    return any(m["to"] in starts for m in report["moves"])


def _sides(report: dict[str, Any], few: list[dict[str, Any]]) -> tuple[list[Any], list[str], list[Any]]:
    """States to draw, those of them on the right, and each actor's likeliest way out of each. On the right are the ends
    and what packages are left for most; what isn't there is another state."""
    ends = [s for s in report["states"] if s["kind"] != "package"]
    names, fixed = [s["name"] for s in few], [s["name"] for s in ends]
    rising = sorted(report["moves"], key=lambda m: m["improves"]["count"])
    best = {(m["actor"], m["from"]): m for m in rising if m["from"] in (*names, *fixed)}
    often: dict[str, float] = {}
    for m in best.values():
        if m["to"] not in (*fixed, *names):
            often[m["to"]] = often.get(m["to"], 0.0) + m["improves"]["share"]
    right = [*fixed, *sorted(often, key=lambda n: -often[n])[: HUBS - len(fixed) - 1]]
    moves = [m if m["to"] in right else m | {"to": OTHER} for m in best.values()]
    right += [OTHER] * any(m["to"] == OTHER for m in moves)
    return [*few, *(s for s in report["states"] if s["name"] in right)], right, moves


def _columns(sheet: Page, left: list[dict[str, Any]], right: list[str]) -> dict[str, Place]:
    step, apart = (sheet.room - 0.2) / max(len(left), 1), (sheet.room - 0.2) / len(right)
    places = {s["name"]: (WIDE / 2 + 0.05, 0.1 + (k + 0.5) * min(step, 1.1)) for k, s in enumerate(left)}
    return places | {n: (sheet.width - END / 2 - 0.05, 0.1 + (k + 0.5) * apart) for k, n in enumerate(right)}


def _circle(sheet: Page, names: list[str]) -> dict[str, Place]:
    across, down = sheet.width / 2 - END / 2 - 0.1, sheet.room / 2 - 0.4
    turns = [2 * math.pi * (k / len(names)) - 0.75 * math.pi for k in range(len(names))]
    middle = sheet.width / 2, sheet.room / 2
    return {
        n: (middle[0] + across * math.cos(a), middle[1] + down * math.sin(a)) for n, a in zip(names, turns, strict=True)
    }


def _box(axes: Axes, name: str, state: dict[str, Any] | None, at: Place, wide: float) -> FancyBboxPatch:
    size = 11
    lines = wrap(plain(name).replace(": ", " "), size, wide - 0.2, 3, "bold")
    if state is not None:
        nash, lasts = (f"{percent(c['share'])} %" for c in (state["stable"]["nash"], state["lasts"]))
        told = f"Nash {nash}" + f" · lasts {lasts}" * (state["kind"] != "walk-out")
        told += f" · agreed {state['agreed']['count']:,}" * (state["kind"] == "package" and wide == WIDE)
    else:
        told = "not shown"
    high = height(len(lines) + 1, size) + 0.12
    box = FancyBboxPatch(
        (at[0] - wide / 2, at[1] - high / 2), wide, high, boxstyle="round,pad=0,rounding_size=0.08",
        facecolor="#f4f4f4", edgecolor=FAINT, linewidth=1.2, zorder=3,
    )  # fmt: skip
    axes.add_patch(box)
    top = at[1] - high / 2 + 0.06
    how: dict[str, Any] = {"fontsize": size, "va": "top", "ha": "center", "linespacing": 1.2, "zorder": 4}
    axes.text(at[0], top, "\n".join(lines), color=INK, weight="bold", **how)
    axes.text(at[0], top + height(len(lines), size), told, color=INK, **how)
    return box


def _arrows(axes: Axes, moves: list[dict[str, Any]], boxes: dict[str, Any], actors: list[str], apart: bool) -> None:
    likeliest = {(m["actor"], m["from"], m["to"]): m["improves"]["share"] for m in moves}
    leaving: dict[str, list[tuple[str, str]]] = {}
    for actor, start, to in likeliest:
        leaving.setdefault(start, []).append((actor, to))
    for start, ways in leaving.items():
        for k, (actor, to) in enumerate(sorted(ways, key=lambda w: actors.index(w[0]))):
            share, colour = likeliest[actor, start, to], COLOURS[actors.index(actor) % len(COLOURS)]
            a, b, bend = _ends(boxes[start], boxes[to], k, len(ways), apart)
            patch = FancyArrowPatch(
                a, b, connectionstyle=f"arc3,rad={bend}", arrowstyle="-|>", mutation_scale=14,
                linewidth=0.8 + 5 * share, color=colour, alpha=0.75, zorder=2,
                shrinkA=0, shrinkB=0, patchB=None,
            )  # fmt: skip
            axes.add_patch(patch)
            x, y = (a[0] + 0.1, a[1]) if apart and a[0] < b[0] - 1 else _along(a, b, bend)
            axes.text(
                x, y, f"{actor} {percent(share)} %", fontsize=SMALL - 1, color=colour, weight="bold", zorder=5,
                va="center", ha="left" if apart and a[0] < b[0] - 1 else "center",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            )  # fmt: skip


def _ends(start: Any, to: Any, k: int, many: int, apart: bool) -> tuple[Place, Place, float]:
    """Where an arrow leaves and arrives, and how much it bends."""
    (ax, ay), (bx, by) = _centre(start), _centre(to)
    if apart and ax < bx - 1:  # from the left column to the right
        y = ay + (k - (many - 1) / 2) * 0.22
        return (ax + start.get_width() / 2, y), (bx - to.get_width() / 2, by + (k - (many - 1) / 2) * 0.12), 0.0
    if apart:  # within the right column, side by side
        shift = (k - (many - 1) / 2) * 0.9
        sign = 1 if by > ay else -1
        return (ax + shift, ay + sign * start.get_height() / 2), (bx + shift, by - sign * to.get_height() / 2), 0.0
    return _edge(start, (bx, by)), _edge(to, (ax, ay)), 0.12 + 0.1 * k


def _centre(box: Any) -> Place:
    return box.get_x() + box.get_width() / 2, box.get_y() + box.get_height() / 2


def _edge(box: Any, towards: Place) -> Place:
    """Where the line from a box's centre towards a point leaves the box."""
    x, y = _centre(box)
    dx, dy = towards[0] - x, towards[1] - y
    scale = min(box.get_width() / 2 / max(abs(dx), 1e-9), box.get_height() / 2 / max(abs(dy), 1e-9))
    return x + dx * scale, y + dy * scale


def _along(a: Place, b: Place, bend: float, t: float = 0.35) -> Place:
    """A point on a bent arrow, nearer its start: its control point lies `bend` of the way aside."""
    c = (a[0] + b[0]) / 2 - bend * (b[1] - a[1]), (a[1] + b[1]) / 2 + bend * (b[0] - a[0])
    x, y = ((1 - t) ** 2 * a[k] + 2 * t * (1 - t) * c[k] + t**2 * b[k] for k in (0, 1))
    return x, y
