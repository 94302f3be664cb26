"""Sobol indices of a mean over worlds: how much of what differs between points each field explains, alone (first order)
and with all that it interacts with (total).

Every point is played in the same finitely many worlds, so what differs between points is in part those worlds' luck.
What luck adds to all points alike cancels; what it adds to some is counted neither as a field's effect nor as
interaction: the worlds are cut into batches, and only products of *different* batches are taken, whose noise is
independent (each batch is centred by its own mean). So numerators and denominators are unbiased for infinitely many
worlds. Estimators: Saltelli et al. (2010) for first order, Jansen (1999) for total.

Intervals hold both kinds of error: of finitely many points, by the bootstrap over the design's rows, as if these were
random (wide, as a Sobol sequence is more even); and of finitely many worlds, by the jackknife over batches.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import stdtrit
from scipy.stats import sobol_indices

from sim.analysis.intervals import Z, ratios
from sim.arrays import Floats

BATCHES = 10
NEGLIGIBLE = 0.1  # of the standard deviation between points: less than 1/200 of the variance


def cross(x: Floats, y: Floats) -> Floats:
    """The mean of x_k y_l over pairs of different batches k, l: (…, K, n) and (…, K, n) give (…, n)."""
    batches = x.shape[-2]
    return (x.sum(-2) * y.sum(-2) - (x * y).sum(-2)) / (batches * (batches - 1))


def products(f_A: Floats, f_B: Floats, f_AB: Floats) -> tuple[Floats, Floats, Floats]:
    """Row by row what the variance (n,), the first-order and the total indices (d, n) are means of; f_A, f_B (K, n) and
    f_AB (d, K, n) are centred batch by batch."""
    moved = f_AB - f_A
    return (cross(f_A, f_A) + cross(f_B, f_B)) / 2, cross(f_B, moved), cross(moved, moved) / 2


def estimator(f_A: Floats, f_B: Floats, f_AB: Floats) -> tuple[Floats, Floats]:
    """First-order and total indices (1, d), as `scipy.stats.sobol_indices` asks of its `method`."""
    variance, first, total = (p.mean(axis=-1) for p in products(f_A, f_B, f_AB))
    return first[None] / variance, total[None] / variance


def noise(f_A: Floats, f_B: Floats) -> float:
    """The share of the variance between points (of means over all batches) that is luck of the worlds; may be estimated
    below 0 where there is none."""
    f = np.concatenate([f_A, f_B], axis=1)
    f = f - f.mean(axis=1, keepdims=True)
    between = float(f.mean(axis=0).var())
    return 1 - float(cross(f, f).mean()) / between if between > 0 else 0.0


def indices(f_A: Floats, f_B: Floats, f_AB: Floats, seed: int = 0) -> list[dict[str, Any]] | None:
    """For each of d fields {first, total: {estimate, low, high}} with 95 % intervals, from the means of K batches at n
    points of two samples, (K, n), and of the first with one field from the second, (d, K, n). None where nothing
    differs between points, or luck could make all the difference there is (95 %, one-sided)."""
    centre = np.mean([f_A, f_B], axis=(0, 2))[:, None]
    parts = f_A - centre, f_B - centre, f_AB - centre
    left = [_estimates(*(np.delete(p, k, axis=-2) for p in parts)) for k in range(f_A.shape[0])]
    errors = [_jackknife(np.array([estimate[j] for estimate in left])) for j in range(3)]
    variance, first, total = products(*parts)
    t = float(stdtrit(len(left) - 1, 0.95))
    if variance.mean() <= max(t * float(errors[0]), 1e-24):
        return None
    twice = np.concatenate([f_AB, f_AB[:1]])  # scipy fails on one field alone
    func: dict[Any, Floats] = {"f_A": f_A, "f_B": f_B, "f_AB": twice}
    found = sobol_indices(func=func, n=f_A.shape[1], method=estimator)
    columns = {"first": (found.first_order, first, errors[1]), "total": (found.total_order, total, errors[2])}
    told: list[dict[str, Any]] = [{} for _ in f_AB]
    for kind, (estimates, tops, luck) in columns.items():
        _, lows, highs = ratios(tops, variance, seed)
        for i, fields in enumerate(told):
            fields[kind] = _told(*(float(v[i]) for v in (estimates, lows, highs, luck)))
    return told


def _estimates(f_A: Floats, f_B: Floats, f_AB: Floats) -> tuple[Floats, Floats, Floats]:
    variance, first, total = (p.mean(axis=-1) for p in products(f_A, f_B, f_AB))
    with np.errstate(divide="ignore", invalid="ignore"):
        return variance, first / variance, total / variance


def _jackknife(left: Floats) -> Floats:
    """Standard errors from estimates (K, …) that leave out one batch each."""
    count = len(left)
    return np.asarray(np.sqrt((count - 1) / count * ((left - left.mean(axis=0)) ** 2).sum(axis=0)))


def _told(estimate: float, low: float, high: float, error: float) -> dict[str, float]:
    """The two errors are added in squares, on either side."""
    half = float(stdtrit(BATCHES - 1, 0.975)) * error
    return {
        "estimate": estimate,
        "low": estimate - float(np.hypot(estimate - low, half)),
        "high": estimate + float(np.hypot(high - estimate, half)),
    }


def largest_effects(f_A: Floats, f_B: Floats, f_AB: Floats) -> Floats:
    """(d,): the largest of each field's elementary effects, in standard deviations between points, over n steps; radial
    steps of one field at a time (Morris 1991; Campolongo, Saltelli & Cariboni 2011). Exactly 0 where it moves no world.
    """
    spread = np.concatenate([f_A.mean(axis=0), f_B.mean(axis=0)]).std()
    steps = np.abs((f_AB - f_A).mean(axis=-2)).max(axis=-1)
    return np.asarray(np.divide(steps, spread, out=np.where(steps > 0, np.inf, 0.0), where=spread > 0))


def rank_correlation(x: Floats, y: Floats) -> dict[str, float] | None:
    """Spearman's (1904) with Bonett & Wright's (2000) interval: which way a field pushes; None where all is
    the same."""
    from scipy.stats import spearmanr

    if len(x) < 4 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    rho = float(spearmanr(x, y).statistic)
    half = Z * np.sqrt((1 + rho**2 / 2) / (len(x) - 3))
    at = np.arctanh(np.clip(rho, -1 + 1e-12, 1 - 1e-12))
    return {"estimate": rho, "low": float(np.tanh(at - half)), "high": float(np.tanh(at + half))}
