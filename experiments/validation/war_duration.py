"""How long a war lasts: a war of no name (generic_war.yaml), two sides that bargain while they fight, with base rates
and wide guesses. It is over when a treaty is signed or one side is beaten; a world that settles at its first meeting,
before a month of fighting, is no war and isn't counted. Beside it stand 95 interstate wars of 1816 to 2007. Its author
knew how long they lasted. The hazard falls if the shape of a Weibull law, fitted to the months by maximum likelihood,
lies below 1 with its whole interval (by the bootstrap). Each ingredient is then switched off in the same worlds.

This is the second try. The first counted a peace without a shot as a war of a month, and had one pace for every front
where all else was a wide guess. It lost at all seven marks, over too soon: .440 .260 .133 .087 .047 .020 .013. Both
were wrong whatever the score, and both were mended, the pace to a fifth, once or five times the guess, before anything
was scored again; nothing was changed after that.

With 300 worlds 60 months came out at .124 [.084, .181], where .117 would hold: the verdict hung on chance. So 3,000
worlds were settled on before they were played, and the model stayed as it is. Ingredients are switched off in 300.

What came out: all seven marks hold. The wars that outlast the five years are between sides of the same strength, nine
in ten of them on a slow front, where little more is learned. The hazard falls, more steeply than theirs, and with each
ingredient off it falls still. Secrets settle more before a shot: where all is known more is fought. Sides set on
victory make wars, and long ones. A front that moves ends them: held still, it leaves over two in five worlds at war to
the end. That treaties may be broken changes next to nothing.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

import sim
from sim.analysis.intervals import flipped
from sim.runs import Result
from validation.check import Check, Estimate, compared, needed
from validation.crises import rate

TITLE = "How long wars last"
SCENARIO = Path(__file__).with_name("generic_war.yaml")
WORLDS, PAIRED, SEED, RESAMPLES = 3000, 300, 1, 200
MONTHS, COMPARED = (3, 6, 12, 24, 36, 48, 60), (6, 24)
SLOW = 0.3333  # the pace below which a front of generic_war.yaml moves at a fifth
CLEAN = "{settle: {probability: 1}}"
WITHOUT = {  # ingredient -> how it is switched off
    "private strength, aims and resolve (all is known)": ("information=public",),
    "sides that fight for victory": (f"actors.A.types.aims={CLEAN}", f"actors.B.types.aims={CLEAN}"),
    "broken treaties (all are kept)": ("tables.talks.renege={}",),
    "a front that moves": ("stocks.front.change=[]",),
}
WARS = "Correlates of War v4 (Sarkees & Wayman 2010), 95 wars"


def play(worlds: int, overrides: tuple[str, ...] = ()) -> Result:
    return sim.run(SCENARIO, worlds, SEED, overrides=overrides)


def fought(result: Result) -> np.ndarray:
    """(N,) months of fighting: 0 where the first meeting settles it, one past the horizon where the war isn't over.

    Talks come before a month's fighting: a treaty spares the month in which it is signed.
    """
    blocks = result.blocks
    over, since, treaty = (blocks.column(f"outcome.{c}") for c in ("over", "over.since", "treaty"))
    return np.where(over, since - treaty, result.loaded.scenario.horizon + 1)


def recorded(data: Path) -> np.ndarray:
    """(95,) months."""
    with needed(data, "cow_interstate_wars_v4_durations.csv").open(newline="", encoding="utf-8") as handle:
        return np.array([float(row["months"]) for row in csv.DictReader(handle)])


def ends(months: np.ndarray) -> np.ndarray:
    """(61,) how many wars end in each month from 1 to 60, and how many outlast it."""
    cells = np.minimum(np.maximum(np.ceil(months), 1), MONTHS[-1] + 1).astype(int)
    return np.bincount(cells - 1, minlength=MONTHS[-1] + 1)


def weibull_shape(counts: np.ndarray) -> float:
    """By maximum likelihood, months known as whole ones and cut at the last: 1 is a constant hazard, less is a falling
    one (Weibull 1951)."""
    edges = np.arange(len(counts))

    def loss(point: np.ndarray) -> float:
        survival = np.append(np.exp(-((edges / math.exp(point[0])) ** math.exp(point[1]))), 0.0)
        return -float(counts @ np.log(np.maximum(-np.diff(survival), 1e-300)))

    found = [minimize(loss, (math.log(12), start), method="Nelder-Mead") for start in (0.0, -2.0)]
    return math.exp(float(min(found, key=lambda f: f.fun).x[1]))


def shape(counts: np.ndarray) -> Estimate:
    again = np.random.default_rng(SEED).multinomial(counts.sum(), counts / counts.sum(), size=RESAMPLES)
    low, high = np.quantile([weibull_shape(c) for c in again], (0.025, 0.975))
    return Estimate(weibull_shape(counts), float(low), float(high))


def survival(ours: np.ndarray, theirs: np.ndarray) -> Iterator[Check]:
    for m in MONTHS:
        count, k = int((ours > m).sum()), int((theirs > m).sum())
        found, wars = rate(count, len(ours)), rate(k, len(theirs))
        note = f"{count} of {len(ours)} wars, seed {SEED}; {k} of {len(theirs)} wars; holds within their interval"
        yield Check(f"lasts over {m} months", *found, str(wars), WARS, wars.low <= found.value <= wars.high, note)


def hazard(ours: np.ndarray, theirs: np.ndarray) -> list[Check]:
    found, wars = shape(ends(ours)), shape(ends(theirs))
    name = "Weibull shape of the months"
    return [
        Check(f"{name}: the hazard falls", *found, "below 1", WARS, found.high < 1, "holds if the interval does"),
        compared(name, found, wars, WARS),
    ]


def beaten(result: Result) -> Check:
    """Data count a victory where one side dictates the treaty, too: they leave a wide range."""
    found = rate(int(result.blocks.column("outcome.beaten").sum()), int((fought(result) > 0).sum()))
    least, most = rate(42, 106), rate(77, 95)
    words = f"{least} settled by force, {most} decided"
    note = f"{how_it_ends(result)}; holds within [{least.low:.3f}, {most.high:.3f}], as a dictated treaty may count too"
    return Check("one side is beaten", *found, words, "MID, 106 wars (Gibler et al.); COW, 95",
                 least.low <= found.value <= most.high, note)  # fmt: skip


def unfinished(result: Result) -> Check:
    """Between whom the wars are that outlast the horizon, and on what front: the words above say what it means."""
    frame = result.frame[fought(result) > MONTHS[-1]]
    strengths = [frame[f"type.{side}"].str.split(",").str[0] for side in "AB"]
    alike, slow = int((strengths[0] == strengths[1]).sum()), int((frame["stock.pace"] < SLOW).sum())
    note = f"{alike} of {len(frame)} wars; on a slow front {slow} of {len(frame)}"
    return Check(f"of those over {MONTHS[-1]} months, between equals", *rate(alike, len(frame)), "–", "–", None, note)


def how_it_ends(result: Result) -> str:
    treaty, force = (int(result.blocks.column(f"outcome.{o}").sum()) for o in ("treaty", "beaten"))
    peace = int((fought(result) == 0).sum())
    worlds = result.blocks.worlds
    return f"no war in {peace}, a treaty in {treaty - peace}, one side beaten in {force} of {worlds} worlds"


def switched_off(base: np.ndarray) -> Iterator[Check]:
    """Each ingredient left out, in the first of the same worlds: those without a war count, as wars of no month."""
    base = base[:PAIRED]
    for name, overrides in WITHOUT.items():
        result = play(len(base), overrides)
        months = fought(result)
        for m in COMPARED:
            now, before = months > m, base > m
            d, error = flipped(int((now & ~before).sum()), int((before & ~now).sum()), len(now))
            note = f"difference {Estimate(d, d - 1.96 * error, d + 1.96 * error)}"
            if m == COMPARED[0]:
                note += f"; {how_it_ends(result)}; shape {shape(ends(months[months > 0]))}"
            found = rate(int(now.sum()), len(now))
            yield Check(f"without {name}: over {m} months", *found, float(before.mean()), "the war with it", None, note)


def checks(data: Path, worlds: int = WORLDS) -> list[Check]:
    theirs, whole = recorded(data), play(worlds)
    months = fought(whole)
    ours = months[months > 0]
    return [
        *survival(ours, theirs),
        *hazard(ours, theirs),
        beaten(whole),
        unfinished(whole),
        *switched_off(months),
    ]
