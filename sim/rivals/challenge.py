"""Challenge: actors challenge one another's positions, round by round, and give way where they expect to lose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from sim.arrays import Bools, Floats
from sim.rivals import RANGE, Rival
from sim.rivals.median_voter import medians


@dataclass(frozen=True)
class Challenge(Rival):
    """Bueno de Mesquita's expected utility model as replicated by Scholz, Calbert & Smith (2011). The forecast is the
    weighted median of the positions held after `rounds` rounds; where every point between two is one, the middle.

    By default, and as `SCHOLZ_2011`, it does what the public code of that replication does, oddities included:

    - A challenge's chance of success is the votes for the challenger's position over all votes of all ordered pairs of
      actors, so that the chances of i against j and of j against i sum to far less than 1. (`normalised: "pair"`: over
      the votes on this pair.) Votes use each voter's own risk exponent. (`risky_votes: False`: they don't.)
    - The range of positions is that of round 0, however near to one another they come.
    - An actor takes its own risk exponent for all utilities, those of its opponents too.
    - The most and the least insecure actors, between which risk exponents are scaled from ½ to 2, are found among all
      actors at their positions, not over positions that one actor might hold. Where all are alike exponents are 1.
    - Among compromises it takes not the nearest but the one whose weighted midpoint (|EU| x + |EU'| x') / (|EU| +
      |EU'|) is lowest, so that up and down are not alike. (`offer: "least"`: the one that moves it least, as the
      paper says.) A confrontation lost goes before any compromise, and there it takes the nearest.
    - Who expects to lose more than its opponent expects to gain never gives in, as the test compares the opponent's
      gain with itself. (`capitulates: True`: it does.)
    - All move at once. Salience is the chance of resisting a challenge, so that it must lie in [0, 1].
    """

    mirrors: ClassVar[bool] = False
    rounds: int = 10
    normalised: Literal["all", "pair"] = "all"
    offer: Literal["lowest", "least"] = "lowest"
    risky_votes: bool = True
    capitulates: bool = False

    def on_issue(self, positions: Floats, capability: Floats, salience: Floats, span: float) -> Floats:
        *_, (held, _) = self.played(positions, capability, salience)
        low, high = medians(held, capability * salience)
        return (low + high) / 2

    def played(self, positions: Floats, capability: Floats, salience: Floats) -> Iterator[tuple[Floats, Floats]]:
        """Positions and risk exponents (n, A) before the first round and after every round."""
        low = positions.min(axis=1, keepdims=True)
        width = positions.max(axis=1, keepdims=True) - low
        width = np.where(width > 0, width, 1.0)
        x, weight, even = (positions - low) / width, capability * salience, np.ones(positions.shape)
        yield positions, even
        for _ in range(self.rounds):
            apart = np.abs(x[:, :, None] - x[:, None])
            _, threats = _expected(apart, self._chances(apart, weight, even), salience, even)
            risk = _exponents(threats.sum(axis=2))
            chances = self._chances(apart, weight, risk if self.risky_votes else even)
            x = self._moved(x, *_expected(apart, chances, salience, risk))
            yield low + width * x, risk

    def _chances(self, apart: Floats, weight: Floats, risk: Floats) -> Floats:
        """How likely i is to win against j: (n, A, A)."""
        worse = weight[:, :, None] * apart ** risk[:, :, None]  # what voter k loses by position j, (n, k, j)
        votes = np.maximum(worse[:, :, None] - worse[:, :, :, None], 0.0).sum(axis=1)  # for i over j
        both = votes + votes.transpose(0, 2, 1)
        cast = both if self.normalised == "pair" else both.sum(axis=(1, 2), keepdims=True)
        return np.divide(votes, cast, out=np.zeros_like(votes), where=(cast > 0) & (apart > 0))

    def _moved(self, x: Floats, mine: Floats, theirs: Floats) -> Floats:
        """Where everyone goes (n, A), given what it expects of each challenge (see `_expected`)."""
        here, there = x[:, :, None], x[:, None]
        differ = np.abs(there - here) > 0
        lost = differ & (mine > RANGE) & (theirs > mine + RANGE)
        torn = differ & (mine < -RANGE) & (theirs > -mine + RANGE)
        yields = differ & (theirs > RANGE) & (-mine > theirs + RANGE) & self.capitulates
        with np.errstate(divide="ignore", invalid="ignore"):
            halfway = here + (there - here) * np.where(torn, -mine / theirs, 0.0)
            midpoint = np.where(torn, (-mine * here + theirs * there) / (theirs - mine), 0.0)
        there = np.broadcast_to(there, lost.shape)
        order = midpoint if self.offer == "lowest" else np.abs(halfway - here)
        found = x
        for offers, goal, key in (  # the last that is there counts
            (yields, there, np.abs(there - here)),
            (torn, halfway, order),
            (lost, there, np.abs(there - here)),
        ):
            found = np.where(offers.any(axis=2), _best(offers, goal, key), found)
        return found


SCHOLZ_2011 = Challenge()


def _expected(apart: Floats, chance: Floats, salience: Floats, risk: Floats) -> tuple[Floats, Floats]:
    """What m expects, by its own exponent, from challenging o for itself, and from o's challenging m for o: (n, m,
    o)."""
    r = risk[:, :, None]
    won = 2 - 4 * np.maximum(0.5 - 0.5 * apart, 0.0) ** r
    failed = 2 - 4 * (0.5 + 0.5 * apart) ** r
    as_it_is = 2 - 4 * 0.5**r

    def expected(p: Floats, resists: Floats) -> Floats:
        return resists * (p * won + (1 - p) * failed) + (1 - resists) * won - as_it_is

    return expected(chance, salience[:, None]), expected(chance.transpose(0, 2, 1), salience[:, :, None])


def _exponents(danger: Floats) -> Floats:
    """Risk exponents (n, A), from ½ for the most insecure to 2 for the least: danger (n, A) is what all others together
    expect of challenging one."""
    most, least = danger.max(axis=1, keepdims=True), danger.min(axis=1, keepdims=True)
    width = most - least
    taste = np.divide(2 * danger - most - least, width, out=np.zeros_like(danger), where=width > RANGE)
    return (1 - taste / 3) / (1 + taste / 3)


def _best(offers: Bools, goal: Floats, key: Floats) -> Floats:
    """The goal (n, A) of the offer (n, A, A) with the smallest key; the lowest goal among equals."""
    key = np.where(offers, key, np.inf)
    among = offers & (key <= key.min(axis=2, keepdims=True) + RANGE)
    return np.where(among, goal, np.inf).min(axis=2)
