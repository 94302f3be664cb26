"""Quantal response: figures, the limits, and what a tie does to them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import strategies as st
from theory_cases import forall, rows

from sim.theory import discrete_offers, logit_offers, logit_pennies


@rows("qre", "matching_pennies")
def test_matching_pennies(row):
    p, q = logit_pennies.equilibrium(row["X"], row["lam"])
    assert (p, q) == pytest.approx((row["p_row_H"], row["q_col_H"]), abs=1e-10)


@rows("qre", "gambit_qre")
def test_another_solver(row):
    p, _ = logit_pennies.equilibrium(row["X"], row["lam"])
    assert p == pytest.approx(row["p_here"], abs=1e-10)
    assert p == pytest.approx(row["p_gambit"], abs=4e-10)


@forall(st.floats(0.1, 20), st.floats(0, 8))
def test_pennies_are_mutual_replies(x, precision):
    p, q = logit_pennies.equilibrium(x, precision)
    assert p == pytest.approx(1 / (1 + math.exp(-precision * ((x + 1) * q - 1))), abs=1e-9)
    assert q == pytest.approx(1 / (1 + math.exp(-precision * (1 - 2 * p))), abs=1e-12)


def test_pennies_in_the_limits():
    assert logit_pennies.equilibrium(9, 0) == (0.5, 0.5)
    p, q = logit_pennies.equilibrium(9, 1e5)
    assert (p, q) == pytest.approx((0.5, 0.1), abs=1e-3)


@rows("qre", "ultimatum_M10_w2_0.15")
def test_ultimatum(row):
    found = logit_offers.ultimatum(10, row["lam"], (0.0, 0.15))
    assert found.mean_offer() == pytest.approx(row["mean_offer"], abs=1e-10)
    assert found.mode_offer() == pytest.approx(row["mode_offer"], abs=1e-10)
    assert found.agreement() == pytest.approx(row["pr_agree"], abs=1e-10)
    assert found.values[0] == pytest.approx(row["payoff1"], abs=1e-10)


@rows("qre", "alternating_aqre")
def test_alternating(row):
    found = logit_offers.alternating(row["M"], row["lam"], row["d1"], row["d2"], row["T"])
    assert found.values == pytest.approx([row["payoff1"], row["payoff2"]], abs=1e-10)
    assert found.agreement() == pytest.approx(row["pr_agree_t1"], abs=1e-10)
    assert 1 - found.mean_offer() == pytest.approx(row["mean_x"], abs=1e-10)


def strict(steps, d, periods):
    """Subgame perfection where an offer is taken only if strictly better than refusing."""
    value = np.zeros(2)
    offers = np.arange(steps + 1) / steps
    for period in range(periods, 0, -1):
        proposer = (period - 1) % 2
        refuse = value * d if period < periods else value
        taken = offers[offers > refuse[1 - proposer] + 1e-12][0]
        value = np.empty(2)
        value[proposer], value[1 - proposer] = 1 - taken, taken
    return value


@rows("qre", "alternating_aqre_limit")
def test_the_limit_is_subgame_perfect(row):
    d = np.array([row["d1"], row["d2"]])
    perfect = strict(row["M"], d, row["T"])
    assert perfect == pytest.approx([row["spe1"], row["spe2"]], abs=1e-12)
    for precision, name in ((1e2, "err_1e2"), (1e3, "err_1e3"), (1e4, "err_1e4")):
        found = logit_offers.alternating(row["M"], precision, *d, row["T"])
        assert abs(found.values[0] - perfect[0]) == pytest.approx(row[name], abs=1e-10)


@pytest.mark.parametrize("precision", [0, 1, 1e2, 1e4, 1e6])
def test_a_tie_is_taken_half_the_time_for_every_precision(precision):
    found = logit_offers.ultimatum(10, precision, (0.0, 0.3))
    assert found.accepts[3] == pytest.approx(0.5, abs=1e-9)


def test_ties_cost_one_step():
    """Accepting when indifferent, one keeps .7; under logit, however precise, .6."""
    share = np.arange(11) / 10
    kept = discrete_offers.solve(np.column_stack([1 - share, share]), 1, 1, 1, (0.0, 0.3)).values[0]
    logit = logit_offers.ultimatum(10, 1e5, (0.0, 0.3))
    assert (kept, logit.values[0]) == pytest.approx((0.7, 0.6), abs=1e-9)


@forall(st.integers(1, 30), st.floats(0, 1), st.floats(0, 1), st.integers(1, 8))
def test_without_precision_play_is_uniform(steps, d1, d2, periods):
    found = logit_offers.alternating(steps, 0.0, d1, d2, periods)
    assert found.mean_offer() == pytest.approx(0.5) and found.agreement() == pytest.approx(0.5)
    assert found.values.sum() <= 1 + 1e-12


@pytest.mark.parametrize(
    "call",
    [
        lambda: logit_pennies.equilibrium(0, 1),
        lambda: logit_offers.ultimatum(0, 1),
        lambda: logit_offers.alternating(10, 1, 0.9, 1.2, 2),
    ],
)
def test_what_has_no_answer_is_an_error(call):
    with pytest.raises(ValueError):
        call()
