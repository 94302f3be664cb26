"""How far known answers are missed, read off where it is measured: the pages in docs/theory for the simulator, and the
tests in tests/theory, run with their distances noted, for the closed forms. Nothing is computed here a second time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
THEORY, TESTS = ROOT / "docs" / "theory", ROOT / "tests" / "theory"
LINE = re.compile(r"^\|.*\| (-?[\d.]+) \| (-?[\d.]+) \| ([\d.]+) \| ([\d.]+) \| (✓|\*\*outside\*\*) \|$")
GAP = re.compile(r"^[+-]\d\.\d+$")


@dataclass(frozen=True)
class Missed:
    """One table of known answers: how many comparisons, the largest distance and what was allowed there, and how many
    lie outside what was allowed for them."""

    name: str
    page: str
    cases: int
    distance: float
    allowed: float
    outside: int


def played() -> Iterator[Missed]:
    """Every table of docs/theory that sets the simulator beside a closed form."""
    for file in sorted(THEORY.glob("*.md")):
        title, *sections = file.read_text(encoding="utf-8").split("\n## ")
        for text in sections:
            rows = [m.groups() for m in map(LINE.match, text.splitlines()) if m]
            if rows:
                _, _, distance, allowed, _ = max(rows, key=lambda r: float(r[2]))
                outside = sum(r[4] != "✓" for r in rows)
                name = f"{title.splitlines()[0].removeprefix('# ').split(':')[0]}: {text.splitlines()[0]}"
                yield Missed(name, file.name, len(rows), float(distance), float(allowed), outside)


def screened() -> Iterator[tuple[str, int, float, float]]:
    """Of docs/theory/screening.md, where nothing is allowed for: section, games, and the largest gap in the share that
    settles, of held beliefs and of the belief grid."""
    for text in (THEORY / "screening.md").read_text(encoding="utf-8").split("\n## ")[1:]:
        rows = [r.split("|")[1:-1] for r in text.splitlines() if "| settled" in r]
        gaps = [[abs(float(c)) for c in map(str.strip, r) if GAP.match(c)] for r in rows]
        if gaps:
            games = sum("| first offer |" in r for r in text.splitlines())
            yield text.splitlines()[0], games, max(g[0] for g in gaps), max(g[1] for g in gaps)


class Noting:
    """A pytest plugin: keeps the tests that take a `row` of the figures, and notes by which distance what they compare
    misses what is expected."""

    def __init__(self) -> None:
        self.home = {
            _key(row): (file.stem, table)
            for file in sorted(TESTS.glob("*.json"))
            for table, rows in json.loads(file.read_text(encoding="utf-8")).items()
            if isinstance(rows, list)
            for row in rows
        }
        self.row: tuple[str, str] | None = None
        self.cases: dict[tuple[str, str], set[str]] = {}
        self.worst: dict[tuple[str, str], tuple[float, float]] = {}
        self.failed: dict[tuple[str, str], int] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [i for i in items if _row(i) is not None]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        row = _row(item)
        self.row = self.home.get(_key(row))
        if self.row is not None:
            self.cases.setdefault(self.row, set()).add(_key(row))
        exact, pytest.approx = pytest.approx, self.approx  # type: ignore[assignment]
        try:
            return (yield)
        except BaseException:
            if self.row is not None:
                self.failed[self.row] = self.failed.get(self.row, 0) + 1
            raise
        finally:
            pytest.approx = exact

    def approx(self, expected: Any, rel: Any = None, abs: Any = None, nan_ok: bool = False) -> Any:
        return _Noted(self, expected, abs, _APPROX(expected, rel=rel, abs=abs, nan_ok=nan_ok))

    def note(self, distance: float, allowed: float) -> None:
        if self.row is not None and distance >= self.worst.get(self.row, (-1.0, 0.0))[0]:
            self.worst[self.row] = distance, allowed


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


def _row(item: pytest.Item) -> dict[str, Any] | None:
    call = getattr(item, "callspec", None)
    return None if call is None else call.params.get("row")


def _key(row: dict[str, Any] | None) -> str:
    return json.dumps(row, sort_keys=True)


def closed_forms() -> list[Missed]:
    """Every table of tests/theory/*.json that the closed forms of sim/theory are tested by."""
    noting = Noting()
    quiet = ["-o", "addopts=", "-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:xdist", str(TESTS)]
    pytest.main(quiet, plugins=[noting])
    return [
        Missed(f"{file}: {table}", file, len(cases), *noting.worst.get((file, table), (0.0, 0.0)), noting.failed.get((file, table), 0))
        for (file, table), cases in sorted(noting.cases.items())
    ]  # fmt: skip
