"""Votes: which coalitions carry a package (model.md §3). Everyone, or a quota of weights with some who can veto."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import combinations

import numpy as np

from sim.arrays import Bools, Floats
from sim.scenario.tables import Table


@dataclass(frozen=True)
class Votes:
    """Weights of the n parties, the quota that carries, and who must be among those who assent (closed rule: Baron &
    Ferejohn 1989). The proposer's own assent counts."""

    weights: tuple[float, ...]
    quota: float
    veto: frozenset[int]

    @classmethod
    def at(cls, table: Table) -> Votes:
        n = len(table.parties)
        if table.assent is None:
            return cls((1.0,) * n, n, frozenset(range(n)))
        weights = tuple(float(table.assent.weights.get(p, 1.0)) for p in table.parties)
        return cls(weights, table.assent.quota, frozenset(table.parties.index(p) for p in table.assent.veto))

    @cached_property
    def winning(self) -> list[frozenset[int]]:
        """Every coalition that carries."""
        n = len(self.weights)
        every = (frozenset(c) for size in range(n + 1) for c in combinations(range(n), size))
        return [c for c in every if self.veto <= c and sum(self.weights[i] for i in c) >= self.quota - 1e-9]

    def outvoted(self, i: int) -> bool:
        """Whether a deal may bind party i without its assent, once it doesn't propose itself."""
        return any(i not in c for c in self.winning)

    @cached_property
    def pivotal(self) -> bool:
        """Whether nothing carries without some one party."""
        return any(all(i in c for c in self.winning) for i in range(len(self.weights)))

    @property
    def unanimous(self) -> bool:
        return not any(self.outvoted(i) for i in range(len(self.weights)))

    def carried(self, j: int, yes: Mapping[int, Bools]) -> Bools:
        """Whether j's proposal is carried, given who of the others assents (n,)."""
        return np.logical_or.reduce([
            np.logical_and.reduce([answer if i in c else ~answer for i, answer in yes.items()])
            for c in self.winning
            if j in c
        ])  # fmt: skip

    def likely(self, j: int, chances: Mapping[int, Floats]) -> Floats:
        """Probability that j's proposal is carried, given everyone else's (any shape) of assenting."""
        found = [
            reduce(np.multiply, [p if i in c else 1 - p for i, p in chances.items()])
            for c in self.winning
            if j in c
        ]  # fmt: skip
        return reduce(np.add, found) if found else np.zeros_like(next(iter(chances.values())))
