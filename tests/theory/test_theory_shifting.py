"""Shifting power: figures, and the condition over all horizons against a recursion on what can be promised."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st
from theory_cases import forall, rows

from sim.theory import gradual_shift, shifting_power

EDGE = 1e-9


@rows("commitment", "one_shift")
def test_one_shift(row):
    """The third row, without costs, is a knife edge: both thresholds coincide. Compared in closed form only."""
    p1, delta, cost_r, cost_d = row["p1"], row["delta"], row["cR"], row["cD"]
    offers = shifting_power.threshold_rising_offers(p1, delta, cost_d)
    nobody = shifting_power.threshold_any_protocol(p1, delta, cost_r, cost_d)
    assert offers == pytest.approx(row["p2_star_R_makes_offers"], abs=1e-10)
    assert nobody == pytest.approx(row["p2_star_no_peace_at_all"], abs=1e-10)
    assert (offers == pytest.approx(nobody)) == (cost_r == cost_d == 0)


@rows("commitment", "one_shift")
def test_the_verdict_flips_at_the_threshold(row):
    p1, delta, cost_r, cost_d = row["p1"], row["delta"], row["cR"], row["cD"]
    nobody = shifting_power.threshold_any_protocol(p1, delta, cost_r, cost_d)
    assert gradual_shift.peace_possible([p1, nobody - EDGE], delta, cost_r, cost_d)
    assert not gradual_shift.peace_possible([p1, nobody + EDGE], delta, cost_r, cost_d)
    offers = shifting_power.threshold_rising_offers(p1, delta, cost_d)
    assert shifting_power.buy_off(p1, offers - EDGE, delta, cost_d) < 1
    assert shifting_power.buy_off(p1, offers + EDGE, delta, cost_d) > 1


def test_rising_power():
    """With p₁ = .3, δ = .9, c_D = .5: peace where power rises to .338, war at .340."""
    threshold = shifting_power.threshold_rising_offers(0.3, 0.9, 0.5)
    assert 0.338 < threshold < 0.340


@rows("commitment", "pie_destroying")
def test_war_that_destroys(row):
    threshold = shifting_power.threshold_pie_destroyed(row["p1"], row["delta"], row["k"])
    assert threshold == pytest.approx(row["p2_star"], abs=1e-10)
    assert (threshold <= 1) == row["possible"]
    # The same from first principles: both fight for what is left of all pies.
    left, end = (1 - row["k"]) / (1 - row["delta"]), 1 / (1 - row["delta"])
    for p2, peace in ((threshold - EDGE, True), (threshold + EDGE, False)):
        promised = end - row["delta"] * p2 * left  # all of today's pie and all later ones, less R's war tomorrow
        assert (promised >= (1 - row["p1"]) * left) == peace


@rows("commitment", "buyoff")
def test_buy_off(row):
    share = shifting_power.buy_off(row["p1"], row["p2"], row["delta"], row["cD"])
    assert share == pytest.approx(row["y1"], abs=1e-10)
    assert (share <= 1) == row["feasible"]


@rows("commitment", "gradual")
def test_gradual(row):
    path = np.linspace(0.2, 0.8, row["steps"] + 1)
    game = path, row["delta"], row["cR"], row["cD"]
    assert gradual_shift.margin(*game) == pytest.approx(row["exact_margin"], abs=1e-10)
    assert gradual_shift.one_step_margin(*game) == pytest.approx(row["one_step_margin"], abs=1e-10)
    assert gradual_shift.peace_possible(*game) == row["peace"]
    assert (gradual_shift.one_step_margin(*game) <= 0) == row["one_step_test_says_peace"]


def test_the_one_step_test_is_only_sufficient():
    """A slow rise that no single step shows: the shares of the pie that R can be held to run out."""
    game = np.linspace(0.2, 0.8, 21), 0.97, 1.5, 1.5
    assert gradual_shift.one_step_margin(*game) < 0 < gradual_shift.margin(*game)


def promises_hold(path, delta, cost_r, cost_d):
    """Intervals of R's continuation payoffs that keep both from war, from the end back: each period's pie can be
    divided in any way. Power stays at its end, where a constant division does."""
    end = 1 / (1 - delta)
    keeps = [(max(0.0, p * end - cost_r), min(end, p * end + cost_d)) for p in path]
    low, high = keeps[-1]
    for least, most in reversed(keeps[:-1]):
        low, high = max(least, delta * low), min(most, 1 + delta * high)
        if low > high:
            return False
    return True


paths = st.lists(st.floats(0, 1), min_size=2, max_size=12)
costs = st.floats(0, 5)


@forall(paths, st.floats(0.3, 0.99), costs, costs, examples=400)
def test_all_horizons_are_exact(path, delta, cost_r, cost_d):
    mirrored = [1 - p for p in path]
    margins = gradual_shift.margin(path, delta, cost_r, cost_d), gradual_shift.margin(mirrored, delta, cost_d, cost_r)
    if abs(max(margins)) > 1e-9:
        assert gradual_shift.peace_possible(path, delta, cost_r, cost_d) == promises_hold(path, delta, cost_r, cost_d)


@forall(paths, st.floats(0.3, 0.99), costs, costs)
def test_the_mirror_image_is_the_same_game(path, delta, cost_r, cost_d):
    mirrored = [1 - p for p in path]
    margins = gradual_shift.margin(path, delta, cost_r, cost_d), gradual_shift.margin(mirrored, delta, cost_d, cost_r)
    if abs(max(margins)) > 1e-9:
        there = gradual_shift.peace_possible(mirrored, delta, cost_d, cost_r)
        assert gradual_shift.peace_possible(path, delta, cost_r, cost_d) == there
    assert gradual_shift.one_step_margin(path, delta, cost_r, cost_d) <= margins[0]


@pytest.mark.parametrize(
    "call",
    [
        lambda: shifting_power.threshold_rising_offers(0.3, 1, 0.5),
        lambda: shifting_power.threshold_any_protocol(0.3, 0.9, -1, 0.5),
        lambda: shifting_power.threshold_pie_destroyed(0.3, 0.9, 1),
        lambda: gradual_shift.margin([0.3], 0.9, 0, 0),
        lambda: gradual_shift.margin([0.3, 1.2], 0.9, 0, 0),
        lambda: gradual_shift.margin([0.3, 0.5], 0.9, -1, 0),
    ],
)
def test_what_has_no_answer_is_an_error(call):
    with pytest.raises(ValueError):
        call()
