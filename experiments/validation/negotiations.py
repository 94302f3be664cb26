"""Two people divide three units each of food, water and firewood. A unit is worth 5, 4 or 3 points to its taker, in an
order that only the taker knows; without a deal each gets 5 points. The CaSiNo corpus (Chawla et al. 2021) records 1,030
such talks. Here the simulator plays the same game by alternating offers, with the resolve that responders showed in
[ultimatums](#ultimatums-what-a-responder-accepts), unchanged, and the six orders as private types, equally likely;
pairs of orders are then weighted to be as frequent as recorded. Nothing was tuned; the discount of .99 a turn was set
before anything was played, and other discounts were played after it.

What differs from the laboratory: people talk freely, some fourteen messages in all, and tell one another what they
need, true or not; the model's parties only make offers, learn only from answers, and give nothing away by what they
propose. People are hurried by nothing; a turn costs the model's parties a hundredth. The lines marked *public* play the
same worlds with everyone's order and resolve known to all.

Where it is lost, and why. The model's parties leave less on the table than people do, and their patience, which the
laboratory doesn't tell, decides how much: at .9 they are as wasteful as people. Agreement falls short because in some
worlds no division gives both their resolve. Very patient parties agree only where their needs are furthest apart: each
reckons that talks end in the Nash solution for its own needs against the other's average ones, which together is more
than there is to divide where needs are alike, and no refusal corrects it, as beliefs are held in the look-ahead. The
other way to look ahead, `beliefs: grid`, can't carry this game: it is for one proposer and one informed responder
without resolve, and here both are informed and both propose.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

import sim
from sim.analysis.intervals import ratios
from sim.arrays import Bools, Floats, Ints
from sim.runs import Result
from validation.check import Check, Estimate, compared, needed

TITLE = "Negotiations: three goods, private needs"
SOURCE = "CaSiNo, Chawla et al. 2021"
SCENARIO = Path(__file__).with_name("three_goods.yaml")
GOODS, UNITS, ALONE = ("food", "water", "firewood"), 3, 5
ROOM = "a division that gives both their resolve"
WORLDS, SEED = 3000, 1
DIVISIONS = np.array(list(product(range(UNITS + 1), repeat=len(GOODS))))  # (64, 3): what A takes


@dataclass(frozen=True)
class Talks:
    """N negotiations: whether they ended in a deal (N,), each side's points per unit (N, 3) and its points (N,); of
    the simulator's also whether some division gives both their resolve (N,)."""

    deal: Bools
    needs: tuple[Ints, Ints]
    points: tuple[Ints, Ints]
    room: Bools | None = None

    def reachable(self) -> tuple[Ints, Ints]:
        """Both sides' points (N, 64) under every division."""
        a, b = self.needs
        return a @ DIVISIONS.T, b @ (UNITS - DIVISIONS).T

    def measures(self) -> dict[str, Floats]:
        """What is compared, of each negotiation (N,); only that of deals counts."""
        (a, b), (all_a, all_b) = self.points, self.reachable()
        no_worse = (all_a >= a[:, None]) & (all_b >= b[:, None])
        better = no_worse & ((all_a > a[:, None]) | (all_b > b[:, None]))
        return {
            "Pareto-optimal deals": 1.0 - better.any(axis=1),
            "points a person, of 36": (a + b) / 2,
            "points of both, share of the most": (a + b) / (all_a + all_b).max(axis=1),
            "product of points, share of the greatest": a * b / (all_a * all_b).max(axis=1),
            "points between the two": abs(a - b) * 1.0,
        }

    def pairs(self) -> Ints:
        """Which pair of orders (N,): a number for each."""
        return np.hstack(self.needs) @ 10 ** np.arange(2 * len(GOODS))


def recorded(data: Path) -> Talks:
    """The corpus."""
    rows = pd.read_csv(needed(data, "casino_outcomes.csv"))
    needs = tuple(rows[[f"{side}_{g}" for g in GOODS]].to_numpy() for side in "ab")
    return Talks(
        rows["accepted"].to_numpy() > 0, (needs[0], needs[1]), (rows["pts_a"].to_numpy(), rows["pts_b"].to_numpy())
    )


def played(*sets: str) -> Talks:
    """The simulator's negotiations."""
    return of_run(sim.run(sim.load(SCENARIO, sets), WORLDS, SEED))


def of_run(result: Result) -> Talks:
    frame, orders = result.frame, result.loaded.scenario.actors["A"].types["first_to_last"]
    scale = {name: [int(value.scale[g]) for g in GOODS] for name, value in orders.items()}
    a, b = (np.array([scale[name] for name in frame[f"type.{side}"]]) for side in "AB")
    taken = np.rint(UNITS * frame[[f"level.{g}" for g in GOODS]].astype(float).to_numpy()).astype(int)
    deal = frame["outcome.agreed"].to_numpy()
    points = (a * taken).sum(axis=1), (b * (UNITS - taken)).sum(axis=1)
    got = np.where(deal, points[0], ALONE), np.where(deal, points[1], ALONE)
    return Talks(deal, (a, b), got, frame["table.camp.room"].to_numpy())


def weights(ours: Talks, theirs: Talks) -> Floats:
    """How much each world counts (N,), so that pairs of orders are as frequent as in the records."""
    found, mine, count = np.unique(ours.pairs(), return_inverse=True, return_counts=True)
    there = np.array([(theirs.pairs() == p).mean() for p in found])
    return (there / (count / count.sum()))[mine]


def means(talks: Talks, like: Talks) -> dict[str, Estimate]:
    """Every measure with its bootstrap interval, pairs of orders as frequent as in `like`: the share of deals, and the
    others among deals."""
    w, among = weights(talks, like), talks.measures()
    rates = {"agreement": talks.deal} | ({} if talks.room is None else {ROOM: talks.room})
    of_all = ratios(np.array(list(rates.values())) * w, w)
    of_deals = ratios(np.array(list(among.values())) * w * talks.deal, w * talks.deal)
    return {name: Estimate(*(float(c[k]) for c in of_all)) for k, name in enumerate(rates)} | {
        name: Estimate(*(float(c[k]) for c in of_deals)) for k, name in enumerate(among)
    }


def checks(data: Path) -> list[Check]:
    corpus = recorded(data)
    theirs, ours = means(corpus, corpus), means(played(), corpus)
    public = means(played("information=public"), corpus)
    how = f"{WORLDS:,} worlds, seed {SEED}"
    lines = [compared(name, ours[name], there, SOURCE, how) for name, there in theirs.items()]
    lines.append(informing(ROOM, ours[ROOM], "–", "no more can agree with this resolve"))
    lines += [informing(f"*public*: {name}", public[name], there) for name, there in theirs.items()]
    return [*lines, *other_discounts(corpus, theirs), *other_game(data, ours)]


def informing(name: str, ours: Estimate, theirs: Estimate | str, note: str = "", source: str = SOURCE) -> Check:
    return Check(name, *ours, str(theirs), source, None, note)


def other_discounts(corpus: Talks, theirs: dict[str, Estimate]) -> list[Check]:
    """How far the one number that the laboratory doesn't give decides."""
    lines = []
    for discount in (0.9, 0.95, 0.999):
        found = means(played(f"actors.A.discount={discount}", f"actors.B.discount={discount}"), corpus)
        note = ", ".join(f"{name} {found[name]}" for name in list(theirs)[1:3])
        lines.append(
            informing(f"agreement with a discount of {discount:g}", found["agreement"], theirs["agreement"], note)
        )
    return lines


def other_game(data: Path, ours: dict[str, Estimate]) -> list[Check]:
    """Deal or No Deal (Lewis et al. 2017): three kinds of items again, but other values and nothing without a deal."""
    file = needed(data, "negotiation_benchmarks.json")
    benchmarks, source = json.loads(file.read_text(encoding="utf-8")), "Deal or No Deal, Lewis et al. 2017"
    rows = (
        ("agreement", "agreement_rate"),
        ("Pareto-optimal deals", "pareto_rate_given_agreement"),
        ("points of both, share of the most", "joint_efficiency"),
    )
    note = "not the same game: ten points at most, none without a deal"
    return [
        informing(f"beside another game: {name}", ours[name], f"{benchmarks[key]:.3f}", note, source)
        for name, key in rows
    ]
