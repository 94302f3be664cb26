"""Position exchange: pairs of actors trade moves on two issues, each moving where it cares less."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations

import numpy as np

from sim.analysis.case import Case
from sim.arrays import Bools, Floats, Ints
from sim.rivals import RANGE, Rival
from sim.rivals.compromise import Compromise


class PositionExchange(Rival):
    """Stokman & Van Oosten (1994), with equal gain. The expected outcome is the compromise. Two actors on opposite
    sides of it on two issues may exchange: i, who cares relatively more for the first, moves towards j on the second,
    and j towards i on the first, as far as neither passes the other's position and both gain the same (their salience
    times the shift of the outcome). Exchanges take place by what they gain, largest first; each position moves at
    most once, and what is left is worked out anew. The forecast is the compromise of the positions then held."""

    def forecast(self, case: Case) -> Floats:
        x = (case.positions - case.start) / case.span
        pairs = np.array(list(combinations(range(x.shape[1]), 2)), int).reshape(-1, 2)
        issues = np.array(list(permutations(range(x.shape[2]), 2)), int).reshape(-1, 2)
        i, j, p, q = np.concatenate([pairs.repeat(len(issues), 0), np.tile(issues, (len(pairs), 1))], axis=1).T
        weight = case.capability[:, None] * case.salience
        total = weight.sum(axis=1, keepdims=True)
        share = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
        free = np.ones(x.shape, bool)
        active = np.arange(len(x))
        while len(active) and len(i):
            gain, first, second = _exchanges(x[active], share[active], case.salience[active], free[active], i, j, p, q)
            best = _largest(gain)
            some = gain[np.arange(len(active)), best] > RANGE
            active, best, first, second = active[some], best[some], first[some], second[some]
            row = np.arange(len(active))
            x[active, j[best], p[best]] += first[row, best]
            x[active, i[best], q[best]] += second[row, best]
            free[active, j[best], p[best]] = free[active, i[best], q[best]] = False
        held = (case.start + x * case.span).clip(case.positions.min(1)[:, None], case.positions.max(1)[:, None])
        return Compromise().forecast(replace(case, positions=held))


def _largest(gain: Floats) -> Ints:
    """The first of the exchanges (n, E) that gain most, but for rounding."""
    return (gain >= gain.max(axis=1, keepdims=True) - RANGE).argmax(axis=1)


def _exchanges(
    x: Floats, share: Floats, salience: Floats, free: Bools, i: Ints, j: Ints, p: Ints, q: Ints
) -> tuple[Floats, Floats, Floats]:
    """For every exchange (n, E) in which j moves on issue p and i on issue q: what each gains (0: none takes place),
    and the moves of j on p and of i on q. x (n, A, I) in shares of the ranges; share (n, A, I): by how much the
    outcome shifts with a position; free: who has not moved yet."""
    side = np.sign(x - (share * x).sum(axis=1, keepdims=True))
    way_p, way_q = x[:, i, p] - x[:, j, p], x[:, j, q] - x[:, i, q]  # how far j could move on p, and i on q
    may = (side[:, i, p] * side[:, j, p] < 0) & (side[:, i, q] * side[:, j, q] < 0) & free[:, j, p] & free[:, i, q]
    s_ip, s_iq, s_jp, s_jq = salience[:, i, p], salience[:, i, q], salience[:, j, p], salience[:, j, q]
    may &= s_ip * s_jq > s_jp * s_iq + RANGE
    most_p, most_q = np.abs(way_p) * share[:, j, p], np.abs(way_q) * share[:, i, q]
    shift_p = np.minimum(most_p, most_q * (s_iq + s_jq) / np.maximum(s_ip + s_jp, RANGE))
    shift_q = shift_p * (s_ip + s_jp) / np.maximum(s_iq + s_jq, RANGE)  # then both gain the same
    gain = np.where(may, s_ip * shift_p - s_iq * shift_q, 0.0)
    part_p = np.divide(shift_p, most_p, out=np.zeros_like(shift_p), where=most_p > 0)
    part_q = np.divide(shift_q, most_q, out=np.zeros_like(shift_q), where=most_q > 0)
    return gain, way_p * part_p, way_q * part_q
