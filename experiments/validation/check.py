"""What a module of experiments/validation/ returns: one comparison of the model with data that no one here made.

A module has `TITLE: str`, a docstring whose words introduce its section on docs/validation.md, and
`checks(data: Path) -> list[Check]`, where `data` is the folder of the files (see `data_folder`). Where its files are
absent it raises `Absent`, and the page's program says so instead of failing. It is imported as `validation.NAME`,
with experiments/ on the path: `from validation.check import Absent, Check`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Absent(Exception):
    """The data aren't here; says which file."""


@dataclass(frozen=True)
class Check:
    """One line: what the model says, with its 95 % interval, beside what the data say.

    `ours` is a number; `low` and `high` are the interval's ends, None where there is none. `theirs` is the data's
    number, or words for a range or a shape. `source`: whose data. `holds`: the verdict; None where the line informs and
    decides nothing. `note`: worlds, seed, the rule behind the verdict, what differs.
    """

    name: str
    ours: float | str
    low: float | None
    high: float | None
    theirs: float | str
    source: str
    holds: bool | None
    note: str = ""


def data_folder() -> Path:
    """Where the data files are: the folder named by DETENTE_DATA, else shared/data beside the checkout."""
    return Path(os.environ.get("DETENTE_DATA") or ROOT.parent / "shared" / "data")


def needed(data: Path, name: str) -> Path:
    """That file; Absent where it isn't there."""
    if not (data / name).is_file():
        raise Absent(f"{name} is not in {data.name}/; set DETENTE_DATA to the folder that has it")
    return data / name
