"""A strategy says how an actor proposes and answers at a table. The strategies are in `sim.strategies`, one a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from sim.scenario.base import Strict

if TYPE_CHECKING:
    from sim.arrays import Bools, Floats, Ints
    from sim.view import View


class Strategy(Strict):
    """Base of every strategy; its fields are what stands in the file under the strategy's name.

    A strategy sees what its actor may know (`sim.view.View`) and nothing else. `timeless`: what it does depends on
    the view's values only, not on which meeting it is.
    """

    timeless: ClassVar[bool] = False

    def issues(self) -> set[str]:
        """The issues that a file names in this strategy, which must be on the table's agenda."""
        return set()

    def aim(self, view: View, meeting: Any) -> Floats | None:
        """The gain (n,) that it asks for at the `meeting`-th meeting, as a share of its stakes, if it goes by one."""
        return None

    def propose(self, view: View) -> Ints:
        """Index (n,) of the package that it puts; -1 for none."""
        raise NotImplementedError

    def assents(self, view: View, package: Ints) -> Bools:
        """Whether it accepts the package (n,) that is put to it; -1 is never accepted."""
        raise NotImplementedError

    def at_once(self, view: View, focal: Ints) -> Ints:
        """What it puts (n,) where all put a package at once; `focal` is the one that look-ahead play settles on, −1
        where there is none."""
        return self.propose(view)

    # Decided by rules of the model's (`would`), which only a person at the table departs from.

    def leaves(self, view: View, would: Bools) -> Bools:
        """Whether it walks away (n,), where it may."""
        return would

    def breaks(self, would: Bools, gain: Floats, stakes: Floats, resolve: Floats, price: Floats) -> Bools:
        """Whether it breaks a deal (n,), which adds `gain`, in utility; its resolve and the price are shares of its
        stakes."""
        return would

    def consents(self, would: Bools, package: Ints, loss: Floats, tolerance: Floats) -> Bools:
        """Whether it lets a package (n,) pass, as one who is asked; loss and tolerance are shares of its stakes."""
        return would
