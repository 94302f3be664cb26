"""Textbook games spelled as scenario files, as a user would write them, and played."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

import sim
from sim.analysis.story import Story
from sim.runs import explain
from sim.scenario.loader import loads

HERE = Path(__file__).parent
TEACHING = HERE.parents[1] / "scenarios" / "teaching"
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
    """The figures of one JSON file beside this one, else of those that the theory is tested by, with their sources."""
    here, there = HERE / f"{name}.json", HERE.parent / "theory" / f"{name}.json"
    return json.loads((here if here.exists() else there).read_text(encoding="utf-8"))


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


HOUSE = """title: A house divides a dollar
assumption: textbook case
period: round
horizon: 2
normalise: false
actors:
{actors}
issues:
  deal:  {{levels: {{no: 0, yes: 1}}, start: no}}
  split: {{levels: {{among: {n}, steps: {steps}}}, start: {start}}}
interests:
{interests}
tables:
  house:
    parties: [{members}]
    protocol: {{random: {{{odds}}}}}
    assent: {assent}
    agenda: [deal, split]
    require: {{deal: yes}}
outcomes:
  agreed: {{deal: yes}}
"""


def house(odds: Sequence[float], delta: float, assent: str, steps: int) -> str:
    """A legislature's file: any division in `steps` equal pieces; who proposes is drawn by `odds`."""
    n, names = len(odds), "ABCDE"[: len(odds)]
    share = "form: share, of: split, part: {k}, among: {n}, steps: {steps}, weight: 1, when: {{deal: yes}}"
    terms = (share.format(k=k + 1, n=n, steps=steps) for k in range(n))
    return HOUSE.format(
        actors="\n".join(f"  {a}: {{discount: {delta!r}, resolve: 0}}" for a in names),
        n=n,
        steps=steps,
        start="/".join(["0"] * (n - 1) + ["1"]),
        interests="\n".join(f"  {a}: [{{term: dollar, {t}}}]" for a, t in zip(names, terms, strict=True)),
        members=", ".join(names),
        odds=", ".join(f"{a}: {p!r}" for a, p in zip(names, odds, strict=True)),
        assent=assent,
    )


def teaching(name: str, *sets: str) -> sim.Loaded:
    """A teaching file, with some fields changed."""
    return sim.load(TEACHING / f"{name}.yaml", sets)


def worlds_of(game: str | sim.Loaded, worlds: int) -> pd.DataFrame:
    """One row a world, seed 1."""
    return sim.run(loads(game) if isinstance(game, str) else game, worlds, seed=1).frame


def told(game: str | sim.Loaded, world: int = 0) -> Story:
    """One world step by step, with what each side reckons."""
    return explain(loads(game) if isinstance(game, str) else game, world, seed=1)


def play(folder: Path, text: str, worlds: int = 8) -> dict[str, Any]:
    """The summary of a run of the file, seed 1. A game of complete information is the same in every world."""
    path = folder / "game.yaml"
    path.write_text(text, encoding="utf-8")
    return sim.run(sim.load(path), worlds=worlds, seed=1).document


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
