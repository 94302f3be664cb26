"""A report on claims in words and numbers, for a terminal; and its figure."""

from __future__ import annotations

from textwrap import wrap as fold
from typing import Any

from matplotlib.figure import Figure

from sim.report.layout import empty, faint_lines, page, rows_only
from sim.report.style import COLOURS, FAINT, INK, SMALL, height, minus, plain, points, styled, width, wrap

MOST = 12  # rows of the figure
INDENT: dict[str, Any] = {"initial_indent": "  ", "subsequent_indent": "      "}


def tell_claims(report: dict[str, Any]) -> str:
    """The flips, most important first; what the screening found; then every claim with what rests on it."""
    s, claims = report["scenario"], report["claims"]
    lines = [s["title"], f"{len(claims)} claims; {report['worlds']:,} worlds, seed {report['seed']}"]
    if not claims:
        return "\n".join([*lines, "", "This scenario rests on no claim of a document: all of it is assumed."])
    if report["flips"]:
        lines += ["", f"The same {report['flip_worlds']:,} worlds with it true and false, in percentage points"]
        for f in report["flips"]:
            lines += fold(f"{_called(f, report)}: {_moved(f['influence'])}{_gate(f)}", 116, **INDENT)
    lines += ["", f"All claims at once, screened in {report['worlds']:,} worlds, true against false"]
    told = {c: _moved(v["influence"]) for c, v in claims.items()}
    found = [c for c, v in claims.items() if any(e is not None and e["found"] for e in v["influence"].values())]
    blind = [c for c, v in claims.items() if not any(v["influence"].values())]
    lines += [line for c in found for line in fold(f"{_said(c, claims[c])}: {told[c]}", 116, **INDENT)]
    nothing = [c for c in claims if c not in found and c not in blind]
    for what, some in (("nothing that stands out", nothing), ("true, or false, too often to tell", blind)):
        lines += fold(f"{what}: {', '.join(some)}", 116, **INDENT) if some else []
    lines += ["", "What rests on each"]
    for c, v in claims.items():
        text = f"{c} ({v['author']}, {v['kind']}, strength {v['strength']:g}): {v['says']} → {', '.join(v['backs'])}"
        lines += fold(f"{text}; true in {v['on']:,} worlds", 116, **INDENT)
    return "\n".join(lines)


def _called(f: dict[str, Any], report: dict[str, Any]) -> str:
    if f["kind"] == "claim":
        return f["name"]
    if f["kind"] == "group":
        return f"{f['name']} (they stand behind one thing)"
    return f"all of {report['claims'][f['claims'][0]]['author']} ({', '.join(f['claims'])})"


def _gate(f: dict[str, Any]) -> str:
    return f" (without: no talk of {', '.join(map(plain, f['opens']))})" if f["opens"] else ""


def _moved(influence: dict[str, Any]) -> str:
    """Effects that stand out, greatest first; what the others look like where none does."""
    known = {o: v for o, v in influence.items() if v is not None}
    if not known:
        return "no contrast: too seldom off, or on, to tell"
    found = sorted(((o, v) for o, v in known.items() if v["found"]), key=lambda ov: -abs(ov[1]["estimate"]))
    if not found:
        most = max(abs(v[side]) for v in known.values() for side in ("low", "high"))
        return f"nothing that stands out (no more than {100 * most:.1f} either way)"
    return "; ".join(f"{plain(o)} {_effect(v)}" for o, v in found)


def _effect(v: dict[str, Any]) -> str:
    flips = f", {v['up']:,} up and {v['down']:,} down" if "up" in v else ""
    return points(v) + flips


@styled()
def tornado(report: dict[str, Any], outcome: str) -> Figure:
    """What moves one outcome, greatest first: the paired flips, or where there are none the screening."""
    headline = f"Which sentence moves it: {plain(outcome)}"
    flips = [(f, f["influence"].get(outcome)) for f in report["flips"]]
    rows = [(_label(f, report), v, f["kind"]) for f, v in flips if v is not None]
    if not report["flips"]:
        rows = [(_said(c, v), v["influence"][outcome], "claim") for c, v in report["claims"].items()]
    rows = sorted(((t, v, k) for t, v, k in rows if v is not None), key=lambda r: -abs(r[1]["estimate"]))[:MOST]
    rows = [r for r in rows if r[1]["estimate"] != 0]
    note = (
        "Change of the outcome's probability, claim true against false, in percentage points; bars: 95 % intervals, "
        "wide enough for all that was looked at. Faint: may be chance. Blue: one claim; green: claims behind one term, "
        "together; red: a whole document."
    )
    shown = dict(report, worlds=report["flip_worlds"] or report["worlds"])
    if not rows:
        return empty(headline, "No claim moves this outcome in any world.", shown)
    names = 5.4
    labels = [wrap(text, SMALL, names - 0.2, 2) for text, _, _ in rows]
    step = max(height(2, SMALL) + 0.14, 0.5)
    sheet = page(headline, note, shown, step * len(rows) + 0.5)
    figures = [minus(f"{100 * v['estimate']:+.1f}") for _, v, _ in rows]
    right = max(width(t, 14, "bold") for t in figures) + 0.2
    axes = sheet.axes(names, 0, sheet.width - names - right, step * len(rows))
    rows_only(axes, len(rows))
    axes.axvline(0, color=INK, linewidth=1.5)
    for k, ((_, v, kind), name, text) in enumerate(zip(rows, labels, figures, strict=True)):
        colour = COLOURS[{"claim": 0, "group": 2, "document": 1}[kind]]
        faint = 1.0 if v["found"] else 0.35
        ends = [100 * v["low"], 100 * v["high"]]
        axes.plot(ends, [k, k], color=colour, alpha=0.45 * faint, linewidth=11, solid_capstyle="butt")
        axes.plot(100 * v["estimate"], k, "o", color=colour, alpha=faint, markersize=11, zorder=3)
        sheet.write("\n".join(name), names - 0.15, (k + 0.5) * step, ha="right", fontsize=SMALL)
        sheet.write(text, sheet.width, (k + 0.5) * step, ha="right", weight="bold")
    faint_lines(axes, "x", labelcolor=FAINT)
    return sheet.figure


def _label(f: dict[str, Any], report: dict[str, Any]) -> str:
    if f["kind"] == "claim":
        return _said(f["name"], report["claims"][f["name"]])
    if f["kind"] == "document":
        author = report["claims"][f["claims"][0]]["author"]
        return f"all of {author} ({len(f['claims'])} claims)"
    return f"together: {f['name']}"


def _said(name: str, c: dict[str, Any]) -> str:
    author = c["author"] if len(c["author"]) < 16 else c["author"].split()[-1]
    return f"{name} ({author}): {c['says']}"
