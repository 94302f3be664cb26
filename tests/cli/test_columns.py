"""Every column of a worlds table is described, in the program and on the page about results."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.store.columns import COLUMNS

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
NAMES = ("secret", "guarantor", "mediator", "lapses", "consent", "news")


def pattern(column: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"NAME|ISSUE|ACTOR|ID", r"[A-Za-z0-9_]+", re.escape(column)))


@pytest.fixture(scope="module")
def worlds():
    """worlds(name, *sets): 60 worlds of a small scenario with the feature that it is named after."""
    return lambda name, *sets: sim.run(sim.load(GOLDEN / f"{name}.yaml", sets), worlds=60, seed=1).frame


def test_every_column_is_described_once(worlds):
    kursk = sim.run(ROOT / "scenarios" / "kursk_ceasefire.yaml", worlds=10, seed=1).frame
    used = set()
    for column in dict.fromkeys([*kursk, *(c for n in NAMES for c in worlds(n))]):
        described = [c.pattern for c in COLUMNS if pattern(c.pattern).fullmatch(column)]
        assert len(described) == 1, (column, described)
        used.add(described[0])
    assert used == {c.pattern for c in COLUMNS}


def test_the_page_lists_them_all():
    page = (ROOT / "results" / "README.md").read_text(encoding="utf-8")
    for c in COLUMNS:
        assert f"| `{c.pattern}` |" in page, c.pattern


def test_a_broken_promise_is_counted_where_resolve_is_low(worlds):
    """A breaks its word when 1.5 − 1.2 of its stakes exceed its resolve, at full strength, after four periods."""
    w = worlds("guarantor")
    low = w["table.treaty.resolve.A"] < 0.3
    assert 0 < low.mean() < 1
    assert (w["table.treaty.broken"] == np.where(low, 5, 0)).all()
    assert (w["table.treaty.breaches.A"] == low).all()
    assert (w["table.treaty.status"] == np.where(low, "promise_broken", "deal")).all()


def test_what_is_announced_is_true_once_the_secret_is_out(worlds):
    w = worlds("secret")
    out = w["table.backroom.revealed"] > 0
    assert 0 < out.mean() < 1 and (w["table.backroom.revealed"][out] > 1).all()
    assert (w["level.favour"] == "yes").all()
    assert (w["announced.favour"] == np.where(out, "yes", "no")).all()
    assert "announced.deal" not in w and "table.open.revealed" not in w


def test_whether_a_mediator_was_believed(worlds):
    assert (worlds("mediator")["table.crisis.believed.Two"] == 1).all()
    lying = worlds("mediator", "interests.M.0.weight=5", "interests.M.1.weight=2.9")
    assert (lying["table.crisis.believed.Two"] == 0).all()
    waits = "tables.crisis.opens={when: {deal: yes}, assumption: it never opens}"
    assert (worlds("mediator", waits)["table.crisis.believed.Two"] == -1).all()


def test_deals_are_counted(worlds):
    w = worlds("lapses")
    assert (w["table.trade.deals"] == 3).all() and (w["table.trade.deal_period"] == 1).all()
    assert (worlds("secret")["table.backroom.deals"] == 1).all()
