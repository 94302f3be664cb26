"""Every column of a worlds table is described, in the program and on the page about results."""

from __future__ import annotations

import re
from pathlib import Path

import sim
from sim.store.columns import COLUMNS

ROOT = Path(__file__).parents[2]


def pattern(column: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"NAME|ISSUE|ACTOR|ID", r"[A-Za-z0-9_]+", re.escape(column)))


def test_every_column_is_described_once():
    for name in ("kursk_ceasefire", "teaching/split_the_dollar"):
        worlds = sim.run(ROOT / "scenarios" / f"{name}.yaml", worlds=20, seed=1).worlds
        for column in worlds:
            described = [c.pattern for c in COLUMNS if pattern(c.pattern).fullmatch(column)]
            assert len(described) == 1, (column, described)


def test_the_page_lists_them_all():
    page = (ROOT / "results" / "README.md").read_text(encoding="utf-8")
    for c in COLUMNS:
        assert f"| `{c.pattern}` |" in page, c.pattern
