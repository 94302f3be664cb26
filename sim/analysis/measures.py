"""What can be measured of a run: every measure as {name: its value in each world}."""

from __future__ import annotations

from sim.analysis.summary import quantity
from sim.arrays import Array
from sim.scenario.loader import Loaded
from sim.store.folder import Blocks


def outcomes(loaded: Loaded, blocks: Blocks) -> dict[str, Array]:
    """Whether each outcome holds at the end: (worlds,) of bools."""
    return {f"outcome.{o}": blocks.column(f"outcome.{o}") > 0 for o in loaded.scenario.outcomes}


def deals(loaded: Loaded, blocks: Blocks) -> dict[str, Array]:
    """Whether each table ever came to a deal: (worlds,) of bools."""
    return {f"deal.{t}": blocks.column(f"table.{t}.deal_period") > 0 for t in loaded.scenario.tables}


def values(loaded: Loaded, blocks: Blocks) -> dict[str, Array]:
    """What the whole is worth to each actor, on its own scale: (worlds,)."""
    return {f"value.{a}": blocks.column(f"value.{a}") for a in loaded.scenario.actors}


def report(loaded: Loaded, blocks: Blocks) -> dict[str, Array]:
    """What the file asks for under `report:`, at the end: (worlds,)."""
    return {f"report.{n}": quantity(n, loaded, blocks) for n in loaded.scenario.report}


MEASURES = {"outcomes": outcomes, "values": values, "report": report, "deals": deals}
