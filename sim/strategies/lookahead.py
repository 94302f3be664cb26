"""Look-ahead: propose the best expected package; assent to what beats waiting and is worth one's resolve."""

from __future__ import annotations

import numpy as np

from sim.answers import STAKELESS
from sim.arrays import Bools, Ints
from sim.beliefs import TIE
from sim.view import View


def propose(view: View) -> Ints:
    """Index (n,) of argmax E_j(a) among the packages that one would itself assent to, ties drawn; -1 where nothing
    gains.

    With `resolve: 0`, known to all, this is subgame-perfect play (Stahl 1972; Rubinstein 1982); with private resolve
    a best reply to the others' chances of assent (after Powell 2004).
    """
    assert view.expected is not None
    score = np.where(view.acceptable() & view.allowed, view.expected, -np.inf)
    best = score.max(axis=1)
    tied = score >= (best - TIE * view.stakes)[:, None]
    chosen = np.minimum((view.draw * tied.sum(axis=1)).astype(int), tied.sum(axis=1) - 1)
    index = (tied.cumsum(axis=1) == (chosen + 1)[:, None]).argmax(axis=1)
    return np.where(best > TIE * view.stakes + STAKELESS, index, -1)


def assents(view: View, package: Ints) -> Bools:
    """Whether the offer (n,) is accepted: A ≥ W and x ≥ r, ties accepted; nobody assents to a loss, as r ≥ 0."""
    return view.accepts(package)
