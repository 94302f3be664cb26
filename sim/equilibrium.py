"""Backward induction at one table (model.md §3): what refusing is worth, and who would propose what. Arrays in,
arrays out.

Beliefs are held in the look-ahead as they are now; the value of a type uses that type's chance of assent, not its own
resolve. Other tables stay as they are, but for what foreseen ones are counted to add. Lists run over the table's
parties, then those who look on; K types, n worlds. Packages are the trailing axis: all M of them as (n, M) at the
meeting now, or as flat cells (C,) in the look-ahead; `spread` carries a quantity of the world (n,) to either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import reduce

import numpy as np

from sim.answers import AssentRule, Belief, Onlooker, Spread, Stance, dense, fallback, mean
from sim.arrays import Floats
from sim.beliefs import TIE
from sim.cells import Cells, Winners
from sim.consent import Consent
from sim.demands import demanded
from sim.forecast import Forecast
from sim.menu import BREAKDOWN, WALK_AWAY
from sim.votes import Votes

Note = Callable[[int, Floats, Winners], None]


@dataclass
class Game:
    """A table as it is solved. recognition(t): who proposes t periods from now; joint: all put a package at once;
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
    chance = _allowed(game, t, cells)
    if game.joint:
        return _all_at_once(game, t, rules, stances, cells, chance)
    values = [np.zeros_like(s.refuse) for s in stances]
    for j, rho in enumerate(game.recognition(t)):
        if rho > 0:
            found = _with_proposer(j, game, t, rules, stances, cells, chance, note)
            for total, value in zip(values, found, strict=True):
                total += rho * value
    return values


def _allowed(game: Game, t: int, cells: Cells, known: tuple[int, int] | None = None) -> Floats | None:
    """The chance (C,) that what all parties agree on may stand, None where it is sure to. `known`: a third party, and
    its type."""
    chance, may = game.consent.ahead(cells, t, known), game.fc.admissible(t)
    if may is not game.fc.admissible(0):
        chance = may[cells.row, cells.package] * (1.0 if chance is None else chance)
    return chance


def _with_proposer(
    j: int,
    game: Game,
    t: int,
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
    views = [_view(o, i, j, game, t, stances, cells, chance) for i, o in enumerate(game.onlookers, start=len(rules))]
    for at, view in enumerate(views, start=len(rules)):
        for tau, known in enumerate(view.truths):
            values[at][tau] = fallback(at, j, known.beliefs, stances)[tau]
    for k, p in enumerate(proposals(j, beliefs, stances, answers, game.votes, spread)):
        assent = rules[j].assent(stances[j], k, p.nothing)
        own = assent if chance is None else assent * chance
        score = own * p.score
        best = cells.most(score)
        some = best > beliefs[j].tolerance()
        values[j][k] = p.nothing + np.where(some, best, 0.0)
        chosen = cells.winners(score, np.where(some, best - TIE * beliefs[j].stakes, np.inf))
        if note is not None:
            note(j, beliefs[j].odds[k], chosen)
        put = Put(j, game.votes, stances, chosen, own[chosen.cell])
        seen = {i: [a[chosen.cell] for a in answers[i]] for i in others}
        means = {i: mean(beliefs[i].odds, seen[i], chosen.spread) for i in others}
        for i in others:
            for tau in range(len(falls[i])):
                gain = put.gain(i, tau, beliefs, seen, means | {i: seen[i][tau]})
                values[i][tau] += beliefs[j].odds[k] * gain
        for at, view in enumerate(views, start=len(rules)):
            for tau, stays in enumerate(view.stands):
                told, yes, heard, now = beliefs, assent, seen, means
                if view.truths:
                    known = view.truths[tau]
                    told, who = known.beliefs, known.subject
                    if who == j:
                        yes = AssentRule.of(told[j], spread).assent(stances[j], k, p.nothing)
                    else:
                        heard = seen | {who: [a[chosen.cell] for a in known.answer]}
                        now = means | {who: mean(told[who].odds, heard[who], chosen.spread)}
                sure = replace(put, own=(yes if stays is None else yes * stays)[chosen.cell])
                values[at][tau] += told[j].odds[k] * sure.gain(at, tau, told, heard, now)
    return values


@dataclass
class Put:
    """What one type of party j puts: the chosen cells, and j's own chance of assent there (W,)."""

    j: int
    votes: Votes
    stances: list[Stance]
    chosen: Winners
    own: Floats

    def gain(
        self, i: int, tau: int, beliefs: list[Belief], answers: dict[int, list[Floats]], means: dict[int, Floats]
    ) -> Floats:
        """What a type of member i expects it to add to a failure (n,): `answers` of the other parties by type and
        their `means` (W,).

        Who would walk away is also the likelier to refuse, so what a failure leaves is taken by its type.
        """
        s, walker = self.stances[i], next((m for m in answers if beliefs[m].leaves), None)
        if walker is None or s.out is None or walker == i or len(beliefs[walker].odds) == 1:
            fall = fallback(i, self.j, beliefs, self.stances)[tau]
            return self.chosen.average(s.agreed[tau], fall, self.own * self.votes.likely(self.j, means))
        total, leaves = np.zeros(self.chosen.n), self.stances[walker].walks(beliefs[walker])
        for odds, gone, yes in zip(beliefs[walker].odds, leaves, answers[walker], strict=True):
            fall = np.where(gone, s.out[tau], s.refuse[tau])
            likely = self.own * self.votes.likely(self.j, means | {walker: yes})
            total += odds * self.chosen.average(s.agreed[tau], fall, likely)
        return total


@dataclass
class OnlookersView:
    """What one who looks on knows in each row of its values: of a party, or nothing; and the chance (C,) that what all
    agree on may stand."""

    truths: list[Known]
    stands: list[Floats | None]


def _view(
    o: Onlooker, at: int, j: int, game: Game, t: int, stances: list[Stance], cells: Cells, chance: Floats | None
) -> OnlookersView:
    rows = range(len(stances[at].refuse))
    stands = [chance if o.third is None else _allowed(game, t, cells, o.consents(tau)) for tau in rows]
    return OnlookersView([_known(truth, j, game, stances, cells.spread) for truth in o.truths], stands)


@dataclass
class Known:
    """A party of which something is known: the beliefs then, and its types' chances of assent (C,), unless it
    proposes."""

    subject: int
    beliefs: list[Belief]
    answer: list[Floats]


def _known(truth: tuple[int, Belief], j: int, game: Game, stances: list[Stance], spread: Spread) -> Known:
    subject, belief = truth
    told = [belief if i == subject else b for i, b in enumerate(game.beliefs)]
    if subject == j:
        return Known(subject, told, [])
    rule, s = AssentRule.of(belief, spread), stances[subject]
    falls = fallback(subject, j, told, stances)
    return Known(subject, told, [rule.assent(s, k, f) for k, f in enumerate(falls)])


def _all_at_once(
    game: Game, t: int, rules: list[AssentRule], stances: list[Stance], cells: Cells, chance: Floats | None
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

    def likely(stands: Floats | None, known: dict[int, Floats]) -> Floats:
        yes = [known.get(k, m) for k, m in enumerate(means)]
        return reduce(np.multiply, yes if stands is None else [*yes, stands[chosen.cell]])

    values = [s.refuse.copy() for s in stances]
    for i in parties:
        for tau, w in enumerate(stances[i].refuse):
            sure = likely(chance, {i: answers[i][tau][chosen.cell]})
            values[i][tau] += chosen.average(stances[i].agreed[tau], w, sure)
    for i, o in enumerate(game.onlookers, start=len(rules)):
        for tau, w in enumerate(stances[i].refuse):
            stands, known = chance if o.third is None else _allowed(game, t, cells, o.consents(tau)), {}
            if o.truths:
                truth = _known(o.truths[tau], -1, game, stances, cells.spread)
                odds = truth.beliefs[truth.subject].odds
                known = {truth.subject: mean(odds, truth.answer, cells.spread)[chosen.cell]}
            values[i][tau] += chosen.average(stances[i].agreed[tau], w, likely(stands, known))
    return values


def stance(fc: Forecast, place: int, t: int, later: Floats, agreed: Floats, kept: Floats) -> Stance:
    """A member at time t, given V_i(t+1) (K, n): what refusing and walking away are worth."""
    no_deal, flows = fc.no_deal[place]
    delta = fc.parties[place].delta
    refuse = (1 - delta) * flows[:, t] + delta * later
    if BREAKDOWN in fc.menu.leave:
        b = fc.apart.get(place, fc).hazard[t]
        refuse = b * fc.left(BREAKDOWN, place)[:, t] + (1 - b) * refuse
    out = None
    if WALK_AWAY in fc.menu.leave:
        out = np.broadcast_to(fc.left(WALK_AWAY, place)[:, t], refuse.shape)  # one row for all that an onlooker knows
    return Stance(agreed, kept, no_deal[:, t], refuse, out)
