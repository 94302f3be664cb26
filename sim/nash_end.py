"""The end of the look-ahead: beyond it the parties expect the Nash solution (model.md §3). Arrays in, arrays out."""

from __future__ import annotations

from functools import reduce
from itertools import product

import numpy as np

from sim.answers import STAKELESS, AssentRule
from sim.arrays import Floats
from sim.beliefs import TIE
from sim.cells import Cells, Flat
from sim.forecast import Forecast
from sim.menu import WALK_AWAY


def nash_end(
    fc: Forecast,
    flat: list[Flat],
    cells: Cells,
    rules: list[AssentRule],
    shares: tuple[float, ...],
    chance: Floats | None,
) -> list[Floats]:
    """V_i (K, n) at the end of the look-ahead: the asymmetric Nash solution, accepted with probability π (model.md §3).

    What alternating offers tend to (Binmore, Rubinstein & Wolinsky 1986): power ρ_i / (−log e_i), e_i = (1−b) δ_i, no
    deal as the disagreement point; an option to walk away is a constraint (Binmore, Shaked & Sutton 1989).
    """
    t, parties, beliefs, spread = fc.steps, range(len(rules)), [e.belief for e in rules], cells.spread
    allowed = fc.admissible(t)[cells.row, cells.package]
    no_deal = [fc.no_deal[i][0][:, t] for i in parties]
    outside = [fc.left(WALK_AWAY, i)[:, t] if beliefs[i].leaves else no_deal[i] for i in parties]
    values = [v.copy() for v in no_deal]
    patience = [-np.log(np.maximum((1 - fc.rules.hazard) * fc.parties[i].delta, 1e-300)) for i in parties]
    power = [s / p for s, p in zip(shares, patience, strict=True)]
    total = np.maximum(reduce(np.add, power), 1e-300)
    agreed = [flat[i].at(t) for i in parties]
    for profile in product(*(range(len(v)) for v in values)):
        surplus, good = np.zeros(len(cells.row)), allowed
        likely = np.ones(len(cells.row)) if chance is None else chance
        for i, k in enumerate(profile):
            gain = agreed[i][k] - spread(no_deal[i][k])
            floor = np.maximum(no_deal[i][k], outside[i][k]) - beliefs[i].tolerance()
            good = good & (agreed[i][k] >= spread(floor))
            part = np.where(beliefs[i].stakes >= STAKELESS, power[i] / total, 0.0)
            surplus += spread(part) * np.log(np.maximum(gain, 1e-300))
            needed = no_deal[i][k] + rules[i].least[k]
            likely = likely * rules[i].likely(agreed[i][k], no_deal[i][k], k) * (agreed[i][k] >= spread(needed))
        surplus = np.where(good, surplus, -np.inf)
        best = cells.most(surplus)
        chosen = cells.winners(surplus, np.where(np.isfinite(best), best - TIE, np.inf))
        for i, k in enumerate(profile):
            weight = reduce(np.multiply, [beliefs[m].odds[profile[m]] for m in parties if m != i], np.ones(fc.n))
            values[i][k] += weight * chosen.mean(agreed[i][k], no_deal[i][k], likely)
    return values
