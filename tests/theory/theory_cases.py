"""The figures beside this file, each table with its source, as parameters of tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

HERE = Path(__file__).parent


def figures(name: str) -> dict[str, Any]:
    """The tables of one JSON file, 'sources' among them."""
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


def rows(name: str, table: str) -> pytest.MarkDecorator:
    """Runs a test with `row` once for each row of a table; it is named by the row's numbers."""
    return pytest.mark.parametrize("row", figures(name)[table], ids=_label)


def _label(row: dict[str, Any]) -> str:
    numbers = [f"{k}={v:g}" for k, v in row.items() if isinstance(v, int | float)]
    return "-".join(numbers[:6]) or str(next(iter(row.values())))


def forall(*strategies: Any, examples: int = 100) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Hypothesis' `given`: the same examples in every run, and no clock, as machines differ."""
    return lambda test: settings(deadline=None, derandomize=True, max_examples=examples)(given(*strategies)(test))
