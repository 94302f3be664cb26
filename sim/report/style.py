"""One look for every figure: settings, colours, wrapped text, numbers as people read them, and reproducible files.

Sizes are in points and inches. A figure is 10 inches wide and grows downwards when there is more to show.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from sim.errors import clean

SMALL, BODY, TITLE = 12, 14, 19
INK, FAINT, GRID = "#1a1a1a", "#595959", "#e4e4e4"
# Okabe & Ito (2008), "Color Universal Design"; their yellow is left out: it vanishes on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES = ("solid", (0, (5, 2)), (0, (1.5, 1.5)))
SETTINGS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so every machine draws the same letters
    "font.size": BODY,
    "text.parse_math": False,  # a `$` or `_` in a scenario is a `$` or `_`
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": FAINT,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "svg.fonttype": "path",
    "svg.hashsalt": "detente",  # ids in the file come from this, not from the clock
}
METADATA: dict[str, dict[str, Any]] = {"png": {"Software": None}, "svg": {"Date": None, "Creator": None}}


@contextmanager
def styled() -> Iterator[None]:
    """Our settings on top of matplotlib's own defaults, whatever the user's matplotlibrc says; undone afterwards."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(SETTINGS)
        yield


def save(figure: Figure, folder: str | Path, name: str) -> list[Path]:
    """Writes `name.png` (150 dots an inch) and `name.svg` into `folder`. The same figure gives the same bytes."""
    paths = [Path(folder) / f"{name}.{kind}" for kind in METADATA]
    with styled():
        for path in paths:
            figure.savefig(path, dpi=150, metadata=METADATA[path.suffix[1:]])
    return paths


def line_style(k: int) -> dict[str, Any]:
    """Colour and dashes of the k-th line: seven colours, then the same seven dashed."""
    return {"color": COLOURS[k % len(COLOURS)], "linestyle": DASHES[k // len(COLOURS) % len(DASHES)]}


@lru_cache(maxsize=64)
def _font(size: float, weight: str) -> FontProperties:
    return FontProperties(family="DejaVu Sans", size=size, weight=weight)


def width(text: str, size: float, weight: str = "normal") -> float:
    """Inches that one line of text takes."""
    return text_to_path.get_text_width_height_descent(text, _font(size, weight), False)[0] / 72


def height(lines: int, size: float) -> float:
    """Inches that so many lines of text take."""
    return lines * size * 1.2 / 72


def _most(size: float, room: float) -> int:
    """More letters than fit into `room` inches, the narrowest being a quarter as wide as the size: longer texts needn't
    be measured."""
    return int(4 * 72 * room / size) + 1


def shorten(text: str, size: float, room: float, weight: str = "normal") -> str:
    """The text, or its beginning and an ellipsis if it is wider than `room` inches."""
    text = clean(text)
    if len(text) <= _most(size, room) and width(text, size, weight) <= room:
        return text
    return text[: _fitting(text[: _most(size, room)], size, room, weight, "…")].rstrip() + "…"


def _fitting(text: str, size: float, room: float, weight: str, end: str = "") -> int:
    """How many of its first letters fit, with `end` after them."""
    return bisect_right(range(1, len(text) + 1), room, key=lambda k: width(text[:k] + end, size, weight))


def _pieces(word: str, size: float, room: float, weight: str) -> list[str]:
    """A word cut into parts that fit."""
    parts = []
    while word:
        fits = max(1, _fitting(word, size, room, weight))
        parts.append(word[:fits])
        word = word[fits:]
    return parts


def wrap(text: str, size: float, room: float, lines: int = 3, weight: str = "normal") -> list[str]:
    """The text in at most so many lines of `room` inches; the last one is shortened if it must be."""
    done: list[str] = [""]
    for word in clean(text)[: _most(size, lines * room) + lines].split():
        for piece in _pieces(word, size, room, weight):
            longer = f"{done[-1]} {piece}".strip()
            if width(longer, size, weight) <= room:
                done[-1] = longer
            else:
                done.append(piece)
    if len(done) > lines:
        done = [*done[: lines - 1], shorten(" ".join(done[lines - 1 :]), size, room, weight)]
    return done


def plain(name: str) -> str:
    """A name from a scenario as words."""
    return name.replace("_", " ").replace("@", " at ")


def percent(share: float, digits: int = 0) -> str:
    """62 for .62; one decimal where rounding would claim never or always, none for those themselves."""
    value = 100 * share
    if value in (0, 100):
        digits = 0
    elif 0 < value < 0.95 or 99.05 < value < 100:
        digits = 1
    return f"{value:.{digits}f}"


def rounded(share: float, low: float, high: float) -> tuple[str, str, str]:
    """62, 60 and 64; a decimal more where rounding would hide the interval."""
    digits = 0 if high - low >= 0.02 else 1
    return percent(share, digits), percent(low, digits), percent(high, digits)


def interval(share: float, low: float, high: float) -> str:
    """`62 % [60, 64]`."""
    one, least, most = rounded(share, low, high)
    return f"{one} % [{least}, {most}]"


def interval_of(s: dict[str, Any]) -> str:
    """The same of a counted share (`sim.analysis.intervals.counted`)."""
    return interval(s["share"], s["low"], s["high"])


def counted(s: dict[str, Any]) -> str:
    """`31 of 50, 62 % [48, 74]`."""
    return f"{s['count']:,} of {s['of']:,}, {interval_of(s)}"


def points(effect: dict[str, Any]) -> str:
    """`+12.0 [+8.1, +15.9]`: a difference of shares with its interval, in percentage points."""
    return "{:+.1f} [{:+.1f}, {:+.1f}]".format(*(100 * effect[k] + 0.0 for k in ("estimate", "low", "high")))


def number(value: float, scale: float) -> str:
    """With as many decimals as give the figure's largest number, `scale` (> 0), two digits; a true minus sign."""
    decimals = max(0, 1 - math.floor(math.log10(scale)))
    return minus(f"{round(value, decimals) + 0.0:.{decimals}f}")


def minus(numbers: str) -> str:
    """Hyphens as true minus signs."""
    return numbers.replace("-", "−")


def text_size(rows: int) -> int:
    """Points for the labels of so many rows: the fewer, the larger."""
    return 18 if rows <= 4 else 16 if rows <= 6 else BODY
