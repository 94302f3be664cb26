"""Named outcomes, followed period by period: does each hold if the horizon ended now?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import Bools, Ints
from sim.scenario.schema import Outcome
from sim.scenario.selectors import ALWAYS, Selector
from sim.state import Layout, State, holds

NEVER = np.iinfo(np.int64).max


@dataclass
class Watch:
    """One outcome in N worlds. `since` (N,): first period (from 1; 0 is the start) of the spell in which it holds, or
    0 if it doesn't."""

    outcome: Outcome
    layout: Layout
    asked: Ints
    before: Ints
    now: Bools
    since: Ints

    @classmethod
    def start(cls, outcome: Outcome, layout: Layout, state: State) -> Watch:
        n = len(state.levels)
        watch = cls(outcome, layout, np.full(n, NEVER), np.full(n, NEVER), np.zeros(n, bool), np.zeros(n, int))
        watch.look(state, 0)
        return watch

    def look(self, state: State, period: int) -> None:
        """Read the state at the end of `period` (0: the start)."""

        def met(selector: Selector) -> Bools:
            return holds(selector, self.layout, state.levels, state.stocks)

        o = self.outcome
        at_end = met(o.at_end)
        asked = at_end if o.ever is None else met(o.ever)
        self.asked = np.where(asked & (self.asked == NEVER), period, self.asked)
        now = at_end if o.at_end != ALWAYS or o.ever is None else np.ones_like(at_end)
        if o.ever is not None:
            now = now & (self.asked < NEVER)
        if o.before is not None:
            self.before = np.where(met(o.before) & (self.before == NEVER), period, self.before)
            now = now & (self.asked < self.before)
        self.since = np.where(now & ~self.now, period, np.where(now, self.since, 0))
        self.now = now
