"""Whoever answers an ultimatum accepts it from some share of the pie on, and this share is what the model calls resolve.
So the distribution of resolve can be read off a laboratory: 715 people answered 20 offers each, two of every size
(Heffner & FeldmanHall 2022). The default prior of `resolve`, logistic with mean .15 and scale .1 and never below 0, is
what is fitted here by maximum likelihood, rounded. Other families are set beside it, and the game is then played by the
simulator with that prior, as a scenario in which each offer is made in turn.

Two intervals stand for the fit. The narrow one takes every decision for a draw of its own; the wide one takes people to
have one threshold each, as the model does, so that there are 715 draws and not 14,300. Only counts by offer are at hand,
so the published held-out score, which is of people left out, can't be computed again: what is left out here is an offer,
and its score may be set beside other families on this page, not beside .444.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from validation.check import Check, Estimate, compared, needed
from validation.families import (
    FAMILIES,
    FEHR_SCHMIDT,
    LOGISTIC,
    SELFISH,
    Answers,
    by_decision,
    by_person,
    fit,
    log_loss,
    offer_left_out,
)

import sim
from sim.analysis.intervals import wilson
from sim.arrays import Floats
from sim.scenario.schema import DEFAULT_RESOLVE

TITLE = "Ultimatums: what a responder accepts"
SOURCE = "Heffner & FeldmanHall 2022"
META = "Oosterbeek, Sloof & van de Kuilen 2004, 75 results"
SCENARIO = Path(__file__).with_suffix(".yaml")
WORLDS, SEED = 2000, 1


def answers(data: Path) -> Answers:
    counts = pd.read_csv(needed(data, "ultimatum_heffner2022_acceptance_by_offer.csv"))
    return Answers(*(counts[c].to_numpy(float) for c in ("offer_share", "n", "accepted")))


def published(data: Path) -> dict[str, Any]:
    return json.loads(needed(data, "ultimatum_logit_fits.json").read_text(encoding="utf-8"))


def checks(data: Path) -> list[Check]:
    given, fits = answers(data), published(data)
    return [*fitted(given, fits), *prior(given, fits["subjects"]), *families(given, fits), *played(given), proposer()]


def reaches(value: float, draws: Floats) -> Estimate:
    return Estimate(value, *(float(q) for q in np.quantile(draws, [0.025, 0.975])))


def fitted(given: Answers, fits: dict[str, Any]) -> list[Check]:
    """The published fits, reproduced."""

    def same(name: str, ours: Estimate, theirs: float, note: str = "") -> Check:
        return Check(name, *ours, f"{theirs:.4g}", SOURCE, abs(ours.value - theirs) <= 1e-3 * theirs, note)

    logit, unfair, selfish = (fit(f, given) for f in (LOGISTIC, FEHR_SCHMIDT, SELFISH))
    draws, how = by_decision(LOGISTIC, given), "every decision a draw of its own; the same to a part in 1,000"
    rise = 1 / np.exp(draws[:, 1])
    alpha = draws[:, 0] / (1 - 2 * draws[:, 0])  # threshold = α / (1 + 2 α), precision per share = λ (1 + 2 α)
    theirs = fits["logit_2par"], fits["fehr_schmidt"]
    return [
        same("logit precision λ per share of the pie", reaches(1 / np.exp(logit[1]), rise), theirs[0]["lambda"], how),
        same("threshold, a share of the pie", reaches(logit[0], draws[:, 0]), theirs[0]["threshold_share"]),
        same("Fehr–Schmidt precision λ", reaches(np.exp(unfair[0]), rise / (1 + 2 * alpha)), theirs[1]["lambda"]),
        same("Fehr–Schmidt aversion α", reaches(np.exp(unfair[1]), alpha), theirs[1]["alpha"], "the same curve"),
        same(
            "log loss of all decisions, logit without a threshold",
            Estimate(log_loss(SELFISH, selfish, given), *2 * (float("nan"),)),
            fits["selfish"]["nll"],
        ),
    ]


def prior(given: Answers, people: int) -> list[Check]:
    """The default prior of resolve beside the wide interval of the fit."""
    best, draws = fit(LOGISTIC, given), by_person(LOGISTIC, given, people)
    rows = [("mean", DEFAULT_RESOLVE.mean_, best[0], draws[:, 0])]
    rows.append(("scale", DEFAULT_RESOLVE.scale, np.exp(best[1]), np.exp(draws[:, 1])))
    return [
        Check(
            f"{name} of the default prior of resolve", ours, None, None, str(theirs := reaches(value, drawn)), SOURCE,
            theirs.low <= ours <= theirs.high, f"holds if it lies in the interval for {people} people",
        )
        for name, ours, value, drawn in rows
    ]  # fmt: skip


def families(given: Answers, fits: dict[str, Any]) -> list[Check]:
    """Mean −log likelihood a decision, on all offers and on offers left out."""
    total, score = given.made.sum(), fits["heldout_mean_nll"]
    share = given.accepted.sum() / total
    told = -(share * np.log(share) + (1 - share) * np.log1p(-share))
    rates = given.accepted / given.made
    known = -float((given.accepted * np.log(rates) + (given.made - given.accepted) * np.log1p(-rates)).sum() / total)

    def line(name: str, ours: float, theirs: float | str, note: str) -> Check:
        return Check(f"log loss a decision, {name}", ours, None, None, theirs, SOURCE, None, note)

    found = [line("one rate for all offers", float(told), round(score["base-rate"], 4), "theirs: people left out")]
    for family in (LOGISTIC, *(f for f in FAMILIES if f is not LOGISTIC)):
        seen, left = log_loss(family, fit(family, given), given) / total, offer_left_out(family, given)
        theirs = round(score["logit2"], 4) if family is LOGISTIC else "–"
        said = "ruled out by an offer left out" if np.isinf(left) else f"offers left out {left:.4f}"
        found.append(line(family.name, seen, theirs, said))
    return [*found, line("each offer's own rate", known, "–", "no curve can do better on these counts")]


def accepted(offer: float) -> int:
    """In how many worlds the simulator's responder accepts it."""
    loaded = sim.load(SCENARIO, (f"tables.ultimatum.strategies={{A: {{scripted: {{puts: [{{offer: {offer:g}}}]}}}}}}",))
    return int(sim.run(loaded, WORLDS, SEED).frame["outcome.accepted"].sum())


def played(given: Answers) -> list[Check]:
    """The game played with the default prior, offer by offer."""
    return [
        compared(
            f"an offer of {offer:.2f} accepted",
            rate(accepted(offer), WORLDS),
            rate(int(yes), int(n)),
            SOURCE,
            f"played: {WORLDS:,} worlds, seed {SEED}",
        )
        for offer, n, yes in zip(*given, strict=True)
    ]


def rate(count: int, of: int) -> Estimate:
    return Estimate(count / of, *(float(end) for end in wilson(count, of)))


def proposer() -> Check:
    """What the model's own proposer offers, which the data above don't tell."""
    frame = sim.run(SCENARIO, WORLDS, SEED).frame
    taken = frame["outcome.accepted"]
    offer = float(frame.loc[taken, "level.offer"].astype(float).mean())
    note = f"refused in {rate(int((~taken).sum()), WORLDS)} of worlds, theirs .16"
    return Check("share that the model's own proposer offers", offer, None, None, "0.40 on average", META, None, note)
