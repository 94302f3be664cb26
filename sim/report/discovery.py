"""A box of scenario discovery in words and numbers, and as bars: each limited field's range within what was varied."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.layout import page
from sim.report.style import COLOURS, INK, SMALL, counted, percent, styled, text_size, wrap
from sim.report.sweep import SHARES, named, short

NAMES, STEP = 3.4, 0.85  # inches


def tell_box(document: dict[str, Any], folder: Any) -> str:
    """The box's limits, then how well it tells likely from unlikely, in points that it wasn't found from."""
    lines = [_headline(document), ""]
    if not document["limits"]:
        lines.append("No range of any field makes a difference that chance would hardly make.")
    wide = max((len(short(f, document["labels"])) for f in document["limits"]), default=0)
    for f, limit in document["limits"].items():
        lines.append(f"  {short(f, document['labels']):{wide}}  {_bounds(limit, document['ranges'][f])}")
    rest = document["points"] - document["found_in"]
    lines += ["", f"Found in {document['found_in']:,} points; counted in the other {rest:,}, with 95 % intervals"]
    for name, what in (
        ("density", "of the points in the box, it is so in"),
        ("coverage", "of the points in which it is so, in the box lie"),
        ("base", "of all points, it is so in"),
    ):
        lines.append(f"  {name:8}  {what} {_share(document[name])}")
    return "\n".join([*lines, "", f"Figure: {folder}"])


def _headline(document: dict[str, Any]) -> str:
    shares = document["measure"].startswith(SHARES)
    if not shares:
        return f"Where it is at least {document['above']:g}: {named(document['measure'])}"
    return f"Where it is likely (at least {percent(document['above'])} %): {named(document['measure'])}"


def _bounds(limit: list[Any], span: list[Any]) -> str:
    """`0.2 to 0.5, of 0 to 1`; `above 0.2, of 0 to 1` where the other end is no limit."""
    text = _limit(limit)
    if all(isinstance(v, float) for v in limit):
        text = f"below {limit[1]:.3g}" if limit[0] == span[0] else text
        text = f"above {limit[0]:.3g}" if limit[1] == span[1] else text
    return f"{text}, of {_limit(span)}"


def _limit(limit: list[Any]) -> str:
    if all(isinstance(v, float) for v in limit):
        return f"{limit[0]:.3g} to {limit[1]:.3g}"
    return ", ".join(map(str, limit))


def _share(s: dict[str, Any]) -> str:
    return "none of 0" if s["share"] is None else counted(s)


@styled()
def ranges(document: dict[str, Any]) -> Figure:
    """Every field's range within all that was varied, the limited ones on top."""
    limits = document["limits"]
    note = (
        f"Blue: the box, within all that was varied. Density {_share(document['density'])}; coverage "
        f"{_share(document['coverage'])}: counted in points that the box wasn't found from."
    )
    head = {"scenario": {"title": document["title"]}, "worlds": document["worlds"], "seed": document["seed"]}
    fields = sorted(document["ranges"], key=lambda f: f not in limits)
    size = text_size(len(fields))
    sheet = page(_headline(document), note, head, STEP * len(fields) + 0.2)
    axes = sheet.axes(NAMES, 0, sheet.width - NAMES - 0.6, STEP * len(fields))
    axes.set(xlim=(0, 1), ylim=(len(fields) - 0.5, -0.5))
    axes.axis("off")
    for k, f in enumerate(fields):
        label = wrap(short(f, document["labels"]), size, NAMES - 0.3, 2)
        sheet.write("\n".join(label), NAMES - 0.2, (k + 0.5) * STEP, ha="right", fontsize=size)
        _bar(axes, k, limits.get(f), document["ranges"][f])
    return sheet.figure


def _bar(axes: Axes, k: int, limit: list[Any] | None, span: list[Any]) -> None:
    """One field: all that was varied in grey, the box in blue with its ends; names in words."""
    axes.barh(k, 1, height=0.26, color="#dddddd")
    inside: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": SMALL, "color": INK}
    if limit is None:
        axes.text(0.5, k, f"any, {_limit(span)}", **inside)
        return
    if not all(isinstance(v, float) for v in limit):
        axes.text(0.5, k, f"{_limit(limit)}, of {_limit(span)}", **inside)
        return
    low, high = ((v - span[0]) / ((span[1] - span[0]) or 1) for v in limit)
    axes.barh(k, high - low, left=low, height=0.26, color=COLOURS[0])
    near = high - low < 0.2  # then the two numbers stand outside
    for place, value, side in (
        (low, limit[0], "right" if near else "left"),
        (high, limit[1], "left" if near else "right"),
    ):
        axes.text(place, k + 0.18, f"{value:.3g}", ha=side, va="top", fontsize=SMALL, color=INK)
