"""Mechanisms as comparative statics: `python experiments/mechanisms.py [NAME …]` plays every file in
experiments/mechanisms/ and writes docs/mechanisms.md (with NAMEs it only prints their rows).

A file says what a document leads one to expect, which scenario to play, what is changed, and what should move how:

    claims: [P13]
    statement: a rebuilt army ends Russia's backing
    scenario: after_the_war
    low:  [stocks.rebuilt.start=0]        # overrides, as for --set
    high: [stocks.rebuilt.start=1]
    measures:
      - {outcome: backing_cut, expect: up}     # also {level: aid}, {stock: kursk}, {value: RUS}, {deal: T}, {when: T}
      - {level: aid, given: ceasefire, expect: down}  # among the worlds in which that outcome holds

Both are the same worlds with the same random numbers. `--check` writes nothing and exits 1 if the page is stale.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from page import table, words

import sim
from sim.analysis.influence import discovery_rates
from sim.scenario.claims import load_claims

ROOT = Path(__file__).parents[1]
FOLDER, PAGE = ROOT / "experiments" / "mechanisms", ROOT / "docs" / "mechanisms.md"
WORLDS, SEED, Z, RATE = 2000, 1, 1.959963984540054, 0.05
KINDS = ("outcome", "level", "stock", "value", "deal", "when")


@dataclass(frozen=True)
class Measured:
    """One measure of one mechanism: means at both ends, the paired difference and its error, and its p-value."""

    name: str
    expect: str
    low: float
    high: float
    difference: float
    error: float
    p: float

    def verdict(self, q: float) -> str:
        """Told from nothing at a false-discovery rate of 5 % over the whole table, or not; and which way."""
        if not q <= RATE:
            return "doesn't come out"
        return "**comes out**" if (self.difference > 0) == (self.expect == "up") else "**reverses**"


def play(spec: dict[str, Any], end: str, processes: int) -> sim.Result:
    file = ROOT / "scenarios" / f"{spec['scenario']}.yaml"
    overrides = tuple(spec.get("set", ())) + tuple(spec[end])
    return sim.run(sim.load(file, overrides), spec.get("worlds", WORLDS), SEED, processes=processes)


def column(result: sim.Result, measure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """(value, whether it counts) in each world."""
    kind = next(k for k in KINDS if k in measure)
    name, blocks, scenario = measure[kind], result.blocks, result.loaded.scenario
    counts = np.ones(blocks.worlds)
    if kind == "level":
        values = np.asarray(scenario.issues[name].levels.values)[blocks.column(f"level.{name}")]
    elif kind in ("deal", "when"):
        period = blocks.column(f"table.{name}.deal_period").astype(float)
        values, counts = (period, (period > 0) * 1.0) if kind == "when" else ((period > 0) * 1.0, counts)
    else:
        values = blocks.column(f"{kind}.{name}") * 1.0
    if "given" in measure:
        counts = counts * blocks.column(f"outcome.{measure['given']}")
    return values, counts


def measured(measure: dict[str, Any], low: sim.Result, high: sim.Result) -> Measured:
    """Difference of two means over the worlds that count, with the error of paired ratios (delta method)."""
    means, influences = [], []
    for result in (low, high):
        y, g = column(result, measure)
        mean = float((y * g).sum() / max(g.sum(), 1))
        means.append(mean)
        influences.append(g * (y - mean) / max(g.mean(), 1e-12))
    d = influences[1] - influences[0]
    error = float(d.std(ddof=1) / np.sqrt(len(d)))
    difference = means[1] - means[0]
    from scipy.special import ndtr

    p = float(2 * ndtr(-abs(difference) / error)) if error > 0 else 1.0
    kind = next(k for k in KINDS if k in measure)
    what = {
        "level": "level of",
        "stock": "stock",
        "value": "value to",
        "deal": "a deal at",
        "when": "period of the deal at",
    }
    name = f"{what.get(kind, '')} {words(measure[kind])}".strip()
    name += f" given {words(measure['given'])}" if "given" in measure else ""
    return Measured(name, measure["expect"], *means, difference, error, p)


def row(claims: dict[str, Any], name: str, spec: dict[str, Any], m: Measured, q: float) -> tuple[str, ...]:
    said = "; ".join(f"{c} ({claims[c].author})" for c in spec["claims"])
    interval = f"{m.difference:+.3f} [{m.difference - Z * m.error:+.3f}, {m.difference + Z * m.error:+.3f}]"
    ends = f"{m.low:.3f} → {m.high:.3f}"
    way = "rises" if m.expect == "up" else "falls"
    return (spec["statement"], said, f"{m.name} {way}", ends, interval, m.verdict(q), spec.get("note", ""))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    processes = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    claims = load_claims(ROOT / "scenarios" / "claims.yaml")
    files = [FOLDER / f"{n}.yaml" for n in given.names] or sorted(FOLDER.glob("*.yaml"))
    found: list[tuple[str, dict[str, Any], Measured]] = []
    played: dict[Any, sim.Result] = {}
    for file in files:
        spec = yaml.safe_load(file.read_text(encoding="utf-8"))
        ends = []
        for end in ("low", "high"):
            key = spec["scenario"], tuple(spec.get("set", ())), tuple(spec[end]), spec.get("worlds", WORLDS)
            if key not in played:
                played[key] = play(spec, end, processes)
            ends.append(played[key])
        found += [(file.stem, spec, measured(m, *ends)) for m in spec["measures"]]
    rates = discovery_rates(np.array([m.p for *_, m in found]))
    rows = [row(claims, name, spec, m, q) for (name, spec, m), q in zip(found, rates, strict=True)]
    text = page(rows, len(files))
    if given.names:
        print("\n".join(" | ".join(r) for r in rows))
    elif given.check:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
            sys.exit("stale: docs/mechanisms.md; run python experiments/mechanisms.py")
    else:
        PAGE.write_text(text, encoding="utf-8")


def page(rows: list[tuple[str, ...]], files: int) -> str:
    heads = ("statement", "claims", "expected", "low → high", "difference, 95 % interval", "verdict", "note")
    verdicts = [r[5].strip("*") for r in rows]
    counted = ", ".join(
        f"{verdicts.count(v)} {v}" for v in dict.fromkeys(("comes out", "doesn't come out", "reverses"))
    )
    return f"""# Mechanisms: does what the documents describe come out?

<!-- Printed by: python experiments/mechanisms.py. Don't edit; the experiments are in experiments/mechanisms/. -->

{files} statements, {len(rows)} measures: {counted}. Each compares the same {WORLDS:,} worlds (seed {SEED}, unless the
experiment says otherwise) at two settings of one thing. Probabilities and levels run from 0 to 1, times are in periods.
The verdict: told from nothing at a false-discovery rate of 5 % over the whole table. No weight was tuned to bring one
about: what doesn't come out stands here as that. They say what follows from the scenarios' assumptions, not that the
world is so.

{table(heads, rows)}
"""


if __name__ == "__main__":
    main()
