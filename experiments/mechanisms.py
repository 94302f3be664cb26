"""Mechanisms as comparative statics: `python experiments/mechanisms.py [NAME …]` plays every file in
experiments/mechanisms/ and writes docs/mechanisms.md (with NAMEs it only prints their rows).

A file says what a document leads one to expect, which scenario to play, what is changed, and what should move how:

    claims: [P13]
    statement: a rebuilt army ends Russia's backing
    scenario: after_the_war
    varied: how fast the army is rebuilt, from nil to the file's pace
    low:  [stocks.rebuilt.change.0.by=0]  # overrides, as for --set; `set: […]` stands before both
    high: []                              # the file as it is: played once for all experiments that use it
    measures:
      - {outcome: backing_cut, expect: up}     # also {level: aid}, {stock: kursk}, {value: RUS}, {deal: T}, {when: T},
      - {level: aid, given: ceasefire, expect: down}  # {hidden: ISSUE}, {lasted: T}; `given`: where that outcome holds
    note: why it doesn't come out, or what limits the test
    easy: true                            # what is varied is the price of the very thing measured

Both are the same worlds with the same random numbers. `--check` writes nothing and exits 1 if the page is stale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import yaml
from page import ROOT, arguments, keep, table, words
from parallel import each
from scipy.special import ndtr

import sim
from sim.analysis.influence import discovery_rates
from sim.analysis.intervals import Z
from sim.runs import Result
from sim.scenario.claims import load_claims

FOLDER, PAGE = ROOT / "experiments" / "mechanisms", ROOT / "docs" / "mechanisms.md"
WORLDS, SEED, RATE, FEWEST = 1000, 1, 0.05, 10
WHAT = {
    "outcome": "",
    "level": "level of",
    "stock": "stock",
    "value": "value to",
    "deal": "a deal at",
    "when": "period of the deal at",
    "hidden": "agreed above announced:",
    "lasted": "periods that a deal lasts at",
}
OUT, NOT, BACK = "**comes out**", "doesn't come out", "**reverses**"


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
            return NOT
        return OUT if (self.difference > 0) == (self.expect == "up") else BACK


def settings(spec: dict[str, Any], end: str) -> tuple[str, int, tuple[str, ...]]:
    return spec["scenario"], spec.get("worlds", WORLDS), (*spec.get("set", ()), *spec[end])


def play(scenario: str, worlds: int, overrides: tuple[str, ...]) -> Result:
    return sim.run(sim.load(ROOT / "scenarios" / f"{scenario}.yaml", overrides), worlds, SEED)


def kind_of(measure: dict[str, Any]) -> str:
    return next(k for k in WHAT if k in measure)


def column(result: Result, measure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """(value, whether it counts) in each world."""
    kind = kind_of(measure)
    name, blocks, scenario = measure[kind], result.blocks, result.loaded.scenario
    counts = np.ones(blocks.worlds)
    if kind in ("level", "hidden"):
        number = np.asarray(scenario.issues[name].levels.values)
        values = number[blocks.column(f"level.{name}")]
        if kind == "hidden":  # nothing is where nothing is secret
            announced = f"announced.{name}"
            values = values - number[blocks.column(announced)] if announced in blocks.names() else 0 * values
    elif kind in ("deal", "when", "lasted"):
        period = blocks.column(f"table.{name}.deal_period").astype(float)
        values, counts = (1.0 * (period > 0), counts) if kind == "deal" else (period, 1.0 * (period > 0))
        if kind == "lasted":  # to the end of the horizon if it is kept
            broken = blocks.column(f"table.{name}.broken")
            values = np.where(broken > 0, broken, scenario.horizon + 1) - period
    else:
        values = blocks.column(f"{kind}.{name}") * 1.0
    if "given" in measure:
        counts = counts * blocks.column(f"outcome.{measure['given']}")
    return values, counts


def measured(measure: dict[str, Any], low: Result, high: Result) -> Measured:
    """Difference of two means over the worlds that count, with the error of paired ratios (delta method)."""
    means, influences, told = [], [], True
    for result in (low, high):
        y, g = column(result, measure)
        means.append(float((y * g).sum() / g.sum()) if g.any() else float("nan"))
        influences.append(g * (y - means[-1]) / max(g.mean(), 1e-12))
        told &= g.sum() >= FEWEST  # in fewer worlds nothing is told
    d = influences[1] - influences[0]
    error = float(d.std(ddof=1) / np.sqrt(len(d)))
    difference = means[1] - means[0]
    p = float(2 * ndtr(-abs(difference) / error)) if error > 0 else 1.0 * (difference == 0)
    kind = kind_of(measure)
    name = f"{WHAT[kind]} {words(measure[kind])}".strip()
    name += f" given {words(measure['given'])}" if "given" in measure else ""
    return Measured(name, measure["expect"], means[0], means[1], difference, error, p if told else 1.0)


Found = list[tuple[dict[str, Any], list[tuple[Measured, str]]]]  # each experiment, its measures and their verdicts


def rows(claims: dict[str, Any], spec: dict[str, Any], measures: list[tuple[Measured, str]]) -> list[tuple[str, ...]]:
    """One a measure; what they share stands in the first."""
    said = ", ".join(f"{c} ({claims[c].author.removesuffix(' column').split()[-1]})" for c in spec["claims"])
    found = []
    for k, (m, verdict) in enumerate(measures):
        shared = (spec["statement"] + "†" * spec.get("easy", False), said, spec["varied"]) if k == 0 else ("", "", "")
        interval = f"{m.difference:+.3f} [{m.difference - Z * m.error:+.3f}, {m.difference + Z * m.error:+.3f}]"
        way = "rises" if m.expect == "up" else "falls"
        found.append((*shared, f"{m.name} {way}", f"{m.low:.3f} → {m.high:.3f}", interval, verdict))
    return found


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    given = parser.parse_args()
    claims = load_claims(ROOT / "scenarios" / "claims.yaml")
    files = [FOLDER / f"{n}.yaml" for n in given.names] or sorted(FOLDER.glob("*.yaml"))
    specs = [yaml.safe_load(f.read_text(encoding="utf-8")) for f in files]
    wanted = list(dict.fromkeys(settings(spec, end) for spec in specs for end in ("low", "high")))
    played: dict[Any, Result] = dict(zip(wanted, each(play, wanted), strict=True))
    ends = [[played[settings(spec, end)] for end in ("low", "high")] for spec in specs]
    measures = [[measured(m, *e) for m in spec["measures"]] for spec, e in zip(specs, ends, strict=True)]
    rates = iter(discovery_rates(np.array([m.p for ms in measures for m in ms])))
    found = [(spec, [(m, m.verdict(next(rates))) for m in ms]) for spec, ms in zip(specs, measures, strict=True)]
    if given.names:
        print("\n".join(" | ".join(r) for spec, ms in found for r in rows(claims, spec, ms)))
        return
    keep([(PAGE, page(claims, found))], given.check, "mechanisms")


def page(claims: dict[str, Any], found: Found) -> str:
    verdicts = [[v for _, v in ms] for _, ms in found]
    flat = [v for vs in verdicts for v in vs]
    whole = sum(set(vs) == {OUT} for vs in verdicts)
    none = sum(OUT not in vs for vs in verdicts)
    reasons = [listed(spec) for (spec, _), vs in zip(found, verdicts, strict=True) if set(vs) != {OUT}]
    easy = sum(set(vs) == {OUT} and spec.get("easy", False) for (spec, _), vs in zip(found, verdicts, strict=True))
    sizes = " or ".join(f"{w:,}" for w in sorted({spec.get("worlds", WORLDS) for spec, _ in found}))
    limits = [listed(s) for (s, _), vs in zip(found, verdicts, strict=True) if set(vs) == {OUT} and "note" in s]
    parts = [
        f"""# Mechanisms: does what the documents describe come out?

<!-- Printed by: python experiments/mechanisms.py. Don't edit; the experiments are in experiments/mechanisms/. -->

Of {len(found)} statements **{whole} come out in all that was measured, {len(found) - whole - none} in part and
{none} in nothing**. Of their {len(flat)} measures {flat.count(OUT)} come out, {flat.count(NOT)} don't and
{flat.count(BACK)} reverse. {easy} of the {whole} are easy ones (†): what is varied is the worth or the price of the
very thing measured, or a veto on it, so that only a stronger force could hide it.

What was to be expected was written down from the documents before it was tried. One thing is varied; the same worlds,
with the same random numbers, are played at both settings ({sizes} worlds, seed {SEED}). Levels and
shares of worlds run from 0 to 1, times are in the scenario's periods. The intervals are 95 % ones of the paired
difference; a measure comes out, or reverses, if it is told from nothing at a false-discovery rate of 5 % over the
whole page. No weight was tuned to bring one about. All this says what follows from a scenario's assumptions, not that
the world is so."""
    ]
    heads = ("statement", "claims", "varied", "expected", "low → high", "difference, 95 % interval", "verdict")
    for scenario in sorted({spec["scenario"] for spec, _ in found}):
        here = [r for spec, ms in found if spec["scenario"] == scenario for r in rows(claims, spec, ms)]
        parts += [f"## {words(scenario)}", table(heads, here)]
    parts += ["## What doesn't come out in all its measures, and why", "\n".join(reasons) or "Everything does."]
    if limits:
        parts += ["## What comes out, with a limit to the test", "\n".join(limits)]
    return "\n\n".join(parts) + "\n"


def listed(spec: dict[str, Any]) -> str:
    return f"- **{spec['statement']}** ({', '.join(spec['claims'])}): {spec.get('note', 'no reason found.')}"


if __name__ == "__main__":
    main()
