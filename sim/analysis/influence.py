"""Which claim moves which outcome: E[Y | do(on)] − E[Y | do(off)], screened for all claims at once (model.md §7).

Claims are drawn independently, so least squares of the outcome on the claims estimates every effect from one run;
errors are heteroskedasticity-robust (White 1980, HC1), but no smaller than the classical ones: where an outcome is rare
the few worlds without a claim may hold none of it, which is no certainty. A claim that is on, or off, in fewer than
30 worlds has no contrast to speak of. As many effects are looked at, those that stand out are picked so that at most
one in twenty of them is expected to be a chance finding (Benjamini & Hochberg 1995), and intervals are as wide as
picking makes necessary (Benjamini & Yekutieli 2005).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from sim.analysis.intervals import flipped
from sim.arrays import Floats, Ints
from sim.store.folder import Blocks

ENOUGH, RATE = 30, 0.05


def influence(blocks: Blocks, claims: list[str], outcomes: list[str]) -> dict[str, dict[str, Any]]:
    """claim -> {on: worlds, influence: {outcome: {estimate, low, high, q, found} or None}}, in probability; `q` is the
    false-discovery rate at which the effect would just be picked, `found` whether it is at 5 %."""
    columns = [f"claim.{c}" for c in claims]
    on = [sum(int(c.sum()) for (c,) in blocks.each(name)) for name in columns]
    usable = [k for k, n in enumerate(on) if ENOUGH <= n <= blocks.worlds - ENOUGH]
    effects = _effects(blocks, [columns[k] for k in usable], [f"outcome.{o}" for o in outcomes])
    intervals = None if effects is None else adjusted(effects[0][1:], effects[1][1:])
    result: dict[str, dict[str, Any]] = {}
    for k, claim in enumerate(claims):
        row = usable.index(k) if k in usable else None
        by_outcome = {
            o: None if row is None or intervals is None else intervals[row][j] for j, o in enumerate(outcomes)
        }
        result[claim] = {"on": on[k], "influence": by_outcome}
    return result


def adjusted(estimates: Floats, errors: Floats, centres: Floats | None = None) -> list[list[dict[str, Any]]]:
    """Estimates and their standard errors (rows, columns), all looked at together: false-discovery rates, and
    intervals whose rate of missing is 5 % among those picked; around `centres` where they lie elsewhere."""
    middle = estimates if centres is None else centres
    z = np.abs(middle) / np.maximum(errors, 1e-300)  # without error an effect is sure, or surely none
    q = discovery_rates(2 * ndtr(-z))
    picked = max(int((q <= RATE).sum()), 1)
    half = float(ndtri(1 - RATE * picked / q.size / 2)) * errors
    return [
        [
            {
                "estimate": float(estimates[i, j]),
                "low": float(middle[i, j] - half[i, j]),
                "high": float(middle[i, j] + half[i, j]),
                "q": float(q[i, j]),
                "found": bool(q[i, j] <= RATE),
            }
            for j in range(estimates.shape[1])
        ]
        for i in range(estimates.shape[0])
    ]


def moved(up: Ints, down: Ints, worlds: int) -> list[list[dict[str, Any]]]:
    """`adjusted` differences of shares in the same worlds: in how many each rises and falls (rows, columns)."""
    centres, errors = flipped(up, down, worlds)
    return [[of_shares(found) for found in row] for row in adjusted((up - down) / worlds, errors, centres)]


def of_shares(found: dict[str, Any]) -> dict[str, Any]:
    """No difference of two shares is below −1 or above 1."""
    return found | {"low": max(found["low"], -1.0), "high": min(found["high"], 1.0)}


def discovery_rates(p: Floats) -> Floats:
    """Benjamini & Hochberg's (1995) adjusted p-values, any shape."""
    falling = np.argsort(-p, axis=None)
    rates = np.minimum.accumulate(p.ravel()[falling] * p.size / np.arange(p.size, 0, -1))
    found = np.empty(p.size)
    found[falling] = rates
    return found.reshape(p.shape)


def _effects(blocks: Blocks, claims: list[str], outcomes: list[str]) -> tuple[Any, Any] | None:
    """Coefficients and their errors, (1 + claims, outcomes), in two passes over the blocks."""
    if not claims or not outcomes or blocks.worlds <= 2 * len(claims):
        return None
    width = len(claims) + 1

    def each() -> Iterator[tuple[Floats, Floats]]:
        for columns in blocks.each(*claims, *outcomes):
            x = np.column_stack([np.ones(len(columns[0])), *columns[: len(claims)]])
            yield x, np.column_stack(columns[len(claims) :]).astype(float)

    xx, xy = np.zeros((width, width)), np.zeros((width, len(outcomes)))
    for x, y in each():
        xx += x.T @ x
        xy += x.T @ y
    bread = np.linalg.pinv(xx)
    beta = bread @ xy
    meat, squares = np.zeros((len(outcomes), width, width)), np.zeros(len(outcomes))
    for x, y in each():
        residual = y - x @ beta
        squares += (residual**2).sum(axis=0)
        for j in range(len(outcomes)):
            weighted = x * residual[:, [j]]
            meat[j] += weighted.T @ weighted
    scale = blocks.worlds / (blocks.worlds - width)
    robust = np.array([np.diag(bread @ m @ bread) * scale for m in meat]).T
    classical = np.diag(bread)[:, None] * squares / (blocks.worlds - width)
    return beta, np.sqrt(np.maximum(np.maximum(robust, classical), 0))
