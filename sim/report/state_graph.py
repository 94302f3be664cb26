"""The graph of a table's states: who would leave which for what, in which share of worlds."""

from __future__ import annotations

import math
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from sim.report.layout import Page, empty, page
from sim.report.stability import shown
from sim.report.style import COLOURS, FAINT, INK, SMALL, height, percent, plain, styled, wrap

MOST, HUBS = 8, 4  # packages drawn; states that moves lead to, to be drawn apart
WIDE, END, ROW = 4.1, 2.1, 0.92  # inches: a package's box, a box that arrows lead to, a row
ROUND = 6.4  # … and a circle's height
OTHER = "another state"
Place = tuple[float, float]


def drawn(report: dict[str, Any]) -> Figure:
    """Where few states can be left for: packages on the left, these on the right; else all on a circle."""
    with styled():
        return _drawn(report)


def _drawn(report: dict[str, Any]) -> Figure:
    headline = f"What would last at {plain(report['table'])}, if each could leave"
    if not report["met"]["count"]:
        return empty(headline, "The talks never open.", report)
    states = shown(report, MOST)
    names = [s["name"] for s in states]
    moves = [m for m in report["moves"] if m["from"] in names]
    targets = {m["to"] for m in moves}
    if len(targets) <= HUBS:  # few enough to be drawn, however seldom they are agreed
        states += [s for s in report["states"] if s["name"] in targets - set(names)]
        names = [s["name"] for s in states]
        moves = [m for m in report["moves"] if m["from"] in names]
    moves = [m if m["to"] in names else m | {"to": OTHER} for m in moves]
    led_to = [n for n in (*names, OTHER) if any(m["to"] == n for m in moves)]
    alone = [s for s in states if s["name"] not in led_to]
    ends = {s["kind"]: s["name"] for s in states if s["kind"] != "package"}
    right = list(dict.fromkeys([*(n for n in ends.values()), *led_to]))
    further = {m["from"] for m in moves if m["from"] in right}
    apart = len(right) <= HUBS and len(alone) > 0 and len(further) <= 1
    note = (
        "Nash: worlds in which nobody gains by leaving. Lasts: in which, too, no agreement is better for all who are "
        "needed. Arrows: who gains by going there alone, in which share of worlds. Leaving costs nothing here."
    )
    rest = len(report["states"]) - len(states)
    note += f" {rest:,} less common states aren't shown." * (rest > 0)
    left = [s for s in states if s["name"] not in right]
    room = ROW * max(len(left), 2 * len(right)) + 0.3 if apart else ROUND
    sheet = page(headline, note, report, room)
    axes = sheet.axes(0, 0, sheet.width, sheet.room)
    axes.set(xlim=(0, sheet.width), ylim=(sheet.room, 0))
    axes.axis("off")
    texts = {s["name"]: s for s in states}
    places = _columns(sheet, left, right) if apart else _circle(sheet, [*names, *[OTHER] * (OTHER in led_to)])
    boxes = {n: _box(axes, n, texts.get(n), at, END if n in right or not apart else WIDE) for n, at in places.items()}
    _arrows(axes, moves, boxes, report["actors"], apart)
    return sheet.figure


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
    """One arrow for each actor, from and to; several that lead to states which aren't drawn are one, the likeliest."""
    likeliest: dict[tuple[str, str, str], float] = {}
    for m in moves:
        key = m["actor"], m["from"], m["to"]
        likeliest[key] = max(likeliest.get(key, 0.0), m["improves"]["share"])
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
            x, y = (a[0] + 0.1, a[1]) if apart and a[0] < b[0] - 1 else _middle(a, b, bend)
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


def _middle(a: Place, b: Place, bend: float) -> Place:
    """The middle of a bent arrow: its control point lies `bend` of the way aside."""
    x, y = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
    return x + bend * (b[1] - a[1]) / 2, y - bend * (b[0] - a[0]) / 2
