"""The alliance dilemma: abandonment against entrapment; after Snyder (1984).

Glenn H. Snyder, World Politics 36(4):461–495; the trade-off is derived after him. Support s makes it less likely to be
abandoned, a₀ exp(−k s), and more likely to be drawn into the ally's war, e₀ s.
"""

from __future__ import annotations

import math


def expected_loss(
    support: float, abandoned: float, rate: float, loss_abandoned: float, entrapped: float, loss_entrapped: float
) -> float:
    """a₀ exp(−k s) L_A + e₀ s L_E at `support` s in [0, 1].

    abandoned a₀ and entrapped e₀: probabilities, without support and at full support. rate: k > 0. Losses > 0.
    """
    return abandoned * math.exp(-rate * support) * loss_abandoned + entrapped * support * loss_entrapped


def best_support(
    abandoned: float, rate: float, loss_abandoned: float, entrapped: float, loss_entrapped: float
) -> float:
    """s* = clip(ln(k a₀ L_A / (e₀ L_E)) / k, 0, 1). Arguments as in `expected_loss`.

    ValueError: a number that isn't above 0.
    """
    if min(abandoned, rate, loss_abandoned, entrapped, loss_entrapped) <= 0:
        raise ValueError("abandoned, rate, entrapped and both losses must be above 0")
    free = math.log(rate * abandoned * loss_abandoned / (entrapped * loss_entrapped)) / rate
    return min(max(free, 0.0), 1.0)
