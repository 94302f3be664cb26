"""What decides a scenario's outcomes: every ingredient switched off in turn, as a Markdown page on standard output.

    python experiments/ingredients.py scenarios/kursk_ceasefire.yaml --worlds 2000 --seed 1

The same seed gives every variant the same worlds, so differences are paired world by world. `--check FILE` prints
nothing and exits 1 if FILE differs from the page.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from page import page
from parallel import each
from scipy.stats import binomtest

import sim
from sim.analysis.intervals import Z, flipped
from sim.errors import UserError
from sim.scenario.loader import Loaded


@dataclass(frozen=True)
class Ingredient:
    name: str
    how: str  # what is done to it
    overrides: tuple[str, ...]
    behind: str  # the claims or the assumption that it rests on


@dataclass(frozen=True)
class Effect:
    """Switched off minus as it is, in percentage points; p: exact McNemar, two-sided; sure: beyond noise after Holm."""

    points: float
    low: float
    high: float
    p: float
    sure: bool = False


def behind(sourced: Any, whole: str | None) -> str:
    """What something rests on, in one line."""
    if sourced.claims:
        return ", ".join(sourced.claims)
    return f"assumption: {sourced.assumption or whole or 'none given'}"


def ingredients(loaded: Loaded) -> Iterator[Ingredient]:
    """Every interest, line of a stock, type, resolve and table's feature, each with what switches it off."""
    s, data = loaded.scenario, loaded.data
    for actor, terms in s.interests.items():
        types = s.actors[actor].types
        sets = [(d, v, t.set) for d, kinds in types.items() if isinstance(kinds, dict) for v, t in kinds.items()]
        for i in terms:
            replaced = [f"actors.{actor}.types.{d}.{v}.set.{i.term}=0" for d, v, given in sets if i.term in given]
            zero = (f"interests.{actor}.{i.term}.weight=0", *replaced)
            yield Ingredient(f"{actor}: {i.term}", "weight 0", zero, behind(i, s.assumption))
    for name, stock in s.stocks.items():
        for k, line in enumerate(stock.change):
            still = (f"stocks.{name}.change.{k}.by=0",)
            yield Ingredient(f"{name}, line {k + 1}", "no change", still, behind(line, s.assumption))
    for actor, a in s.actors.items():
        for dimension, kinds in a.types.items():
            path = f"actors.{actor}.types.{dimension}"
            if not isinstance(kinds, dict):
                text = behind(kinds, s.assumption)
                yield Ingredient(f"{actor}: {dimension}", "one type, the median", (f"{path}.points=1",), text)
                continue
            for value, kind in kinds.items():
                odds = tuple(f"{path}.{v}.probability={int(v == value)}" for v in kinds)
                how = f"surely {value}, known to all"
                yield Ingredient(f"{actor}: {dimension}", how, odds, behind(kind, s.assumption))
    for actor in dict.fromkeys(p for t in s.tables.values() for p in t.parties):
        if s.actors[actor].resolve.support() != (0.0, 0.0):
            text = "assumption: " + ("as given" if "resolve" in data["actors"][actor] else "the default prior")
            yield Ingredient(f"{actor}: resolve", "0, known to all", (f"actors.{actor}.resolve=0",), text)
    for name, table in s.tables.items():
        for k, ban in enumerate(table.forbid):
            rest = [f for n, f in enumerate(data["tables"][name]["forbid"]) if n != k]
            text = f"tables.{name}.forbid={json.dumps(rest, ensure_ascii=False)}"
            yield Ingredient(f"{name}: forbid {k + 1}", "allowed", (text,), behind(ban, s.assumption))
        if table.breakdown is not None:
            text = f"tables.{name}.breakdown.hazard=0"
            yield Ingredient(f"{name}: breakdown", "hazard 0", (text,), behind(table.breakdown, s.assumption))
        if table.walk_away is not None:
            text = f"tables.{name}.walk_away="
            yield Ingredient(f"{name}: walk away", "nobody may", (text,), behind(table.walk_away, s.assumption))


def held(path: str, overrides: tuple[str, ...], worlds: int, seed: int, outcomes: tuple[str, ...]) -> np.ndarray:
    """Whether each outcome holds at the end of each world: (outcomes, worlds)."""
    blocks = sim.run(sim.load(path, overrides), worlds, seed).blocks
    return np.array([blocks.column(f"outcome.{o}") for o in outcomes])


def paired(base: np.ndarray, other: np.ndarray) -> Effect:
    """The difference of two shares of the same worlds."""
    n, gained, lost = len(base), int((other & ~base).sum()), int((base & ~other).sum())
    centre, error = flipped(gained, lost, n)
    p = binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    return Effect(100 * (gained - lost) / n, 100 * (centre - Z * error), 100 * (centre + Z * error), p)


def holm(effects: list[list[Effect]], level: float = 0.05) -> list[list[Effect]]:
    """Mark what is beyond noise, many being looked at (Holm 1979): p_(k) ≤ level / (m − k), to the first failure."""
    order = sorted((e.p, r, c) for r, row in enumerate(effects) for c, e in enumerate(row))
    sure = set()
    for k, (p, r, c) in enumerate(order):
        if p > level / (len(order) - k):
            break
        sure.add((r, c))
    return [[replace(e, sure=(r, c) in sure) for c, e in enumerate(row)] for r, row in enumerate(effects)]


def measure(given: argparse.Namespace, found: list[Ingredient], outcomes: tuple[str, ...]) -> list[list[Effect]]:
    """Effects on the outcomes (columns) of switching off each ingredient (rows)."""
    variants = [(), *(i.overrides for i in found)]
    base, *others = each(held, [(given.file, v, given.worlds, given.seed, outcomes) for v in variants])
    return holm([[paired(b, v) for b, v in zip(base, other, strict=True)] for other in others])


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--worlds", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--outcome", action="append", metavar="NAME", help="repeatable [default: the first three]")
    parser.add_argument("--check", type=Path, metavar="FILE", help="exit 1 if FILE differs from the page")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    try:
        loaded = sim.load(given.file)
        known = list(loaded.scenario.outcomes)
        outcomes = tuple(given.outcome or known[:3])
        if not outcomes or set(outcomes) - set(known):
            raise UserError(f"--outcome must be one of: {', '.join(known)}")
        found = list(ingredients(loaded))
        effects = measure(given, found, outcomes)
        summary = sim.run(loaded, given.worlds, given.seed).document
    except UserError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
    text = page(loaded, summary, found, effects, outcomes, given.outcome is not None)
    if given.check is None:
        sys.stdout.write(text)
    elif not given.check.exists() or given.check.read_text(encoding="utf-8") != text:
        print(f"{given.check} is not what the scenario and the program give now; make it anew.", file=sys.stderr)
        raise SystemExit(1)


if __name__ == "__main__":
    main()
