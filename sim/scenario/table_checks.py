"""What a table asks of itself: who sits there, who must agree, what each feature names, and what goes together."""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import did_you_mean
from sim.scenario.base import Names
from sim.scenario.faults import Fault, no_party, off_agenda, repeats
from sim.scenario.reading import Path
from sim.scenario.schema import Scenario
from sim.scenario.tables import Table

FEATURES = (  # keys of a table that add something to parties, protocol and agenda
    *("breakdown", "consent", "deadline", "foresees", "guarantor", "lapses", "mediator", "payments", "renege"),
    *("reopens", "secret", "strategies", "walk_away"),
)
APART = {  # what can't stand beside a feature; the reference has the same table
    "assent": ("foresees", "guarantor", "lapses", "mediator", "payments", "protocol", "renege", "walk_away"),
    "beliefs": (
        *("assent", "consent", "foresees", "guarantor", "lapses", "mediator", "payments", "renege", "reopens"),
        *("strategies", "walk_away"),
    ),
    "lapses": ("guarantor", "renege"),
    "protocol": ("payments", "walk_away"),
}
CALLED = {"assent": "a quota", "beliefs": "beliefs: grid", "protocol": "simultaneous demands"}


def parties(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """Parties are distinct; whoever proposes, votes, walks away, reneges or has a strategy is one of them."""
    for name, table in scenario.tables.items():
        here: Path = ("tables", name)
        for k in repeats(table.parties):
            yield Fault((*here, "parties", k), f"{table.parties[k]} is listed twice")
        for key, given in table.protocol.rule.named().items():
            if given in names.actors and given not in table.parties:
                yield Fault((*here, "protocol", table.protocol.name, key), no_party(given, name, table))
        for feature in ("strategies", "renege"):
            for actor in getattr(table, feature):
                if actor not in table.parties:
                    yield Fault((*here, feature, actor), no_party(actor, name, table), key=True)
        yield from _walkers(name, table)
        yield from _voters(name, table)


def _walkers(name: str, table: Table) -> Iterator[Fault]:
    if table.walk_away is None:
        return
    here: Path = ("tables", name, "walk_away", "by")
    walkers = table.walk_away.walkers
    for who in walkers:
        if who not in table.parties:
            yield Fault(here, no_party(who, name, table))
    if repeats(walkers):
        yield Fault(here, f"listed twice: {', '.join(walkers[k] for k in repeats(walkers))}")
    if len(table.parties) > 2 and len(walkers) > 1:
        yield Fault(here, f"at a table of {len(table.parties)} only one party may walk away; got {', '.join(walkers)}")


def _voters(name: str, table: Table) -> Iterator[Fault]:
    """Weights and vetoes belong to parties, who can reach the quota together."""
    if table.assent is None:
        return
    here: Path = ("tables", name, "assent")
    for actor in table.assent.weights:
        if actor not in table.parties:
            yield Fault((*here, "weights", actor), no_party(actor, name, table), key=True)
    for k, actor in enumerate(table.assent.veto):
        if actor not in table.parties:
            yield Fault((*here, "veto", k), no_party(actor, name, table))
    for k in repeats(table.assent.veto):
        yield Fault((*here, "veto", k), f"{table.assent.veto[k]} is listed twice")
    total = sum(table.assent.weights.get(p, 1.0) for p in dict.fromkeys(table.parties))
    if table.assent.quota > total + 1e-9:
        text = (
            f"all parties together have {total:g} (1 each unless `weights` says otherwise); got {table.assent.quota:g}"
        )
        yield Fault((*here, "quota"), text)


def third_parties(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """Who is asked for consent, mediates or guarantees is not a party."""
    for name, table in scenario.tables.items():
        here: Path = ("tables", name)
        for actor in table.consent:
            if actor in table.parties:
                text = f"{actor} is a party of {name}, which assents; consent is for others"
                yield Fault((*here, "consent", actor), text, key=True)
        for role, one in (("mediator", table.mediator), ("guarantor", table.guarantor)):
            if one is not None and one.by in table.parties:
                others = names.actors - set(table.parties)
                text = f"{one.by} is a party of {name}; a {role} stands outside{did_you_mean('', others, 'others')}"
                yield Fault((*here, role, "by"), text)


def agendas(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """No issue stands twice, neither on one agenda nor on two; what consent, lapses and scripts name is on it."""
    owner: dict[str, str] = {}
    for name, table in scenario.tables.items():
        here: Path = ("tables", name)
        for k, issue in enumerate(table.agenda):
            first = owner.setdefault(issue, name)
            if first != name:
                yield Fault((*here, "agenda", k), f"'{issue}' is on the agenda of {first} already")
        for k in repeats(table.agenda):
            yield Fault((*here, "agenda", k), f"'{table.agenda[k]}' is listed twice")
        for actor, consent in table.consent.items():
            for k, issue in enumerate(consent.on):
                if issue not in table.agenda:
                    yield Fault((*here, "consent", actor, "on", k), off_agenda(issue, name, table))
        for issue in table.lapses:
            if issue not in table.agenda:
                yield Fault((*here, "lapses", issue), off_agenda(issue, name, table), key=True)
        for actor, strategy in table.strategies.items():
            for issue in sorted(strategy.rule.issues() - set(table.agenda)):
                yield Fault((*here, "strategies", actor), off_agenda(issue, name, table))


def undoing(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """Deals lapse as a whole, and neither a lapse nor a broken promise undoes what can't be undone."""
    for name, table in scenario.tables.items():
        first = next(iter(table.lapses.values()), 0)
        for issue, periods in table.lapses.items():
            here: Path = ("tables", name, "lapses", issue)
            if periods != first:
                text = f"what a table agrees lapses all at once; got {periods} beside {first}"
                yield Fault(here, text)
            if issue in scenario.issues and scenario.issues[issue].irreversible:
                yield Fault(here, f"'{issue}' is irreversible, so it can't lapse", key=True)
        for actor, renege in table.renege.items():
            for issue, level in renege.sets.items():
                if _never_rises(issue, level, scenario, names):
                    text = f"'{issue}' is irreversible, and never falls to '{level}'; leave it out"
                    yield Fault(("tables", name, "renege", actor, "sets", issue), text)
                known = scenario.issues.get(issue)
                if issue in table.agenda and known is not None and known.claims and level != known.start:
                    text = f"'{issue}' rests on claims; a breach can only set it back to its start, '{known.start}'"
                    yield Fault(("tables", name, "renege", actor, "sets", issue), text)


def _never_rises(issue: str, level: str, scenario: Scenario, names: Names) -> bool:
    """Whether an irreversible issue stands at that level or above from the start."""
    known, levels = scenario.issues.get(issue), names.issues.get(issue)
    if known is None or levels is None or not known.irreversible:
        return False
    return levels.index(level) <= levels.index(known.start)


def together(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """What stands at a table goes together: see APART."""
    for name, table in scenario.tables.items():
        used = _used(table)
        for one, others in APART.items():
            for other in others if one in used else ():
                if other in used:
                    whole = CALLED.get(one, one)
                    allowed = [f for f in FEATURES if f not in others and f != one]
                    text = f"{CALLED.get(other, other)} can't stand beside {whole}; what can: {', '.join(allowed)}"
                    yield Fault(("tables", name, other), text, key=True)
        rule = table.protocol.rule
        if rule.reopens and "reopens" in table.model_fields_set and not table.reopens:
            text = f"{table.protocol.name} goes on after each deal; leave `reopens` out"
            yield Fault(("tables", name, "reopens"), text)


def _used(table: Table) -> set[str]:
    used = {f for f in FEATURES if getattr(table, f)}
    special = {
        "assent": table.assent is not None,
        "beliefs": table.beliefs == "grid",
        "protocol": table.protocol.rule.joint,
    }
    return used | {key for key, there in special.items() if there}
