"""Sobol indices in words and numbers, as a table, and as bars: of an experiment's fields, or of a scenario's layers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.layout import Page, empty, page, percent_axis, rows_only
from sim.report.style import COLOURS, FAINT, INK, SMALL, height, percent, save, styled, width, wrap
from sim.report.sweep import SHARES, named, short
from sim.store.folder import write_json
from sim.store.writing import write_frame

if TYPE_CHECKING:
    import pandas as pd

NAMES, GAP, AXIS, HEAD, ACROSS, PANELS = 2.9, 0.75, 0.35, 0.62, 2, 6  # inches; panels
KINDS = {"first": "alone", "total": "with all it interacts with"}


@dataclass(frozen=True)
class Indices:
    """What came out: `document` as in sensitivity.json, `frame` one row for every measure, row and kind of index."""

    document: dict[str, Any]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Columns measure, field, index (first, total, rank), estimate, low, high."""
        import pandas as pd

        rows = [
            {"measure": m, "field": f, "index": kind, **found[kind]}
            for m, v in self.document["measures"].items()
            for f, found in (v["indices"] or {}).items()
            for kind in ("first", "total", "rank")
            if found.get(kind)
        ]
        return pd.DataFrame(rows, columns=["measure", "field", "index", "estimate", "low", "high"])

    def figures(self) -> dict[str, Figure]:
        """name -> figure: bars with intervals, a panel a measure, six panels a figure."""
        names = list(self.document["measures"])
        parts = [names[k : k + PANELS] for k in range(0, len(names), PANELS)]
        with styled():
            return {f"sensitivity{f'_{k + 1}' if k else ''}": _bars(self.document, m) for k, m in enumerate(parts)}

    def write(self, folder: Path) -> None:
        """sensitivity.json, indices.csv and the figures."""
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / "sensitivity.json", self.document)
        write_frame(folder / "indices.csv", self.frame)
        for name, figure in self.figures().items():
            save(figure, folder, name)


def tell_indices(document: dict[str, Any], folder: Any) -> str:
    """What was played; for every measure each row's indices, the greatest total on top; what doesn't matter."""
    lines = [document["title"], *_about(document)]
    for name, m in document["measures"].items():
        lines += ["", f"{named(name)}: {_spread(name, m, document)}"]
        if m["indices"] is None:
            lines.append(f"  {_nothing(document)}")
            continue
        rows = sorted(m["indices"].items(), key=lambda kv: -kv[1]["total"]["estimate"])
        wide = max(len(short_of(f, document)) for f, _ in rows)
        lines += [f"  {short_of(f, document):{wide}}  {_row(found)}" for f, found in rows]
    return "\n".join([*lines, *_left_out(document), "", f"Table and figures: {folder}"])


def _about(document: dict[str, Any]) -> list[str]:
    worlds, seed = f"{document['worlds']:,} worlds", f"seed {document['seed']}"
    if "points" not in document:
        return [
            f"{worlds}, {seed}, played 8 times: every layer of draws as it was and anew, in all combinations",
            "Share of what differs between worlds that each layer explains alone, and in all (with the others)",
        ]
    failed = f"; {document['failed']:,} rows left out, as a point makes no valid scenario" * bool(document["failed"])
    return [
        f"{document['points']:,} rows, {document['played']:,} points of {worlds}, {seed}{failed}",
        "Share of what differs between points that each field explains alone, and in all (with what it interacts with)",
    ]


def _spread(name: str, m: dict[str, Any], document: dict[str, Any]) -> str:
    between = "points" if "points" in document else "worlds"
    shares = name.startswith(SHARES)
    mean = f"{percent(m['mean'])} %" if shares else f"{m['mean']:+.3f}"
    if between == "worlds" and shares:
        return f"{mean} of worlds"
    spread = f"{100 * m['sd']:.1f} percentage points" if shares else f"{m['sd']:.3f}"
    luck = f", {max(100 * m['noise'], 0):.0f} % of their variance luck of the worlds" if "noise" in m else ""
    return f"mean {mean}, standard deviation between {between} {spread}{luck}"


def _nothing(document: dict[str, Any]) -> str:
    if "points" in document:
        return "nothing differs between points, or no more than the luck of the worlds could make it"
    return "the same in all worlds, or too rare, or too common, to split"


def _row(found: dict[str, Any]) -> str:
    text = f"alone {_interval(found['first']):17}  in all {_interval(found['total']):17}"
    rank = found.get("rank")
    if rank is None:
        return text.rstrip()
    way = (
        ""
        if rank["low"] <= 0 <= rank["high"]
        else ", the more the less"
        if rank["estimate"] < 0
        else ", the more the more"
    )
    return f"{text}  rank correlation {rank['estimate']:+.2f} [{rank['low']:+.2f}, {rank['high']:+.2f}]{way}"


def _interval(v: dict[str, float]) -> str:
    return f"{100 * v['estimate']:3.0f} % [{100 * v['low']:.0f}, {100 * v['high']:.0f}]"


def _left_out(document: dict[str, Any]) -> list[str]:
    """Fields that plainly don't matter, dropped or not."""
    lines = []
    if document.get("dropped"):
        names = ", ".join(short_of(f, document) for f in document["dropped"])
        lines = [
            "",
            f"Left out after the screening, as no step moved a measure by a tenth of its spread: {names}",
        ]
    if document.get("negligible"):
        names = ", ".join(short_of(f, document) for f in document["negligible"])
        lines += ["", f"Plainly doesn't matter (no step moved a measure by a tenth of its spread): {names}"]
    return lines


def short_of(field: str, document: dict[str, Any]) -> str:
    return short(field, document["labels"])


def _bars(document: dict[str, Any], measures: list[str]) -> Figure:
    between = "points" if "points" in document else "worlds"
    found = {m: document["measures"][m]["indices"] for m in measures}
    headline = "What drives the outcome?" if between == "points" else "What nobody knows, what one knows, and chance"
    title = document["title"] + (f", {document['played']:,} points" if "played" in document else "")
    head = {"scenario": {"title": title}, "worlds": document["worlds"], "seed": document["seed"]}
    if not any(found.values()):
        return empty(headline, "Nothing differs, or no more than luck could make it.", head)
    note = f"How much of what differs between {between} each explains. Lines: 95 % intervals."
    totals: dict[str, float] = {}
    for indices in found.values():
        for f, v in (indices or {}).items():
            totals[f] = max(totals.get(f, 0.0), v["total"]["estimate"])
    fields = sorted(totals, key=lambda f: -totals[f])
    labels = [wrap(short_of(f, document), SMALL + 1, NAMES - 0.2, 2) for f in fields]
    step = max(max(height(len(text), SMALL + 1) for text in labels) + 0.16, 0.56)
    across = min(ACROSS, len(measures))
    down, tall = -(-len(measures) // across), HEAD + step * len(fields) + AXIS
    sheet = page(headline, note, head, down * tall + 0.3)
    _legend(sheet)
    each = (sheet.width - NAMES - GAP * across) / across
    for k, m in enumerate(measures):
        left, top = NAMES + (k % across) * (each + GAP), 0.3 + (k // across) * tall
        title = wrap(named(m), SMALL + 1, each, 2, "bold")
        sheet.write("\n".join(title), left, top + HEAD - 0.08, fontsize=SMALL + 1, weight="bold", va="bottom")
        if k % across == 0:
            for i, text in enumerate(labels):
                at = top + HEAD + (i + 0.5) * step
                sheet.write("\n".join(text), NAMES - 0.15, at, ha="right", fontsize=SMALL + 1)
        _panel(sheet.axes(left, top + HEAD, each, step * len(fields)), fields, found[m])
    return sheet.figure


def _legend(sheet: Page) -> None:
    at = NAMES
    for k, text in enumerate(KINDS.values()):
        sheet.write("■", at, 0.12, color=COLOURS[k], fontsize=SMALL + 4)
        sheet.write(text, at + 0.25, 0.12, fontsize=SMALL, color=INK)
        at += width(text, SMALL) + 0.6


def _panel(axes: Axes, fields: list[str], indices: dict[str, Any] | None) -> None:
    """Two bars a field, first-order above total, each with its interval."""
    percent_axis(axes, "x")
    rows_only(axes, len(fields))
    axes.tick_params(labelcolor=FAINT)
    if indices is None:
        axes.text(0.5, (len(fields) - 1) / 2, "no difference beyond luck", ha="center", color=FAINT, fontsize=SMALL)
        return
    for i, f in enumerate(fields):
        for k, kind in enumerate(KINDS):
            v, at = {n: min(max(x, 0.0), 1.0) for n, x in indices[f][kind].items()}, i - 0.17 + 0.34 * k
            axes.barh(at, v["estimate"], height=0.3, color=COLOURS[k])
            axes.plot([v["low"], v["high"]], [at, at], color=INK, linewidth=2, solid_capstyle="butt")
