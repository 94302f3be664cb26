"""The worlds as a table, one row a world: as a DataFrame, or as CSV written block by block."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import Array
from sim.payoff.terms import profiles
from sim.scenario.schema import Scenario
from sim.status import Status
from sim.store.folder import Blocks
from sim.store.writing import replacing

if TYPE_CHECKING:
    import pandas as pd


def labels(scenario: Scenario, column: str) -> tuple[str, ...] | None:
    """The names that a column's numbers stand for, or None for a column of plain values."""
    kind, _, rest = column.partition(".")
    if kind in ("level", "announced"):
        return scenario.issues[rest].levels.names
    if kind == "type":
        return tuple(p.name for p in profiles(scenario.actors[rest]))
    if kind == "table" and rest.endswith(".status"):
        return tuple(s.name.lower() for s in Status)
    if kind == "table" and ".terms." in rest:
        return scenario.issues[rest.split(".terms.")[1]].levels.names
    return None


def readable(scenario: Scenario, column: str, values: Array) -> Array:
    """Numbers replaced by the names they stand for; -1 (no deal) becomes an empty text."""
    names = labels(scenario, column)
    return values if names is None else np.array([*names, ""], dtype=object)[values]


def frame(scenario: Scenario, blocks: Blocks) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(_frames(scenario, blocks), ignore_index=True)


def _frames(scenario: Scenario, blocks: Blocks) -> Iterator[pd.DataFrame]:
    import pandas as pd

    names = blocks.names()
    for columns in blocks.each(*names):
        yield pd.DataFrame({n: readable(scenario, n, c) for n, c in zip(names, columns, strict=True)})


def write_csv(path: Path, scenario: Scenario, blocks: Blocks) -> None:
    """`worlds.csv`: written beside and renamed, a block at a time, so that memory doesn't grow with the worlds."""
    with replacing(path) as file:
        for k, part in enumerate(_frames(scenario, blocks)):
            part.to_csv(file, index=False, header=k == 0, float_format="%.9g", lineterminator="\n")
