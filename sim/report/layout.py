"""A page: a headline that says what is seen, a line that says which run it is, and room below, measured in inches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.style import BODY, FAINT, GRID, INK, SMALL, TITLE, height, wrap
from sim.report.text import differs

WIDTH, LEAST_HEIGHT, MARGIN = 10.0, 5.6, 0.35


@dataclass(frozen=True)
class Page:
    """`figure` with `room` inches of height left below its head; places are inches from the room's top left corner."""

    figure: Figure
    room: float

    @property
    def width(self) -> float:
        return WIDTH - 2 * MARGIN

    def axes(self, left: float, top: float, wide: float, high: float) -> Axes:
        """Axes whose box lies `left` and `top` inches from the corner."""
        total = self.figure.get_figheight()
        bottom = MARGIN + self.room - top - high
        return self.figure.add_axes(((MARGIN + left) / WIDTH, bottom / total, wide / WIDTH, high / total))

    def write(self, text: str, left: float, top: float, **how: Any) -> None:
        """Text at a place, centred on it vertically unless told otherwise; nothing in it is read as mathematics."""
        total = self.figure.get_figheight()
        how = {"fontsize": BODY, "color": INK, "va": "center", "parse_math": False, "linespacing": 1.2, **how}
        self.figure.text((MARGIN + left) / WIDTH, (MARGIN + self.room - top) / total, text, **how)


def page(headline: str, note: str, summary: dict[str, Any], room: float) -> Page:
    """A page with at least `room` inches below the head. `note` explains the marks; the run is named under it."""
    title = wrap(headline, TITLE, WIDTH - 2 * MARGIN, 2, "bold")
    run = " · ".join(
        t for t in (name_of(summary), worlds_of(summary), f"seed {summary.get('seed', '?')}", differs(summary)) if t
    )
    runs, notes = (wrap(text, SMALL, WIDTH - 2 * MARGIN) for text in (run, note))
    head = height(len(title), TITLE) + 0.08 + height(len(runs) + len(notes), SMALL) + 0.2
    total = max(LEAST_HEIGHT, head + room + 2 * MARGIN)
    figure = Figure(figsize=(WIDTH, total), facecolor="white")
    result = Page(figure, total - 2 * MARGIN - head)
    result.write("\n".join(title), 0, -head, fontsize=TITLE, weight="bold", va="top")
    below = height(len(title), TITLE) + 0.08 - head
    result.write("\n".join(runs), 0, below, fontsize=SMALL, color=FAINT, va="top")
    result.write("\n".join(notes), 0, below + height(len(runs), SMALL), fontsize=SMALL, color=FAINT, va="top")
    return result


def empty(headline: str, why: str, summary: dict[str, Any]) -> Figure:
    """A page that says in words why there is nothing to draw."""
    result = page(headline, "", summary, 0)
    result.write(why, result.width / 2, result.room / 2, fontsize=TITLE, color=FAINT, ha="center")
    return result.figure


def name_of(summary: dict[str, Any]) -> str:
    return " ".join(str(summary.get("scenario", {}).get("title") or "untitled scenario").split())


def worlds_of(summary: dict[str, Any]) -> str:
    worlds = summary.get("worlds", 0)
    return f"{worlds:,} world{'' if worlds == 1 else 's'}"


def spread(wanted: list[float], sizes: list[float], low: float, high: float) -> list[float]:
    """Centres as near to the wanted ones as possible, so that boxes of these sizes don't overlap within [low, high].

    Neighbours that would overlap are merged into a block placed at its members' mean (pooled adjacent violators).
    """
    order = sorted(range(len(wanted)), key=lambda k: (wanted[k], k))
    blocks: list[tuple[list[int], float, float]] = []  # members, size, centre
    for k in order:
        members, size, centre = [k], sizes[k], wanted[k]
        while True:
            centre = min(max(centre, low + size / 2), max(high - size / 2, low + size / 2))
            if not blocks or blocks[-1][2] + blocks[-1][1] / 2 <= centre - size / 2:
                break
            before, bigger, _ = blocks.pop()
            members, size = before + members, bigger + size
            centre = sum(wanted[m] for m in members) / len(members)
        blocks.append((members, size, centre))
    placed = [0.0] * len(wanted)
    for members, size, centre in blocks:
        at = centre - size / 2
        for m in members:
            placed[m] = at + sizes[m] / 2
            at += sizes[m]
    return placed


def rows_only(axes: Axes, rows: int) -> None:
    """So many rows from the top down, whose names stand outside: no frame and no marks beside them."""
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines[["left", "bottom"]].set_visible(False)


def faint_lines(axes: Axes, which: Literal["x", "y"], **labels: Any) -> None:
    """Across an axis at its marks, which need no ticks then."""
    axes.grid(axis=which, color=GRID, linewidth=1)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=SMALL, **labels)


def percent_axis(axes: Axes, which: Literal["x", "y"]) -> None:
    """Marks an axis from 0 to 100 %, with faint lines across."""
    marks = [0, 0.25, 0.5, 0.75, 1]
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_ticks(marks, [f"{100 * m:.0f} %" for m in marks])
    faint_lines(axes, which)
    (axes.set_xlim if which == "x" else axes.set_ylim)(0, 1)
