"""How crises end, with a mediator and without: a crisis of no name (generic_crisis.yaml), base rates and wide guesses
written down before it was first played and kept as they were. Beside it stand the crises of 1918 to 2021: how many
ended in a formal or semi-formal agreement where nobody mediated and where somebody did. Mediators choose their crises,
and crises their mediators: the gap is an association and no effect, and the model, in which nothing else differs, can't
be expected to show all of it. A share holds if it lies between the lowest and the highest end of the intervals for
1918, 1946 and 1990 to 2021.

The mediator knows something of both sides' resolve and says so. In a second pair either side may break what it signed,
and the mediator also guarantees it; that pair was added when the first trial of the other had been seen.

What came out: without a mediator the two agree three times as often as crises did, and a mediator's word changes next
to nothing. Where promises can be broken they agree too seldom, and a guarantee brings back under half of the gap.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import sim
from sim.analysis.intervals import flipped
from sim.runs import Result
from validation.check import Check, Estimate, difference, needed, rate

TITLE = "How crises end"
SCENARIO = Path(__file__).with_name("generic_crisis.yaml")
WORLDS, SEED = 2000, 1
PERIODS = ("all 1918-2021", "1946-2021", "1990-2021")
ICB = "International Crisis Behavior v16 (Brecher, Wilkenfeld, Beardsley et al.)"
ALONE, BREAKABLE = "tables.talks.mediator=", "tables.talks.renege={A: {sets: {deal: no}}, B: {sets: {deal: no}}}"
PLAYED = ((ALONE,), (), (BREAKABLE, ALONE), (BREAKABLE, "tables.talks.guarantor={by: M, penalty: 0.2}"))


def rates(data: Path, block: str) -> dict[str, tuple[int, int]]:
    """quantity -> (k, n), of one block of the base rates."""
    with needed(data, "base_rates.csv").open(newline="", encoding="utf-8") as handle:
        rows = [r for r in csv.DictReader(handle) if r["block"] == block and r["k"]]
    return {r["quantity"]: (int(float(r["k"])), int(float(r["n"]))) for r in rows}


def agreed(found: dict[str, tuple[int, int]], mediation: str) -> list[Estimate]:
    """The share of crises that ended in an agreement, in each of the periods."""
    return [rate(*found[f"formal or semi-formal given {mediation} | {p}"]) for p in PERIODS]


def play(worlds: int, overrides: tuple[str, ...]) -> Result:
    return sim.run(SCENARIO, worlds, SEED, overrides=overrides)


def share(name: str, agreement: np.ndarray, theirs: list[Estimate]) -> Check:
    count, worlds = int(agreement.sum()), len(agreement)
    least, most = min(t.low for t in theirs), max(t.high for t in theirs)
    ours, note = rate(count, worlds), f"{count} of {worlds} worlds, seed {SEED}; holds within [{least:.3f}, {most:.3f}]"
    return Check(name, *ours, str(theirs[0]), ICB, least <= ours.value <= most, note)


def gap(name: str, before: np.ndarray, now: np.ndarray, theirs: Estimate) -> Check:
    """What it changes in the same worlds, beside the gap between crises with and without."""
    d, error = flipped(int((now & ~before).sum()), int((before & ~now).sum()), len(now))
    low, high = d - 1.96 * error, d + 1.96 * error
    holds = low <= theirs.high and high >= theirs.low
    return Check(name, d, low, high, str(theirs), ICB, holds, "paired worlds; holds if the intervals meet")


def korean(data: Path, played: dict[str, np.ndarray]) -> Iterator[Check]:
    """The crises on the peninsula beside the same worlds: too few to try a model on."""
    with needed(data, "icb_korea_crises.csv").open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    for name, agreement in played.items():
        some = [r["outcome"] in ("Formal agreement", "Semi-formal agreement") for r in rows if r["mediation"] == name]
        ours, theirs = rate(int(agreement.sum()), len(agreement)), rate(sum(some), len(some))
        note = f"{sum(some)} of {len(some)} crises: too few to decide anything"
        yield Check(f"on the Korean peninsula, {name.lower()}", *ours, str(theirs), ICB, None, note)


def checks(data: Path, worlds: int = WORLDS) -> list[Check]:
    mediation = rates(data, "ICB mediation")
    none, some = agreed(mediation, "No mediation"), agreed(mediation, "Mediation occurred")
    alone, helped, breakable, guarded = (
        play(worlds, overrides).blocks.column("outcome.agreement") for overrides in PLAYED
    )
    theirs = difference(some[0], none[0])
    return [
        share("agreement, nobody mediates", alone, none),
        share("agreement, a mediator speaks", helped, some),
        gap("what a mediator's word changes", alone, helped, theirs),
        share("agreement that may be broken, nobody mediates", breakable, none),
        share("agreement that may be broken, a mediator speaks and guarantees", guarded, some),
        gap("what its word and its guarantee change", breakable, guarded, theirs),
        *korean(data, {"No mediation": alone, "Mediation occurred": helped}),
    ]
