"""Worlds worth telling: a typical one, one with an early deal, one without a deal. The same run, the same worlds."""

from __future__ import annotations

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.scenario.schema import Scenario
from sim.store.folder import Blocks


def stories(scenario: Scenario, blocks: Blocks) -> dict[str, int | None]:
    """typical: a world in which the first outcome (without outcomes, a deal anywhere) is as in most, and what comes
    out near the medians; early: the same of the worlds whose first deal comes earliest, no_deal: of those without any.
    None where there is no such world, or no table."""
    values = np.array([blocks.column(f"value.{a}") for a in scenario.actors])
    periods = np.array([blocks.column(f"table.{t}.deal_period") for t in scenario.tables])
    periods = periods.reshape(len(scenario.tables), blocks.worlds)
    first = np.where(periods > 0, periods, scenario.horizon + 1).min(axis=0, initial=scenario.horizon + 1)
    none, measures = first > scenario.horizon, np.vstack([values, periods])
    question = next((blocks.column(f"outcome.{o}") for o in scenario.outcomes), ~none)
    return {
        "typical": nearest(measures, question == (2 * question.sum() >= len(question))),
        "early": nearest(measures, (first == first.min()) & ~none),
        "no_deal": nearest(measures, none) if len(periods) else None,
    }


def nearest(measures: Floats, among: Bools) -> int | None:
    """The world whose measures (things, worlds) lie nearest to their medians among some worlds, each measured in its
    own spread there; the first among equals, None among none."""
    worlds: Ints = np.flatnonzero(among)
    if not len(worlds):
        return None
    some = measures[:, worlds]
    spread = np.maximum(some.std(axis=1), 1e-12)[:, None]
    return int(worlds[(np.abs(some - np.median(some, axis=1)[:, None]) / spread).sum(axis=0).argmin()])
