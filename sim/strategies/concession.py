"""Concession: ask for less at every meeting, from one's best down to one's resolve, slowly (boulware) or fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from sim.scenario.base import Number
from sim.scenario.strategy import Strategy

if TYPE_CHECKING:
    from sim.arrays import Bools, Floats, Ints
    from sim.view import View


class Concession(Strategy):
    """The time-dependent tactic of Faratin, Sierra & Jennings (1998), polynomial: with τ the share of the meetings that
    have passed, it aims at (1 − τ^(1/β)) · start · (its best admissible gain) + τ^(1/β) · (its resolve).

    `beta` < 1 holds out to the end (boulware), > 1 gives way at once (conceder). The clock runs over the meetings
    before the deadline, or those of the look-ahead; at the last one, and after it, it is content with its resolve.
    Where the issues make the pie larger, it may put a package again and again that is good for nobody else.
    """

    beta: Annotated[Number, Field(gt=0)] = 1.0
    start: Annotated[Number, Field(ge=0, le=1)] = 1.0  # share of its best gain that it aims at first

    def propose(self, view: View) -> Ints:
        """The admissible package with the least own gain at or above the aim, ties drawn; -1 where none reaches it."""
        return view.least(self.aim(view, view.meeting))

    def assents(self, view: View, package: Ints) -> Bools:
        """What is worth no less than what it would itself put at the next meeting; so never a loss."""
        return view.read(view.reaching(self.aim(view, view.meeting + 1)), package)

    def aim(self, view: View, meeting: Any) -> Floats:
        """Gain (n,) aimed at, as a share of its stakes, at the `meeting`-th meeting (a number or (n,)), from 0."""
        import numpy as np

        last = view.meetings - 1
        passed = np.minimum(meeting / last, 1.0) if last > 0 else 1.0
        conceded = passed ** (1 / self.beta)
        return (1 - conceded) * view.demand(self.start) + conceded * view.demand(0.0)
