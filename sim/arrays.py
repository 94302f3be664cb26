"""Axes, named once: N worlds (always first), M packages, K types of an actor, T periods, L look-ahead."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Array = npt.NDArray[Any]


def at_index(values: Array, index: Ints) -> Array:
    """values (N, M) or (K, N) read at one column a world, or one row a world for (K, N): see `of_type`."""
    return np.take_along_axis(values, index[:, None], axis=1)[:, 0]


def of_type(values: Array, kind: Ints) -> Array:
    """values (K, N, ...) at each world's type `kind` (N,): (N, ...)."""
    if len(values) == 1:
        return values[0]
    return values[kind, np.arange(len(kind))]
