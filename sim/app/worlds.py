"""Worlds worth stepping through in class: a typical one, one with an early deal, and a typical failure of each kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.analysis.typical import nearest, stories
from sim.arrays import Array, Bools
from sim.runs import Result
from sim.scenario.schema import Outcome, Scenario
from sim.scenario.selectors import variables
from sim.status import Status

TYPICAL, EARLY = "A typical world", "An early deal"
KINDS = {
    "waiting": "the talks never opened",
    "broken_down": "the talks broke down",
    "walked_away": "somebody walked away",
    "promise_broken": "a promise was broken",
    "nothing": "when they first met, no package gained every side anything",
    "resolve": "some package gained every side something, but none what each asks for",
    "missed": "some package gained every side what it asks for, and still they didn't agree on it",
    "other_deal": "a deal, but not this",
}


@dataclass(frozen=True)
class Chosen:
    """A world to tell; of a failure its kind and how many of the failures, `of`, are like it."""

    title: str
    world: int
    kind: str | None = None
    count: int = 0
    of: int = 0


def examples(result: Result) -> list[Chosen]:
    """Typical, and with an early deal; one world isn't told twice."""
    found = stories(result.loaded.scenario, result.blocks)
    named = [(TYPICAL, found["typical"]), (EARLY, found["early"])]
    return [Chosen(t, w) for k, (t, w) in enumerate(named) if w is not None and w not in [x for _, x in named[:k]]]


def failures(result: Result, outcome: str) -> list[Chosen]:
    """The most typical world of every kind of failure, the most frequent kind first."""
    scenario, blocks = result.loaded.scenario, result.blocks
    failed, kind = _failed(result, outcome), _kinds(result, outcome)
    values = np.array([blocks.column(f"value.{a}") for a in scenario.actors])
    found = []
    for name, title in KINDS.items():
        among = failed & (kind == name)
        world = nearest(values, among)
        if world is not None:
            found.append(Chosen(title, world, name, int(among.sum()), int(failed.sum())))
    return sorted(found, key=lambda c: -c.count)


def _failed(result: Result, outcome: str) -> Bools:
    """Worlds (N,) in which the talks failed: in which the outcome doesn't come about, or does, if it is one that comes
    about only without a deal, as war does."""
    held = result.blocks.column(f"outcome.{outcome}") > 0
    deal = np.zeros(len(held), bool)
    for table in concerned(result.loaded.scenario, outcome):
        deal |= result.blocks.column(f"table.{table}.status") == Status.DEAL
    return held if held.any() and not (held & deal).any() else ~held


def _kinds(result: Result, outcome: str) -> Array:
    """Why there was no deal (N,), at the first table that has none of those whose agenda the outcome is about."""
    kind = np.full(result.blocks.worlds, "other_deal", dtype=object)
    for table in reversed(concerned(result.loaded.scenario, outcome)):
        status, zone, room = (result.blocks.column(f"table.{table}.{c}") for c in ("status", "zone", "room"))
        here = np.where(zone == 0, "nothing", np.where(room == 0, "resolve", "missed")).astype(object)
        for s in Status:
            if s.name.lower() in KINDS:
                here[status == s] = s.name.lower()
        kind = np.where(status == Status.DEAL, kind, here)
    return kind


def concerned(scenario: Scenario, outcome: str) -> list[str]:
    """Tables with an issue on their agenda that the outcome is about; all, if there is none."""
    o: Outcome = scenario.outcomes[outcome]
    about = set().union(*(variables(s) for s in (o.at_end, o.ever, o.before) if s is not None))
    return [n for n, t in scenario.tables.items() if about & set(t.agenda)] or list(scenario.tables)
