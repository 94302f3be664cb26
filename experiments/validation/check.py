"""What a module of experiments/validation/ returns: one comparison of the model with data that no one here made.

A module has `TITLE: str`, a docstring whose words introduce its section on docs/validation.md, and
`checks(data: Path) -> list[Check]`, where `data` is the folder of the files (see `data_folder`). Where its files are
absent it raises `Absent`, and the page's program says so instead of failing. It is imported as `validation.NAME`,
with experiments/ on the path: `from validation.check import Absent, Check`.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sim.analysis.intervals import wilson

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


def shown(value: float | str) -> str:
    """A number to three decimals, or two from 10 on; words as they are."""
    return value if isinstance(value, str) else f"{value:.3f}" if abs(value) < 10 else f"{value:,.2f}"


class Estimate(NamedTuple):
    """A number and the ends of its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{shown(self.value)} [{shown(self.low)}, {shown(self.high)}]"


def rate(count: int, of: int) -> Estimate:
    """A share with Wilson's interval."""
    return Estimate(count / of, *(float(end) for end in wilson(count, of)))


def difference(ours: Estimate, theirs: Estimate) -> Estimate:
    """Of two independent estimates, its interval made from theirs (Zou & Donner 2008; of two shares with Wilson
    intervals it is Newcombe's of 1998, method 10)."""
    d = ours.value - theirs.value
    below = math.hypot(ours.value - ours.low, theirs.high - theirs.value)
    above = math.hypot(ours.high - ours.value, theirs.value - theirs.low)
    return Estimate(d, d - below, d + above)


def compared(name: str, ours: Estimate, theirs: Estimate, source: str, note: str = "") -> Check:
    """A check that holds where nothing tells the two apart: the interval of their difference holds 0."""
    apart = difference(ours, theirs)
    return Check(name, *ours, str(theirs), source, apart.low <= 0 <= apart.high, note)


def data_folder() -> Path:
    """Where the data files are: the folder named by DETENTE_DATA, else shared/data beside the checkout."""
    return Path(os.environ.get("DETENTE_DATA") or ROOT.parent / "shared" / "data")


def needed(data: Path, name: str) -> Path:
    """That file; Absent where it isn't there."""
    if not (data / name).is_file():
        raise Absent(f"{name} is not in {data.name}/; set DETENTE_DATA to the folder that has it")
    return data / name
