"""Changes that a scenario's own structure allows, one at a time: what an actor could do otherwise at its tables, and
what the others could want otherwise. Nothing here knows of any scenario: tables, features, strategies, terms and priors
say what there is to change, and the loader whether what comes of it holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from sim.analysis.words import plain
from sim.errors import ScenarioError
from sim.scenario.loader import Loaded, changed
from sim.scenario.overrides import override
from sim.scenario.payments import payment_issues
from sim.scenario.reading import Document
from sim.scenario.schema import Actor, ContinuousType, Scenario
from sim.scenario.shifts import FIFTH, moved, patience, quartiles
from sim.scenario.strategy import Strategy
from sim.scenario.tables import STRATEGIES, Table

OWN, OTHERS = "own", "others"
GUARANTEES = {"weak": 0.2, "ironclad": 2.0}  # penalties, as shares of the breaker's stakes
ASSUMED = {"assumption": "a change that is tried out"}


@dataclass(frozen=True)
class Change:
    """`sets`: as `--set` takes them. `rests`: on what the line that it changes rests in the file."""

    side: str  # OWN or OTHERS
    about: str
    sets: tuple[str, ...]
    rests: str


Tried = tuple[Change, Loaded]


def changes(loaded: Loaded, actor: str) -> list[Tried]:
    """Every change that makes another valid scenario, each once, with what it makes: first `actor`'s own, then the
    others'."""
    found: list[Tried] = []
    seen = {_identity(loaded.scenario)}
    for change in (*_own(loaded.scenario, actor), *_others(loaded.scenario, actor)):
        document = Document(loaded.file, deepcopy(loaded.data))
        try:
            made = changed(document, loaded.claims, loaded.text, change.sets)
        except ScenarioError:
            continue
        if _identity(made.scenario) not in seen:
            seen.add(_identity(made.scenario))
            found.append((change, made))
    return found


def _identity(scenario: Scenario) -> str:
    return repr(scenario)  # tells the order of tables, which equality doesn't


def measured_with(scenario: Scenario, actor: str) -> tuple[Any, ...]:
    """All that `actor`'s value is measured with: where two scenarios agree in it, its values are on one scale. What a
    side payment is worth hangs on the stakes, and so on everything."""
    if any(i.paid_at() for terms in scenario.interests.values() for i in terms):
        return (scenario,)
    regarded = [i.regards() for i in scenario.interests.get(actor, ())]
    whose = [actor, *(a for a in scenario.actors if a in regarded)]
    wants = [(scenario.interests.get(a, ()), scenario.actors[a].types) for a in whose]
    return (wants, scenario.normalise, scenario.horizon, scenario.actors[actor].discount, scenario.issues)


def _own(scenario: Scenario, actor: str) -> Iterator[Change]:
    for name, table in scenario.tables.items():
        if actor in table.parties:
            at = f"{plain(name)}: "
            for about, path, value, rests in (
                *_strategies(name, table, actor),
                *_turn(table, actor),
                *_dates(scenario, name, table),
                *_secrecy(scenario, table),
            ):
                yield Change(OWN, at + about, (override(f"tables.{name}.{path}", value),), rests)
            yield from _order(scenario, name)
        yield from _guarantee(scenario, name, table, actor)
    if any(actor in t.parties for t in scenario.tables.values()):
        for words, law in moved(scenario.actors[actor].resolve).items():
            about = f"what it asks of any deal (its resolve), {words}"
            yield Change(OWN, about, (override(f"actors.{actor}.resolve", law),), _rests(scenario))
    yield from _calendar(scenario, actor)


Row = tuple[str, str, Any, str]  # what is changed in words, path below the table, value, on what it rests


def _strategies(name: str, table: Table, actor: str) -> Iterator[Row]:
    path, wrap = (f"strategies.{actor}", False) if table.strategies else ("strategies", True)
    now = table.strategies[actor].name if actor in table.strategies else "lookahead"
    for kind, rule in STRATEGIES.items():
        for settings in _settings(rule):
            if kind == now and not settings:
                continue
            value = {kind: settings} if settings else kind
            told = ", ".join(f"{k} {v:g}" for k, v in settings.items())
            about = f"plays {kind}" + (f", {told}" if told else "")
            yield about, path, {actor: value} if wrap else value, "assumed: how it plays"


def _settings(rule: type[Strategy]) -> list[dict[str, float]]:
    """A strategy as it is, and with one number changed: to the quarters of its range, or to half and double."""
    if any(f.annotation is not float for f in rule.model_fields.values()):
        return []  # a script is no number to be changed
    found: list[dict[str, float]] = [{}]
    for name, field in rule.model_fields.items():
        ends = {k: getattr(m, k) for m in field.metadata for k in ("ge", "le") if getattr(m, k, None) is not None}
        if len(ends) == 2:
            found += [{name: ends["ge"] + (ends["le"] - ends["ge"]) * k / 4} for k in (1, 2, 3)]
        else:
            found += [{name: field.default / 2}, {name: field.default * 2}]
    return found


def _turn(table: Table, actor: str) -> Iterator[Row]:
    rule = table.protocol
    for key, who in rule.rule.named().items():
        if who != actor:
            yield f"{key}: {actor}, not {who}", f"protocol.{rule.name}.{key}", actor, "assumed: who proposes"


def _dates(scenario: Scenario, name: str, table: Table) -> Iterator[Row]:
    """Its deadline, when it opens, and how long a deal lasts."""
    old = "assumed: the calendar"
    if table.deadline is not None:
        yield "no deadline", "deadline", None, old
    base = table.deadline or max(scenario.horizon // 2, 1)
    for meetings in (max(base // 2, 1), base if table.deadline is None else 2 * base):
        yield f"a deadline after {meetings} meeting{'s' * (meetings > 1)}", "deadline", meetings, old
    if table.opens is not None:
        yield "open from the start", "opens", None, _rests(scenario, table.opens)
    for other, there in scenario.tables.items():
        if other != name:
            agenda = (i for i in there.agenda if i not in payment_issues(other, there))
            before = {"not": {i: scenario.issues[i].start for i in agenda}}
            yield f"opens once something is agreed at {plain(other)}", "opens", {"when": before, **ASSUMED}, old
    lapsing = {i: n for i, n in table.lapses.items() if i not in payment_issues(name, table)}
    for periods in sorted({max(n // 2, 1) for n in lapsing.values()} | {2 * n for n in lapsing.values()}):
        yield f"a deal lasts {periods} periods", "lapses", dict.fromkeys(lapsing, periods), old
    if lapsing:
        yield "a deal lasts", "lapses", {}, old


def _secrecy(scenario: Scenario, table: Table) -> Iterator[Row]:
    """Open where it was secret; secret where it was open, and out once in a horizon on average."""
    if table.secret is not None:
        yield "in the open", "secret", None, _rests(scenario, table.secret)
    elif set(scenario.actors) - table.insiders():
        hazard = float(f"{1 / scenario.horizon:.2g}")
        value = {"revealed": {"hazard": hazard}, **ASSUMED}
        yield f"secret, out with {hazard:g} a period", "secret", value, "assumed: all know of it"


def _order(scenario: Scenario, name: str) -> Iterator[Change]:
    others = [t for t in scenario.tables if t != name]
    for words, order in (("first", [name, *others]), ("last", [*others, name])):
        yield Change(
            OWN,
            f"{plain(name)}: meets {words} in a period",
            (override("tables", order),),
            "assumed: the order of tables",
        )


def _guarantee(scenario: Scenario, name: str, table: Table, actor: str) -> Iterator[Change]:
    """Where a promise can be broken: a third party's guarantee, or none; an actor that isn't a party may give one."""
    if not table.renege:
        return
    path, here = f"tables.{name}.guarantor", plain(name)
    outside = [a for a in scenario.actors if a not in table.parties]
    by = outside[0] if actor in table.parties and outside else actor
    if table.guarantor is not None and actor in (*table.parties, table.guarantor.by):
        rests = _rests(scenario, table.guarantor)
        yield Change(OWN, f"{here}: without {table.guarantor.by}'s guarantee", (override(path, None),), rests)
        by = table.guarantor.by
    for words, penalty in GUARANTEES.items():
        value = {"by": by, "penalty": penalty, **ASSUMED}
        about = f"{here}: a guarantee by {by}, {words} ({penalty:g} of the breaker's stakes)"
        yield Change(OWN, about, (override(path, value),), "assumed: who guarantees what")


def _calendar(scenario: Scenario, actor: str) -> Iterator[Change]:
    """Dates of events, but for those that speak of another actor: a quarter of the horizon earlier and later."""
    step = max(scenario.horizon // 4, 1)
    for name, event in scenario.events.items():
        if event.at is None or (event.signals is not None and event.signals.actor != actor):
            continue
        for at in (event.at - step, event.at + step):
            about = f"{plain(name)} in period {at} instead of {event.at}"
            yield Change(OWN, about, (override(f"events.{name}.at", at),), _rests(scenario, event))


def _others(scenario: Scenario, actor: str) -> Iterator[Change]:
    for other, person in scenario.actors.items():
        if other == actor:
            continue
        who, shifts = person.name or plain(other), []
        for i in scenario.interests.get(other, ()):
            rests = _rests(scenario, i)
            path = f"interests.{other}.{i.term}.weight"
            shifts += [(f"weight of {plain(i.term)}", path, w, v, rests) for w, v in quartiles(i.weight).items()]
        rests = _rests(scenario)
        shifts += [("discount", f"actors.{other}.discount", w, v, rests) for w, v in patience(person.discount).items()]
        for trait, there in (
            ("resolve", any(other in t.parties for t in scenario.tables.values())),
            ("tolerance", any(other in t.consent for t in scenario.tables.values())),
        ):
            laws = moved(getattr(person, trait)) if there else {}
            shifts += [(trait, f"actors.{other}.{trait}", w, v, rests) for w, v in laws.items()]
        for what, path, words, value, rests in shifts:
            number = f" ({value:g})" if isinstance(value, float) else ""
            yield Change(OTHERS, f"{who}: {what} {words}{number}", (override(path, value),), rests)
        yield from _types(scenario, other, person, who)


def _types(scenario: Scenario, other: str, person: Actor, who: str) -> Iterator[Change]:
    """Each value of a type a fifth likelier, the rest in proportion; a continuous one moved as a whole."""
    for kind, values in person.types.items():
        path = f"actors.{other}.types.{kind}"
        if isinstance(values, ContinuousType):
            for how in ("scale", "set"):
                for term, prior in getattr(values, how).items():
                    for words, law in moved(prior).items():
                        about, sets = f"{who}: {kind} ({plain(term)}) {words}", (override(f"{path}.{how}.{term}", law),)
                        yield Change(OTHERS, about, sets, _rests(scenario, values))
            continue
        for name, value in values.items():
            likelier = min(value.probability * (1 + FIFTH), 1.0)
            rest = (1 - likelier) / (1 - value.probability) if value.probability < 1 else 1.0
            odds = {k: likelier if k == name else v.probability * rest for k, v in values.items()}
            each = tuple(override(f"{path}.{k}.probability", round(p, 9)) for k, p in odds.items())
            about = f"{who}: {kind} {plain(name)} a fifth likelier ({likelier:g})"
            yield Change(OTHERS, about, each, _rests(scenario, value))


def _rests(scenario: Scenario, line: Any = None) -> str:
    """On what a line rests: its claims, its assumption, or the whole file's."""
    if claims := getattr(line, "claims", ()):
        return ", ".join(claims)
    text = getattr(line, "assumption", None) or scenario.assumption
    return f"assumed: {text}" if text else "declared without a source"
