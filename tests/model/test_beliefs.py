"""What a refusal teaches, at its edges."""

import numpy as np
import pytest

from sim.beliefs import NOTHING_REFUSED, Hidden, after_refusal, bayes
from sim.scenario.laws import Uniform
from sim.scenario.schema import DEFAULT_RESOLVE

ONE = np.ones(1, bool)


def low_after(x: float, low: float = NOTHING_REFUSED, rational: bool = True) -> float:
    return float(after_refusal(DEFAULT_RESOLVE, np.array([low]), np.array([x]), ONE & rational)[0])


def test_a_refused_gain_is_remembered_and_the_best_one_stays():
    assert low_after(0.2) == 0.2 and low_after(0.1, low=0.2) == 0.2 and low_after(0.3, low=0.2) == 0.3


def test_what_was_worth_less_than_waiting_teaches_nothing():
    assert low_after(0.2, rational=False) == NOTHING_REFUSED


def test_where_no_resolve_is_left_the_belief_stays():
    assert low_after(5.0, low=0.4) == 0.4


@pytest.mark.parametrize("x", [-1e-16, -5e-10, -1e-9])
def test_a_refusal_at_a_tie_teaches_the_same_whatever_the_rounding(x):
    """Within the tolerance at which values are the same, it shows that the resolve is not 0."""
    assert low_after(0.0) == 0.0
    assert low_after(x) == 0.0


def test_bayes_by_hand():
    odds = bayes(np.array([[0.7], [0.3]]), np.array([[0.5], [1.0]]))
    np.testing.assert_allclose(odds[:, 0], [0.35 / 0.65, 0.3 / 0.65])


def test_an_impossible_observation_leaves_the_odds():
    odds = np.array([[0.7], [0.3]])
    assert (bayes(odds, np.zeros((2, 1))) == odds).all()


# --- what is hidden ---

SPREAD = Uniform(-0.2, 0.8)  # a fifth of it lies below 0 and stays there


def test_the_mass_below_zero_stays_at_zero():
    x = np.array([-0.3, -1e-9, 0.0, 0.3, 0.8, 2.0])
    np.testing.assert_allclose(Hidden(SPREAD).cdf(x), [0, 0, 0.2, 0.5, 1, 1])
    np.testing.assert_allclose(Hidden(SPREAD).above(x[2:]), [0.2, 0.5, 1, 1])


def test_what_is_known_is_no_chance():
    known = Hidden(SPREAD, known=np.array([0.0, 0.3, 0.3, 0.3]))
    np.testing.assert_array_equal(known.cdf(np.array([-0.1, 0.2, 0.3, 0.4])), [0, 0, 1, 1])
    np.testing.assert_array_equal(known.least(), [0, 0.3, 0.3, 0.3])


@pytest.mark.parametrize(("low", "least"), [(-0.2, 0), (0.25, 0.25), (0.5, 0.5)])
def test_no_draw_lies_below_the_least(low, least):
    assert Hidden(Uniform(low, 1.5)).least() == least


def test_a_hidden_number_is_carried_with_what_was_told_of_it():
    """The median is 0.3; in the three worlds its upper half has 1/2, 1/4 and 1."""
    told = Hidden(SPREAD, upper=np.array([0.5, 0.25, 1.0]))
    few = told.take(np.array([2, 1]))
    np.testing.assert_array_equal(few.upper, [1, 0.25])
    np.testing.assert_allclose(few.cdf(np.array([0.3, 0.3])), [0, 0.75])
    np.testing.assert_allclose(few.cdf(np.array([0.55, 0.05])), [0.5, 0.375])
    np.testing.assert_allclose(few.cdf(np.array([0.05, 0.55])), [0, 0.875])
    wide = Hidden(SPREAD, known=np.array([0.1, 0.4])).carried(lambda v: np.repeat(v, 2))
    np.testing.assert_array_equal(wide.known, [0.1, 0.1, 0.4, 0.4])
    assert wide.prior == SPREAD and wide.upper is None and few.known is None


# --- edges ---


@pytest.mark.parametrize(("x", "low"), [(-2e-9, -2e-9), (-0.5, -0.5), (-9e-10, 0.0), (1e-12, 1e-12)])
def test_what_is_within_rounding_of_nothing_is_nothing(x, low):
    assert low_after(x) == low


def test_a_refusal_that_leaves_next_to_no_chance_is_not_believed():
    """Resolve is uniform on [0, 1] here: what is left above a refusal is what is left of it."""
    flat = Hidden(Uniform(0, 1))
    x = np.array([1 - 1e-6, 1 - 2e-9, 1 - 5e-10, 1.0])
    found = after_refusal(flat, np.full(4, 0.2), x, np.ones(4, bool))
    np.testing.assert_array_equal(found, [1 - 1e-6, 1 - 2e-9, 0.2, 0.2])


def test_each_world_learns_for_itself():
    odds = np.array([[0.5, 0.5, 0.2], [0.5, 0.5, 0.8]])
    likelihood = np.array([[0.0, 1e-200, 0.5], [0.0, 3e-200, 0.0]])
    np.testing.assert_allclose(bayes(odds, likelihood), [[0.5, 0.25, 1], [0.5, 0.75, 0]])
