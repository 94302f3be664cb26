"""What one part of a scenario asks of another. Each check looks at one thing and returns where it fails to hold.

A check takes a Scenario, or the valid parts of one that has other faults, so that all is told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from math import prod
from typing import NamedTuple

from sim.errors import did_you_mean
from sim.scenario.base import Names
from sim.scenario.interest import Interest
from sim.scenario.laws import Fixed
from sim.scenario.priors import leaves
from sim.scenario.reading import Path
from sim.scenario.schema import Actor, ContinuousType, Scenario, TypeValue
from sim.scenario.selectors import All, Any_, Condition, Not, Selector, variables
from sim.scenario.tables import Table

MAX_PACKAGES = 100_000


class Fault(NamedTuple):
    path: Path
    message: str
    key: bool = False  # points at the key, not at its value


def check(scenario: Scenario, names: Names) -> list[Fault]:
    """Every fault that all checks find."""
    return [fault for one in CHECKS for fault in one(scenario, names)]


def type_probabilities(scenario: Scenario, names: Names) -> Iterator[Fault]:
    for actor, name, values in _discrete(scenario):
        total = sum(v.probability for v in values.values())
        if abs(total - 1) > 1e-9:
            yield Fault(("actors", actor, "types", name), f"the probabilities sum to {total:.6g}, not 1", key=True)


def type_terms(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """Whatever a type scales or sets is a term of its actor, and not both."""
    for actor, path, value in _type_values(scenario):
        known = names.terms.get(actor, set())
        for verb in ("scale", "set"):
            for term in getattr(value, verb):
                if term not in known:
                    text = f"{actor} has no term '{term}'{did_you_mean(term, known)}"
                    yield Fault((*path, verb, term), text, key=True)
        for term in value.scale.keys() & value.set.keys():
            yield Fault((*path, "set", term), f"'{term}' is scaled and set at once; give one", key=True)


def type_sources(scenario: Scenario, names: Names) -> Iterator[Fault]:
    for _, path, value in _type_values(scenario):
        if (value.scale or value.set) and not (value.claims or value.assumption or names.covered):
            yield Fault(path, "nothing says where this comes from; give `claims: [ID, …]` or `assumption: why`")


def term_names(scenario: Scenario, names: Names) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for actor, k, term in _terms(scenario):
        if (actor, term.term) in seen:
            yield Fault(("interests", actor, k, "term"), f"{actor} has two terms called '{term.term}'")
        seen.add((actor, term.term))


def own_regard(scenario: Scenario, names: Names) -> Iterator[Fault]:
    for actor, k, term in _terms(scenario):
        if term.regards() == actor:
            yield Fault(("interests", actor, k, "actor"), f"regard is for another actor's payoff; got {actor}'s own")


def resolve_floor(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """A prior of resolve is floored at 0; a bare number below 0 is a slip."""
    for name, actor in scenario.actors.items():
        for key in ("resolve", "tolerance"):
            prior = getattr(actor, key)
            if isinstance(prior, Fixed) and prior.value < 0:
                yield Fault(("actors", name, key), f"must be at least 0; got {prior.value:g}")


def stock_ranges(scenario: Scenario, names: Names) -> Iterator[Fault]:
    for name, stock in scenario.stocks.items():
        low, high = stock.range
        if low >= high:
            yield Fault(("stocks", name, "range"), f"low must be below high; got [{low:g}, {high:g}]")
        elif text := leaves(stock.start, low, high):
            yield Fault(("stocks", name, "start"), text)


def shared_names(scenario: Scenario, names: Names) -> Iterator[Fault]:
    for name in scenario.stocks:
        if name in names.issues:
            yield Fault(("stocks", name), f"'{name}' is an issue already; a stock needs a name of its own", key=True)
    for k, name in enumerate(scenario.report):
        if name in names.actors and name in names.known("variable"):
            yield Fault(("report", k), f"'{name}' is an actor and an issue or stock; rename one of them")
    for k in _repeats(scenario.report):
        yield Fault(("report", k), f"'{scenario.report[k]}' is listed twice")


def parties(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """Parties are distinct; who proposes and who may walk away is one of them."""
    for name, table in scenario.tables.items():
        here: Path = ("tables", name)
        for k in _repeats(table.parties):
            yield Fault((*here, "parties", k), f"{table.parties[k]} is listed twice")
        rule = table.protocol.rule
        protocol = next(iter(table.protocol.model_fields_set))
        for key, given in rule.named().items():
            if given in names.actors and given not in table.parties:
                yield Fault((*here, "protocol", protocol, key), _no_party(given, name, table))
        yield from _walkers(name, table)
        yield from _third_parties(name, table)


def _third_parties(name: str, table: Table) -> Iterator[Fault]:
    for actor, consent in table.consent.items():
        here: Path = ("tables", name, "consent", actor)
        if actor in table.parties:
            yield Fault(here, f"{actor} is a party of {name}, which assents; consent is for others", key=True)
        for k, issue in enumerate(consent.on):
            if issue not in table.agenda:
                known = did_you_mean(issue, table.agenda, "agenda")
                yield Fault((*here, "on", k), f"'{issue}' is not on the agenda of {name}{known}")


def _walkers(name: str, table: Table) -> Iterator[Fault]:
    if table.walk_away is None:
        return
    here: Path = ("tables", name, "walk_away", "by")
    walkers = table.walk_away.walkers
    for who in walkers:
        if who not in table.parties:
            yield Fault(here, _no_party(who, name, table))
    if _repeats(walkers):
        yield Fault(here, f"listed twice: {', '.join(walkers[k] for k in _repeats(walkers))}")
    if len(table.parties) > 2 and len(walkers) > 1:
        yield Fault(here, f"at a table of {len(table.parties)} only one party may walk away; got {', '.join(walkers)}")


def agendas(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """No issue stands twice, neither on one agenda nor on two."""
    owner: dict[str, str] = {}
    for name, table in scenario.tables.items():
        for k, issue in enumerate(table.agenda):
            first = owner.setdefault(issue, name)
            if first != name:
                yield Fault(("tables", name, "agenda", k), f"'{issue}' is on the agenda of {first} already")
        for k in _repeats(table.agenda):
            yield Fault(("tables", name, "agenda", k), f"'{table.agenda[k]}' is listed twice")


def signals(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """A signal is about a type that the actor has, with a likelihood for each of its values."""
    for name, event in scenario.events.items():
        if event.signals is None or event.signals.actor not in scenario.actors:
            continue
        here: Path = ("events", name, "signals")
        kinds = scenario.actors[event.signals.actor].types
        values = kinds.get(event.signals.type)
        if values is None:
            known = did_you_mean(event.signals.type, kinds, "types")
            yield Fault((*here, "type"), f"{event.signals.actor} has no type '{event.signals.type}'{known}")
            continue
        expected = [str(k + 1) for k in range(values.points)] if isinstance(values, ContinuousType) else list(values)
        for given in event.signals.likelihood:
            if given not in expected:
                yield Fault(
                    (*here, "likelihood", given), f"no value '{given}'{did_you_mean(given, expected, 'values')}"
                )
        for value in expected:
            if value not in event.signals.likelihood:
                yield Fault((*here, "likelihood"), f"lacks '{value}'")


def packages(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """A table has at most 100,000 packages, and at the start at least one that it may agree on."""
    start = {name: issue.start for name, issue in scenario.issues.items()}
    for name, table in scenario.tables.items():
        agenda = list(dict.fromkeys(table.agenda))
        if not all(names.issues.get(i) is not None and i in start for i in agenda):
            continue
        count = prod(len(names.issues[i].names) for i in agenda)
        here: Path = ("tables", name, "agenda")
        if count > MAX_PACKAGES:
            yield Fault(here, f"{count:,} packages; the limit at a table is {MAX_PACKAGES:,}")
        elif not _admissible(agenda, table, scenario, names, start):
            yield Fault(here, "no package is admissible: `require` and `forbid` leave at most the status quo")


def _admissible(agenda: list[str], table: Table, scenario: Scenario, names: Names, start: dict[str, str]) -> bool:
    """Whether some package other than the status quo may meet `require` and no `forbid`.

    An issue that another table or a breakdown can set may have moved by then, so nothing is concluded from it.
    """
    conditions = [table.require, *(f.when for f in table.forbid)]
    read = set().union(*(variables(c) for c in conditions))
    settled = {} if names.partial else {k: v for k, v in start.items() if k not in _movable(scenario)}
    asked = [i for i in agenda if i in read]
    idle_choice = any(len(names.issues[i].names) > 1 for i in agenda if i not in read)
    for levels in product(*(names.issues[i].names for i in asked)):
        package = dict(zip(asked, levels, strict=True))
        if not idle_choice and all(start[i] == level for i, level in package.items()):
            continue
        known = settled | package
        if _could(table.require, True, known, names) and all(_could(f.when, False, known, names) for f in table.forbid):
            return True
    return False


def _movable(scenario: Scenario) -> set[str]:
    found: set[str] = set()
    for event in scenario.events.values():
        found.update(event.sets)
    for table in scenario.tables.values():
        found.update(table.agenda, *(end.sets for end in (table.breakdown, table.walk_away) if end))
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


def _no_party(given: str, name: str, table: Table) -> str:
    return f"{given} is not a party of {name}{did_you_mean(given, table.parties, 'parties')}"


def _repeats(items: Iterable[str]) -> list[int]:
    """Positions of the items that stand earlier too."""
    items = list(items)
    return [k for k, item in enumerate(items) if item in items[:k]]


def _terms(scenario: Scenario) -> Iterator[tuple[str, int, Interest]]:
    """(actor, position, term) for all terms; an invalid one is None among the valid parts."""
    for actor, terms in scenario.interests.items():
        yield from ((actor, k, term) for k, term in enumerate(terms) if term is not None)


def _discrete(scenario: Scenario) -> Iterator[tuple[str, str, dict[str, TypeValue]]]:
    for name, actor in scenario.actors.items():
        for kind, values in actor.types.items():
            if not isinstance(values, ContinuousType):
                yield name, kind, values


def _type_values(scenario: Scenario) -> Iterator[tuple[str, Path, TypeValue | ContinuousType]]:
    for name, actor in scenario.actors.items():
        yield from ((name, path, value) for path, value in _of_actor(name, actor))


def _of_actor(name: str, actor: Actor) -> Iterator[tuple[Path, TypeValue | ContinuousType]]:
    for kind, values in actor.types.items():
        here: Path = ("actors", name, "types", kind)
        if isinstance(values, ContinuousType):
            yield here, values
        else:
            yield from (((*here, value), one) for value, one in values.items())


CHECKS = (
    signals,
    type_probabilities,
    type_terms,
    type_sources,
    term_names,
    own_regard,
    resolve_floor,
    stock_ranges,
    shared_names,
    parties,
    agendas,
    packages,
)
