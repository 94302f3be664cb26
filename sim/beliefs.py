"""What the others think an actor will accept, and what they learn when it refuses. Arrays in, arrays out.

Resolve r is private, drawn once; the others hold its prior cut to r > low, `low` being the best share of its stakes
that a type is known to have refused (skimming: Fudenberg, Levine & Tirole 1985; Powell 2004).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.scenario.laws import Prior

NOTHING_REFUSED = -1.0
TIE = 1e-9  # as a share of the stakes: below it two values are the same


@dataclass(frozen=True)
class Hidden:
    """A private number of an actor's, floored at 0, as the others reckon with it in n worlds: its prior, and `upper`
    (n,), the chance that it lies in the prior's upper half, None while nothing has told. `known` (n,): the number
    itself, where nothing is hidden (`information: public`)."""

    prior: Prior
    upper: Floats | None = None
    known: Floats | None = None

    def take(self, who: Ints) -> Hidden:
        return self.carried(lambda values: values[who])

    def carried(self, carry: Callable[[Floats], Floats]) -> Hidden:
        """The same for arrays of another shape."""
        upper, known = (None if v is None else carry(v) for v in (self.upper, self.known))
        return Hidden(self.prior, upper, known)

    def cdf(self, x: Floats) -> Floats:
        """Pr(number ≤ x): the prior's mass below 0 stays at 0. Any shape that `upper` and `known` go with."""
        return np.where(x >= 0, self.above(x), 0.0)

    def above(self, x: Floats) -> Floats:
        """`cdf` where x ≥ 0."""
        if self.known is not None:
            return (x >= self.known) * 1.0
        return halves(self.prior.cdf(x), self.upper)

    def least(self) -> Floats | float:
        """No draw lies below."""
        return max(0.0, self.prior.support()[0]) if self.known is None else self.known


def halves(cdf: Floats, upper: Floats | None) -> Floats:
    """A prior's cdf reweighted so that its upper half has probability `upper`, its lower half the rest."""
    if upper is None:
        return cdf
    return (1 - upper) * np.minimum(2 * cdf, 1.0) + upper * np.maximum(2 * cdf - 1, 0.0)


def after_refusal(resolve: Hidden, low: Floats, x: Floats, rational: Bools) -> Floats:
    """`low` (N,) once a type is seen to refuse a gain x (N,): raised where refusing was resolve (A ≥ W), if any
    resolve is left.

    A refusal of something worth less than waiting (not `rational` to accept) teaches nothing.
    """
    x = np.where((x < 0) & (x >= -TIE), 0.0, x)  # rounding must not tell a refused nothing from a refused loss
    raised = np.where(rational, np.maximum(low, x), low)
    possible = 1.0 - resolve.cdf(raised + TIE) >= 1e-12
    return np.where(possible, raised, low)


def bayes(odds: Floats, likelihood: Floats) -> Floats:
    """Posterior (K, N) of an actor's types; where the observation had probability 0 under all of them, the prior
    stays."""
    weight = odds * likelihood
    total = weight.sum(axis=0)
    return np.where(total > 1e-300, weight / np.where(total > 1e-300, total, 1.0), odds)
