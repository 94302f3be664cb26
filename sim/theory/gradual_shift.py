"""War because power shifts step by step; after Powell (2004, 2006).

APSR 98(2):231–241; IO 60(1):169–203. Power follows a known path. Looking one step ahead shows only some of the paths
that make peace impossible: a slow shift may violate the condition over many periods and over none alone. Exact is the
condition over all horizons: no peace iff for some t and k ≥ 1, δᵏ p_{t+k} − p_t > (1 − δ)(c_D + δᵏ c_R), or the same
for the other side.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike


def margin(path: ArrayLike, delta: float, cost_r: float, cost_d: float) -> float:
    """The largest δᵏ p_{t+k} − p_t − (1 − δ)(c_D + δᵏ c_R) on the path: above 0 no peace is possible.

    path (T,): R's chance of winning a war, by period, T ≥ 2, in [0, 1]; it stays at its end. delta in (0, 1), costs
    ≥ 0 in units of a period's pie. ValueError: outside those ranges.
    """
    return _largest(path, delta, cost_r, cost_d, range(1, np.size(path)))


def one_step_margin(path: ArrayLike, delta: float, cost_r: float, cost_d: float) -> float:
    """The same over single steps only: above 0 is sufficient for war, at most 0 isn't for peace. As `margin`."""
    return _largest(path, delta, cost_r, cost_d, [1])


def peace_possible(path: ArrayLike, delta: float, cost_r: float, cost_d: float) -> bool:
    """Whether some protocol has a peaceful equilibrium, whoever rises or falls. Arguments as in `margin`."""
    mirrored = 1 - np.asarray(path, dtype=float)
    return max(margin(path, delta, cost_r, cost_d), margin(mirrored, delta, cost_d, cost_r)) <= 0


def _largest(path: ArrayLike, delta: float, cost_r: float, cost_d: float, horizons: Iterable[int]) -> float:
    p = np.asarray(path, dtype=float)
    if p.ndim != 1 or len(p) < 2 or p.min() < 0 or p.max() > 1:
        raise ValueError(f"path of shape {p.shape}: at least two probabilities, by period")
    if not 0 < delta < 1 or min(cost_r, cost_d) < 0:
        raise ValueError(f"delta = {delta}, costs {cost_r}, {cost_d}: delta in (0, 1), costs ≥ 0")
    return max(float((delta**k * p[k:] - p[:-k]).max()) - (1 - delta) * (cost_d + delta**k * cost_r) for k in horizons)
