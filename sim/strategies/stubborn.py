"""Stubborn: name one demand and never move from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from sim.scenario.base import Number
from sim.scenario.strategy import Strategy

if TYPE_CHECKING:
    from sim.arrays import Bools, Floats, Ints
    from sim.view import View


class Stubborn(Strategy):
    """A demand in the sense of Nash (1953): it goes along with what gives it that much, and with nothing else. It is
    concession (Faratin, Sierra & Jennings 1998) with β → 0 and no deadline.

    `demand` is a share of its best admissible gain, and never comes to less than its resolve. Who looks ahead takes it
    for one that looks ahead with a high resolve.
    """

    timeless: ClassVar[bool] = True
    demand: Annotated[Number, Field(ge=0, le=1)] = 1.0

    def propose(self, view: View) -> Ints:
        """The admissible package with the least own gain that meets the demand, ties drawn; -1 where none does."""
        return view.least(self.aim(view, view.meeting))

    def assents(self, view: View, package: Ints) -> Bools:
        """What meets the demand; so never a loss."""
        return view.read(view.reaching(self.aim(view, view.meeting)), package)

    def aim(self, view: View, meeting: Any) -> Floats:
        """The demand, as a share of its stakes; the same at every meeting."""
        return view.demand(self.demand)
