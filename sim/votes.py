"""Votes: which coalitions carry a package (model.md §3). Everyone, or a quota of weights with some who can veto."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
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
        found = self._carries(frozenset([j]), list(chances), chances)
        return found if isinstance(found, np.ndarray) else np.full_like(next(iter(chances.values())), found)

    def _carries(self, assent: frozenset[int], rest: list[int], chances: Mapping[int, Floats]) -> Floats | float:
        """The same once some assent, one after the other of the rest answering; 0 or 1 where it is settled."""
        if not any(assent | frozenset(rest) >= c for c in self.winning):
            return 0.0
        if assent in self.winning:  # whoever joins a winning coalition leaves it winning
            return 1.0
        i, *later = rest
        yes, no = (self._carries(a, later, chances) for a in (assent | {i}, assent))
        if isinstance(no, float) and no == 0:
            return chances[i] if isinstance(yes, float) else chances[i] * yes
        return no + chances[i] * (yes - no)
