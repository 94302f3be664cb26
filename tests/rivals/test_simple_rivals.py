"""The rivals that have closed forms or published numbers."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.case import Case
from sim.analysis.openings import Opening
from sim.rivals.compromise import Compromise
from sim.rivals.kalai_smorodinsky import KalaiSmorodinsky
from sim.rivals.median_voter import MedianVoter
from sim.rivals.nash import Nash
from sim.rivals.position_exchange import PositionExchange
from sim.rivals.probabilistic_condorcet import (
    VARIANTS,
    ProbabilisticCondorcet,
    conditional,
    markov_incentive,
    markov_uniform,
    victory,
)


def table(positions, salience, capability, gains=None, levels=None) -> Case:
    """One world; gains (P, L) of the levels of its one issue, where there is something to settle."""
    x, s = (np.array([v], float) for v in (positions, salience))
    issues = x.shape[2]
    values = np.array([0.0, 100.0]) if levels is None else levels
    tables = ()
    if gains is not None:
        every = np.ones((1, len(values)), bool)
        tables = ((np.array([0]), Opening(gains[None], every, np.ones(1, bool), np.arange(len(values))[:, None])),)
    span = np.full(issues, values[-1] - values[0])
    return Case(x, s, capability, np.full(issues, values[0]), span, (values,) * issues, tables)


def asked(rival, positions, capability=None, salience=None) -> float:
    x = np.array([positions], float)
    s = np.ones(x.shape) if salience is None else np.array([salience], float)
    c = np.ones(x.shape[1]) if capability is None else np.array(capability, float)
    return float(rival.on_issue(x, c, s, 100.0)[0])


# --- means and medians ---


def test_compromise_of_equal_weights():
    assert asked(Compromise(), [0, 100]) == 50
    assert asked(Compromise(), [0, 100, 100]) == pytest.approx(200 / 3, abs=1e-12)
    assert asked(Compromise(), [0, 100], capability=[3, 1], salience=[0.5, 1]) == pytest.approx(40)


@pytest.mark.parametrize(
    ("positions", "capability", "median"),
    [
        ([10, 20, 90], [1, 1, 1], 20),
        ([10, 20, 90], [1, 1, 3], 90),
        ([10, 20, 80, 90], [1, 1, 1, 1], 50),
        ([0, 100], [1, 1.01], 100),
        ([5, 5, 90], [1, 1, 1.9], 5),
    ],
)
def test_median_voter(positions, capability, median):
    assert asked(MedianVoter(), positions, capability) == pytest.approx(median)


# --- probabilistic Condorcet elections: KTAB's demonstration model, to the four decimals given there ---

TWO = np.array([[[0, 51.212], [19.714, 0]]])
THREE = np.array([[[0, 12.099, 54.921], [10.333, 0, 27.079], [5.007, 55.047, 0]]])


@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_two_options(variant):
    found = VARIANTS[variant](TWO, "square", np.ones((1, 2), bool))
    np.testing.assert_allclose(found, [[0.8709, 0.1291]], atol=5e-5)


@pytest.mark.parametrize(
    ("variant", "chances"),
    [
        (markov_uniform, [0.6351, 0.2148, 0.1501]),
        (markov_incentive, [0.5094, 0.2796, 0.2110]),
        (conditional, [0.8659, 0.1241, 0.0100]),
    ],
)
def test_three_options(variant, chances):
    np.testing.assert_allclose(variant(THREE, "square", np.ones((1, 3), bool)), [chances], atol=5e-5)


@pytest.mark.parametrize(
    ("law", "two", "three", "eleven"),
    [
        ("linear", 2 / 3, 3 / 4, 0.524),
        ("square", 4 / 5, 9 / 10, 0.548),
        ("quartic", 16 / 17, 81 / 82, 0.594),
        ("octic", 256 / 257, 6561 / 6562, 0.682),
    ],
)
def test_victory_laws(law, two, three, eleven):
    for odds, chance, off in ((2, two, 1e-12), (3, three, 1e-12), (1.1, eleven, 5e-4)):
        p = victory(np.array([[0.0, odds], [1.0, 0.0]]), law)
        assert p[0, 1] == pytest.approx(chance, abs=off) and p[1, 0] == pytest.approx(1 - chance, abs=off)


@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_an_election_between_two_actors(variant):
    """Odds 2 to 1 in strength are 4 to 1 in chances; that two hold a position makes it no second option."""
    rival = ProbabilisticCondorcet(variant=variant)
    assert asked(rival, [0, 100], [1, 2]) == pytest.approx(80)
    assert asked(rival, [0, 100, 100], [1, 1, 1]) == pytest.approx(80)


# --- position exchange ---


def exchanged(positions, salience, capability=None):
    """Positions and saliences (A, 2) of one world, in hundredths."""
    c = np.ones(len(positions)) if capability is None else np.array(capability, float)
    return PositionExchange().forecast(table(positions, salience, c))[0]


def test_two_who_care_for_different_issues_trade_all():
    """Each gets the issue that it cares for more: the first actor, at 0, the first, and the second the second."""
    np.testing.assert_allclose(exchanged([[0, 0], [100, 100]], [[1, 0.5], [0.5, 1]]), [0, 100], atol=1e-9)


def test_equal_gain_limits_who_would_get_more():
    """By hand. Compromises 100/3 and 80. The second actor can shift the first issue by 100/3, the first one the second
    issue by 20; equal gain asks Δp (1 + .5) = Δq (.25 + 1), so Δq = 20 binds and Δp = 50/3."""
    found = exchanged([[0, 0], [100, 100]], [[1, 0.25], [0.5, 1]])
    np.testing.assert_allclose(found, [100 / 3 - 50 / 3, 100], atol=1e-9)


def test_who_stand_alike_have_nothing_to_trade():
    alike = exchanged([[0, 0], [100, 100]], [[1, 0.5], [1, 0.5]])
    np.testing.assert_allclose(alike, [50, 50])
    np.testing.assert_allclose(exchanged([[0, 100], [0, 100]], [[1, 0.5], [0.5, 1]]), [0, 100])


def test_the_greater_gain_goes_first_and_a_position_moves_once():
    """By hand. The first actor could trade with the second for a gain of 5.3 or with the third for 2.6; either
    takes all that it has to give on the second issue (100/17), and it gets as much on the first from the second."""
    found = exchanged([[0, 0], [100, 100], [100, 100]], [[1, 0.1], [0.1, 1], [0.3, 0.6]])
    np.testing.assert_allclose(found, [100 * 0.4 / 1.4 - 100 / 17, 100], atol=1e-9)


# --- bargaining solutions ---


def test_bargaining_solutions_of_a_pie():
    """A from 0 to 1 at no cost to the status quo of none: of eleven shares each side's product is greatest in the
    middle, and Kalai & Smorodinsky's equal shares of the ideal are there as well."""
    levels = np.linspace(0, 1, 11)
    pie = table([[0], [100]], [[1], [1]], np.ones(2), gains=np.array([1 - levels, levels]), levels=levels)
    assert Nash().forecast(pie)[0, 0] == pytest.approx(0.5) == KalaiSmorodinsky().forecast(pie)[0, 0]


def test_the_two_solutions_part_where_gains_are_bent():
    """The second gains at most .4, reached early: Nash's product x (1 − x) grows up to the bend; equal shares of the
    ideals (1, .4) ask for 1 − x = x / .4, so x = 2/7, to the nearest of a hundred steps."""
    levels = np.linspace(0, 1, 101)
    bent = table(
        [[0], [100]], [[1], [1]], np.ones(2), gains=np.array([1 - levels, np.minimum(levels, 0.4)]), levels=levels
    )
    assert Nash().forecast(bent)[0, 0] == pytest.approx(0.4)
    assert KalaiSmorodinsky().forecast(bent)[0, 0] == pytest.approx(0.29, abs=0.011)


def test_where_nobody_can_gain_the_status_quo_stays():
    levels = np.linspace(0, 1, 5)
    torn = table([[0], [100]], [[1], [1]], np.ones(2), gains=np.array([-levels, levels]), levels=levels)
    assert Nash().forecast(torn)[0, 0] == 0 == KalaiSmorodinsky().forecast(torn)[0, 0]
