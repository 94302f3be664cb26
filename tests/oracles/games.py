"""Textbook games spelled as scenario files, as a user would write them, and played."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import sim

HERE = Path(__file__).parent
FILE = """title: {title}
assumption: textbook case
period: round
horizon: {horizon}
normalise: false
actors:
  A: {{discount: {d1!r}, resolve: 0}}
  B: {{discount: {d2!r}{b_actor}}}
issues:
  deal:  {{levels: {{no: 0, yes: 1}}, start: no}}
  share: {{levels: {{from: 0, to: 1, steps: {steps}}}, start: 0}}
{issues}
interests:
  A:
    - {{term: dollar, form: product, of: [deal, share], weight: 1}}
{a_terms}
  B:
    - {{term: dollar, form: linear, of: deal, weight: 1}}
    - {{term: given, form: product, of: [deal, share], weight: -1}}
{b_terms}
tables:
  talks:
    parties: [A, B]
    protocol: {protocol}
    agenda: [deal, share]
    require: {{deal: yes}}
{table}
outcomes:
  agreed: {{deal: yes}}
report: [share, A, B]
"""


def figures(name: str) -> dict[str, Any]:
    """The figures of one JSON file beside this one, with their sources."""
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


def dollar(d1: float, d2: float, *, steps: int = 1001, first: str = "A", **more: Any) -> str:
    """Splitting a dollar by alternating offers; `more` as in `_file`."""
    protocol = f"{{alternating_offers: {{first: {first}}}}}"
    return _file(title="Split the dollar", d1=d1, d2=d2, steps=steps, protocol=protocol, **more)


def crisis(*, a_terms: list[str], b_terms: list[str], steps: int = 1001, **more: Any) -> str:
    """A demands a share of the dollar once, B accepts or not; `a_terms` and `b_terms` say what war brings."""
    return _file(
        title="A crisis", d1=0.9, d2=0.9, steps=steps, deadline=1, protocol="{ultimatum: {by: A}}",
        a_terms=a_terms, b_terms=b_terms, **more,
    )  # fmt: skip


def _file(
    *,
    deadline: int | None = None,
    horizon: int = 2,
    issues: tuple[str, ...] = (),
    a_terms: list[str] | tuple[str, ...] = (),
    b_terms: list[str] | tuple[str, ...] = (),
    table: tuple[str, ...] = (),
    b_actor: str = ", resolve: 0",
    **given: Any,
) -> str:
    """The file's text. Issues, terms and the table's features are lines of YAML in the flow style."""
    rules = [*table, *([f"deadline: {deadline}"] if deadline else [])]
    return FILE.format(
        horizon=max(horizon, deadline or 0),
        issues="\n".join(f"  {line}" for line in issues),
        a_terms="\n".join(f"    - {{{line}}}" for line in a_terms),
        b_terms="\n".join(f"    - {{{line}}}" for line in b_terms),
        table="\n".join(f"    {line}" for line in rules),
        b_actor=b_actor,
        **given,
    )


def play(folder: Path, text: str, worlds: int = 8) -> dict[str, Any]:
    """The summary of a run of the file, seed 1. A game of complete information is the same in every world."""
    path = folder / "game.yaml"
    path.write_text(text, encoding="utf-8")
    return sim.run(sim.load(path), worlds=worlds, seed=1).summary


def share_at_once(summary: dict[str, Any]) -> float:
    """A's share, after checking that every world deals on it in the first period and that it is what A and B get."""
    table, report = summary["tables"]["talks"], summary["report"]
    assert table["worlds_with_deal"] == summary["worlds"] == summary["outcomes"]["agreed"]["count"]
    assert set(table["first_deal_period"].values()) == {1}
    share = report["share"]["mean"]
    assert report["share"]["sd"] < 1e-9
    assert abs(report["A"]["mean"] - share) < 1e-6
    assert abs(report["B"]["mean"] - (1 - share)) < 1e-6
    return share


def demands(summary: dict[str, Any]) -> list[float]:
    """The shares that deals gave to A, in rising order."""
    levels = summary["tables"]["talks"]["terms"]["share"]
    return sorted(float(level) for level, v in levels.items() if v["count"])


def war(summary: dict[str, Any]) -> float:
    """Share of worlds without a deal."""
    return 1 - summary["tables"]["talks"]["worlds_with_deal"] / summary["worlds"]
