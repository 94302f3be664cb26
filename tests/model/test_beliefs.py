"""What a refusal teaches, at its edges."""

import numpy as np
import pytest

from sim.beliefs import NOTHING_REFUSED, after_refusal, bayes
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


@pytest.mark.parametrize("x", [-1e-16, -5e-10])
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
