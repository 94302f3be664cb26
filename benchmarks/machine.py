"""The bare recursion against the machine: the loop of `sim.solution.backwards` on one block of the main scenario, and
the least that it could take where a plain array sum and an exp of arrays as long run as fast as they do here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from measuring import KURSK

from sim.equilibrium import Game
from sim.model import Negotiation
from sim.montecarlo.draws import ClaimRule, draw
from sim.outlook import game
from sim.scenario.loader import load
from sim.solution import Prepared, Solution, backwards, prepared

TABLE = "ceasefire_talks"


@dataclass
class Recursion:
    """A table's look-ahead in some worlds, ready to be solved."""

    game: Game
    ready: Prepared

    @classmethod
    def of_kursk(cls) -> Recursion:
        """The first look-ahead of the main scenario's first table, as many worlds as a run solves at a time."""
        loaded = load(KURSK)
        model = Negotiation(loaded.scenario, draw(loaded.scenario, loaded.claims, ClaimRule(), 1, 0))
        talks = model.tables[TABLE]
        talks.set_stakes(np.arange(model.worlds), model.state.levels)
        worlds = next(talks.portions(np.arange(model.worlds)))
        told = game(talks, worlds, talks.look(worlds, model.state.levels[worlds], whole=True))
        model.close()
        return cls(told, prepared(told))

    def solve(self) -> Solution:
        return backwards(self.game, self.ready, 1)

    @property
    def cells(self) -> int:
        return len(self.ready.cells.row)

    def needed(self) -> Needed:
        """What any program has to do for the same values, everything that can be kept in registers kept there.

        A cell's value to each type is read once a period. Each type's chance of assent takes a logistic (an exp; less
        no deal, times 1/stakes, less the mean, over the scale, plus one, one over), two comparisons and two
        products; the mean over the responder's types two more a type; each of the proposer's types three for its
        expected gain, one for the best and one for who ties with it.
        """
        kinds = [len(b.odds) for b in self.game.beliefs]
        numbers = exps = flops = 0
        for t in range(1, self.game.fc.steps):
            numbers += sum(kinds)
            for j, odds in enumerate(self.game.recognition(t)):
                if odds > 0:
                    exps += sum(kinds)
                    flops += (
                        10 * sum(kinds) + 2 * sum(k for i, k in enumerate(kinds) if i != j and k > 1) + 5 * kinds[j]
                    )
        return Needed(8 * numbers * self.cells, flops * self.cells, exps * self.cells)


@dataclass
class Needed:
    bytes: int
    flops: int
    exps: int

    def least(self, summing: float, exponential: float) -> float:
        """Seconds, from those of one number of an array sum (8 bytes, one flop) and of one exp."""
        return max(self.bytes / 8, self.flops) * summing + self.exps * exponential


class Plain:
    """A sum and an exp over arrays as long as the recursion's."""

    def __init__(self, length: int, passes: int = 200):
        self.passes, self.numbers = passes, passes * length
        self.values = np.random.default_rng(1).random(length)
        self.out = np.empty(length)

    def sum(self) -> None:
        for _ in range(self.passes):
            np.add.reduce(self.values)

    def exp(self) -> None:
        for _ in range(self.passes):
            np.exp(self.values, out=self.out)
