"""Backward induction at one table (model.md §3): what refusing is worth, and who would propose what. Arrays in,
arrays out.

Beliefs are held in the look-ahead as they are now; the value of a type uses that type's chance of assent, not its own
resolve. Other tables stay as they are, but for what foreseen ones are counted to add. Lists run over the table's
parties, then those who look on; K types, n worlds. Packages are the trailing axis: all M of them as (n, M) at the
meeting now, or as flat cells (C,) in the look-ahead; `spread` carries a quantity of the world (n,) to either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce

import numpy as np

from sim.answers import AssentRule, Belief, Onlooker, Spread, Stance, dense, fallback, mean
from sim.arrays import Floats
from sim.beliefs import TIE
from sim.cells import Cells, Winners
from sim.demands import demanded
from sim.forecast import Forecast
from sim.menu import BREAKDOWN, WALK_AWAY
from sim.votes import Votes

Consent = Callable[[Cells, int], Floats | None]
Note = Callable[[int, Floats, Winners], None]


@dataclass
class Game:
    """A table as it is solved. recognition(t): who proposes t periods from now; consent(cells, t): the chance (C,) that
    every third party asked lets a package pass, or None where nobody is asked; joint: all put a package at once;
    lapse: periods after which a deal lapses; left: meetings left to the deadline."""

    fc: Forecast
    beliefs: list[Belief]
    votes: Votes
    consent: Consent
    recognition: Callable[[int], tuple[float, ...]]
    shares: tuple[float, ...]
    joint: bool = False
    lapse: int | None = None
    left: int | None = None
    onlookers: list[Onlooker] = field(default_factory=list)

    @property
    def places(self) -> list[int]:
        """Where in the forecast each member of the lists stands."""
        return [*range(len(self.beliefs)), *(o.place for o in self.onlookers)]

    @property
    def rows(self) -> list[int]:
        """How many things each member may know of a party (0: it has a row for each of its own types)."""
        return [0] * len(self.beliefs) + [len(o.truths) for o in self.onlookers]


@dataclass
class Proposal:
    """How a proposal by party j looks to type k of j: `score` is the expected gain of each package over proposing
    nothing."""

    score: Floats
    nothing: Floats


def proposals(
    j: int,
    beliefs: list[Belief],
    stances: list[Stance],
    answers: list[list[Floats]],
    votes: Votes,
    spread: Spread = dense,
) -> list[Proposal]:
    """For each type of proposer j: E_j(a) − E_j(nothing), and E_j(nothing) (n,). `answers[i][τ]`: P of responder i's
    types.

    If a responder would rather walk away than wait, a refusal ends the talks, and j gets its own value of that.
    """
    others = [i for i in range(len(beliefs)) if i != j]
    walker = next((i for i in others if beliefs[i].leaves), None)
    found = []
    if walker is None:
        likely = votes.likely(j, {i: mean(beliefs[i].odds, answers[i], spread) for i in others})
        for a, w in zip(stances[j].agreed, stances[j].refuse, strict=True):
            found.append(Proposal(likely * (a - spread(w)), w))
        return found
    rest = [mean(beliefs[i].odds, answers[i], spread) for i in others if i != walker]
    leaves, out = stances[walker].walks(beliefs[walker]), stances[j].out
    assert out is not None
    for k, (a, w) in enumerate(zip(stances[j].agreed, stances[j].refuse, strict=True)):
        score, nothing = np.zeros_like(a), np.zeros_like(w)
        for tau, odds in enumerate(beliefs[walker].odds):
            fall = np.where(leaves[tau], out[k], w)
            score += spread(odds) * answers[walker][tau] * (a - spread(fall))
            nothing += odds * fall
        found.append(Proposal(reduce(np.multiply, rest, score), nothing))
    return found


def meeting(
    game: Game, t: int, rules: list[AssentRule], stances: list[Stance], cells: Cells, note: Note | None = None
) -> list[Floats]:
    """V_i (K, n) of a meeting in the look-ahead, before anyone knows who proposes what; the mean over tied packages.

    note(j, odds, chosen): told what type (by its odds) of proposer j would put.
    """
    chance = game.consent(cells, t)
    may = game.fc.admissible(t)
    if may is not game.fc.admissible(0):
        chance = may[cells.row, cells.package] * (1.0 if chance is None else chance)
    if game.joint:
        return _all_at_once(game, rules, stances, cells, chance)
    values = [np.zeros_like(s.refuse) for s in stances]
    for j, rho in enumerate(game.recognition(t)):
        if rho > 0:
            for total, value in zip(values, _with_proposer(j, game, rules, stances, cells, chance, note), strict=True):
                total += rho * value
    return values


def _with_proposer(
    j: int,
    game: Game,
    rules: list[AssentRule],
    stances: list[Stance],
    cells: Cells,
    chance: Floats | None,
    note: Note | None,
) -> list[Floats]:
    """V_i (K, n) of all members if party j proposes."""
    beliefs, spread, parties = game.beliefs, cells.spread, range(len(rules))
    others = [i for i in parties if i != j]
    falls = [fallback(i, j, beliefs, stances) for i in range(len(stances))]
    answers: list[list[Floats]] = [
        [rules[i].assent(stances[i], k, falls[i][k]) for k in range(len(falls[i]))] if i != j else [] for i in parties
    ]
    values = [f.copy() for f in falls]
    known = [[_known(truth, j, stances, falls, spread) for truth in o.truths] for o in game.onlookers]
    for k, p in enumerate(proposals(j, beliefs, stances, answers, game.votes, spread)):
        own = rules[j].assent(stances[j], k, p.nothing)
        if chance is not None:
            own = own * chance
        score = own * p.score
        best = cells.most(score)
        some = best > beliefs[j].tolerance()
        values[j][k] = p.nothing + np.where(some, best, 0.0)
        chosen = cells.winners(score, np.where(some, best - TIE * beliefs[j].stakes, np.inf))
        if note is not None:
            note(j, beliefs[j].odds[k], chosen)
        means = {i: mean(beliefs[i].odds, answers[i], spread)[chosen.cell] for i in others}
        own = own[chosen.cell]
        for i in others:
            for tau in range(len(falls[i])):
                likely = own * game.votes.likely(j, means | {i: answers[i][tau][chosen.cell]})
                gain = chosen.average(stances[i].agreed[tau], falls[i][tau], likely)
                values[i][tau] += beliefs[j].odds[k] * gain
        usual = own * game.votes.likely(j, means)
        for o, at in zip(known, range(len(rules), len(stances)), strict=True):
            for tau in range(len(falls[at])):
                odds, likely = beliefs[j].odds[k], usual
                if o:
                    subject, belief, chances = o[tau]
                    if subject == j:
                        again = AssentRule.of(belief, spread).assent(stances[j], k, p.nothing)
                        odds, likely = belief.odds[k], again[chosen.cell] * game.votes.likely(j, means)
                        likely = likely if chance is None else likely * chance[chosen.cell]
                    else:
                        likely = own * game.votes.likely(j, means | {subject: chances[chosen.cell]})
                values[at][tau] += odds * chosen.average(stances[at].agreed[tau], falls[at][tau], likely)
    return values


def _known(
    truth: tuple[int, Belief], j: int, stances: list[Stance], falls: list[Floats], spread: Spread
) -> tuple[int, Belief, Floats]:
    """A party, what is known of it, and its chance of assent to j then."""
    subject, belief = truth
    if subject == j:
        return subject, belief, np.zeros(0)
    rule = AssentRule.of(belief, spread)
    chances = [rule.assent(stances[subject], k, f) for k, f in enumerate(falls[subject])]
    return subject, belief, mean(belief.odds, chances, spread)


def _all_at_once(
    game: Game, rules: list[AssentRule], stances: list[Stance], cells: Cells, chance: Floats | None
) -> list[Floats]:
    """V_i (K, n) where all put a package at once: the one that Nash's (1953) smoothed demand game settles on."""
    parties = range(len(rules))
    answers = [[r.assent(s, k, w) for k, w in enumerate(s.refuse)] for r, s in zip(rules, stances, strict=False)]
    score, least = demanded(game.beliefs, stances, answers, cells.spread)
    if chance is not None:
        score = score * chance
    best = cells.most(score)
    chosen = cells.winners(score, np.where(best > least, best * (1 - TIE), np.inf))
    means = [mean(b.odds, a, cells.spread)[chosen.cell] for b, a in zip(game.beliefs, answers, strict=True)]
    if chance is not None:
        means.append(chance[chosen.cell])
    values = [s.refuse.copy() for s in stances]
    for i in range(len(stances)):
        rest = reduce(np.multiply, [m for k, m in enumerate(means) if k != i or i not in parties])
        for tau, w in enumerate(stances[i].refuse):
            likely = rest * answers[i][tau][chosen.cell] if i in parties else rest
            values[i][tau] += chosen.average(stances[i].agreed[tau], w, likely)
    return values


def stance(fc: Forecast, place: int, t: int, later: Floats, agreed: Floats, kept: Floats) -> Stance:
    """A member at time t, given V_i(t+1) (K, n): what refusing and walking away are worth."""
    no_deal, flows = fc.no_deal[place]
    delta = fc.parties[place].delta
    refuse = (1 - delta) * flows[:, t] + delta * later
    if BREAKDOWN in fc.menu.leave:
        b = fc.hazard[t]
        refuse = b * fc.left(BREAKDOWN, place)[:, t] + (1 - b) * refuse
    out = fc.left(WALK_AWAY, place)[:, t] if WALK_AWAY in fc.menu.leave else None
    return Stance(agreed, kept, no_deal[:, t], refuse, out)
