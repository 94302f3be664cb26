"""Pydantic's findings as problems of the file: where it stands, what was given, what is allowed, did-you-mean."""

from __future__ import annotations

import re
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from sim.errors import Problem, did_you_mean, shown
from sim.scenario.base import Names
from sim.scenario.named import Named
from sim.scenario.reading import Document, Path
from sim.scenario.schema import FORMS

Details = dict[str, Any]
HOW_MUCH = {
    "greater_than": ("gt", "must be above"),
    "greater_than_equal": ("ge", "must be at least"),
    "less_than": ("lt", "must be below"),
    "less_than_equal": ("le", "must be at most"),
}
WHAT: dict[str, str] = {  # end of pydantic's error type -> what is needed
    "model": "a mapping is needed",
    "model_attributes": "a mapping is needed",
    "dict": "a mapping is needed",
    "tuple": "a list is needed, such as [a, b]",
    "list": "a list is needed, such as [a, b]",
    "string": "a text is needed",
    "bool": "true or false is needed",
    "int": "a whole number is needed",
    "float": "a number is needed",
}


def translate(error: ValidationError, document: Document, names: Names) -> list[Problem]:
    """Every finding once, each at its place in the file."""
    found: list[Problem] = []
    for details in cast(list[Details], error.errors(include_url=False)):
        if _only_seems_short(details):
            continue
        path, key, missing = _locate(details["loc"], document.data)
        below = details.get("ctx", {}).get("found")
        if below is not None:
            found += [document.problem(*_below(path, more, message)) for more, message in below]
        else:
            text, key = _text(details, path, key, missing, document, names)
            if details["type"] == "union_tag_invalid":
                path = (*path, "form")
            found.append(document.problem(path, text, key))
    return found


def _only_seems_short(details: Details) -> bool:
    """Pydantic counts the valid items of a list; what is wrong with the others it tells too."""
    return details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]


def _locate(loc: Path, data: Any) -> tuple[Path, bool, Any]:
    """(path in the data, whether its key is meant, last part that is not in the data).

    Pydantic's locations also hold the names of forms and of union members, which the file doesn't have.
    """
    path: Path = ()
    key, missing = False, None
    for part in loc:
        is_form = len(path) == 3 and path[0] == "interests" and isinstance(data, dict) and part == data.get("form")
        if part == "[key]":
            key = True
        elif not is_form and (
            (isinstance(data, dict) and part in data)
            or (isinstance(data, list) and isinstance(part, int) and part < len(data))
        ):
            path, data, missing = (*path, part), data[part], None  # type: ignore[index]
        else:
            missing = part
    return path, key, missing


def _below(path: Path, more: Path, message: str) -> tuple[Path, str, bool]:
    """A problem that a validator found below its own place; one about an unknown name points at the name."""
    path = (*path, *more)
    key = bool(more) and message.startswith("unknown") and f"'{path[-1]}'" in message.split(";")[0]
    return path, message, key


def _text(e: Details, path: Path, key: bool, missing: Any, document: Document, names: Names) -> tuple[str, bool]:
    kind, context = e["type"], e.get("ctx", {})
    if kind == "missing":
        return _missing(missing, _at(document.data, path), names), False
    if kind == "extra_forbidden":
        return _unknown_key(path, e["input"], document, names), True
    if kind == "string_pattern_mismatch":
        return f"{shown(e['input'])} is not a name: a letter, then letters, digits or _, at most 64 in all", key
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _form(context, e["input"]), key
    return _value(kind, context, e), key


def _value(kind: str, context: Details, e: Details) -> str:
    """What is wrong with one value."""
    if kind in HOW_MUCH:
        limit, words = HOW_MUCH[kind]
        return f"{words} {context[limit]:g}; got {shown(e['input'])}"
    if kind == "literal_error":
        options = re.findall(r"'([^']*)'", context["expected"])
        return f"must be one of the known words; got {shown(e['input'])}{did_you_mean(str(e['input']), options)}"
    if kind in ("too_short", "string_too_short"):
        return f"must hold at least {context['min_length']}; got {context.get('actual_length', 'none')}"
    if kind in ("too_long", "string_too_long"):
        return f"must hold at most {context['max_length']}; got {context.get('actual_length', 'more')}"
    if kind == "finite_number":
        return f"a finite number is needed; got {shown(e['input'])}"
    needed = WHAT.get(re.sub(r"_(type|parsing|from_float|parsing_size)$", "", kind))
    return f"{needed}; got {shown(e['input'])}" if needed else e["msg"]


def _missing(name: Any, data: Any, names: Names) -> str:
    if isinstance(name, int):
        return f"two numbers are needed, [low, high]; got {len(data)}"
    model = names.models.get(id(data))
    required = [k for k, f in model.model_fields.items() if f.is_required()] if model else [name]
    return f"'{name}' is missing; needed: {', '.join(map(str, required))}"


def _unknown_key(path: Path, value: Any, document: Document, names: Names) -> str:
    name = str(path[-1])
    model: type[BaseModel] | None = names.models.get(id(_at(document.data, path[:-1])))
    if model is not None and issubclass(model, Named):
        return f"unknown {model.kind} '{name}'{did_you_mean(name, model.model_fields)}"
    text = f"unknown key '{name}'{did_you_mean(name, list(model.model_fields) if model else [], 'allowed')}"
    if value is None:
        text += " (a text with a comma stands in quotes inside {…})"
    return text


def _form(context: Details, given: Any) -> str:
    known = re.findall(r"'([^']*)'", context.get("expected_tags", "")) or list(FORMS)
    if "tag" in context:
        return f"unknown form '{context['tag']}'{did_you_mean(context['tag'], known)}"
    if isinstance(given, dict):
        return f"'form' is missing; known: {', '.join(known)}"
    return f"a mapping is needed, such as {{term: face, form: linear, of: ISSUE, weight: 1}}; got {shown(given)}"


def _at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data
