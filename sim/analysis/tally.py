"""Counts, over worlds, of what is stable at a table: by state, by concept, by move."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.analysis.stable import CONCEPTS, GAIN, agreed_away, stable
from sim.analysis.states import Graph
from sim.arrays import Floats, Ints


@dataclass
class Tally:
    """Counts of worlds by state (S,): where it is possible; where it can be agreed on; stable by concept for each
    actor (A, S) and for all; where nobody would rather agree on another (joint); both, in the sense of Nash (lasts);
    agreed in the run; and by move (A, S, S) where it is an improvement."""

    actors: int
    states: int
    there: Ints = field(init=False)
    agreeable: Ints = field(init=False)
    stable: dict[str, Ints] = field(init=False)
    all: dict[str, Ints] = field(init=False)
    joint: Ints = field(init=False)
    lasts: Ints = field(init=False)
    better: Ints = field(init=False)
    agreed: Ints = field(init=False)
    kept: dict[str, int] = field(init=False)  # worlds whose deal is stable for all
    some: dict[str, int] = field(init=False)  # worlds with a package that is

    def __post_init__(self) -> None:
        self.there, self.agreeable, self.joint, self.lasts, self.agreed = np.zeros((5, self.states), int)
        self.stable = {c: np.zeros((self.actors, self.states), int) for c in CONCEPTS}
        self.all = {c: np.zeros(self.states, int) for c in CONCEPTS}
        self.better = np.zeros((self.actors, self.states, self.states), np.int32)
        self.kept, self.some = dict.fromkeys(CONCEPTS, 0), dict.fromkeys(CONCEPTS, 0)

    def add(self, g: Graph, worth: Floats, agreed: Ints, groups: list[frozenset[int]]) -> None:
        """Count worlds that share a graph: worth (n, A, S), and which package is agreed (n,), -1 for none."""
        ids = np.flatnonzero(g.there)
        here, moves = worth[:, :, ids], g.moves[:, ids][:, :, ids]
        place = np.searchsorted(ids, np.maximum(agreed, 0))
        dealt = np.flatnonzero((agreed >= 0) & g.there[np.maximum(agreed, 0)])
        packages = g.agreeable[ids] & (ids < self.states - 2)
        self.there[ids] += len(worth)
        self.agreeable += len(worth) * g.agreeable
        content = ~agreed_away(here, groups, g.agreeable[ids])
        self.joint[ids] += content.sum(axis=0)
        np.add.at(self.agreed, agreed[dealt], 1)
        for concept, holds in stable(here, moves).items():
            every = np.logical_and.reduce(holds, axis=1)
            if concept == "nash":
                self.lasts[ids] += (every & content).sum(axis=0)
            self.stable[concept][:, ids] += holds.sum(axis=0)
            self.all[concept][ids] += every.sum(axis=0)
            self.kept[concept] += int(every[dealt, place[dealt]].sum())
            self.some[concept] += int(every[:, packages].any(axis=1).sum())
        for i, a, b in np.argwhere(moves):
            gains = here[:, i, b] > here[:, i, a] + GAIN
            self.better[i, ids[a], ids[b]] += int(gains.sum())
