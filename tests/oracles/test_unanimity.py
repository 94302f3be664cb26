"""Unanimity with unequal recognition, through the teaching file: after Baron & Ferejohn (1989).

Values are p_i, the proposer keeps 1 − δ (1 − p_i), the others get δ p_i; on a grid of step h each share is within h of
that for every partner, as each must be given at least what waiting is worth.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import sim

FILE = Path(__file__).parents[2] / "scenarios" / "teaching" / "unanimity.yaml"
STEP = 0.01
ROWS = [((0.5, 0.3, 0.2), 0.9, (0.55, 0.37, 0.28)), ((0.2, 0.2, 0.6), 0.5, (0.6, 0.6, 0.8))]


@pytest.mark.parametrize(("odds", "delta", "keeps"), ROWS)
def test_what_the_proposer_keeps(odds, delta, keeps):
    a, b, c = odds
    changes = [f"actors.{actor}.discount={delta}" for actor in "ABC"]
    changes.append(f"tables.split.protocol.random={{A: {a}, B: {b}, C: {c}}}")
    worlds = sim.run(FILE, worlds=60, seed=1, overrides=tuple(changes)).frame
    assert (worlds["table.split.deal_period"] == 1).all()
    found = {(float(x), float(y)) for x, y in zip(worlds["level.for_a"], worlds["level.for_b"], strict=True)}
    expected = [(keeps[0], delta * b), (delta * a, keeps[1]), (delta * a, delta * b)]
    assert len(found) == 3
    for for_a, for_b in expected:
        assert any(abs(x - for_a) <= 2 * STEP and abs(y - for_b) <= STEP for x, y in found), (for_a, found)


def test_the_file_as_it_stands_gives_the_figures_of_its_comment():
    worlds = sim.run(FILE, worlds=40, seed=1).frame
    found = {(float(x), float(y)) for x, y in zip(worlds["level.for_a"], worlds["level.for_b"], strict=True)}
    assert found == {(0.55, 0.27), (0.45, 0.37), (0.45, 0.27)}
