"""A sweep in words, and as figures: lines over one field, a map over two, small maps over a third."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.layout import empty, page, percent_axis, spread
from sim.report.style import FAINT, SMALL, height, line_style, percent, plain, shorten, styled, text_size, wrap

SHARES = ("outcome.", "deal.")
LEFT, LABELS, LEADER, AXIS, PAD = 0.75, 2.9, 0.3, 0.75, 0.06  # inches
FACETS, MAP = 6, 3.4  # maps side by side at most; inches of one
Rows = list[dict[str, Any]]


def tell_sweep(document: dict[str, Any], folder: Any) -> str:
    """How much of each measure the points span, and where it is least and greatest."""
    rows, varied = [r for r in document["rows"] if "error" not in r], document["varied"]
    failed = len(document["rows"]) - len(rows)
    lines = [
        f"{document['experiment']}: {len(rows):,} points of {document['worlds']:,} worlds, seed {document['seed']}"
    ]
    lines += [f"{failed:,} points make no valid scenario; their errors are in points.csv"] * bool(failed)
    names = measures(rows)
    wide = max((len(n) for n in names), default=0)
    lines += ["", "Least and greatest over the points, and where"] if names else []
    for n in names:
        ends = [f(rows, key=lambda r: r[n]) for f in (min, max)]
        shown = [f"{percent(r[n])} %" if n.startswith(SHARES) else f"{r[n]:+.3f}" for r in ends]
        where = [", ".join(f"{short(v, document['labels'])} {_spelled(r[v])}" for v in varied) for r in ends]
        lines.append(f"  {plain(n):{wide}}  {shown[0]:>6} ({where[0]})  {shown[1]:>6} ({where[1]})")
    return "\n".join([*lines, "", f"Rows and figures: {folder}"])


def measures(rows: Rows) -> list[str]:
    """The columns that have an interval."""
    return [n for n in (rows[0] if rows else {}) if f"{n}.low" in rows[0]]


def short(path: str, labels: dict[str, str]) -> str:
    """The experiment's own label of a path, or the path without its section, as words."""
    return labels.get(path) or plain(" ".join(path.split(".")[1:]) or path)


def _spelled(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


@styled()
def figures(document: dict[str, Any]) -> dict[str, Figure]:
    """name -> figure: one for all outcomes over one field, one an outcome over two or three; none over more."""
    rows = [r for r in document["rows"] if "error" not in r]
    fields = [v for v in document["varied"] if len({r[v] for r in rows}) > 1]
    names = [n for n in measures(rows) if n.startswith(SHARES)]
    head = {
        "scenario": {"title": document["experiment"]},
        "labels": document["labels"],
        "worlds": document["worlds"],
        "seed": document["seed"],
    }
    if len(fields) == 1 and names:
        return {"sweep": lines(rows, fields[0], names, head)}
    if len(fields) in (2, 3):
        return {f"sweep_{n.replace('.', '_')}": maps(rows, fields, n, head) for n in names}
    return {}


def lines(rows: Rows, field: str, names: list[str], head: dict[str, Any]) -> Figure:
    """Shares over one field, each with its 95 % band and its name at the end."""
    rows = _sorted(rows, field)
    x = _places(rows, field)
    ends = {n: rows[-1][n] for n in names}
    names = sorted(names, key=lambda n: -ends[n])
    size = min(text_size(len(names)), 14)
    labels = [wrap(f"{percent(ends[n])} %  {named(n)}", size, LABELS) for n in names]
    sizes = [height(len(text), size) + PAD for text in labels]
    note = f"Share of worlds over {short(field, head['labels'])}, with its 95 % band; the same worlds at every point."
    sheet = page(f"What hangs on {short(field, head['labels'])}?", note, head, sum(sizes) + AXIS)
    high, wide = sheet.room - AXIS, sheet.width - LEFT - LABELS - LEADER
    axes = sheet.axes(LEFT, 0, wide, high)
    percent_axis(axes, "y")
    for k, n in enumerate(names):
        y, low, top = ([r[n + end] for r in rows] for end in ("", ".low", ".high"))
        style = line_style(k)
        axes.fill_between(x, low, top, color=style["color"], alpha=0.18, linewidth=0)
        axes.plot(x, y, linewidth=3, marker="o", markersize=5, **style)
    _label(axes, "x", rows, field)
    sheet.write(short(field, head["labels"]), LEFT + wide / 2, sheet.room - 0.12, color=FAINT, ha="center")
    beside = sheet.axes(LEFT + wide, 0, LEADER, high)
    beside.set(xlim=(0, 1), ylim=(high, 0))
    beside.axis("off")
    wanted = [(1 - ends[n]) * high for n in names]
    for k, at in enumerate(spread(wanted, sizes, 0, high)):
        beside.plot([0.1, 0.85], [wanted[k], at], linewidth=1.5, clip_on=False, **line_style(k))
        sheet.write("\n".join(labels[k]), LEFT + wide + LEADER, at, fontsize=size)
    return sheet.figure


def maps(rows: Rows, fields: list[str], name: str, head: dict[str, Any]) -> Figure:
    """One share over two fields, as colour with contours; a third field side by side."""
    third = fields[2] if len(fields) > 2 else None
    panels = _panels(rows, third)
    axes_of = " and ".join(short(f, head["labels"]) for f in fields[:2])
    note = f"Share of worlds, from 0 % (dark) to 100 % (light), over {axes_of}."
    across = min(len(panels), 3)
    down = -(-len(panels) // across)
    headline = f"When is it likely: {named(name)}?"
    if not panels:
        return empty(headline, "No point of the design makes a valid scenario.", head)
    step = MAP if across > 1 else 5.2
    sheet = page(headline, note, head, down * (step + 0.5) + 0.1)
    each = (sheet.width - 0.9 * across) / across
    for k, (title, some) in enumerate(panels):
        left, top = (k % across) * (each + 0.9) + 0.8, (k // across) * (step + 0.5)
        axes = sheet.axes(left, top + 0.3 * (third is not None), min(each, 7.2), step - 0.75)
        _map(axes, some, fields, name)
        _label(axes, "x", some, fields[0])
        _label(axes, "y", some, fields[1])
        axes.set_xlabel(shorten(short(fields[0], head["labels"]), SMALL, each), fontsize=SMALL, color=FAINT)
        axes.set_ylabel(shorten(short(fields[1], head["labels"]), SMALL, step), fontsize=SMALL, color=FAINT)
        if third is not None:
            sheet.write(f"{short(third, head['labels'])} {title}", left, top + 0.12, fontsize=SMALL, weight="bold")
    return sheet.figure


def _panels(rows: Rows, third: str | None) -> list[tuple[str, Rows]]:
    """(value of the third field, its rows): each value, or as many slices of equal count."""
    if third is None:
        return [("", rows)] if rows else []
    values = list(dict.fromkeys(r[third] for r in _sorted(rows, third)))
    if len(values) <= FACETS:
        return [(_spelled(v), [r for r in rows if r[third] == v]) for v in values]
    slices = np.array_split(np.array(_sorted(rows, third), object), 3)
    return [(f"{_spelled(s[0][third])} to {_spelled(s[-1][third])}", list(s)) for s in slices]


def _map(axes: Axes, rows: Rows, fields: list[str], name: str) -> None:
    x, y = (np.array(_places(rows, f)) for f in fields[:2])
    z = np.array([r[name] for r in rows])
    look: dict[str, Any] = {"cmap": "viridis", "vmin": 0, "vmax": 1}
    xs, ys = np.unique(x), np.unique(y)
    lines: Any = None
    if len(rows) == len(xs) * len(ys):
        grid = np.empty((len(ys), len(xs)))
        grid[np.searchsorted(ys, y), np.searchsorted(xs, x)] = z
        axes.pcolormesh(xs, ys, grid, shading="nearest", **look)
        if min(grid.shape) > 2:
            lines = axes.contour(xs, ys, grid, levels=[0.25, 0.5, 0.75], colors="white", linewidths=1.5)
    elif len(rows) > 3:
        axes.tripcolor(x, y, z, shading="gouraud", **look)
        axes.plot(x, y, ".", color="white", markersize=3, alpha=0.7)
    if lines is not None:
        axes.clabel(lines, fmt=lambda v: f"{100 * v:.0f} %", fontsize=SMALL)
    if len(rows) == len(xs) * len(ys) <= 30:
        for a, b, share in zip(x, y, z, strict=True):
            ink = "black" if share > 0.6 else "white"
            axes.text(a, b, percent(share), ha="center", va="center", fontsize=SMALL, color=ink)


def named(measure: str) -> str:
    """A measure's column in words."""
    kind, _, name = measure.partition(".")
    if kind == "deal":
        return f"a deal at {plain(name)}"
    return plain(name) if kind == "outcome" else f"{plain(name)} ({kind})"


def _numeric(rows: Rows, field: str) -> bool:
    return all(isinstance(r[field], int | float) and not isinstance(r[field], bool) for r in rows)


def _sorted(rows: Rows, field: str) -> Rows:
    return sorted(rows, key=lambda r: r[field]) if _numeric(rows, field) else rows


def _places(rows: Rows, field: str) -> list[float]:
    """Numbers as they are; names in the order in which they come."""
    if _numeric(rows, field):
        return [float(r[field]) for r in rows]
    order = list(dict.fromkeys(r[field] for r in rows))
    return [float(order.index(r[field])) for r in rows]


def _label(axes: Axes, which: str, rows: Rows, field: str) -> None:
    """Names under their places; numbers are marked by the axis itself."""
    axes.tick_params(length=0, labelsize=SMALL, labelcolor=FAINT)
    if not _numeric(rows, field):
        order = list(dict.fromkeys(str(r[field]) for r in rows))
        (axes.xaxis if which == "x" else axes.yaxis).set_ticks(range(len(order)), order)
