"""Which claim moves which outcome: E[Y | do(on)] − E[Y | do(off)], screened for all claims at once (model.md §7).

Claims are drawn independently, so least squares of the outcome on the claims estimates every effect from one run;
errors are heteroskedasticity-robust (White 1980, HC1). A claim that is on, or off, in fewer than 30 worlds has no
contrast to speak of.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.arrays import Floats
from sim.store.folder import Blocks

ENOUGH = 30


def influence(blocks: Blocks, claims: list[str], outcomes: list[str]) -> dict[str, dict[str, Any]]:
    """claim -> {on: worlds, influence: {outcome: {estimate, low, high} or None}}, 95 % intervals, in probability."""
    columns = [f"claim.{c}" for c in claims]
    on = np.array([sum(int(c.sum()) for (c,) in blocks.each(name)) for name in columns], int)
    usable = [k for k, n in enumerate(on) if ENOUGH <= n <= blocks.worlds - ENOUGH]
    effects = _effects(blocks, [columns[k] for k in usable], [f"outcome.{o}" for o in outcomes])
    result: dict[str, dict[str, Any]] = {}
    for k, claim in enumerate(claims):
        row = usable.index(k) + 1 if k in usable else None
        by_outcome = {
            o: None if row is None or effects is None else _interval(effects[0][row, j], effects[1][row, j])
            for j, o in enumerate(outcomes)
        }
        result[claim] = {"on": int(on[k]), "influence": by_outcome}
    return result


def _interval(estimate: float, error: float) -> dict[str, float]:
    return {"estimate": float(estimate), "low": float(estimate - 1.96 * error), "high": float(estimate + 1.96 * error)}


def _effects(blocks: Blocks, claims: list[str], outcomes: list[str]) -> tuple[Any, Any] | None:
    """Coefficients and robust errors, (1 + claims, outcomes), in two passes over the blocks."""
    if not claims or not outcomes or blocks.worlds <= 2 * len(claims):
        return None
    width = len(claims) + 1

    def each() -> Iterator[tuple[Floats, Floats]]:
        for columns in blocks.each(*claims, *outcomes):
            x = np.column_stack([np.ones(len(columns[0])), *columns[: len(claims)]]).astype(float)
            yield x, np.column_stack(columns[len(claims) :]).astype(float)

    xx, xy = np.zeros((width, width)), np.zeros((width, len(outcomes)))
    for x, y in each():
        xx += x.T @ x
        xy += x.T @ y
    bread = np.linalg.pinv(xx)
    beta = bread @ xy
    meat = np.zeros((len(outcomes), width, width))
    for x, y in each():
        residual = y - x @ beta
        for j in range(len(outcomes)):
            weighted = x * residual[:, [j]]
            meat[j] += weighted.T @ weighted
    scale = blocks.worlds / (blocks.worlds - width)
    errors = np.array([np.sqrt(np.maximum(np.diag(bread @ m @ bread) * scale, 0)) for m in meat]).T
    return beta, errors
