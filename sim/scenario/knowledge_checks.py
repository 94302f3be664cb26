"""What is said of private things and of other tables: signals, laws by type, mediators, belief grids, foresight."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sim.errors import did_you_mean
from sim.scenario.base import Names
from sim.scenario.faults import Fault, no_party, repeats
from sim.scenario.laws import Fixed
from sim.scenario.reading import Path
from sim.scenario.schema import ContinuousType, Scenario, Signals
from sim.scenario.tables import Table


def signals(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """A signal is about a type of the actor, with a likelihood for each value, or about its resolve at a table."""
    for name, event in scenario.events.items():
        told, here = event.signals, ("events", name, "signals")
        if told is None:
            continue
        if told.type is not None:
            yield from _type(told.actor, told.type, here, scenario, names)
            yield from _each_value(told.actor, told.type, told.likelihood, (*here, "likelihood"), scenario)
        else:
            yield from _resolve(told, here, scenario, names)


def _resolve(told: Signals, here: Path, scenario: Scenario, names: Names) -> Iterator[Fault]:
    if told.table is not None:
        table = scenario.tables.get(told.table)
        if table is not None and told.actor not in table.parties:
            yield Fault((*here, "table"), no_party(told.actor, told.table, table))
        return
    seats = [name for name, table in scenario.tables.items() if told.actor in table.parties]
    if len(seats) > 1:
        text = f"{told.actor} has a resolve at each of its tables; give `table`, one of {', '.join(seats)}"
        yield Fault(here, text)
    elif not seats and names.tables == scenario.tables.keys():
        yield Fault((*here, "actor"), f"{told.actor} is a party of no table, and has no resolve that could show")


def laws_by_type(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """A stock that moves by an actor's type has a law for each of its values."""
    for stock, one in scenario.stocks.items():
        for k, change in enumerate(one.change):
            if change.by_type is not None:
                by, here = change.by_type, ("stocks", stock, "change", k, "by_type")
                yield from _type(by.actor, by.type, here, scenario, names)
                yield from _each_value(by.actor, by.type, by.by, (*here, "by"), scenario)


def mediators(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """A mediator knows something about a party: its resolve, or a type that it has."""
    for name, table in scenario.tables.items():
        if table.mediator is None or table.mediator.about is None:
            continue
        about, here = table.mediator.about, ("tables", name, "mediator", "about")
        if about.actor not in table.parties:
            yield Fault((*here, "actor"), no_party(about.actor, name, table))
        if about.type is not None:
            yield from _type(about.actor, about.type, here, scenario, names)


def _type(actor: str, kind: str, here: Path, scenario: Scenario, names: Names) -> Iterator[Fault]:
    """The actor has a type of that name."""
    if actor not in scenario.actors:
        return
    kinds = scenario.actors[actor].types
    if kind not in kinds and not (names.partial and not kinds):  # invalid ones are told where they stand
        yield Fault((*here, "type"), f"{actor} has no type '{kind}'{did_you_mean(kind, kinds, 'types')}")


def _each_value(actor: str, kind: str, given: Mapping[str, object], here: Path, scenario: Scenario) -> Iterator[Fault]:
    """There is an entry for each value of the type, and for nothing else."""
    types = scenario.actors[actor].types if actor in scenario.actors else {}
    if kind not in types:
        return
    values = types[kind]
    known = [str(k + 1) for k in range(values.points)] if isinstance(values, ContinuousType) else list(values)
    for value in given:
        if value not in known:
            yield Fault((*here, value), f"no value '{value}'{did_you_mean(value, known, 'values')}", key=True)
    for value in known:
        if value not in given:
            yield Fault(here, f"lacks '{value}'")


def grids(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """`beliefs: grid` is for one informed responder: one proposer without secrets, one type, nothing else private."""
    for name, table in scenario.tables.items():
        if table.beliefs == "grid" and not names.partial:
            for text in _not_screening(table, scenario):
                yield Fault(("tables", name, "beliefs"), f"grid needs {text}")


def _not_screening(table: Table, scenario: Scenario) -> Iterator[str]:
    if len(table.parties) != 2:
        yield f"two parties; got {len(table.parties)}"
    if table.deadline is None:
        yield "a deadline"
    if table.protocol.name != "ultimatum":
        yield f"the protocol ultimatum; got {table.protocol.name}"
        return
    for party in dict.fromkeys(table.parties):
        proposes, actor = party == table.protocol.rule.by, scenario.actors[party]
        if not isinstance(actor.resolve, Fixed) or actor.resolve.value != 0:
            yield f"resolve: 0 for both parties; {party}'s is private"
        if len(actor.types) != (0 if proposes else 1):
            wanted = "no type of who proposes" if proposes else "exactly one type of who answers"
            yield f"{wanted}; {party} has {', '.join(actor.types) or 'none'}"


def foresight(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """A table foresees others, not in a circle, and none that is secret from one of its parties."""
    for name, table in scenario.tables.items():
        here: Path = ("tables", name, "foresees")
        for k in repeats(table.foresees):
            yield Fault((*here, k), f"{table.foresees[k]} is listed twice")
        for k, other in enumerate(table.foresees):
            if other == name:
                yield Fault((*here, k), "a table can't foresee itself")
            elif other in scenario.tables and not names.partial:
                yield from _seen_through(table, other, scenario.tables[other], (*here, k))
    order = list(scenario.tables)
    for k, first in enumerate(order):
        way = _way_back(first, scenario, set(order[k:]))
        if way:
            at = scenario.tables[first].foresees.index(way[1])
            yield Fault(("tables", first, "foresees", at), f"foresight goes in a circle: {' → '.join(way)}; break it")


def _seen_through(table: Table, other: str, seen: Table, here: Path) -> Iterator[Fault]:
    inside = seen.insiders()
    outside = [p for p in table.parties if p not in inside]
    if seen.secret is not None and outside:
        text = f"{other} is secret from {', '.join(outside)}; inside are {', '.join(sorted(inside))}"
        yield Fault(here, text)


def _way_back(first: str, scenario: Scenario, among: Collection[str]) -> list[str]:
    """The shortest circle of foresight from a table to itself through some others; empty if there is none."""
    came_from, reached = {first: first}, [first]
    for here in reached:
        for other in scenario.tables[here].foresees:
            if other == first and here != first:
                way = [first, here]
                while way[-1] != first:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if other in among and other not in came_from:
                came_from[other] = here
                reached.append(other)
    return []
