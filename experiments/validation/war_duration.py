"""How long a war lasts: a war of no name (generic_war.yaml), two sides that bargain while they fight, with base rates and
wide guesses written down before it was first played and kept as they were. It is over when a treaty is signed or one
side is beaten. Beside it stand 95 interstate wars of 1816 to 2007. A share holds if ours lies within the Wilson
interval of theirs; the hazard falls if the shape of a Weibull law, fitted to the months by maximum likelihood, lies
below 1 (with its interval, of the bootstrap). Each ingredient is then switched off in the same worlds.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

import sim
from sim.analysis.intervals import flipped, wilson
from sim.runs import Result
from validation.check import Check, needed

TITLE = "How long wars last"
SCENARIO = Path(__file__).with_name("generic_war.yaml")
WORLDS, SEED, RESAMPLES = 1000, 1, 200
MONTHS = (3, 6, 12, 24, 36, 48, 60)
CLEAN = "{settle: {probability: 1}}"
WITHOUT = {  # ingredient -> how it is switched off
    "private strength, aims and resolve (all is known)": ("information=public",),
    "sides that fight for victory": (f"actors.A.types.aims={CLEAN}", f"actors.B.types.aims={CLEAN}"),
    "broken treaties (all are kept)": ("tables.talks.renege=",),
    "a front that moves": ("stocks.front.change=[]",),
}
WARS = "Correlates of War v4 (Sarkees & Wayman 2010), 95 wars"


def play(worlds: int, overrides: tuple[str, ...] = ()) -> Result:
    return sim.run(SCENARIO, worlds, SEED, overrides=overrides)


def lasted(result: Result) -> np.ndarray:
    """(N,) the month in which the war is over, from 1; one past the horizon where it isn't."""
    blocks = result.blocks
    end = result.loaded.scenario.horizon + 1
    return np.where(blocks.column("outcome.over"), blocks.column("outcome.over.since"), end)


def recorded(data: Path) -> np.ndarray:
    """(95,) months."""
    with needed(data, "cow_interstate_wars_v4_durations.csv").open(newline="", encoding="utf-8") as handle:
        return np.array([float(row["months"]) for row in csv.DictReader(handle)])


def ends(months: np.ndarray) -> np.ndarray:
    """(61,) how many wars end in each month from 1 to 60, and how many outlast it."""
    cells = np.minimum(np.maximum(np.ceil(months), 1), MONTHS[-1] + 1).astype(int)
    return np.bincount(cells - 1, minlength=MONTHS[-1] + 1)


def weibull_shape(counts: np.ndarray) -> float:
    """Maximum likelihood for months known by the month and cut at the last: 1 is a constant hazard, less a falling one."""
    edges = np.arange(len(counts))

    def loss(point: np.ndarray) -> float:
        survival = np.append(np.exp(-((edges / math.exp(point[0])) ** math.exp(point[1]))), 0.0)
        return -float(counts @ np.log(np.maximum(-np.diff(survival), 1e-300)))

    return math.exp(float(minimize(loss, (math.log(12), 0.0), method="Nelder-Mead").x[1]))


def shape(counts: np.ndarray) -> tuple[float, float, float]:
    """The shape and its 95 % interval."""
    again = np.random.default_rng(SEED).multinomial(counts.sum(), counts / counts.sum(), size=RESAMPLES)
    low, high = np.quantile([weibull_shape(c) for c in again], (0.025, 0.975))
    return weibull_shape(counts), float(low), float(high)


def survival(ours: np.ndarray, theirs: np.ndarray) -> list[Check]:
    found = []
    for m in MONTHS:
        count, k = int((ours > m).sum()), int((theirs > m).sum())
        low, high = map(float, wilson(count, len(ours)))
        least, most = map(float, wilson(k, len(theirs)))
        share = count / len(ours)
        told = f"{k / len(theirs):.3f} [{least:.3f}, {most:.3f}]"
        note = f"{count} of {len(ours)} worlds, seed {SEED}; {k} of {len(theirs)} wars"
        found.append(Check(f"lasts over {m} months", share, low, high, told, WARS, least <= share <= most, note))
    return found


def hazard(name: str, ours: np.ndarray, theirs: np.ndarray) -> Check:
    k, low, high = shape(ends(ours))
    t, least, most = shape(ends(theirs))
    told = f"{t:.2f} [{least:.2f}, {most:.2f}]"
    return Check(name, k, low, high, told, WARS, high < 1, "holds if the interval lies below 1: the hazard falls")


def how_it_ends(result: Result) -> str:
    treaty, beaten = (int(result.blocks.column(f"outcome.{o}").sum()) for o in ("treaty", "beaten"))
    return f"a treaty in {treaty}, one side beaten in {beaten} of {result.blocks.worlds}"


def switched_off(worlds: int, base: np.ndarray) -> list[Check]:
    """Each ingredient left out, in the same worlds."""
    found = []
    for name, overrides in WITHOUT.items():
        result = play(worlds, overrides)
        months = lasted(result)
        for m in (6, 24):
            now, before = months > m, base > m
            d, error = flipped(int((now & ~before).sum()), int((before & ~now).sum()), len(now))
            low, high = map(float, wilson(int(now.sum()), len(now)))
            note = f"difference {d:+.3f} [{d - 1.96 * error:+.3f}, {d + 1.96 * error:+.3f}]"
            if m == 6:
                note += f"; {how_it_ends(result)}; shape {weibull_shape(ends(months)):.2f}"
            told = f"{before.mean():.3f}"
            found.append(Check(f"without {name}: over {m} months", float(now.mean()), low, high, told,
                               "with it", None, note))  # fmt: skip
    return found


def checks(data: Path, worlds: int = WORLDS) -> list[Check]:
    theirs, whole = recorded(data), play(worlds)
    ours = lasted(whole)
    ending = int(whole.blocks.column("outcome.beaten").sum())
    low, high = map(float, wilson(ending, worlds))
    note = f"{how_it_ends(whole)}; a lopsided treaty counts as a victory there, so that theirs bounds ours from above"
    return [
        *survival(ours, theirs),
        hazard("Weibull shape of the months", ours, theirs),
        Check("one side is beaten", ending / worlds, low, high, "0.811 decided, 0.396 settled by force",
              "COW, 77 of 95; MID (Gibler et al.), 42 of 106 wars", 0.311 <= ending / worlds <= 0.877, note),
        *switched_off(worlds, ours),
    ]  # fmt: skip
