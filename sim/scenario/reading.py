"""YAML text → plain dicts, lists and scalars, with the place in the file of every key and value.

Words are taken as written: only decimal numbers, `true`/`false` and `null` are more than text, so `no`,
`2025-03-01` and `1_000` stay words. Reading goes by the parser's events, so a deep file can't exhaust the stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path as File
from typing import Any, NamedTuple, NoReturn

import yaml

from sim.errors import Problem, ScenarioError, did_you_mean, shown

Path = tuple[str | int, ...]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_BYTES, MAX_DEPTH, MAX_VALUES, MAX_NUMBER, MAX_DIRECTIVES = 1_000_000, 50, 20_000, 1e100, 100
INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?")
NOT_FINITE = re.compile(r"[-+]?\.inf|\.nan", re.IGNORECASE)
WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
DIRECTIVE = re.compile("^%", re.MULTILINE)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")  # which only an escape can bring in
NOT_TEXT = re.compile("[^\x09\x0a\x0d\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Place(NamedTuple):
    """Where something stands; line and column count from 1."""

    file: str
    line: int
    column: int


@dataclass
class Document:
    """What a file says (`data`), and the place of each key and each value by its path from the top."""

    file: str
    data: Any = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def copy(self) -> Document:
        """One that overrides may change without changing this one."""
        return Document(self.file, _copied(self.data), dict(self.keys), dict(self.values), list(self.problems))

    def place(self, path: Path, key: bool = False) -> Place:
        """The place of the value (or key) at `path`, or of the nearest mapping around it."""
        if key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Place(self.file, 1, 1))

    def problem(self, path: Path, message: str, key: bool = False) -> Problem:
        where = self.spelled(path)
        return Problem(*self.place(path, key), f"{where}: {message}" if where else message)

    def spelled(self, path: Path) -> str:
        """`interests.RUS.face.weight`: the path as a reader would say it, and as `--set` takes it."""
        parts, node = [], self.data
        for part in path:
            known = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
            node = node[part] if part in known else None
            named = isinstance(part, int) and isinstance(node, dict) and isinstance(node.get("term"), str)
            parts.append(node["term"] if named else str(part))  # type: ignore[index]
        return ".".join(parts)


def _copied(data: Any) -> Any:
    if isinstance(data, dict):
        return {k: _copied(v) for k, v in data.items()}
    return [_copied(v) for v in data] if isinstance(data, list) else data


@dataclass
class Node:
    """A scalar, a list of nodes or a list of pairs of nodes, and where it begins."""

    line: int
    column: int
    kind: str
    value: Any


def scalar(text: str) -> Any:
    """What an unquoted word means. Raises ValueError for a number that is not finite or beyond ±1e100."""
    if text in WORDS:
        return WORDS[text]
    if NOT_FINITE.fullmatch(text):
        raise ValueError
    if not (INTEGER.fullmatch(text) or DECIMAL.fullmatch(text)):
        return text
    number = float(text)
    if abs(number) > MAX_NUMBER:
        raise ValueError
    return int(text) if INTEGER.fullmatch(text) else number


class _Reader:
    def __init__(self, text: str, document: Document):
        self.document = document
        self.events: Iterator[Any] = yaml.parse(text, Loader=LOADER)
        self.anchors: dict[str, Node] = {}
        self.count = 0

    def fail(self, line: int, column: int, message: str) -> NoReturn:
        raise ScenarioError([*self.document.problems, Problem(self.document.file, line, column, message)])

    def note(self, node: Node, message: str) -> None:
        self.document.problems.append(Problem(self.document.file, node.line, node.column, message))

    def node(self, event: Any, depth: int) -> Node:
        """The node that begins with `event`, its parts read from the events that follow."""
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        self.count += 1
        if depth > MAX_DEPTH:
            self.fail(line, column, f"nested more than {MAX_DEPTH} deep; the limit is {MAX_DEPTH}")
        if self.count > 2 * MAX_VALUES:  # keys and values
            self.fail(line, column, f"more than {MAX_VALUES:,} values; that is the limit")
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                self.fail(line, column, f"*{event.anchor} stands for nothing that is complete above it")
            target = self.anchors[event.anchor]
            return Node(line, column, target.kind, target.value)
        node = Node(line, column, "scalar", None)
        if event.tag is not None:
            self.note(node, f"tags are not part of the language (got '{event.tag}'); put quotes around a word instead")
        if isinstance(event, yaml.ScalarEvent):
            node.value = self.word(node, event)
        elif isinstance(event, yaml.SequenceStartEvent):
            node.kind, node.value = "list", [self.node(e, depth + 1) for e in self.until(yaml.SequenceEndEvent)]
        else:
            entries = [self.node(e, depth + 1) for e in self.until(yaml.MappingEndEvent)]
            node.kind, node.value = "mapping", list(zip(entries[::2], entries[1::2], strict=True))
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def until(self, end: type) -> Iterator[Any]:
        for event in self.events:
            if isinstance(event, end):
                return
            yield event

    def word(self, node: Node, event: Any) -> tuple[str, Any]:
        """The scalar as written (for keys) and what it means (for values)."""
        strange = CONTROL.search(event.value)
        if strange:
            self.note(node, f"a text holds no control characters; got U+{ord(strange.group()):04X}")
        if not event.implicit[0]:
            return event.value, event.value
        try:
            return event.value, scalar(event.value)
        except ValueError:
            self.note(node, f"a number must be finite and within ±{MAX_NUMBER:g}; got {shown(event.value)}")
            return event.value, 0.0

    def plain(self, node: Node, path: Path) -> Any:
        """Dicts, lists and scalars, with aliases written out; fills the document's places."""
        self.count += 1
        self.document.values[path] = Place(self.document.file, node.line, node.column)
        if self.count > MAX_VALUES or len(path) > MAX_DEPTH:
            limit = f"{MAX_VALUES:,} values" if self.count > MAX_VALUES else f"{MAX_DEPTH} levels of nesting"
            _, line, column = self.document.values[path[:1]]  # the section that grew
            self.fail(line, column, f"more than {limit} once aliases are written out; that is the limit")
        if node.kind == "scalar":
            return node.value[1]
        if node.kind == "list":
            return [self.plain(item, (*path, i)) for i, item in enumerate(node.value)]
        return self.mapping(node, path)

    def mapping(self, node: Node, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key, value in node.value:
            if key.kind != "scalar":
                self.note(key, "a key is a word, not a list or a mapping")
                continue
            name = key.value[0]
            if name in data:
                first = self.document.keys[(*path, name)]
                self.note(key, f"'{name}' is given twice; it stands first in line {first.line}, column {first.column}")
                continue
            self.document.keys[(*path, name)] = Place(self.document.file, key.line, key.column)
            data[name] = self.plain(value, (*path, name))
        return data


def read(text: str, file: str) -> Document:
    """The document that `text` holds. Problems that leave it readable (a key given twice) are kept in it.

    Raises ScenarioError where it can't be read at all, and past a limit, which the message names.
    """
    document = Document(file)
    if len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        message = f"the file holds more than 1 MB ({MAX_BYTES:,} bytes), which is the limit"
        raise ScenarioError([Problem(file, 1, 1, message)])
    strange = NOT_TEXT.search(text.removeprefix("\ufeff"))
    if strange:
        before = text[: text.index(strange.group())]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"not a text file: it holds the character U+{ord(strange.group()):04X}"
        raise ScenarioError([Problem(file, line, column, message)])
    directives = list(islice(DIRECTIVE.finditer(text), MAX_DIRECTIVES + 1))  # each is compared with all before it
    if len(directives) > MAX_DIRECTIVES:
        message = f"more than {MAX_DIRECTIVES} lines begin with %; that is the limit"
        line = text.count("\n", 0, directives[-1].start()) + 1
        raise ScenarioError([Problem(file, line, 1, message)])
    reader = _Reader(text.removeprefix("\ufeff"), document)
    try:
        root = _root(reader)
    except yaml.YAMLError as error:
        raise ScenarioError([*document.problems, _syntax(error, text, file)]) from None
    except (ValueError, OverflowError) as error:  # the pure-Python parser on a character that doesn't exist
        raise ScenarioError([*document.problems, Problem(file, 1, 1, f"not valid YAML: {error}")]) from None
    reader.count = 0
    document.data = reader.plain(root, ())
    return document


def _root(reader: _Reader) -> Node:
    root = None
    for event in reader.events:
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            mark: Any = event.start_mark
            reader.fail(mark.line + 1, mark.column + 1, "a second document (---); a file holds one")
        if isinstance(event, yaml.NodeEvent):
            root = reader.node(event, 0)
    if root is None:
        reader.fail(1, 1, "the file is empty")
    return root


def _syntax(error: yaml.YAMLError, text: str, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = ", ".join(t for t in (getattr(error, "context", None), getattr(error, "problem", None)) if t) or str(error)
    hint = "; put quotes around a text that contains ': ' or begins with a sign" if "mapping values" in what else ""
    if "expected ':'" in what or "could not find expected" in what or "expected <block end>" in what:
        hint = "; look for a missing `: ` or bracket here or in the lines above"
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if "".join(text.splitlines()[line - 1 : line])[column - 1 :].startswith("\t"):
        what, hint = "a tab stands here; indent with spaces", ""
    return Problem(file, line, column, f"not valid YAML: {what}{hint}")


def read_file(path: File | str) -> str:
    """The text of a file. Raises ScenarioError for a missing, unreadable, oversized or binary one."""

    def fail(message: str, line: int = 1, column: int = 1) -> NoReturn:
        raise ScenarioError([Problem(str(path), line, column, message)])

    try:
        with open(path, "rb") as handle:
            raw = handle.read(MAX_BYTES + 1)
    except IsADirectoryError:
        fail("this is a folder; a scenario is one YAML file")
    except FileNotFoundError:
        folder = File(path).parent
        near = sorted(p.name for p in folder.glob("*.yaml")) if folder.is_dir() else []
        fail(f"no such file{did_you_mean(File(path).name, near, 'YAML files there')}")
    except (OSError, ValueError) as error:
        fail(f"can't be read: {getattr(error, 'strerror', None) or error}")
    if len(raw) > MAX_BYTES:
        fail(f"the file holds more than 1 MB ({MAX_BYTES:,} bytes), which is the limit")
    if b"\0" in raw:
        fail("a binary file; a scenario is YAML text in UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].split(b"\n")
        column = len(before[-1].decode(errors="replace")) + 1
        fail(f"not UTF-8 text (byte 0x{raw[error.start]:02X})", len(before), column)
