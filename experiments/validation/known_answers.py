"""How far known answers are missed, read off where it is measured: the pages in docs/theory for the simulator, and the
tests in tests/theory, run with their distances noted, for the closed forms. Nothing is computed here a second time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
THEORY, TESTS = ROOT / "docs" / "theory", ROOT / "tests" / "theory"
NUMBER, GAP = re.compile(r"-?\d+\.\d+"), re.compile(r"[+-]\d\.\d+")


@dataclass(frozen=True)
class Missed:
    """Known answers of one kind: how many comparisons, the largest distance between numbers and what was allowed there
    (0: nothing is said), how many comparisons have a verdict, and how many of these miss."""

    name: str
    page: str
    cases: int
    distance: float
    allowed: float
    judged: int
    missed: int


class Compared(NamedTuple):
    """One comparison. `misses`: the verdict, None where the page has none."""

    distance: float
    allowed: float
    misses: bool | None


def played() -> Iterator[Missed]:
    """Every section of docs/theory that sets the simulator beside a known answer, in columns called simulated."""
    for file in sorted(THEORY.glob("*.md")):
        title, *sections = file.read_text(encoding="utf-8").split("\n## ")
        for text in sections:
            found = [c for heads, *rows in tables(text) for row in rows for c in beside(heads, row)]
            if found:
                name = f"{title.splitlines()[0].removeprefix('# ').split(':')[0]}: {text.splitlines()[0]}"
                far = max(found, key=lambda c: c.distance)
                verdicts = [c.misses for c in found if c.misses is not None]
                yield Missed(
                    name, file.name, len(found), far.distance, far.allowed, len(verdicts), sum(verdicts)
                )  # fmt: skip


def tables(text: str) -> list[list[list[str]]]:
    """The cells of every table, its head first, without the rule below it."""
    found = re.findall(r"(?:^\|.*\n?)+", text, re.M)
    cells = [[[c.strip() for c in line.split("|")[1:-1]] for line in t.strip().splitlines()] for t in found]
    return [[head, *rows] for head, _, *rows in cells]


def beside(heads: list[str], row: list[str]) -> Iterator[Compared]:
    """Each simulated cell against the one before it. A row's mark is the verdict on numbers; words must be equal."""
    marks = [c for c in row if c in ("✓", "**outside**", "**no**")]
    for k, head in enumerate(heads):
        if head.endswith("simulated"):
            known, found = row[k - 1], row[k]
            if not NUMBER.fullmatch(known):
                yield Compared(0.0, 0.0, known != found)
            else:
                allowed = float(row[heads.index("allowed")]) if "allowed" in heads else 0.0
                yield Compared(abs(float(known) - float(found)), allowed, marks[-1] != "✓" if marks else None)


def screened() -> Iterator[tuple[str, int, float, float]]:
    """Of docs/theory/screening.md, where nothing is allowed for: section, games, and the largest gap in the share that
    settles, at once or at all, of held beliefs and of the belief grid."""
    for text in (THEORY / "screening.md").read_text(encoding="utf-8").split("\n## ")[1:]:
        rows = [row for _, *rows in tables(text) for row in rows]
        gaps = [[abs(float(c)) for c in r if GAP.fullmatch(c)] for r in rows if r[1].startswith("settled")]
        if gaps:
            yield text.splitlines()[0], sum(bool(r[0]) for r in rows), max(g[0] for g in gaps), max(g[1] for g in gaps)


class Noting:
    """A pytest plugin: keeps the tests that take a `row` of the figures, or a table by `name`, and notes by which
    distance what they compare misses what is expected."""

    def __init__(self) -> None:
        self.home = {
            _key(row): file.stem
            for file in sorted(TESTS.glob("*.json"))
            for table, rows in json.loads(file.read_text(encoding="utf-8")).items()
            for row in (rows if isinstance(rows, list) else [table])
        }
        self.file = ""
        self.cases: dict[str, set[str]] = {}
        self.failed: dict[str, set[str]] = {}
        self.worst: dict[str, tuple[float, float]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [i for i in items if _key(_row(i)) in self.home]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        key = _key(_row(item))
        self.file = self.home[key]
        self.cases.setdefault(self.file, set()).add(key)
        exact, pytest.approx = pytest.approx, self.approx  # type: ignore[assignment]
        try:
            return (yield)
        except BaseException:
            self.failed.setdefault(self.file, set()).add(key)
            raise
        finally:
            pytest.approx = exact

    def approx(self, expected: Any, rel: Any = None, abs: Any = None, nan_ok: bool = False) -> Any:
        return _Noted(self, expected, abs, _APPROX(expected, rel=rel, abs=abs, nan_ok=nan_ok))

    def note(self, distance: float, allowed: float) -> None:
        if distance >= self.worst.get(self.file, (-1.0, 0.0))[0]:
            self.worst[self.file] = distance, allowed


_APPROX = pytest.approx


class _Noted:
    """What `pytest.approx` gives, with an ear to what is compared with it."""

    __array_ufunc__ = None  # so that an array leaves the comparison to us

    def __init__(self, noting: Noting, expected: Any, allowed: float | None, inner: Any) -> None:
        self.noting, self.expected, self.allowed, self.inner = noting, expected, allowed, inner

    def __eq__(self, actual: object) -> bool:
        try:
            apart = np.abs(np.asarray(actual, dtype=float) - np.asarray(self.expected, dtype=float))
        except (TypeError, ValueError):
            return bool(actual == self.inner)
        if self.allowed is not None and apart.size:
            self.noting.note(float(np.nanmax(apart)), float(self.allowed))
        return bool(actual == self.inner)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self.inner)


def _row(item: pytest.Item) -> Any:
    params = item.callspec.params if hasattr(item, "callspec") else {}
    return params.get("row", params.get("name"))


def _key(row: Any) -> str:
    return json.dumps(row, sort_keys=True)


def closed_forms() -> list[Missed]:
    """Every file of tests/theory/*.json that the closed forms of sim/theory are tested by."""
    noting = Noting()
    quiet = ["-o", "addopts=", "-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:xdist", str(TESTS)]
    pytest.main(quiet, plugins=[noting])
    found = []
    for file, cases in sorted(noting.cases.items()):
        distance, allowed = noting.worst.get(file, (0.0, 0.0))
        found.append(Missed(file, file, len(cases), distance, allowed, len(cases), len(noting.failed.get(file, ()))))
    return found
