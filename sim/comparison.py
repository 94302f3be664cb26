"""Two runs set side by side, world by world: what their files assume differently, and what came out differently.

Both are played with common random numbers (streams are keyed by names), so a world of one is the same world in the
other but for what was changed, and differences are paired.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.influence import adjusted, of_shares
from sim.analysis.intervals import errors, flipped
from sim.arrays import Floats
from sim.errors import UserError
from sim.montecarlo.draws import ClaimRule
from sim.runs import Result

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

TOLD = ("title", "question", "about", "demo")  # of a file, what no world depends on


@dataclass(frozen=True)
class Comparison:
    """What differs between two runs: `document` as in compare.json."""

    document: dict[str, Any]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row an outcome, deal or value: its mean in each, the paired difference, its interval, how many flip."""
        import pandas as pd

        return pd.DataFrame(self.document["differences"])

    def figure(self) -> Figure:
        """For every outcome an arrow from its share in the first to that in the second."""
        from sim.report.comparison import arrows

        return arrows(self.document)


def compare(one: Result, two: Result) -> Comparison:
    """`assumptions` that differ, and for every outcome, deal and value that both have its mean in each, the paired
    difference (two minus one) with its interval, and in how many worlds it comes about or ends.

    Intervals are adjusted for how many are looked at, as in `sim.analysis.influence`. Raises UserError for runs of
    different seeds, whose worlds aren't the same ones.
    """
    if one.seed != two.seed:
        raise UserError(f"runs of seeds {one.seed} and {two.seed} share no worlds; give both the same --seed.")
    worlds = min(one.blocks.worlds, two.blocks.worlds)
    columns = [(kind, name, *both) for kind, name, both in _shared(one, two, worlds)]
    differences = np.array([b - a for *_, a, b in columns]).reshape(len(columns), worlds)
    up, down = (differences > 0).sum(axis=1), (differences < 0).sum(axis=1)
    means = differences.mean(axis=1)
    numbers = np.array([kind == "value" for kind, *_ in columns])
    normal, shares = (means, errors(differences, axis=1)), flipped(up, down, worlds)
    centres, spread = (np.where(numbers, n, s) for n, s in zip(normal, shares, strict=True))
    intervals = adjusted(means[None], spread[None], centres[None])[0] if columns else []
    names = [set(r.loaded.scenario.outcomes) for r in (one, two)]
    rows = []
    for (kind, name, a, b), gained, lost, interval in zip(columns, up, down, intervals, strict=True):
        told = interval if kind == "value" else of_shares(interval)
        row = {"kind": kind, "name": name, "one": float(a.mean()), "two": float(b.mean()), **told}
        rows.append(row | {"up": int(gained), "down": int(lost)})
    document = {
        "worlds": worlds,
        "of": [one.blocks.worlds, two.blocks.worlds],
        "seed": one.seed,
        "scenarios": [
            {"title": r.loaded.scenario.title, "file": str(r.loaded.file), "options": r.document["options"]}
            for r in (one, two)
        ],
        "assumptions": [*rules(one.rule, two.rule), *differing(one.loaded.data, two.loaded.data)],
        "differences": rows,
        "only_in": [sorted(names[0] - names[1]), sorted(names[1] - names[0])],
    }
    return Comparison(document)


def _shared(one: Result, two: Result, worlds: int) -> Iterator[tuple[str, str, tuple[Floats, Floats]]]:
    """(kind, name, the column in both) of everything that both runs have."""
    first, second = one.loaded.scenario, two.loaded.scenario
    named = {
        "outcome": [o for o in first.outcomes if o in second.outcomes],
        "deal": [t for t in first.tables if t in second.tables],
        "value": [a for a in first.actors if a in second.actors],
    }
    for kind, names in named.items():
        for name in names:
            column = f"table.{name}.deal_period" if kind == "deal" else f"{kind}.{name}"
            both = [r.blocks.column(column)[:worlds] for r in (one, two)]
            a, b = (v.astype(float) if kind == "value" else (v > 0) * 1.0 for v in both)
            yield kind, name, (a, b)


def rules(one: ClaimRule, two: ClaimRule) -> list[dict[str, Any]]:
    """How claims are counted, where that differs: rows as `differing` gives them."""
    ways = [{k: getattr(r, k) for k in ("mode", "only", "without")} for r in (one, two)]
    names = {"mode": "claims", "only": "only source", "without": "without source"}
    return [
        {"where": f"({names[k]})", "one": _plain(ways[0][k]), "two": _plain(ways[1][k])}
        for k in names
        if ways[0][k] != ways[1][k]
    ]


def _plain(value: Any) -> Any:
    return (", ".join(value) or None) if isinstance(value, tuple) else value


def differing(one: Any, two: Any, path: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Every place where two files differ, [{where, one, two}]; None where one has nothing there. Terms are found by
    their names, whatever their order."""
    one, two = _by_name(one), _by_name(two)
    if isinstance(one, dict) and isinstance(two, dict):
        keys = [k for k in dict.fromkeys((*one, *two)) if path or k not in TOLD]
        rows = [row for k in keys for row in differing(one.get(k), two.get(k), (*path, str(k)))]
        if path == ("tables",) and list(one) != list(two) and set(one) == set(two):
            rows.append({"where": "tables (who meets first)", "one": ", ".join(one), "two": ", ".join(two)})
        return rows
    return [] if one == two else [{"where": ".".join(path), "one": one, "two": two}]


def _by_name(value: Any) -> Any:
    if isinstance(value, list) and value and all(isinstance(v, dict) and "term" in v for v in value):
        return {str(v["term"]): v for v in value}
    return value
