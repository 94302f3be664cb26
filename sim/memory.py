"""What a table remembers of its last solution in each world, so that nothing is solved twice while nothing changes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.arrays import Bools, Floats, Ints


@dataclass
class Solved:
    """values: V_i(t+1) (K, n) of each party · again: what talking again after a lapse adds to a deal now (K, n) each,
    or None · often: for each proposer and world, the packages that were ever best and how often, under a quota."""

    values: list[Floats]
    again: list[Floats] | None = None
    often: list[list[tuple[Ints, Floats]]] | None = None

    def take(self, who: Ints) -> Solved:
        again = None if self.again is None else [a[:, who] for a in self.again]
        often = None if self.often is None else [[o[k] for k in who] for o in self.often]
        return Solved([v[:, who] for v in self.values], again, often)


@dataclass
class Memo:
    """The last solution at one phase of the protocol's cycle, as one member sees it, and what it was solved from: basis
    (things, N)."""

    basis: Floats
    solved: Solved
    silent: Bools  # nothing was proposed then, and so nothing will be


@dataclass
class Memory:
    """Memos by phase and by who looks (see `round`)."""

    worlds: int
    memos: dict[tuple[int, frozenset[str]], Memo] = field(default_factory=dict)

    def changed(self, key: tuple[int, frozenset[str]], worlds: Ints, basis: Floats) -> Bools:
        """In which of some worlds (n,) the basis (things, n) is not what was last solved from."""
        memo = self.memos.get(key)
        return np.ones(len(worlds), bool) if memo is None else (memo.basis[:, worlds] != basis).any(axis=0)

    def keep(self, key: tuple[int, frozenset[str]], worlds: Ints, basis: Floats, solved: Solved) -> None:
        n = self.worlds
        if key not in self.memos:
            empty = Solved(
                [np.zeros((len(v), n)) for v in solved.values],
                None if solved.again is None else [np.zeros((len(v), n)) for v in solved.again],
                None if solved.often is None else [[(np.zeros(0, int), np.zeros(0))] * n for _ in solved.often],
            )
            self.memos[key] = Memo(np.full((len(basis), n), np.nan), empty, np.zeros(n, bool))
        memo = self.memos[key]
        memo.basis[:, worlds] = basis
        for old, new in zip(memo.solved.values, solved.values, strict=True):
            old[:, worlds] = new
        for old, new in zip(memo.solved.again or (), solved.again or (), strict=True):
            old[:, worlds] = new
        for past, now in zip(memo.solved.often or (), solved.often or (), strict=True):
            for w, one in zip(worlds, now, strict=True):
                past[w] = one
