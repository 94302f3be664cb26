"""The end of the look-ahead: beyond it the parties expect the Nash solution (model.md §3). Arrays in, arrays out."""

from __future__ import annotations

from functools import reduce
from itertools import product

import numpy as np

from sim.answers import STAKELESS, AssentRule, Onlooker
from sim.arrays import Floats
from sim.beliefs import TIE
from sim.cells import Cells, Flat
from sim.consent import Consent
from sim.forecast import Forecast
from sim.menu import WALK_AWAY


def nash_end(
    fc: Forecast,
    flat: list[Flat],
    cells: Cells,
    rules: list[AssentRule],
    shares: tuple[float, ...],
    consent: Consent,
    onlookers: list[Onlooker] | tuple[()] = (),
) -> list[Floats]:
    """V_i (K, n) at the end of the look-ahead: the asymmetric Nash solution, accepted with probability π (model.md §3);
    of the parties, then of those who look on.

    What alternating offers tend to (Binmore, Rubinstein & Wolinsky 1986): power ρ_i / (−log e_i), e_i = (1−b) δ_i, no
    deal as the disagreement point; an option to walk away is a constraint (Binmore, Shaked & Sutton 1989).
    """
    t, parties, beliefs, spread = fc.steps, range(len(rules)), [e.belief for e in rules], cells.spread
    allowed = fc.admissible(t)[cells.row, cells.package]
    no_deal = [fc.no_deal[i][0][:, t] for i in parties]
    outside = [fc.left(WALK_AWAY, i)[:, t] if beliefs[i].leaves else no_deal[i] for i in parties]
    watched = [rows(fc.no_deal[o.place][0][:, t], len(o.truths)) for o in onlookers]
    values = [v.copy() for v in (*no_deal, *watched)]
    patience = [-np.log(np.maximum((1 - fc.hazard[t]) * fc.parties[i].delta, 1e-300)) for i in parties]
    chance = consent.ahead(cells, t)
    power = [s / p for s, p in zip(shares, patience, strict=True)]
    total = np.maximum(reduce(np.add, power), 1e-300)
    agreed = [flat[i].at(t) for i in parties]
    for profile in product(*(range(len(v)) for v in no_deal)):
        surplus, good, assents = np.zeros(len(cells.row)), allowed, []
        for i, k in enumerate(profile):
            gain = agreed[i][k] - spread(no_deal[i][k])
            floor = np.maximum(no_deal[i][k], outside[i][k]) - beliefs[i].tolerance()
            good = good & (agreed[i][k] >= spread(floor))
            part = np.where(beliefs[i].stakes >= STAKELESS, power[i] / total, 0.0)
            surplus += spread(part) * np.log(np.maximum(gain, 1e-300))
            assents.append(_assent(rules[i], agreed[i][k], no_deal[i][k], k))
        surplus = np.where(good, surplus, -np.inf)
        best = cells.most(surplus)
        chosen = cells.winners(surplus, np.where(np.isfinite(best), best - TIE, np.inf))
        asked = [a[chosen.cell] for a in assents]
        likely = reduce(np.multiply, asked if chance is None else [*asked, chance[chosen.cell]])
        odds = [beliefs[m].odds[profile[m]] for m in parties]
        for i, k in enumerate(profile):
            weight = reduce(np.multiply, [odds[m] for m in parties if m != i], np.ones(fc.n))
            values[i][k] += weight * chosen.average(agreed[i][k], no_deal[i][k], likely)
        for at, o in enumerate(onlookers, start=len(rules)):
            mine = rows(flat[at].at(t), len(o.truths))
            for tau in range(len(values[at])):
                chances, yes = odds, asked
                if o.truths:
                    subject, belief = o.truths[tau]
                    k = profile[subject]
                    again = _assent(AssentRule.of(belief, spread), agreed[subject][k], no_deal[subject][k], k)
                    chances = [belief.odds[k] if m == subject else odds[m] for m in parties]
                    yes = [*asked[:subject], again[chosen.cell], *asked[subject + 1 :]]
                stands = chance if o.third is None else consent.ahead(cells, t, o.consents(tau))
                sure = reduce(np.multiply, yes if stands is None else [*yes, stands[chosen.cell]])
                gain = chosen.average(mine[tau], watched[at - len(rules)][tau], sure)
                values[at][tau] += reduce(np.multiply, chances) * gain
    return values


def _assent(rule: AssentRule, agreed: Floats, no_deal: Floats, kind: int) -> Floats:
    return rule.likely(agreed, no_deal, kind) * (agreed >= rule.spread(no_deal + rule.least[kind]))


def rows(values: Floats, known: int) -> Floats:
    """An onlooker's values (1, …), one row for each thing that it may know; as they are where it knows nothing."""
    return values if known in (0, len(values)) else np.repeat(values, known, axis=0)
