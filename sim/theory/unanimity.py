"""Unanimity with random recognition; after Baron & Ferejohn (1989), APSR 83:1181–1206.

Every member must assent, so all are paid their discounted values. In the stationary equilibrium a member's value is
its probability of proposing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def proposers_shares(recognition: ArrayLike, delta: float) -> NDArray[np.float64]:
    """What each member keeps when it proposes, (n,): 1 − δ(1 − p_i).

    recognition (n,): probabilities of proposing, ≥ 0, summing to 1. delta: common discount factor in [0, 1].
    ValueError: outside those ranges.
    """
    p = np.asarray(recognition, dtype=float)
    if p.ndim != 1 or (p < 0).any() or abs(p.sum() - 1) > 1e-9:
        raise ValueError(f"recognition {p}: probabilities that sum to 1")
    if not 0 <= delta <= 1:
        raise ValueError(f"delta = {delta}: allowed are 0 to 1")
    return 1 - delta * (1 - p)


def partners_shares(recognition: ArrayLike, delta: float) -> NDArray[np.float64]:
    """What each member is offered when another proposes, (n,): δ p_i; arguments as in `proposers_shares`."""
    return delta * np.asarray(recognition, dtype=float)
