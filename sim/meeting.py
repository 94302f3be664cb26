"""One meeting: an offer, the answers, what everyone learns from them, and what becomes of the talks."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from sim.answers import STAKELESS, AssentRule, Belief, Stance, fallback, gains
from sim.arrays import Bools, Floats, Ints, at_index, of_type
from sim.beliefs import after_refusal, bayes
from sim.consent import Asked, consents
from sim.equilibrium import Proposal, proposals
from sim.forecast import Forecast
from sim.status import Status
from sim.view import View

if TYPE_CHECKING:
    from sim.talks import Talks


def _rows(stance_: Stance, who: Ints) -> Stance:
    out = None if stance_.out is None else stance_.out[:, who]
    return Stance(stance_.agreed[:, who], stance_.no_deal[:, who], stance_.refuse[:, who], out)


class Meeting:
    """The worlds `who` (indices into `worlds`) in which party j proposes at this meeting."""

    def __init__(
        self,
        talks: Talks,
        fc: Forecast,
        worlds: Ints,
        who: Ints,
        j: int,
        beliefs: list[Belief],
        stances: list[Stance],
        allowed: Bools,
        thirds: list[Asked],
    ):
        self.talks, self.fc, self.j = talks, fc, j
        self.model, self.worlds, self.who = talks.model, worlds[who], who
        self.beliefs = [Belief(m.resolve, m.odds[:, who], m.low[:, who], m.stakes[who], m.leaves) for m in beliefs]
        self.stances = [_rows(s, who) for s in stances]
        self.allowed = allowed[who]
        self.others = [i for i in range(len(beliefs)) if i != j]
        self.fallbacks = [fallback(i, j, self.beliefs, self.stances) for i in range(len(beliefs))]
        self.answers: list[list[Floats]] = [
            [AssentRule.of(m).assent(s, k, f[k]) for k in range(len(f))] if i != j else []
            for i, (m, s, f) in enumerate(zip(self.beliefs, self.stances, self.fallbacks, strict=True))
        ]
        self.kinds = [self.model.actor(p).kind[self.worlds] for p in talks.parties]
        self.thirds = [t.take(who) for t in thirds]
        passes = reduce(np.multiply, [t.chance() for t in self.thirds], np.ones(()))
        offered = proposals(j, self.beliefs, self.stances, self.answers)
        self.offered = [Proposal(p.score * passes, p.nothing) for p in offered]
        self.fallbacks[j] = np.array([p.nothing for p in self.offered])

    def view(self, i: int) -> View:
        """What party i sees: its own type's values and its own resolve."""
        kind, s = self.kinds[i], self.stances[i]
        agreed, no_deal = of_type(s.agreed, kind), of_type(s.no_deal, kind)
        expected = of_type(np.array([p.score for p in self.offered]), kind) if i == self.j else None
        party = self.talks.parties[i]
        return View(
            agreed,
            of_type(self.fallbacks[i], kind),
            gains(agreed, no_deal, self.beliefs[i].stakes),
            self.model.draws.resolve[party, self.talks.name][self.worlds],
            self.beliefs[i].stakes,
            self.allowed,
            expected,
            self.model.draws.ties(self.talks.name, self.model.period)[self.worlds],
        )

    def play(self) -> Ints:
        """Carries it out; returns the package (n,) that was proposed, -1 for none."""
        talks, worlds = self.talks, self.worlds
        views = [self.view(i) for i in range(len(self.beliefs))]
        offer = talks.strategy.propose(views[self.j])
        yes = {i: talks.strategy.assents(views[i], offer) for i in self.others}
        deal = (offer >= 0) & np.logical_and.reduce(list(yes.values()))
        self._learn(offer, yes)
        vetoes = {t.name: self._ask(t, offer, deal) for t in self.thirds}
        deal = deal & ~np.logical_or.reduce([np.zeros(len(offer), bool), *vetoes.values()])
        for i in self.others:
            refused = (offer >= 0) & ~yes[i]
            party = talks.parties[i]
            talks.refusals[party][worlds] += refused
            short = views[i].resolve - at_index(views[i].gain, np.maximum(offer, 0))
            known = refused & (self.beliefs[i].stakes >= STAKELESS)
            talks.shortfall[party][worlds] = np.where(known, short, talks.shortfall[party][worlds])
        self._agree(worlds[deal], offer[deal])
        self._fall_apart(~deal)
        if self.model.trace is not None:
            self.model.trace.meeting(self, views, offer, yes, vetoes)
        return offer

    def _learn(self, offer: Ints, yes: dict[int, Bools]) -> None:
        """Everyone sees who refused: resolve by skimming, types by Bayes; assents move the types too."""
        put = offer >= 0
        package = np.maximum(offer, 0)
        for i in self.others:
            actor, party = self.model.actor(self.talks.parties[i]), self.talks.parties[i]
            belief, s = self.beliefs[i], self.stances[i]
            refused = put & ~yes[i]
            likely = np.array([at_index(a, package) for a in self.answers[i]])
            low, staked = belief.low.copy(), belief.stakes >= STAKELESS
            for k in range(len(low)):
                a = at_index(s.agreed[k], package)
                x = (a - s.no_deal[k]) / np.where(staked, belief.stakes, 1.0)
                rational = refused & (a >= self.fallbacks[i][k] - belief.tolerance()) & staked
                low[k] = after_refusal(belief.resolve, belief.low[k], x, rational)
            self.talks.low[party][:, self.worlds] = low
            likelihood = np.where(refused, 1 - likely, np.where(put, likely, 1.0))
            actor.odds[:, self.worlds] = bayes(belief.odds, likelihood) if len(belief.odds) > 1 else belief.odds

    def _ask(self, third: Asked, offer: Ints, deal: Bools) -> Bools:
        """Where a third party refuses what all parties have agreed on; the others learn from its answer."""
        actor, package = self.model.actor(third.name), np.maximum(offer, 0)
        belief, worlds = third.belief, self.worlds
        asked = deal & belief.holds & at_index(belief.asked, package)
        loss = np.array(
            [at_index(belief.losses(a, n), package) for a, n in zip(third.agreed, third.no_deal, strict=True)]
        )
        tolerance = self.model.draws.tolerance[third.name, self.talks.name][worlds]
        refuses = asked & ~consents(loss, tolerance, actor.kind[worlds])
        likely = np.array([at_index(belief.passing(k, a, n), package) for k, (a, n) in enumerate(third.values())])
        self.talks.high[third.name][:, worlds] = belief.after_refusal(loss, refuses)
        seen = np.where(refuses, 1 - likely, np.where(asked, likely, 1.0))
        actor.odds[:, worlds] = bayes(belief.odds, seen) if len(belief.odds) > 1 else belief.odds
        self.talks.refusals[third.name][worlds] += refuses
        return refuses

    def _agree(self, worlds: Ints, package: Ints) -> None:
        talks = self.talks
        self.model.state.levels[worlds[:, None], talks.menu.agenda] = talks.menu.levels[package]
        talks.status[worlds], talks.package[worlds] = Status.DEAL, package
        talks.agreed_in[worlds] = self.model.period + 1

    def _fall_apart(self, failed: Bools) -> None:
        """Who would rather walk away does so now; else the talks may break down."""
        leave = self.talks.table.walk_away
        for i in self.others:
            if self.beliefs[i].leaves and leave is not None:
                leaves = failed & of_type(self.stances[i].walks(self.beliefs[i]), self.kinds[i])
                self.talks.end(self.worlds[leaves], leave.sets, Status.WALKED_AWAY)
                failed = failed & ~leaves
        self.talks.risk_breakdown(self.worlds[failed])
