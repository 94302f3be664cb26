"""Look-ahead: propose the best expected package; assent to what beats waiting and is worth one's resolve."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.scenario.strategy import Strategy

if TYPE_CHECKING:
    from sim.arrays import Bools, Ints
    from sim.view import View


class Lookahead(Strategy):
    """With `resolve: 0`, known to all, this is subgame-perfect play (Stahl 1972; Rubinstein 1982); with private
    resolve a best reply to the others' chances of assent (after Powell 2004)."""

    timeless: ClassVar[bool] = True

    def propose(self, view: View) -> Ints:
        """argmax E_j(a) among the packages that one would itself assent to, ties drawn; -1 where nothing gains.
        Under a quota, where which partners are cheapest never settles, it is drawn as often as it was best."""
        good = view.acceptable() & view.allowed
        return view.best(view.expected, good) if view.often is None else view.mixed(good)

    def assents(self, view: View, package: Ints) -> Bools:
        """A ≥ W and x ≥ r, ties accepted; nobody assents to a loss, as r ≥ 0."""
        return view.accepts(package)

    def at_once(self, view: View, focal: Ints) -> Ints:
        """The package that the demands are expected to settle on, if one would assent to it; else one's own best."""
        import numpy as np

        return np.where(view.accepts(focal), focal, view.pick(view.gain, view.acceptable() & view.allowed))
