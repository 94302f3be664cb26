"""How crises end, with a mediator and without: a crisis of no name (generic_crisis.yaml), base rates and wide guesses
written down before it was first played and kept as they were. Beside it stand the crises of 1918 to 2021: how many
ended in a formal or semi-formal agreement where nobody mediated and where somebody did. Mediators choose their crises,
and crises their mediators: the difference is an association and no effect, so the model, where nothing else differs,
needn't show it; a share holds if it lies within the widest interval of the periods that the data are counted by.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import sim
from sim.analysis.intervals import flipped, wilson
from sim.runs import Result
from validation.check import Check, needed

TITLE = "How crises end"
SCENARIO = Path(__file__).with_name("generic_crisis.yaml")
WORLDS, SEED = 2000, 1
PERIODS = ("all 1918-2021", "1946-2021", "1990-2021")
ICB = "International Crisis Behavior v16 (Brecher, Wilkenfeld, Beardsley et al.)"
GUARANTEED = (
    "tables.talks.renege={A: {sets: {deal: no}}, B: {sets: {deal: no}}}",
    "tables.talks.guarantor={by: M, penalty: 0.2}",
)
HOW = {  # how the crisis is played -> what is changed
    "nobody mediates": ("tables.talks.mediator=",),
    "a mediator speaks": (),
}


def rates(data: Path, block: str) -> dict[str, tuple[int, int]]:
    """quantity -> (k, n), of one block of the base rates."""
    with needed(data, "base_rates.csv").open(newline="", encoding="utf-8") as handle:
        rows = [r for r in csv.DictReader(handle) if r["block"] == block and r["k"]]
    return {r["quantity"]: (int(float(r["k"])), int(float(r["n"]))) for r in rows}


def agreed(found: dict[str, tuple[int, int]], mediation: str) -> dict[str, tuple[int, int]]:
    """period -> (agreements, crises)."""
    return {p: found[f"formal or semi-formal given {mediation} | {p}"] for p in PERIODS}


def span(counts: dict[str, tuple[int, int]]) -> tuple[float, float]:
    """From the lowest to the highest end of their intervals."""
    found = [wilson(k, n) for k, n in counts.values()]
    return float(min(low for low, _ in found)), float(max(high for _, high in found))


def told(counts: dict[str, tuple[int, int]]) -> str:
    k, n = counts[PERIODS[0]]
    low, high = span(counts)
    return f"{k / n:.3f} ({k} of {n}), in all [{low:.3f}, {high:.3f}]"


def newcombe(one: tuple[int, int], two: tuple[int, int]) -> tuple[float, float, float]:
    """Difference of two independent shares, two minus one, and its 95 % interval (Newcombe 1998, method 10)."""
    (a, m), (b, n) = one, two
    (low_a, high_a), (low_b, high_b) = wilson(a, m), wilson(b, n)
    p, q = a / m, b / n
    below, above = np.hypot(q - low_b, high_a - p), np.hypot(high_b - q, p - low_a)
    return q - p, float(q - p - below), float(q - p + above)


def play(worlds: int, overrides: tuple[str, ...]) -> Result:
    return sim.run(SCENARIO, worlds, SEED, overrides=overrides)


def share(name: str, agreement: np.ndarray, theirs: dict[str, tuple[int, int]]) -> Check:
    count, worlds = int(agreement.sum()), len(agreement)
    low, high = map(float, wilson(count, worlds))
    least, most = span(theirs)
    note = f"{count} of {worlds} worlds, seed {SEED}"
    return Check(name, count / worlds, low, high, told(theirs), ICB, least <= count / worlds <= most, note)


def gap(name: str, before: np.ndarray, now: np.ndarray, theirs: tuple[float, float, float]) -> Check:
    """What it changes in the same worlds, beside the gap between crises with and without."""
    d, error = flipped(int((now & ~before).sum()), int((before & ~now).sum()), len(now))
    low, high = d - 1.96 * error, d + 1.96 * error
    beside, least, most = theirs
    words = f"{beside:+.3f} [{least:+.3f}, {most:+.3f}]"
    note = "paired worlds; holds if the intervals meet, though theirs is no effect"
    return Check(name, d, low, high, words, ICB, low <= most and high >= least, note)


def korean(data: Path) -> Iterator[Check]:
    """How the crises on the peninsula ended, which the model's line on no one crisis is not tried on."""
    with needed(data, "icb_korea_crises.csv").open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    for name in ("No mediation", "Mediation occurred"):
        some = [r for r in rows if r["mediation"] == name]
        k = sum(bool(re.search("ormal agreement", r["outcome"])) for r in some)
        low, high = map(float, wilson(k, len(some)))
        words = f"{k} of {len(some)}"
        yield Check(f"crises on the peninsula, {name.lower()}", k / len(some), low, high, words, ICB, None,
                    "theirs only, beside the lines above; too few to try a model on")  # fmt: skip


def checks(data: Path, worlds: int = WORLDS) -> list[Check]:
    mediation = rates(data, "ICB mediation")
    none, some = agreed(mediation, "No mediation"), agreed(mediation, "Mediation occurred")
    alone, helped = (play(worlds, HOW[how]).blocks.column("outcome.agreement") for how in HOW)
    unguarded = play(worlds, (GUARANTEED[0], *HOW["nobody mediates"])).blocks.column("outcome.agreement")
    guarded = play(worlds, GUARANTEED).blocks.column("outcome.agreement")
    theirs = newcombe(none[PERIODS[0]], some[PERIODS[0]])
    return [
        share("agreement, nobody mediates", alone, none),
        share("agreement, a mediator speaks", helped, some),
        gap("what a mediator's word changes", alone, helped, theirs),
        share("agreement, promises can be broken and nobody mediates", unguarded, none),
        share("agreement, a mediator speaks and guarantees", guarded, some),
        gap("what its word and guarantee change", unguarded, guarded, theirs),
        *korean(data),
    ]
