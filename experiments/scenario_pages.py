"""A page for every scenario, from its file and a run: `python experiments/scenario_pages.py [NAME …]` writes
docs/scenarios/NAME.md.

`--check` writes nothing and exits 1 if a page is stale. kursk_ceasefire has a page of its own kind (`ingredients.py`).
"""

from __future__ import annotations

from typing import Any

import yaml
from page import (
    ROOT,
    arguments,
    assumptions,
    came_out,
    documented,
    head,
    keep,
    left_out,
    on_the_tables,
    table,
    words,
)

import sim
from sim.cli.shared import cores
from sim.flips import backing
from sim.scenario.loader import Loaded

FOLDER = ROOT / "docs" / "scenarios"
OWN_KIND = {"kursk_ceasefire"}
WORLDS, SEED = 2000, 1
FEATURES = ("assent", "deadline", "consent", "mediator", "guarantor", "secret", "lapses", "renege", "foresees")
FEATURES += ("breakdown", "walk_away", "opens", "reopens", "forbid", "require", "strategies", "beliefs")


def names() -> list[str]:
    return [f.stem for f in sorted((ROOT / "scenarios").glob("*.yaml")) if f.stem not in OWN_KIND | {"claims"}]


def page(name: str, processes: int) -> str:
    """The whole page of one scenario."""
    loaded = sim.load(ROOT / "scenarios" / f"{name}.yaml")
    summary = sim.run(loaded, WORLDS, SEED, processes=processes).document
    command = f"python experiments/scenario_pages.py {name}"
    parts = [
        head(loaded, summary, command),
        on_the_tables(loaded),
        rules(loaded),
        came_out(summary, [flow(loaded.data["outcomes"][o]) for o in summary["outcomes"]]),
        agreed(summary),
        documented(summary),
        sentences(loaded, summary),
        expected(loaded, summary),
        assumptions(loaded),
        left_out(loaded),
    ]
    return "\n\n".join(p for p in parts if p) + "\n"


def rules(loaded: Loaded) -> str:
    """What holds at each table besides who proposes, and what may happen, in the words of the file."""
    lines = []
    for name in loaded.scenario.tables:
        features = loaded.data["tables"][name]
        lines += [f"- {words(name)}: {words(f)} `{flow(features[f])}`" for f in FEATURES if features.get(f)]
    lines += [f"- event {words(n)}: `{flow(e)}`" for n, e in (loaded.data.get("events") or {}).items()]
    return "Besides, as the file says it:\n\n" + "\n".join(lines) if lines else ""


def flow(value: Any) -> str:
    """A part of a file on one line, without what it rests on."""
    text = yaml.safe_dump(bare(value), default_flow_style=True, width=10**6, sort_keys=False)
    return text.strip().removesuffix("\n...").replace("'", "")  # the loader needs no quotes around yes and no


def bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items() if k not in ("claims", "assumption")}
    return [bare(v) for v in value] if isinstance(value, list) else value


def agreed(summary: dict[str, Any]) -> str:
    """Deals at each table, and when."""
    rows = []
    for name, t in summary["tables"].items():
        p25, p50, p75 = (t["first_deal_period"][k] for k in ("p25", "p50", "p75"))
        when = "–" if p50 is None else f"{p50:g} ({p25:g} to {p75:g})"
        rows.append((words(name), f"{t['worlds_with_deal']:,}", when, f"{100 * t['zone']:.0f} %"))
    heads = (
        "table",
        "worlds with a deal",
        "first deal: median period (quartiles)",
        "some package beats no deal for all",
    )
    return table(heads, rows)


def sentences(loaded: Loaded, summary: dict[str, Any]) -> str:
    """The claims that the file rests on, and what a screening of this run says of each."""
    backs, rows = backing(loaded.scenario), []
    for c, v in sorted(summary["claims"].items(), key=lambda kv: -_most(kv[1]["influence"])[0]):
        claim = loaded.claims[c]
        size, outcome, e = _most(v["influence"])
        moved = "no contrast" if size < 0 else "nothing that stands out"
        if e is not None and e["found"]:
            moved = f"{words(outcome)} {100 * e['estimate']:+.0f} [{100 * e['low']:+.0f}, {100 * e['high']:+.0f}]"
        rows.append((c, claim.author, claim.says, f"{claim.strength:g}", "; ".join(map(words, backs[c])), moved))
    text = (
        "Every claim is drawn true or false in each world by its strength. The last column: the outcome that it moves "
        "most, in percentage points true against false, from a regression over all claims at once (intervals "
        "adjusted for how many were looked at). `detente claims` flips them one by one."
    )
    heads = ("claim", "author", "says", "strength", "backs", "moves most")
    return f"## Which sentence matters\n\n{text}\n\n" + table(heads, rows)


def _most(influence: dict[str, Any]) -> tuple[float, str, dict[str, Any] | None]:
    found = [(v["found"], abs(v["estimate"]), o, v) for o, v in influence.items() if v is not None]
    if not found:
        return -1.0, "", None
    _, size, outcome, v = max(found, key=lambda f: f[:2])
    return size, outcome, v


def expected(loaded: Loaded, summary: dict[str, Any]) -> str:
    """Outcomes that an author expected, beside how often they came about here."""
    rows = []
    for name, outcome in loaded.scenario.outcomes.items():
        for c in outcome.claims:
            claim, o = loaded.claims[c], summary["outcomes"][name]
            if claim.kind != "expectation":
                continue
            rows.append((c, claim.author, claim.says, words(name), f"{100 * o['probability']:.0f} %"))
    if not rows:
        return ""
    heads = ("claim", "author", "expects", "here", "share of worlds")
    return "## What the authors expected\n\n" + table(heads, rows)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    given = parser.parse_args()
    made = ((FOLDER / f"{name}.md", page(name, cores())) for name in given.names or names())
    keep(made, given.check, "scenario_pages")


if __name__ == "__main__":
    main()
