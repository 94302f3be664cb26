"""Backward induction at one table (model.md §3): what refusing is worth, and who would propose what. Arrays in,
arrays out.

Beliefs are held in the look-ahead as they are now; the value of a type uses that type's chance of assent, not its own
resolve. Lists run over the table's parties; K types, n worlds. Packages are the trailing axis: all M of them as (n,
M) at the meeting now, or as flat cells (C,) in the look-ahead; `spread` carries a quantity of the world (n,) to
either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

import numpy as np

from sim.answers import AssentRule, Belief, Spread, Stance, dense, fallback, mean
from sim.arrays import Floats
from sim.beliefs import TIE
from sim.cells import Cells, Flat, individually_rational
from sim.forecast import Forecast
from sim.menu import BREAKDOWN, WALK_AWAY
from sim.nash_end import nash_end

Consent = Callable[[Cells, int], Floats | None]


@dataclass
class Proposal:
    """How a proposal by party j looks to type k of j: `score` is the expected gain of each package over proposing
    nothing."""

    score: Floats
    nothing: Floats


def proposals(
    j: int, beliefs: list[Belief], stances: list[Stance], answers: list[list[Floats]], spread: Spread = dense
) -> list[Proposal]:
    """For each type of proposer j: E_j(a) − E_j(nothing), and E_j(nothing) (n,). `answers[i][τ]`: P of responder i's
    types.

    If a responder would rather walk away than wait, a refusal ends the talks, and j gets its own value of that.
    """
    others = [i for i in range(len(beliefs)) if i != j]
    walker = next((i for i in others if beliefs[i].leaves), None)
    rest = [mean(beliefs[i].odds, answers[i], spread) for i in others if i != walker]
    found = []
    for k in range(len(stances[j].agreed)):
        a, w = stances[j].agreed[k], stances[j].refuse[k]
        if walker is None:
            found.append(Proposal(reduce(np.multiply, rest) * (a - spread(w)), w))
            continue
        leaves, out = stances[walker].walks(beliefs[walker]), stances[j].out
        assert out is not None
        score, nothing = np.zeros_like(a), np.zeros_like(w)
        for tau, odds in enumerate(beliefs[walker].odds):
            fall = np.where(leaves[tau], out[k], w)
            score += spread(odds) * answers[walker][tau] * (a - spread(fall))
            nothing += odds * fall
        found.append(Proposal(reduce(np.multiply, rest, score), nothing))
    return found


def meeting(
    recognition: tuple[float, ...], rules: list[AssentRule], stances: list[Stance], cells: Cells, chance: Floats | None
) -> list[Floats]:
    """V_i (K, n) of a meeting in the look-ahead, before anyone knows who proposes what; the mean over tied packages.

    chance: (C,) that a package on which all agree stands (third parties consent; 0 where it is not admissible at this
    time), or None where all do.
    """
    n, beliefs, spread = len(rules), [e.belief for e in rules], cells.spread
    values = [np.zeros_like(s.refuse) for s in stances]
    for j in range(n):
        rho = recognition[j]
        if rho == 0:
            continue
        others = [i for i in range(n) if i != j]
        fallbacks = {i: fallback(i, j, beliefs, stances) for i in others}
        answers: list[list[Floats]] = [[] for _ in range(n)]
        for i in others:
            answers[i] = [rules[i].assent(stances[i], k, fallbacks[i][k]) for k in range(len(fallbacks[i]))]
            values[i] += rho * fallbacks[i]
        for k, p in enumerate(proposals(j, beliefs, stances, answers, spread)):
            own = rules[j].assent(stances[j], k, p.nothing)
            if chance is not None:
                own = own * chance
            score = own * p.score
            best = cells.most(score)
            some = best > beliefs[j].tolerance()
            values[j][k] += rho * (p.nothing + np.where(some, best, 0.0))
            chosen = cells.winners(score, np.where(some, best - TIE * beliefs[j].stakes, np.inf))
            for i in others:
                company = [mean(beliefs[m].odds, answers[m], spread) for m in others if m != i]
                for tau in range(len(fallbacks[i])):
                    gain = chosen.mean(stances[i].agreed[tau], fallbacks[i][tau], own, answers[i][tau], *company)
                    values[i][tau] += rho * beliefs[j].odds[k] * gain
    return values


def solve(
    fc: Forecast,
    beliefs: list[Belief],
    consent: Consent,
    recognitions: list[tuple[float, ...]],
    shares: tuple[float, ...],
) -> list[Floats]:
    """V_i(1) (K, n): what each type expects of the talks from the next period on.

    consent(cells, t): the chance (C,) that every third party asked lets a package pass, or None where nobody is asked.
    recognitions[t]: who proposes at the meeting t periods from now. With `talks_end` nothing is agreed after the
    look-ahead.
    """
    cells = Cells.of(individually_rational(fc, [m.tolerance() for m in beliefs]))
    rules = [AssentRule.of(m, cells.spread) for m in beliefs]
    flat = [Flat.of(v, cells) for v in fc.values[: len(beliefs)]]
    if fc.ahead.talks_end:
        values = [no_deal[:, fc.steps] for no_deal, _ in fc.no_deal[: len(beliefs)]]
    else:
        values = nash_end(fc, flat, cells, rules, shares, consent(cells, fc.steps))
    ends = [fc.left(BREAKDOWN, i) if BREAKDOWN in fc.leaving else None for i in range(len(beliefs))]
    outs = [fc.left(WALK_AWAY, i) if WALK_AWAY in fc.leaving else None for i in range(len(beliefs))]
    for t in range(fc.steps - 1, 0, -1):
        stances = []
        for i, f in enumerate(flat):
            stances.append(stance(fc, i, t, values[i], f.at(t), ends[i], outs[i]))
        may = fc.admissible(t)
        chance = consent(cells, t)
        if may is not fc.admissible(0):
            chance = may[cells.row, cells.package] * (1.0 if chance is None else chance)
        values = meeting(recognitions[t], rules, stances, cells, chance)
    return values


def stance(
    fc: Forecast, i: int, t: int, later: Floats, agreed: Floats, ends: Floats | None, outs: Floats | None
) -> Stance:
    """Party i at time t, given V_i(t+1) (K, n): what refusing and walking away are worth."""
    no_deal, flows = fc.no_deal[i]
    b, delta = fc.rules.hazard, fc.parties[i].delta
    refuse = (1 - delta) * flows[:, t] + delta * later
    if ends is not None:
        refuse = b * ends[:, t] + (1 - b) * refuse
    return Stance(agreed, no_deal[:, t], refuse, None if outs is None else outs[:, t])
