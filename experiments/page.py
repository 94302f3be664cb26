"""Pages in Markdown: how the programs here keep them, the parts that pages of scenarios share (what a scenario
contains, what came out, what it assumes), and the page of `ingredients.py`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.style import interval
from sim.scenario.assumptions import DEFAULT, assumed, without_resolve
from sim.scenario.claims import cited
from sim.scenario.loader import Loaded

if TYPE_CHECKING:
    from ingredients import Effect, Ingredient

ROOT = Path(__file__).parents[1]
MODEL_LEAVES_OUT = """Of bargaining itself: who speaks for a state, divided governments, and talks about talks. States
are single minds; but for tables that they are said to foresee, they take the levels of other tables as they stand."""
NORMALISED = """A weight set to 0 leaves the actor's other weights larger, as they sum to 1. Its own choices don't
depend on that, as they are made in shares of its stakes; its values do, and so does what others who care for it
(`regard`) take from it. """


def arguments(doc: str | None) -> argparse.ArgumentParser:
    """Of a program that makes pages."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, and exit 1 if a page is stale")
    return parser


def keep(pages: Iterable[tuple[Path, str]], check: bool, program: str) -> None:
    """Writes each page as it comes; with `check` nothing, but ends the program if one isn't what stands in its file."""
    stale = []
    for file, text in pages:
        if not check:
            file.write_text(text, encoding="utf-8")
            print(file.relative_to(ROOT))
        elif not file.exists() or file.read_text(encoding="utf-8") != text:
            stale.append(str(file.relative_to(ROOT)))
    if stale:
        sys.exit(f"stale: {', '.join(stale)}; run python experiments/{program}.py")


def page(
    loaded: Loaded,
    summary: dict[str, Any],
    found: list[Ingredient],
    effects: list[list[Effect]],
    outcomes: tuple[str, ...],
    chosen: bool,
) -> str:
    """The whole page. `chosen`: whether the outcomes were given on the command line."""
    command = " ".join(
        [
            f"python experiments/ingredients.py {loaded.file} --worlds {summary['worlds']} --seed {summary['seed']}",
            *(f"--outcome {o}" for o in outcomes if chosen),
        ]
    )
    parts = [
        head(loaded, summary, command),
        on_the_tables(loaded),
        came_out(summary),
        documented(summary),
        decides(found, effects, outcomes, summary["worlds"], loaded.scenario.normalise),
        assumptions(loaded),
        left_out(loaded),
        f"## How to reproduce\n\n```\n{command}\n```\n\nWith `--check FILE` it says instead whether FILE is this page.",
    ]
    return "\n\n".join(parts) + "\n"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def words(name: str) -> str:
    return name.replace("_", " ")


def head(loaded: Loaded, summary: dict[str, Any], command: str) -> str:
    s = loaded.scenario
    asked = f"\n\n**{s.question}**" if s.question else ""
    date = f"As of {s.as_of}. " if s.as_of else ""
    about = f"\n\n{s.about}" if s.about else ""
    return (
        f"# {s.title}\n\n<!-- Printed by: {command}. Don't edit. -->{asked}{about}\n\n"
        f"{date}{s.horizon} {s.period}s, {summary['worlds']:,} worlds, seed {summary['seed']}. "
        "A model of stated wants and assumptions: not a forecast, not advice."
    )


def on_the_tables(loaded: Loaded) -> str:
    s, text = loaded.scenario, ["## What is on the tables"]
    for name, t in s.tables.items():
        parties = " and ".join(s.actors[p].name or p for p in t.parties)
        rule = next(iter(loaded.data["tables"][name]["protocol"]))
        text.append(f"**{words(name)}**: {parties}; {words(rule)}.")
        rows = [(words(i), s.issues[i].about or "", levels(s.issues[i])) for i in t.agenda]
        text.append(table(("issue", "", "levels (at the start: bold)"), rows))
    if s.stocks:
        stocks = [f"- {words(n)}: {stock.about or ''}" for n, stock in s.stocks.items()]
        text.append("Quantities that nobody sets directly:\n\n" + "\n".join(stocks))
    return "\n\n".join(text)


def levels(issue: Any) -> str:
    names = issue.levels.names
    if len(names) > 20:
        return f"{len(names)} steps from {names[0]} to {names[-1]}"
    return ", ".join(f"**{words(n)}**" if n == issue.start else words(n) for n in names)


def came_out(summary: dict[str, Any], counted: Sequence[str] = ()) -> str:
    """How often each outcome came about; `counted`: when each is, in the words of the file."""
    heads, rows = ["at the end", "worlds", "share, 95 % interval"], []
    for name, o in summary["outcomes"].items():
        rows.append([words(name), f"{o['count']:,}", interval(o["probability"], o["low"], o["high"])])
    if counted:
        heads, rows = [*heads, "counted when"], [[*r, f"`{c}`"] for r, c in zip(rows, counted, strict=True)]
    return "## What came out\n\n" + table(heads, rows)


def documented(summary: dict[str, Any]) -> str:
    def percent(share: float | None) -> str:
        return "–" if share is None else f"{100 * share:.0f} %"

    both, found = (summary["documented"], summary["stated"]), summary["values"].items()
    rows = [(v["name"], *(percent(shares[a]) for shares in both)) for a, v in found]
    text = (
        "The share of each actor's payoff weight that rests on claims of the documents, of whatever kind; and\n"
        "the share that rests on interests which a document says the actor has. The rest is assumed."
    )
    return f"## How much of it is documented\n\n{text}\n\n" + table(("actor", "claims", "stated interests"), rows)


def cell(e: Effect) -> str:
    digits = 0 if abs(e.points) >= 10 else 1
    text = f"{e.points:+.{digits}f} [{e.low:+.{digits}f}, {e.high:+.{digits}f}]"
    return f"**{text}**" if e.sure else text


def decides(
    found: list[Ingredient], effects: list[list[Effect]], outcomes: tuple[str, ...], worlds: int, normalise: bool
) -> str:
    pairs = sorted(zip(found, effects, strict=True), key=lambda pair: -max(abs(e.points) for e in pair[1]))
    heads = ("ingredient", "switched off", *(words(o) for o in outcomes), "rests on")

    def rows(chosen: bool) -> list[Sequence[str]]:
        return [(i.name, i.how, *map(cell, es), i.behind) for i, es in pairs if any(e.sure for e in es) == chosen]

    tested = len(found) * len(outcomes)
    text = [
        "## What decides it: each ingredient switched off in turn",
        "Switched off minus as it is, in percentage points, with 95 % intervals. The worlds are the same ones, with "
        "the same random numbers, so the differences are paired. Bold: beyond noise after Holm's correction for all "
        f"{tested} differences looked at (exact McNemar tests, 5 %). Intervals are not corrected. They say how well "
        f"{worlds:,} worlds show what *this model* does, not how sure anyone may be of the world.",
        NORMALISED * normalise + "Effects of single ingredients don't add up: some stand in for one another.",
        most(pairs, outcomes),
        table(heads, rows(True)),
    ]
    if rows(False):
        text += [f"Not told from nothing with {worlds:,} worlds:", table(heads, rows(False))]
    return "\n\n".join(text)


def most(pairs: list[tuple[Ingredient, list[Effect]]], outcomes: tuple[str, ...]) -> str:
    """For each outcome the ingredients that move it most, of those beyond noise."""
    lines = []
    for k, outcome in enumerate(outcomes):
        sure = sorted(((e[k].points, i) for i, e in pairs if e[k].sure), key=lambda pi: -abs(pi[0]))[:4]
        named = "; ".join(f"{i.name} ({i.how}) {points:+.0f}" for points, i in sure)
        lines.append(f"- **{words(outcome)}** is moved most by: {named or 'nothing that stands out'}")
    return "\n".join(lines)


def assumptions(loaded: Loaded) -> str:
    lines = [f"- `{where}`: {text}" for where, text in assumed(loaded.data)]
    if default := without_resolve(loaded):
        lines.append(f"- resolve of {', '.join(default)}: {DEFAULT}")
    lines.append("- every weight, discount, hazard and rate of change is a prior, not a measurement; the file has them")
    return "## Assumptions, in full\n\n" + "\n".join(lines)


def left_out(loaded: Loaded) -> str:
    text = ["## What it leaves out"]
    notes = ROOT / "docs" / "scenarios" / "notes" / f"{Path(loaded.file).stem}.md"
    if notes.exists():
        text.append(notes.read_text(encoding="utf-8").strip())
    text.append(MODEL_LEAVES_OUT)
    used = {name for kind, name in cited(loaded.data) if kind == "claim"}
    if used:
        count = f"It rests on {len(used)} of the {len(loaded.claims)} claims in `claims.yaml`."
        text.append(f"{count} [The page on claims](../claims.md) says where the others are used.")
    return "\n\n".join(text)
