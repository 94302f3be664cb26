"""What the others think an actor will accept, and what they learn when it refuses. Arrays in, arrays out.

Resolve r is private, drawn once; the others hold its prior cut to r > low, `low` being the best share of its stakes
that a type is known to have refused (skimming: Fudenberg, Levine & Tirole 1985; Powell 2004).
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Bools, Floats
from sim.scenario.laws import Prior

NOTHING_REFUSED = -1.0
TIE = 1e-9  # as a share of the stakes: below it two values are the same


def resolve_cdf(prior: Prior, x: Floats, upper: Floats | None = None) -> Floats:
    """Pr(r ≤ x) of a resolve floored at 0: the prior's mass below 0 stays at 0. Any shape.

    upper: the chance that r lies in the upper half of its prior, where a signal has moved it.
    """
    return halves(np.where(x >= 0, prior.cdf(x), 0.0), upper)


def halves(cdf: Floats, upper: Floats | None) -> Floats:
    """A prior's cdf reweighted so that its upper half has probability `upper`, its lower half the rest."""
    if upper is None:
        return cdf
    return (1 - upper) * np.minimum(2 * cdf, 1.0) + upper * np.maximum(2 * cdf - 1, 0.0)


def after_refusal(prior: Prior, low: Floats, x: Floats, rational: Bools, upper: Floats | None = None) -> Floats:
    """`low` (N,) once a type is seen to refuse a gain x (N,): raised where refusing was resolve (A ≥ W), if any
    resolve is left.

    A refusal of something worth less than waiting (not `rational` to accept) teaches nothing.
    """
    x = np.where((x < 0) & (x >= -TIE), 0.0, x)  # rounding must not tell a refused nothing from a refused loss
    raised = np.where(rational, np.maximum(low, x), low)
    possible = 1.0 - resolve_cdf(prior, raised + TIE, upper) >= 1e-12
    return np.where(possible, raised, low)


def bayes(odds: Floats, likelihood: Floats) -> Floats:
    """Posterior (K, N) of an actor's types; where the observation had probability 0 under all of them, the prior
    stays."""
    weight = odds * likelihood
    total = weight.sum(axis=0)
    return np.where(total > 1e-300, weight / np.where(total > 1e-300, total, 1.0), odds)
