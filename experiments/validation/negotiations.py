"""Two people divide three units each of food, water and firewood. A unit is worth 5, 4 or 3 points to its taker, in an
order that only the taker knows; without a deal each gets 5 points. The CaSiNo corpus (Chawla et al. 2021) records 1,030
such talks. Here the simulator plays the same game by alternating offers, with the resolve that responders showed in the
ultimatums above, unchanged, and the six orders as private types, equally likely. Nothing was tuned; the discount of .99
a turn was set before anything was played.

What differs from the laboratory: people talk freely, some fourteen messages before a division is put, and tell one
another what they need, true or not; the model's parties only make offers, learn only from refusals, and give nothing
away by what they propose. People are paid by the point and hurried by nothing; a turn costs the model's parties a
hundredth. The lines marked *public* play the same worlds with everyone's order and resolve known to all: between
these two lie talks in which some of it is told. Of the two ways to look ahead only held beliefs (`beliefs: naive`) can
carry this game: a belief grid is for one proposer and one informed responder without resolve, and here both are
informed and both propose.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from validation.check import Check, Estimate, agree, compared, needed

import sim
from sim.analysis.intervals import ratios, wilson
from sim.arrays import Bools, Floats, Ints

TITLE = "Negotiations: three goods, private needs"
SOURCE = "CaSiNo, Chawla et al. 2021"
SCENARIO = Path(__file__).with_name("three_goods.yaml")
GOODS, UNITS, ALONE = ("food", "water", "firewood"), 3, 5
WORLDS, SEED = 3000, 1
DIVISIONS = np.array(list(product(range(UNITS + 1), repeat=len(GOODS))))  # (64, 3): what A takes


@dataclass(frozen=True)
class Talks:
    """N negotiations: whether they ended in a deal (N,), each side's points per unit (N, 3) and its points (N,)."""

    deal: Bools
    needs: tuple[Ints, Ints]
    points: tuple[Ints, Ints]

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
    return Talks(rows["accepted"].to_numpy() > 0, (needs[0], needs[1]), (rows["pts_a"].to_numpy(), rows["pts_b"].to_numpy()))


def played(*sets: str, worlds: int = WORLDS) -> Talks:
    """The simulator's negotiations."""
    loaded = sim.load(SCENARIO, sets)
    frame = sim.run(loaded, worlds, SEED).frame
    orders = loaded.scenario.actors["A"].types["first_to_last"]
    scale = {name: [int(value.scale[g]) for g in GOODS] for name, value in orders.items()}
    a, b = (np.array([scale[name] for name in frame[f"type.{side}"]]) for side in "AB")
    taken = np.rint(UNITS * frame[[f"level.{g}" for g in GOODS]].astype(float).to_numpy()).astype(int)
    deal = frame["outcome.agreed"].to_numpy()
    points = (a * taken).sum(axis=1), (b * (UNITS - taken)).sum(axis=1)
    return Talks(deal, (a, b), (np.where(deal, points[0], ALONE), np.where(deal, points[1], ALONE)))


def weights(ours: Talks, theirs: Talks) -> Floats:
    """How much each world counts (N,), so that pairs of orders are as frequent as in the records."""
    found, mine, count = np.unique(ours.pairs(), return_inverse=True, return_counts=True)
    there = np.array([(theirs.pairs() == p).mean() for p in found])
    return (there / (count / count.sum()))[mine]


def means(talks: Talks, weight: Floats | None = None) -> dict[str, Estimate]:
    """Every measure with its bootstrap interval: the share of deals, and the others among deals."""
    w = np.ones(len(talks.deal)) if weight is None else weight
    among = talks.measures()
    rate = ratios((w * talks.deal)[None], w)
    others = ratios(np.array(list(among.values())) * w * talks.deal, w * talks.deal)
    found = {"agreement": Estimate(*(float(column[0]) for column in rate))}
    return found | {name: Estimate(*(float(column[k]) for column in others)) for k, name in enumerate(among)}


def checks(data: Path) -> list[Check]:
    corpus = recorded(data)
    theirs, ours = means(corpus), played()
    how = f"{WORLDS:,} worlds, seed {SEED}, pairs of orders weighted as recorded"
    found = means(ours, weights(ours, corpus))
    lines = [compared(name, found[name], theirs[name], SOURCE, how if k == 0 else "") for k, name in enumerate(theirs)]
    public = played("information=public")
    told = means(public, weights(public, corpus))
    lines += [informing(f"*public*: {name}", told[name], theirs[name]) for name in theirs]
    return [*lines, *other_discounts(theirs), *other_game(data, found)]


def informing(name: str, ours: Estimate, theirs: Estimate | str, source: str = SOURCE, note: str = "") -> Check:
    return Check(name, *ours, str(theirs), source, None, note)


def other_discounts(theirs: dict[str, Estimate]) -> list[Check]:
    """How far the one number that the laboratory doesn't give decides."""
    lines = []
    for discount in (0.9, 0.95, 0.999):
        talks = played(f"actors.A.discount={discount}", f"actors.B.discount={discount}", worlds=1000)
        found = means(talks)
        note = f"1,000 worlds; Pareto-optimal {found['Pareto-optimal deals']}, points {found['points a person, of 36']}"
        lines.append(informing(f"agreement with a discount of {discount:g}", found["agreement"], theirs["agreement"], note=note))
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
    note = "another game: up to ten turns, ten points at most each, 0 without a deal"
    return [informing(f"beside Deal or No Deal: {name}", ours[name], f"{benchmarks[key]:.3f}", source, note) for name, key in rows]
