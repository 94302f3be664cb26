"""What goes into a forecast of a table and comes out of it: whose payoffs, under which rules, how far ahead; and the
worth of a set of options."""

from __future__ import annotations

from dataclasses import dataclass

from sim.arrays import Bools, Floats, Ints
from sim.scenario.priors import Along


@dataclass
class Party:
    """One party's payoff in n worlds: weights (K, n, C) on the terms in `columns`; discount (n,) per period."""

    columns: dict[int, int]  # term -> column of `weights`
    weights: Floats
    delta: Floats
    varying: frozenset[int]  # terms whose weight depends on its type

    def weight(self, term: int) -> Floats:
        """(K, n), or (1, n) where every type has the same."""
        kinds = slice(None) if term in self.varying else slice(1)
        return self.weights[kinds, :, self.columns[term]]


@dataclass
class Rules:
    """What holds in each world about the menu: `forbid` on (each (n,)), issues that may change (n, issues), who may
    walk out (n,), the lowest and the highest level that an issue may be set to (n, agenda), and the hazard of a
    breakdown: drawn (n,), or read off a stock where `exposed` (n,)."""

    forbid_on: list[Bools]
    open_issues: Bools
    may_leave: Bools
    reach: tuple[Ints, Ints] | None
    hazard: Floats | Along
    exposed: Bools


@dataclass
class Moving:
    """A term that moves along a path, for the options [a, b) of one drift class: Σ over columns of weight ·
    coefficient · sums."""

    bounds: tuple[int, int]
    coefficient: Floats  # (b − a,)
    worth: Floats  # (K or 1, T+1, n): weight times discounted sum, agreed at t

    def of(self, kind: int) -> Floats:
        """(T+1, n) for one type."""
        return self.worth[kind if len(self.worth) > 1 else 0]


@dataclass
class Values:
    """The worth of a set of options to one party: still (K, n, M), what moves, and `more` (K, T+1, n, M): what comes
    of falling back from it later."""

    still: Floats
    moving: list[Moving]
    more: Floats | None = None

    def at(self, kind: int, t: int) -> Floats:
        """(n, M) for one type, in force from t on."""
        total = self.still[kind].copy()
        for m in self.moving:
            a, b = m.bounds
            total[:, a:b] += m.of(kind)[t][:, None] * m.coefficient
        return total if self.more is None else total + self.more[kind, t]


@dataclass
class Ahead:
    """How far to look: `steps` periods of talks, paths followed `beyond` them and then still; `talks_end`: at a
    deadline.

    starts: packages are valued as agreed at t < starts (steps + 1 for a whole look-ahead, 1 for the meeting now).
    """

    steps: int
    beyond: int
    talks_end: bool
    starts: int
