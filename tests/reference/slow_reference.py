"""A table's game in plain loops: model.md §3–4 for one world at a time, slow and sure."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from slow_forecast import STAKELESS, TIE, Game, Prospects
from slow_world import Now


@dataclass
class Meeting:
    """One meeting of the game: chance[party][profile][package], fallback[party][profile][of the walker's profiles]."""

    proposer: str
    walker: str | None
    chance: dict[str, list[list[float]]]
    fallback: dict[str, list[list[float]]]
    threshold: dict[str, list[float]]


class Bargaining(Prospects):
    """One table in one world: what the parties think of one another, and what they would put and accept."""

    # --- what the parties think of one another --------------------------------------------------------------------

    def below(self, party: str, x: float) -> float:
        """Pr(r ≤ x), the prior floored at 0."""
        return 0.0 if x < -TIE else float(self.world.scenario.actors[party].resolve.cdf(max(x, 0.0) + TIE))

    def willing(self, game: Game, t: int, party: str, k: int, a: int) -> float:
        """Pr(r ≤ x | r > low)."""
        gain = game.agreed[t][party][k][a] - game.none[t][party][k]
        stakes = self.table.stakes[party]
        if stakes < STAKELESS:
            return 1.0 if gain >= -STAKELESS else 0.0
        x, low = gain / stakes, self.table.low[party][k]
        if low is None:
            return self.below(party, x)
        if x <= low + TIE:
            return 0.0
        known = self.below(party, low)
        return (self.below(party, x) - known) / (1 - known)

    def meeting(self, game: Game, t: int, proposer: str) -> Meeting:
        world, W = self.world, game.refuse[t]
        walker = next((p for p in self.walkers if p != proposer), None)
        leaves = [True]
        share = [1.0]
        if walker:
            leaves = [o > w + self.slack(walker) for o, w in zip(game.left[t][walker], W[walker], strict=True)]
            share = self.odds[walker]
        fallback, threshold, chance = {}, {}, {}
        for p in self.parties:
            fallback[p], threshold[p], chance[p] = [], [], []
            for k in range(len(world.profiles[p])):
                o, w = game.left[t][p][k], W[p][k]
                if walker is None:
                    row = [w]
                elif p == walker:
                    row = [max(o, w)] * len(share)
                else:
                    row = [o if gone else w for gone in leaves]
                wanted = sum(s * v for s, v in zip(share, row, strict=True))
                fallback[p].append(row)
                threshold[p].append(wanted)
                chance[p].append([
                    self.willing(game, t, p, k, a) if game.agreed[t][p][k][a] >= wanted - self.slack(p) else 0.0
                    for a in range(len(game.packages))
                ])  # fmt: skip
        return Meeting(proposer, walker, chance, fallback, threshold)

    def mean_chance(self, m: Meeting, party: str, a: int) -> float:
        return sum(mu * row[a] for mu, row in zip(self.odds[party], m.chance[party], strict=True))

    def others(self, m: Meeting, a: int, apart: set[str | None]) -> float:
        """Chance that all but some assent."""
        product = 1.0
        for p in self.parties:
            if p not in apart:
                product *= self.mean_chance(m, p, a)
        return product

    def gain(self, game: Game, t: int, m: Meeting, party: str, k: int, a: int, known: float) -> float:
        """Expected gain of a profile over a failed meeting from `a` being put, `known` being the chance that those
        whose profile is given assent; the rest at their odds."""
        agreed = game.agreed[t][party][k][a]
        rest = known * self.others(m, a, {m.proposer, party, m.walker})
        if m.walker is None or m.walker == party:
            return rest * (agreed - m.fallback[party][k][0])
        total = 0.0
        for s, mu in enumerate(self.odds[m.walker]):
            total += mu * m.chance[m.walker][s][a] * (agreed - m.fallback[party][k][s])
        return rest * total

    def best(self, game: Game, t: int, m: Meeting, k: int, resolve: float | None = None) -> list[int]:
        """The packages that the proposer's profile k may put: all within a tie of the best, none where nothing gains.
        With its own `resolve` known it assents or not; without, its own chance of assent counts too."""
        j, scores = m.proposer, []
        for a in range(len(game.packages)):
            own = m.chance[j][k][a]
            if resolve is not None:
                own = 1.0 if self.accepts(game, t, m, j, k, a, resolve) else -1.0
            may = own > 0 and game.allowed[t][a]
            score = self.gain(game, t, m, j, k, a, own) if may else -math.inf
            scores.append(score)
        top = max(scores, default=-math.inf)
        tie = TIE * self.table.stakes[j]
        if top <= tie + STAKELESS:
            return []
        return [a for a, s in enumerate(scores) if s >= top - tie]

    def accepts(self, game: Game, t: int, m: Meeting, p: str, k: int, a: int, resolve: float) -> bool:
        agreed = game.agreed[t][p][k][a]
        if agreed < m.threshold[p][k] - self.slack(p):
            return False
        gain, stakes = agreed - game.none[t][p][k], self.table.stakes[p]
        return gain >= -STAKELESS if stakes < STAKELESS else gain / stakes >= resolve - TIE

    # --- backward induction ---------------------------------------------------------------------------------------

    def solve(self, state: Now, now: int) -> Game:
        game, end = self.forecast(state, now)
        value = self.at_the_end(game, end, self.horizon(now)[1])
        for t in range(end - 1, now - 1, -1):
            b, refuse = self.hazard, {}
            for p in self.parties:
                d = self.world.discount[p]
                refuse[p] = [
                    b * game.broken[t][p][k] + (1 - b) * ((1 - d) * u + d * value[p][k])
                    for k, u in enumerate(game.flow[t][p])
                ]
            game.refuse[t] = refuse
            if t > now:
                value = self.values(game, t)
        return game

    def values(self, game: Game, t: int) -> dict[str, list[float]]:
        """V of every profile: the mean over the proposer's profiles and what each may put."""
        m = self.meeting(game, t, self.proposer(t))
        puts = [self.best(game, t, m, k) for k in range(len(self.world.profiles[m.proposer]))]
        return {
            p: [m.threshold[p][k] + self._expected(game, t, m, p, k, puts) for k in range(len(self.world.profiles[p]))]
            for p in self.parties
        }

    def _expected(self, game: Game, t: int, m: Meeting, p: str, k: int, puts: list[list[int]]) -> float:
        j = m.proposer
        profiles = [(1.0, k)] if p == j else [(mu, kappa) for kappa, mu in enumerate(self.odds[j])]
        total = 0.0
        for mu, kappa in profiles:
            for a in puts[kappa]:
                known = m.chance[j][kappa][a] * (1.0 if p == j else m.chance[p][k][a])
                total += mu * self.gain(game, t, m, p, k, a, known) / len(puts[kappa])
        return total

    def at_the_end(self, game: Game, end: int, over: bool) -> dict[str, list[float]]:
        """V(T*): no deal after a deadline; else the Nash solution as far as it would be assented to, by profile."""
        value = {p: list(game.none[end][p]) for p in self.parties}
        if over:
            return value
        for profile in itertools.product(*(range(len(self.world.profiles[p])) for p in self.parties)):
            kinds = dict(zip(self.parties, profile, strict=True))
            tied = self.nash(game, end, kinds)
            for p in self.parties:
                others = math.prod(self.odds[q][k] for q, k in kinds.items() if q != p)
                for a in tied:
                    pi = math.prod(self.willing(game, end, q, k, a) for q, k in kinds.items())
                    won = game.agreed[end][p][kinds[p]][a] - game.none[end][p][kinds[p]]
                    value[p][kinds[p]] += others * pi * won / len(tied)
        return value

    def nash(self, game: Game, end: int, kinds: dict[str, int]) -> list[int]:
        power = {}
        for p in self.parties:
            share = 1 / len(self.parties) if self.first is not None else float(p == self.only)
            power[p] = share / -math.log((1 - self.hazard) * self.world.discount[p]) if share else 0.0
        total, scores = sum(power.values()), {}
        for a in range(len(game.packages)):
            gains = {p: game.agreed[end][p][k][a] - game.none[end][p][k] for p, k in kinds.items()}
            if not game.allowed[end][a] or any(g < -self.slack(p) for p, g in gains.items()):
                continue
            beyond = {p: game.agreed[end][p][kinds[p]][a] - game.left[end][p][kinds[p]] for p in self.walkers}
            if any(g < -self.slack(p) for p, g in beyond.items()):
                continue
            scores[a] = sum(
                power[p] / total * math.log(g if g > self.slack(p) else 1e-300)
                for p, g in gains.items()
                if self.table.stakes[p] >= STAKELESS
            )
        return [a for a, s in scores.items() if s >= max(scores.values()) - TIE]
