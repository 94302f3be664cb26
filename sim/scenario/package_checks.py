"""What the issues ask of a table: not too many packages, and at the start one that it may agree on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod

from sim.scenario.base import Names
from sim.scenario.faults import Fault
from sim.scenario.reading import Path
from sim.scenario.schema import Scenario
from sim.scenario.selectors import All, Any_, Condition, Not, Selector, size, variables
from sim.scenario.tables import Table

MAX_PACKAGES = 100_000
MAX_TESTS = 300_000  # of one condition on one package


def packages(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """A table has at most 100,000 packages, and at the start at least one that it may agree on."""
    start = {name: issue.start for name, issue in scenario.issues.items()}
    movable, otherwise = _movable(scenario), _set_otherwise(scenario)
    settled = {} if names.partial else {k: v for k, v in start.items() if k not in movable}
    for name, table in scenario.tables.items():
        agenda = list(dict.fromkeys(table.agenda))
        if not all(names.issues.get(i) is not None and i in start for i in agenda):
            continue
        count = prod(len(names.issues[i].names) for i in agenda)
        paid = count if table.payments is None else count * (2 * table.payments.steps + 1) ** (len(table.parties) - 1)
        here: Path = ("tables", name, "agenda")
        if count > MAX_PACKAGES:
            yield Fault(here, f"{count:,} packages; the limit at a table is {MAX_PACKAGES:,}")
        elif paid > MAX_PACKAGES:
            told = f"{paid:,} packages with what may be paid; the limit at a table is {MAX_PACKAGES:,}"
            yield Fault(("tables", name, "payments", "steps"), told)
        elif not _admissible(table, set() if names.partial else set(agenda) - otherwise, settled, names, start):
            most = table.protocol.rule.most
            step = "" if most is None else f" with a step of {most}"
            yield Fault(here, f"no package is admissible{step}: `require` and `forbid` leave at most the status quo")


def _admissible(table: Table, stepping: set[str], settled: dict[str, str], names: Names, start: dict[str, str]) -> bool:
    """Whether some package other than the status quo may meet `require` and no `forbid`. `stepping`: issues that only
    this table moves; `settled`: levels that nothing moves.

    An issue that an event, another table or the end of a deal can set may have moved by then, so nothing is concluded
    from it.
    """
    conditions = [table.require, *(f.when for f in table.forbid)]
    read = set().union(*(variables(c) for c in conditions))
    agenda = list(dict.fromkeys(table.agenda))
    asked = [i for i in agenda if i in read]
    idle_choice = any(len(names.issues[i].names) > 1 for i in agenda if i not in read)
    tries = MAX_TESTS // (1 + sum(map(size, conditions)))
    for k, levels in enumerate(product(*(_reached(i, i in stepping, table, names, start) for i in asked))):
        if k >= tries:
            return True  # too many to look at them all
        package = dict(zip(asked, levels, strict=True))
        if not idle_choice and all(start[i] == level for i, level in package.items()):
            continue
        known = settled | package
        if _could(table.require, True, known, names) and all(_could(f.when, False, known, names) for f in table.forbid):
            return True
    return False


def _reached(issue: str, stepping: bool, table: Table, names: Names, start: dict[str, str]) -> tuple[str, ...]:
    """The levels that a first package may set: within the protocol's step of the start, where it has one."""
    levels, most = names.issues[issue], table.protocol.rule.most
    if most is None or not stepping:
        return levels.names
    at = levels.index(start[issue])
    return levels.names[max(at - most, 0) : at + most + 1]


def _movable(scenario: Scenario) -> set[str]:
    """Issues that may leave their start."""
    agendas = (set(table.agenda) for table in scenario.tables.values())
    return _set_otherwise(scenario).union(*agendas)


def _set_otherwise(scenario: Scenario) -> set[str]:
    """Issues that something else than a deal can set. What lapses goes back to its start, which is nothing new."""
    found: set[str] = set()
    for event in scenario.events.values():
        found.update(event.sets)
    for table in scenario.tables.values():
        ends = (table.breakdown, table.walk_away, *table.renege.values())
        found.update(*(end.sets for end in ends if end is not None))
    return found


def _could(selector: Selector, wanted: bool, known: dict[str, str], names: Names) -> bool:
    """Whether the selector can come out as `wanted` with the levels in `known`, anything else being open."""
    if isinstance(selector, Not):
        return _could(selector.part, not wanted, known, names)
    if isinstance(selector, All | Any_):
        every = isinstance(selector, All) == wanted
        return (all if every else any)(_could(p, wanted, known, names) for p in selector.parts)
    level = known.get(selector.variable)
    return level is None or _holds(selector, level, names) == wanted


def _holds(test: Condition, level: str, names: Names) -> bool:
    levels = names.issues[test.variable]
    at = levels.index(level)
    bounds = [levels.index(str(v)) for v in test.values]
    if test.how == "is":
        return at in bounds
    if test.how == "between":
        return bounds[0] <= at <= bounds[1]
    return at >= bounds[0] if test.how == "at_least" else at < bounds[0]
