"""What the checks return: where a scenario doesn't hold, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sim.errors import did_you_mean
from sim.scenario.reading import Path
from sim.scenario.tables import Table


class Fault(NamedTuple):
    path: Path
    message: str
    key: bool = False  # points at the key, not at its value


def no_party(given: str, name: str, table: Table) -> str:
    return f"{given} is not a party of {name}{did_you_mean(given, sorted(table.parties), 'parties')}"


def off_agenda(issue: str, name: str, table: Table) -> str:
    return f"'{issue}' is not on the agenda of {name}{did_you_mean(issue, table.agenda, 'agenda')}"


def repeats(items: Iterable[str]) -> list[int]:
    """Positions of the items that stand earlier too."""
    first: dict[str, int] = {}
    return [k for k, item in enumerate(items) if first.setdefault(item, k) != k]
