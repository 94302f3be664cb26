"""A scenario file, read and checked: every fault at once, each with its file, line and column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from sim.errors import Problem, ScenarioError, UserError, few_hints
from sim.scenario import levels
from sim.scenario.base import Names
from sim.scenario.checks import check
from sim.scenario.claims import Claim, claims_for, find_scenario, load_claims
from sim.scenario.messages import translate
from sim.scenario.overrides import apply, dump
from sim.scenario.payments import with_payments
from sim.scenario.reading import Document, read, read_file
from sim.scenario.schema import Actor, AnyInterest, Event, Issue, Scenario, Stock
from sim.scenario.tables import Table

_INTEREST = TypeAdapter[Any](AnyInterest, config=ConfigDict(defer_build=True))  # built when a file is wrong
OTHER_FILES = {  # by a key that no scenario has
    "vary": "this is an experiment, not a scenario; play it with `detente sweep`",
    "claims": "this is a file of claims, not a scenario; `detente claims SCENARIO` says what rests on each",
}


@dataclass(frozen=True)
class Loaded:
    """A scenario with what it rests on: `claims` by id, and the `text` as run (with overrides written into it)."""

    scenario: Scenario
    claims: dict[str, Claim]
    written: str  # the file
    data: dict[str, Any]
    file: str
    overrides: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        """Written when it is asked for: a sweep plays thousands and keeps none."""
        return dump(self.data) if self.overrides else self.written


def load(path: Path | str, overrides: Iterable[str] = (), claims_file: Path | str | None = None) -> Loaded:
    """Read and check a scenario file; `overrides` are texts such as `actors.RUS.discount=0.95`.

    Claims come from `claims_file`, else from the nearest `claims.yaml` beside or above the file, else from the
    package's own. Raises ScenarioError with every problem found.
    """
    return loads(read_file(path), str(path), overrides, claims_file or claims_for(Path(path)))


def loads(
    text: str, file: str = "<text>", overrides: Iterable[str] = (), claims_file: Path | str | None = None
) -> Loaded:
    """As `load`, from a text; `file` is the name that messages give."""
    return changed(parsed(text, file), load_claims(claims_file or claims_for(None)), text, tuple(overrides))


def given(scenario: Loaded | Path | str, overrides: Iterable[str] = ()) -> Loaded:
    """A scenario that is loaded, as it is; else as `load`, from its file or by a bundled one's name. Raises UserError
    for overrides of one that is loaded."""
    if not isinstance(scenario, Loaded):
        return load(find_scenario(scenario), overrides)
    if tuple(overrides):
        raise UserError("overrides change a file as it is read: give them to sim.load(path, overrides)")
    return scenario


def again(loaded: Loaded, overrides: Iterable[str]) -> Loaded:
    """The same file with more overridden. Raises ScenarioError."""
    overrides = (*loaded.overrides, *overrides)
    return changed(parsed(loaded.written, loaded.file), loaded.claims, loaded.written, overrides)


def parsed(text: str, file: str) -> Document:
    """What a scenario's text says, unchecked but for being one. Raises ScenarioError."""
    document = read(text, file)
    if not isinstance(document.data, dict):
        message = "a scenario is a mapping: title, horizon, actors, issues, interests, …"
        raise ScenarioError([*document.problems, Problem(file, 1, 1, message)])
    for key, message in OTHER_FILES.items():
        if key in document.data and "actors" not in document.data:
            raise ScenarioError([Problem(file, 1, 1, message)])
    return document


def changed(document: Document, claims: dict[str, Claim], text: str, overrides: tuple[str, ...]) -> Loaded:
    """A document with overrides, checked as a whole; the document itself is changed. Raises ScenarioError."""
    with few_hints():
        return _changed(document, claims, text, overrides)


def _changed(document: Document, claims: dict[str, Claim], text: str, overrides: tuple[str, ...]) -> Loaded:
    document.problems += apply(document, overrides)
    _bounded(document)
    scenario = with_payments(_validated(document, names_in(document.data, claims)))
    return Loaded(scenario, claims, text, document.data, document.file, overrides)


def _bounded(document: Document) -> None:
    """Raises ScenarioError where making all levels would take the machine's memory."""
    issues = document.data.get("issues")
    rows = issues.values() if isinstance(issues, dict) else ()
    total = sum(levels.count(issue.get("levels")) for issue in rows if isinstance(issue, dict))
    if total > levels.MOST:
        message = f"{total:,} levels in all; the limit is {levels.MOST:,}"
        raise ScenarioError([*document.problems, document.problem(("issues",), message)])


def names_in(data: dict[str, Any], claims: Iterable[str]) -> Names:
    """What the data declares; garbage where names should stand is passed over, validation speaks of it."""

    def keys(name: str) -> dict[str, Any]:
        section = data.get(name)
        return section if isinstance(section, dict) else {}

    return Names(
        actors=set(keys("actors")),
        issues={name: _levels(issue) for name, issue in keys("issues").items()},
        stocks=set(keys("stocks")),
        tables=set(keys("tables")),
        outcomes=set(keys("outcomes")),
        claims=set(claims),
        terms={actor: _terms(rows) for actor, rows in keys("interests").items()},
        covered=bool(data.get("assumption")),
    )


def _levels(issue: Any) -> levels.Levels | None:
    try:
        return levels.parse(issue.get("levels")) if isinstance(issue, dict) else None
    except PydanticCustomError:
        return None


def _terms(rows: Any) -> set[str]:
    return {str(r["term"]) for r in rows if isinstance(r, dict) and "term" in r} if isinstance(rows, list) else set()


def _validated(document: Document, names: Names) -> Scenario:
    try:
        scenario = Scenario.model_validate(document.data, context=names)
        found: list[Problem] = []
    except ValidationError as error:
        found = translate(error, document, names)
        names.partial = True
        scenario = _valid_parts(document.data, names)
    found += [document.problem(*fault) for fault in check(scenario, names)]
    # what could not be read as written is told once, not again by what then stands in its place
    told = {(p.file, p.line, p.column) for p in document.problems}
    problems = document.problems + [p for p in found if (p.file, p.line, p.column) not in told]
    if problems:
        raise ScenarioError(problems)
    return scenario


def _valid_parts(data: dict[str, Any], names: Names) -> Scenario:
    """A Scenario of the parts that are valid by themselves, for the checks only."""

    def good(section: str, model: type[BaseModel]) -> dict[str, Any]:
        rows = data.get(section)
        parts = {k: _part(model, v, names) for k, v in rows.items()} if isinstance(rows, dict) else {}
        return {k: v for k, v in parts.items() if v is not None}

    rows = data.get("interests")
    interests = {
        actor: tuple(_try(_INTEREST.validate_python, term, names) for term in terms)
        for actor, terms in (rows.items() if isinstance(rows, dict) else ())
        if isinstance(terms, list)
    }
    report = data.get("report")
    return Scenario.model_construct(
        actors=good("actors", Actor),
        issues=good("issues", Issue),
        stocks=good("stocks", Stock),
        interests=interests,
        tables=good("tables", Table),
        events=good("events", Event),
        report=tuple(r for r in report if isinstance(r, str)) if isinstance(report, list) else (),
    )


def _part(model: type[BaseModel], value: Any, names: Names) -> BaseModel | None:
    """The part without its invalid fields; None where it can't do without them."""
    try:
        return model.model_validate(value, context=names)
    except ValidationError as error:
        bad = {e["loc"][0] for e in error.errors(include_url=False) if e["loc"]}
    kept = {k: v for k, v in value.items() if k not in bad} if isinstance(value, dict) else None
    return _try(model.model_validate, kept, names)


def _try(validate: Any, value: Any, names: Names) -> Any:
    try:
        return validate(value, context=names)
    except ValidationError:
        return None
