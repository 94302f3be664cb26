"""Running shares: the share of the first n worlds, whatever the blocks; its interval narrows as 1/√n."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from sim.analysis.summary import _convergence
from sim.store.folder import Blocks
from sim.streams import shares


def blocks(held: np.ndarray) -> Blocks:
    parts = {b: {"outcome.won": held[1000 * b : 1000 * b + n]} for b, n in shares(len(held))}
    return Blocks(len(held), None, parts)


@given(some.integers(1, 3500), some.floats(0, 1), some.integers(0, 99))
def test_every_mark_is_the_share_of_the_worlds_before_it(worlds, chance, seed):
    held = np.random.default_rng(seed).random(worlds) < chance
    found = _convergence(["won"], blocks(held))
    won = found["outcomes"]["won"]
    assert found["worlds"][-1] == worlds and found["worlds"] == sorted(set(found["worlds"]))
    for n, share, low, high in zip(found["worlds"], won["share"], won["low"], won["high"], strict=True):
        assert share == pytest.approx(held[:n].mean()) and low <= share <= high


def test_the_interval_narrows_with_the_root_of_the_worlds():
    found = _convergence(["won"], blocks(np.arange(10_000) % 2 == 0))
    wide = np.array(found["outcomes"]["won"]["high"]) - found["outcomes"]["won"]["low"]
    ratio = wide * np.sqrt(found["worlds"]) / (2 * 1.959964 * 0.5)  # Wald's width at one half; Wilson's comes to it
    assert ratio[-1] == pytest.approx(1, abs=0.001) and np.all(np.diff(wide) < 0)


def test_memory_is_of_one_block(monkeypatch):
    """It asks for one block after another, and never for a whole column."""
    monkeypatch.setattr(Blocks, "column", None)
    found = _convergence(["won"], blocks(np.ones(2500, bool)))
    assert found["outcomes"]["won"]["share"][-1] == 1
    assert _convergence([], blocks(np.ones(5, bool)))["outcomes"] == {}
