"""One meeting: an offer, the answers, what everyone learns from them, and what becomes of the talks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from sim.answers import STAKELESS, AssentRule, Belief, Stance, fallback, gains
from sim.arrays import Bools, Floats, Ints, at_index, of_type
from sim.beliefs import TIE, after_refusal
from sim.consent import Asked, consents
from sim.demands import compatible, demanded
from sim.equilibrium import Proposal, proposals
from sim.forecast import Forecast
from sim.status import Status
from sim.view import View
from sim.votes import Votes

if TYPE_CHECKING:
    from sim.talks import Talks


@dataclass
class Position:
    """A table in n worlds as those see it who know the same: the forecast, what is believed of each party, how each
    stands, which packages are admissible (n, M), the third parties, and under a quota how often each was best."""

    fc: Forecast
    beliefs: list[Belief]
    stances: list[Stance]
    allowed: Bools
    thirds: list[Asked]
    often: list[list[tuple[Ints, Floats]]] | None

    def take(self, who: Ints) -> Position:
        often = None if self.often is None else [[o[k] for k in who] for o in self.often]
        return Position(
            self.fc,
            [b.take(who) for b in self.beliefs],
            [s.take(who) for s in self.stances],
            self.allowed[who],
            [t.take(who) for t in self.thirds],
            often,
        )

    def mixture(self, j: int) -> Floats | None:
        """How often each package (n, M) was best for proposer j."""
        if self.often is None or j < 0:
            return None
        dense = np.zeros(self.allowed.shape)
        for w, (packages, count) in enumerate(self.often[j]):
            dense[w, packages] = count
        return dense


@dataclass
class Seen:
    """How a proposal by j (−1: all at once) looks from one position: what refusing is worth to each (K, n), the chances
    of assent (K, n, M), the expected gain of proposing for each type of j, and where all put at once the product of
    their expected gains (n, M) and the least that counts (n,)."""

    position: Position
    falls: list[Floats]
    answers: list[list[Floats]]
    offered: list[Proposal]
    joint: Floats | None = None
    least: Floats | None = None


def seen(votes: Votes, p: Position, j: int) -> Seen:
    """What those at a position see of a proposal by party j, or of demands put at once."""
    parties = range(len(p.stances))
    rules = [AssentRule.of(b) for b in p.beliefs]
    passes = reduce(np.multiply, [t.chance() for t in p.thirds], np.ones(()))
    falls = [fallback(i, j, p.beliefs, p.stances) if j >= 0 else p.stances[i].refuse for i in parties]
    answers: list[list[Floats]] = [
        [rules[i].assent(p.stances[i], k, f) for k, f in enumerate(falls[i])] if i != j else [] for i in parties
    ]
    if j < 0:
        joint, least = demanded(p.beliefs, p.stances, answers)
        return Seen(p, falls, answers, [], joint * passes, least)
    offered = [Proposal(o.score * passes, o.nothing) for o in proposals(j, p.beliefs, p.stances, answers, votes)]
    falls[j] = np.array([o.nothing for o in offered])
    return Seen(p, falls, answers, offered)


class Meeting:
    """A meeting in some worlds in which party j proposes, or, with j = −1, all parties put a package at once.

    looks: the proposal as the members see it, the least informed first; seats: whose is which, by member.
    """

    def __init__(self, talks: Talks, looks: list[Seen], seats: list[int], worlds: Ints, j: int):
        self.talks, self.model, self.worlds, self.j = talks, talks.model, worlds, j
        self.parties = range(len(talks.parties))
        self.others = [i for i in self.parties if i != j]
        self.common = looks[0]  # what everyone knows that everyone knows: beliefs are moved as it looks from here
        self.seen = [looks[seat] for seat in seats]
        self.allowed = self.seen[max(j, 0)].position.allowed  # by whoever puts something
        self.kinds = [self.model.actor(p).kind[worlds] for p in talks.parties]
        self.demands: list[Ints] = []  # of each party, where all put a package at once
        self.left: dict[str, Bools] = {}  # where each of those who may walk away does
        self.thirds = [self.seen[q].position.thirds[k] for k, q in enumerate(range(len(talks.parties), len(seats)))]

    def view(self, i: int) -> View:
        """What party i sees: its own type's values and its own resolve."""
        kind, seen, talks = self.kinds[i], self.seen[i], self.talks
        s, belief = seen.position.stances[i], seen.position.beliefs[i]
        no_deal, refuse = of_type(s.no_deal, kind), of_type(seen.falls[i], kind)
        score = [p.score for p in seen.offered] if i == self.j else [np.zeros(self.allowed.shape)]
        return View(
            of_type(s.agreed, kind),
            refuse,
            gains(of_type(s.kept, kind), belief.floor(no_deal, refuse), belief.stakes),
            self.model.draws.resolve[talks.parties[i], talks.name][self.worlds],
            belief.stakes,
            self.allowed if self.j >= 0 else seen.position.allowed,
            of_type(np.array(score), kind if i == self.j else np.zeros_like(kind)),
            self.model.draws.ties(talks.name, self.model.period)[self.worlds],
            talks.menu.packages.fixed,
            talks.meetings[self.worlds],
            talks.table.deadline or talks.lookahead,
            seen.position.mixture(self.j) if i == self.j else None,
        )

    def play(self) -> Ints:
        """Carries it out; returns the package (n,) that was proposed, -1 for none."""
        talks, worlds = self.talks, self.worlds
        self._note_zone()
        views = [self.view(i) for i in self.parties]
        if self.model.trace is not None:
            self.model.trace.sits(self, views)
        offer, yes, agreed = self._one_offer(views) if self.j >= 0 else self._all_offers(views)
        deal = agreed >= 0
        self._learn(offer, yes)
        vetoes = {t.name: self._ask(t, agreed, deal) for t in self.thirds}
        deal = deal & ~np.logical_or.reduce([np.zeros(len(offer), bool), *vetoes.values()])
        for i in self.others:
            refused = (offer >= 0) & ~yes[i]
            party = talks.parties[i]
            talks.refusals[party][worlds] += refused
            short = views[i].resolve - at_index(views[i].gain, np.maximum(offer, 0))
            known = refused & (views[i].stakes >= STAKELESS)
            talks.shortfall[party][worlds] = np.where(known, short, talks.shortfall[party][worlds])
        self._agree(worlds[deal], agreed[deal])
        self._fall_apart(~deal, views)
        if self.model.trace is not None:
            self.model.trace.meeting(self, views, offer, yes, vetoes, agreed)
        return offer

    def _note_zone(self) -> None:
        """At the first meeting: whether some package beats no deal for every party, and whether one also gives each its
        resolve."""
        first = self.talks.meetings[self.worlds] == 0
        if not first.any():
            return
        allowed, enough = np.ones_like(self.allowed), np.ones_like(self.allowed)
        for i, kind in enumerate(self.kinds):  # each as it knows things
            position = self.seen[i].position
            s, belief, no_deal = position.stances[i], position.beliefs[i], of_type(position.stances[i].no_deal, kind)
            floor = no_deal - belief.tolerance()
            allowed &= position.allowed & (of_type(s.agreed, kind) >= floor[:, None])
            resolve = self.model.draws.resolve[self.talks.parties[i], self.talks.name][self.worlds]
            enough &= gains(of_type(s.kept, kind), no_deal, belief.stakes) >= (resolve - TIE)[:, None]
        self.talks.zone[self.worlds[first]] = allowed[first].any(axis=1)
        self.talks.room[self.worlds[first]] = (allowed & enough)[first].any(axis=1)

    def _one_offer(self, views: list[View]) -> tuple[Ints, dict[int, Bools], Ints]:
        """What j puts (n,), who accepts it, and what is agreed (n,)."""
        talks = self.talks
        offer = talks.strategies[self.j].propose(views[self.j])
        yes = {i: talks.strategies[i].assents(views[i], offer) for i in self.others}
        return offer, yes, np.where((offer >= 0) & talks.votes.carried(self.j, yes), offer, -1)

    def _all_offers(self, views: list[View]) -> tuple[Ints, dict[int, Bools], Ints]:
        """The package (n,) that the demands settle on, who demands no more than it, and what fits all demands (n,)."""
        talks, demands, hoped, yes = self.talks, self.demands, [], {}
        offer, common = self._focal(self.common, views[0]), self.common.position.stances
        for i, view in enumerate(views):
            hoped.append(self._focal(self.seen[i], view))
            demand = talks.strategies[i].at_once(view, hoped[i])
            agreed = of_type(common[i].agreed, self.kinds[i])  # what the others take it to be worth to it
            own, there = at_index(agreed, np.maximum(demand, 0)), at_index(agreed, np.maximum(offer, 0))
            yes[i] = (demand >= 0) & (own <= there + TIE * view.stakes + STAKELESS)
            demands.append(demand)
        stakes, allowed = [v.stakes for v in views], np.logical_and.reduce([v.allowed for v in views])
        fits = compatible(demands, [v.agreed for v in views], [v.refuse for v in views], stakes, allowed)
        focal = np.logical_and.reduce([(d == h) & (d == demands[0]) for d, h in zip(demands, hoped, strict=True)])
        return offer, yes, np.where(focal & (demands[0] >= 0), demands[0], fits)

    def _focal(self, seen: Seen, view: View) -> Ints:
        """The package (n,) that demands are expected to settle on as it looks from one position, -1 for none."""
        assert seen.joint is not None and seen.least is not None
        score = np.where(seen.position.allowed, seen.joint, -np.inf)
        best = score.max(axis=1)
        return np.where(best > seen.least, view.draw_one(score >= (best * (1 - TIE))[:, None]), -1)

    def _learn(self, offer: Ints, yes: dict[int, Bools]) -> None:
        """Everyone sees who refused: resolve by skimming, types by Bayes; assents move the types too."""
        put = offer >= 0
        package, position = np.maximum(offer, 0), self.common.position
        for i in self.others:
            party = self.talks.parties[i]
            belief, s = position.beliefs[i], position.stances[i]
            refused = put & ~yes[i]
            likely = np.array([at_index(a, package) for a in self.common.answers[i]])
            low, staked = belief.low.copy(), belief.stakes >= STAKELESS
            for k in range(len(low)):
                a, fall = at_index(s.agreed[k], package), self.common.falls[i][k]
                gain = at_index(s.kept[k], package) - belief.floor(s.no_deal[k], fall)
                x = gain / np.where(staked, belief.stakes, 1.0)
                rational = refused & (a >= fall - belief.tolerance()) & staked
                low[k] = after_refusal(belief.resolve, belief.low[k], x, rational)
            self.talks.low[party][:, self.worlds] = low
            likelihood = np.where(refused, 1 - likely, np.where(put, likely, 1.0))
            self.model.observe(party, self.worlds, likelihood, at=self.talks)

    def _ask(self, third: Asked, agreed: Ints, deal: Bools) -> Bools:
        """Where a third party refuses what all parties have agreed on; the others learn from its answer."""
        actor, package = self.model.actor(third.name), np.maximum(agreed, 0)
        belief, worlds = third.belief, self.worlds
        asked = deal & belief.holds & at_index(belief.asked, package)
        loss = _losses(third, package)
        tolerance = self.model.draws.tolerance[third.name, self.talks.name][worlds]
        refuses = asked & ~consents(loss, tolerance, actor.kind[worlds])
        if asked.any():
            strategy = self.talks.strategies[self.talks.members.index(third.name)]
            refuses = asked & ~strategy.consents(~refuses, package, of_type(loss, actor.kind[worlds]), tolerance)
        seen = next(t for t in self.common.position.thirds if t.name == third.name)
        likely = np.array([at_index(seen.belief.passing(k, a, n), package) for k, (a, n) in enumerate(seen.values())])
        self.talks.high[third.name][:, worlds] = belief.after_refusal(_losses(seen, package), refuses)
        self.model.observe(
            third.name, worlds, np.where(refuses, 1 - likely, np.where(asked, likely, 1.0)), at=self.talks
        )
        self.talks.refusals[third.name][worlds] += refuses
        return refuses

    def _agree(self, worlds: Ints, package: Ints) -> None:
        talks, now = self.talks, self.model.period + 1
        talks.model.announce(talks, worlds)
        self.model.state.levels[worlds[:, None], talks.menu.agenda] = talks.menu.levels[package]
        talks.package[worlds], talks.deal_in[worlds] = package, now
        talks.first_deal[worlds] = np.where(talks.first_deal[worlds] == 0, now, talks.first_deal[worlds])
        talks.deals[worlds] += 1
        stays_open = talks.goes_on and talks.lapse is None
        talks.status[worlds] = Status.TALKING if stays_open else Status.DEAL

    def _fall_apart(self, failed: Bools, views: list[View]) -> None:
        """Who would rather walk away does so now; else the talks may break down."""
        leave = self.talks.table.walk_away
        for i in self.others:
            position = self.seen[i].position
            if position.beliefs[i].leaves and leave is not None:
                leaves = failed & of_type(position.stances[i].walks(position.beliefs[i]), self.kinds[i])
                if failed.any():
                    leaves = failed & self.talks.strategies[i].leaves(views[i], leaves)
                self.left[self.talks.parties[i]] = leaves
                self.talks.end(self.worlds[leaves], leave.sets, Status.WALKED_AWAY)
                failed = failed & ~leaves
        self.talks.risk_breakdown(self.worlds[failed])


def _losses(third: Asked, package: Ints) -> Floats:
    """What a package (n,) costs each type of a third party (K, n)."""
    return np.array([at_index(third.belief.losses(a, n), package) for a, n in third.values()])
