"""The summary of a run: one JSON document, the same bytes for the same run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.influence import influence
from sim.analysis.intervals import counted, probability, wilson
from sim.arrays import Array
from sim.payoff.terms import profiles
from sim.scenario.loader import Loaded
from sim.scenario.schema import Scenario
from sim.scenario.tables import Table
from sim.status import Status
from sim.store.folder import Blocks, digest

MARKS = 40  # of a running share
FEW = 8  # types of an actor that are told one by one


def summarise(
    loaded: Loaded, seed: int, blocks: Blocks, shares: dict[str, dict[str, float | None]], claims_drawn: bool
) -> dict[str, Any]:
    """Outcomes, terms, times and values with counts and intervals; reads one column at a time.

    shares: `documented`, of each actor's payoff weight that rests on documents, and `stated`, that rests on interests
    which a document says it has. claims_drawn: whether claims differ across worlds.
    """
    s = loaded.scenario
    return {
        "scenario": {
            "title": s.title,
            "question": s.question,
            "as_of": s.as_of,
            "file": Path(loaded.file).name,
            "sha256": digest(loaded.text),
            "period": s.period,
            "horizon": s.horizon,
        },
        "worlds": blocks.worlds,
        "seed": seed,
        "outcomes": {name: _outcome(name, s.horizon, blocks) for name in s.outcomes},
        "types": _types(s, blocks),
        "convergence": _convergence(list(s.outcomes), blocks),
        "issues": {
            name: _levels(blocks.column(f"level.{name}"), issue.levels.names) for name, issue in s.issues.items()
        },
        "announced": {
            issue: _levels(blocks.column(f"announced.{issue}"), s.issues[issue].levels.names)
            for table in s.tables.values()
            if table.secret is not None
            for issue in table.agenda
        },
        "levels": {n: list(i.levels.names) for n, i in s.issues.items() if len(i.levels.names) <= 20},
        "tables": {name: _table(name, loaded, blocks) for name in s.tables},
        "values": {a: {"name": s.actors[a].name or a, **_spread(blocks.column(f"value.{a}"))} for a in s.actors},
        "report": {name: _spread(quantity(name, loaded, blocks)) for name in s.report},
        **shares,
        "claims": _claims(loaded, blocks) if claims_drawn else {},
    }


def _outcome(name: str, horizon: int, blocks: Blocks) -> dict[str, Any]:
    """Share at the end, and by period its cumulative incidence: the share in which it has come about for good."""
    counts = np.zeros(horizon, int)
    for now, since in blocks.each(f"outcome.{name}", f"outcome.{name}.since"):
        counts += np.bincount(np.maximum(since[now], 1) - 1, minlength=horizon).cumsum()
    worlds = blocks.worlds
    lows, highs = wilson(counts, worlds)
    return {
        **probability(int(counts[-1]), worlds),
        "worlds": worlds,
        "by_period": [float(c / worlds) for c in counts],
        "by_period_low": [float(v) for v in lows],
        "by_period_high": [float(v) for v in highs],
    }


def _types(scenario: Scenario, blocks: Blocks) -> dict[str, dict[str, Any]]:
    """actor -> type -> its odds before the draw, and each outcome among the worlds in which it is drawn; of actors with
    few types."""
    outcomes, found = list(scenario.outcomes), dict[str, dict[str, Any]]()
    for name, actor in scenario.actors.items():
        kinds = profiles(actor)
        if not 1 < len(kinds) <= FEW:
            continue
        drawn, held = np.zeros(len(kinds), int), np.zeros((len(kinds), len(outcomes)), int)
        for kind, *columns in blocks.each(f"type.{name}", *(f"outcome.{o}" for o in outcomes)):
            drawn += np.bincount(kind, minlength=len(kinds))
            for k, column in enumerate(columns):
                held[:, k] += np.bincount(kind[column > 0], minlength=len(kinds))
        found[name] = {
            kind.name: {
                "odds": kind.probability,
                "worlds": int(n),
                "outcomes": {o: counted(int(c), int(n)) for o, c in zip(outcomes, row, strict=True)},
            }
            for kind, n, row in zip(kinds, drawn, held, strict=True)
        }
    return found


def _convergence(names: list[str], blocks: Blocks) -> dict[str, Any]:
    """Share of each outcome in the first `worlds` worlds with its 95 % interval, at marks evenly apart on a log scale;
    counted block by block, so that memory doesn't grow with the worlds."""
    marks = np.unique(np.geomspace(min(10, blocks.worlds), blocks.worlds, MARKS).round().astype(int))
    counts, before, total = np.zeros((len(names), len(marks)), int), 0, np.zeros(len(names), int)
    for columns in blocks.each(*(f"outcome.{n}" for n in names)) if names else ():
        running = np.cumsum(np.array(columns, int), axis=1) + total[:, None]
        here = (marks > before) & (marks <= before + running.shape[1])
        counts[:, here] = running[:, marks[here] - before - 1]
        before, total = before + running.shape[1], running[:, -1]
    low, high = wilson(counts, marks)
    found = {
        n: {
            "share": [float(v) for v in counts[k] / marks],
            "low": list(map(float, low[k])),
            "high": list(map(float, high[k])),
        }
        for k, n in enumerate(names)
    }
    return {"worlds": [int(m) for m in marks], "outcomes": found}


def _levels(index: Array, names: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Share of each level; levels of a long grid that never come are left out."""
    counts = np.bincount(index, minlength=len(names))
    shown = [k for k in range(len(names)) if counts[k] or len(names) <= 20]
    return {names[k]: {"count": int(counts[k]), "probability": float(counts[k] / max(len(index), 1))} for k in shown}


def _spread(values: Array) -> dict[str, float]:
    p05, p50, p95 = np.percentile(values, [5, 50, 95])
    sd = values.std(ddof=1) if len(values) > 1 else 0.0
    return {"mean": float(values.mean()), "sd": float(sd), "p05": float(p05), "p50": float(p50), "p95": float(p95)}


def _table(name: str, loaded: Loaded, blocks: Blocks) -> dict[str, Any]:
    s, table = loaded.scenario, loaded.scenario.tables[name]
    period, status = blocks.column(f"table.{name}.deal_period"), blocks.column(f"table.{name}.status")
    deal = period > 0
    first = np.percentile(period[deal], [25, 50, 75]) if deal.any() else [None] * 3
    terms = {i: _levels(blocks.column(f"table.{name}.terms.{i}")[deal], s.issues[i].levels.names) for i in table.agenda}
    low, high = wilson(int(deal.sum()), blocks.worlds)
    return {
        "parties": list(table.parties),
        "deals": int(blocks.column(f"table.{name}.deals").sum()),
        "worlds_with_deal": int(deal.sum()),
        "probability": float(deal.mean()),
        "low": float(low),
        "high": float(high),
        "first_deal_period": {
            k: None if v is None else float(v) for k, v in zip(("p25", "p50", "p75"), first, strict=True)
        },
        "by_period": [float((deal & (period <= t + 1)).mean()) for t in range(s.horizon)],
        "zone": float(blocks.column(f"table.{name}.zone").mean()),
        "endings": {k.name.lower(): int((status == k).sum()) for k in Status},
        "refusals": {p: int(blocks.column(f"table.{name}.refusals.{p}").sum()) for p in table.parties},
        "terms": terms,
        **_after(name, table, blocks),
    }


def _after(name: str, table: Table, blocks: Blocks) -> dict[str, Any]:
    """Counts of worlds, only at tables where such things may be: promises broken, and by whom; secrets out; a
    mediator's words about each party, spoken and believed."""
    found: dict[str, Any] = {}
    if table.renege:
        by = {p: int((blocks.column(f"table.{name}.breaches.{p}") > 0).sum()) for p in table.renege}
        found["broken"] = {"worlds": int((blocks.column(f"table.{name}.broken") > 0).sum()), "by": by}
    if table.secret is not None:
        found["revealed"] = int((blocks.column(f"table.{name}.revealed") > 0).sum())
    if table.mediator is not None:
        words = {p: blocks.column(f"table.{name}.believed.{p}") for p in table.spoken_of()}
        found["words"] = {p: {"spoken": int((w >= 0).sum()), "believed": int((w > 0).sum())} for p, w in words.items()}
    return found


def quantity(name: str, loaded: Loaded, blocks: Blocks) -> Array:
    """What `report:` asks for: an actor's value, a stock at the end, or the value of an issue's level at the end."""
    s = loaded.scenario
    if name in s.actors:
        return blocks.column(f"value.{name}")
    if name in s.stocks:
        return blocks.column(f"stock.{name}")
    return np.asarray(s.issues[name].levels.values)[blocks.column(f"level.{name}")]


def _claims(loaded: Loaded, blocks: Blocks) -> dict[str, Any]:
    used = [n.removeprefix("claim.") for n in blocks.names() if n.startswith("claim.")]
    found = influence(blocks, used, list(loaded.scenario.outcomes))
    for claim, entry in found.items():
        c = loaded.claims[claim]
        entry |= {"author": c.author, "strength": c.strength, "says": c.says}
    return found
