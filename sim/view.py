"""What one actor sees at a meeting: its own values and resolve, and its estimate of the others. Nothing private of
anyone else's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.answers import STAKELESS
from sim.arrays import Bools, Floats, Ints, at_index
from sim.beliefs import TIE


@dataclass
class View:
    """n worlds, M packages.

    agreed (n, M): own value of each package in force from now · refuse (n,): of no deal now (or of leaving, for one
    who may) · gain (n, M): share of its stakes gained over no deal ever · resolve (n,) · stakes (n,) · allowed (n, M)
    · expected (n, M): expected gain of proposing it over proposing nothing (0 for who only answers) · draw (n,):
    uniforms for ties ·
    packages: the levels that each sets · meeting: how often the table has met before, (n,) or the same for all ·
    meetings: how often it will before its deadline, or within the look-ahead · often (n, M): under a quota, how often
    each package was best for the proposer in the play that it expects.
    """

    agreed: Floats
    refuse: Floats
    gain: Floats
    resolve: Floats
    stakes: Floats
    allowed: Bools
    expected: Floats
    draw: Floats
    packages: list[dict[str, str]]
    meeting: Ints | int
    meetings: int
    often: Floats | None = None

    def acceptable(self) -> Bools:
        """Packages (n, M) that the actor itself would assent to: no worse than refusing, and worth its resolve."""
        slack = TIE * self.stakes + STAKELESS
        patient = self.agreed >= (self.refuse - slack)[:, None]
        return patient & (self.gain >= (self.resolve - TIE)[:, None])

    def accepts(self, package: Ints) -> Bools:
        """`acceptable` read at one package a world; -1 (nothing proposed) is never accepted."""
        return self.read(self.acceptable(), package)

    @staticmethod
    def read(good: Bools, package: Ints) -> Bools:
        """What holds of packages (n, M), read at one package a world; it doesn't hold of -1 (nothing proposed)."""
        return at_index(good, np.maximum(package, 0)) & (package >= 0)

    def demand(self, share: float) -> Floats:
        """Gain (n,) that is `share` of the best admissible one, but no less than one's resolve, which is never below
        0. Without stakes gains are infinite: whatever doesn't lower one's value meets any demand."""
        some = self.allowed & (self.stakes >= STAKELESS)[:, None]
        best = np.where(some, self.gain, 0.0).max(axis=1)
        return np.maximum(share * best, self.resolve)

    def reaching(self, aim: Floats) -> Bools:
        """Packages (n, M) that gain one the aim (n,), as a share of one's stakes."""
        return self.gain >= (aim - TIE)[:, None]

    def least(self, aim: Floats) -> Ints:
        """The admissible package (n,) with the least own gain that reaches the aim; ties drawn, -1 where none does."""
        return self.pick(-self.gain, self.allowed & self.reaching(aim))

    def pick(self, score: Floats, among: Bools) -> Ints:
        """The package with the greatest score (n, M), as a share of the stakes, among some; ties drawn; -1 where there
        is none."""
        most = np.where(among, score, -np.inf).max(axis=1)
        index = self.draw_one(among & (score >= (most - TIE)[:, None]))
        return np.where(among.any(axis=1), index, -1)

    def best(self, score: Floats, among: Bools) -> Ints:
        """The package with the greatest score (n, M), in utility, among some; ties drawn; -1 where none is above 0."""
        score = np.where(among, score, -np.inf)
        most = score.max(axis=1)
        index = self.draw_one(score >= (most - TIE * self.stakes)[:, None])
        return np.where(most > TIE * self.stakes + STAKELESS, index, -1)

    def mixed(self, among: Bools) -> Ints:
        """One package of those that gain something, drawn as `often` as it is expected to be put; the best one where
        none of them is."""
        assert self.often is not None
        worth = among & (self.expected > (TIE * self.stakes + STAKELESS)[:, None])
        weight = np.cumsum(self.often * worth, axis=1)
        drawn = (weight > (self.draw * weight[:, -1])[:, None]).argmax(axis=1)
        return np.where(weight[:, -1] > 0, drawn, self.best(self.expected, among))

    def draw_one(self, tied: Bools) -> Ints:
        """One of the tied packages (n, M) in each world, all equally likely; index 0 where there is none."""
        count = tied.sum(axis=1)
        chosen = np.minimum((self.draw * count).astype(int), count - 1)
        return (tied.cumsum(axis=1) == (chosen + 1)[:, None]).argmax(axis=1)
