"""`--set PATH=VALUE`: one field of a scenario changed without touching its file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import yaml

from sim.errors import Problem, ScenarioError, did_you_mean
from sim.scenario.reading import Document, Path, Place, read, scalar

LINE_ENDS = re.compile("[\x85\u2028\u2029\ufeff]")  # YAML's own, which only an escape carries through unchanged


class _Missing(Exception):
    """(what to say, index of the part of the path that is wrong)"""


def apply(document: Document, overrides: Iterable[str]) -> list[Problem]:
    """Change the document's data in place, one override after the other; the problems of those that don't fit.

    A problem's file is `--set PATH=VALUE`, its column counts within that text.
    """
    found: list[Problem] = []
    for text in overrides:
        try:
            _apply(document, text)
        except ScenarioError as error:
            found += error.problems
    return found


def _apply(document: Document, text: str) -> None:
    file = f"--set {text}"
    spelled, equals, value = text.partition("=")
    if not equals:
        raise ScenarioError([Problem(file, 1, 1, "needs PATH=VALUE, such as actors.RUS.discount=0.95")])
    parts = spelled.strip().split(".")
    try:
        container, path = _walk(document.data, parts)
    except _Missing as missing:
        message, k = missing.args
        raise ScenarioError([Problem(file, 1, 1 + sum(len(p) + 1 for p in parts[:k]), message)]) from None
    given = _value(value, file, len(spelled) + 1)
    if _orders(given.data, container, path[-1]):
        container[path[-1]] = {name: container[path[-1]][name] for name in given.data}
        return
    container[path[-1]] = given.data
    _move(document, path, given, Place(file, 1, 1 + len(spelled.rpartition(".")[0]) + ("." in spelled)))


def _orders(given: Any, container: Any, key: str | int) -> bool:
    """Whether the value lists every name of the mapping that stands there, once: its new order."""
    there = container.get(key) if isinstance(container, dict) else container[key]
    return (
        isinstance(given, list)
        and isinstance(there, dict)
        and len(there) > 1
        and sorted(map(str, given)) == sorted(there)
    )


def override(path: str, value: Any) -> str:
    """`PATH=VALUE` as `--set` takes it, for a value of plain data (numbers, text, lists, mappings)."""
    text = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**9, default_flow_style=True)
    return f"{path}={text.strip().removesuffix('...').strip()}"


def standing(data: dict[str, Any], path: str) -> Any:
    """What the data has at a path; None where there is nothing."""
    try:
        container, whole = _walk(data, path.split("."))
    except _Missing:
        return None
    return container.get(whole[-1]) if isinstance(container, dict) else container[whole[-1]]


def _walk(data: Any, parts: list[str]) -> tuple[Any, Path]:
    """(the mapping or list that holds the last part, the whole path in the data)."""
    node = data
    path: Path = ()
    for k, part in enumerate(parts):
        last = k == len(parts) - 1
        key = _step(node, part, parts[:k], last)
        path = (*path, key)
        if not last:
            node = node[key]
    return node, path


def _step(node: Any, part: str, above: list[str], last: bool) -> str | int:
    """The key or index that `part` means in `node`: a key, an index from 0, or the name of a term."""
    where = f"under {'.'.join(above)}" if above else "at the top"
    if isinstance(node, list):
        terms = [r.get("term") if isinstance(r, dict) else None for r in node]
        if part in terms:
            return terms.index(part)
        if part.isascii() and part.isdigit() and len(part) < 7 and int(part) < len(node):
            return int(part)
        known = [str(t) for t in terms if t is not None] or [str(i) for i in range(len(node))]
        raise _Missing(f"no '{part}' {where}{did_you_mean(part, known)}", len(above))
    if not isinstance(node, dict):
        raise _Missing(f"no '{part}' {where}: that is a single value, with nothing below it", len(above))
    if not part or (part not in node and not last):
        raise _Missing(f"no '{part}' {where}{did_you_mean(part, node)}", len(above))
    return part


def _value(text: str, file: str, offset: int) -> Document:
    """The value, read by the rules of a file; its places are moved to where it stands in the override."""

    def moved(place: Place | Problem) -> Place:
        if place.line > text.count("\n") + 1:  # the parser's end of a text is a line further
            return Place(file, 1, offset + len(text) + 1)
        return Place(file, place.line, place.column + (offset if place.line == 1 else 0))

    if not text.strip():
        return Document(file, None, {}, {(): Place(file, 1, offset + 1)})
    try:
        given = read(text, file)
        found = given.problems
    except ScenarioError as error:
        found = list(error.problems)
    if found:
        raise ScenarioError([Problem(*moved(p), p.message) for p in found])
    given.keys = {k: moved(p) for k, p in given.keys.items()}
    given.values = {k: moved(p) for k, p in given.values.items()}
    return given


def _move(document: Document, path: Path, given: Document, key: Place) -> None:
    """Replace the places at and below `path` by those of the override."""
    for old, new in ((document.keys, given.keys), (document.values, given.values)):
        for stale in [p for p in old if p[: len(path)] == path]:
            del old[stale]
        old.update({(*path, *p): place for p, place in new.items()})
    if isinstance(path[-1], str):
        document.keys[path] = key


class _Dumper(yaml.SafeDumper):
    """Writes text so that it is read back as text, by this language's rules and by YAML's own."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    try:
        plain = isinstance(scalar(text), str)
    except ValueError:
        plain = False
    style = '"' if LINE_ENDS.search(text) else None if plain else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def dump(data: dict[str, Any]) -> str:
    """The data as YAML that reads back as the same data."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
