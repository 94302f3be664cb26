"""The distribution of resolve: fitted to responders, found again where it is known, and played."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import logistic
from validation import families, ultimatum
from validation.check import Estimate, compared, difference

from sim.scenario.schema import DEFAULT_RESOLVE

OFFERS = np.arange(1, 11) / 20


def test_the_published_fits_are_found_again(data):
    given, theirs = ultimatum.answers(data), ultimatum.published(data)
    assert given.made.sum() == theirs["n"]
    for family, name in (
        (families.LOGISTIC, "logit_2par"),
        (families.FEHR_SCHMIDT, "fehr_schmidt"),
        (families.SELFISH, "selfish"),
    ):
        found = families.fit(family, given)
        assert families.log_loss(family, found, given) == pytest.approx(theirs[name]["nll"], abs=1e-3), name
        if family is families.LOGISTIC:
            assert (1 / np.exp(found[1]), found[0]) == pytest.approx(
                (theirs[name]["lambda"], theirs[name]["threshold_share"]), rel=1e-3
            )
        else:
            assert np.exp(found) == pytest.approx(list(theirs[name].values())[: len(found)], rel=1e-3)


def test_the_default_prior_is_the_fit_within_its_interval(data, monkeypatch):
    monkeypatch.setattr(families, "RESAMPLES", 100)
    given = ultimatum.answers(data)
    people = families.people(given, ultimatum.published(data)["subjects"])
    draws = families.fits(families.LOGISTIC, given, people)
    for default, drawn in ((DEFAULT_RESOLVE.mean_, draws[:, 0]), (DEFAULT_RESOLVE.scale, np.exp(draws[:, 1]))):
        low, high = np.quantile(drawn, [0.025, 0.975])
        assert low <= default <= high
        assert high - low < 0.04, "an interval that would let anything pass"


@pytest.mark.parametrize(("mean", "scale"), [(0.15, 0.1), (0.3, 0.05), (0.05, 0.2)])
def test_a_known_logistic_law_is_found_again(mean, scale):
    made = np.full(10, 1000.0)
    given = families.Answers(OFFERS, made, made * logistic.cdf(OFFERS, mean, scale))
    found = families.fit(families.LOGISTIC, given)
    assert (found[0], np.exp(found[1])) == pytest.approx((mean, scale), abs=1e-5)


def test_a_family_that_rules_out_what_happened_loses_everything():
    given = families.Answers(np.array([0.1, 0.4]), np.array([10.0, 10.0]), np.array([2.0, 7.0]))
    uniform = next(f for f in families.FAMILIES if f.name == "uniform")
    assert families.log_loss(uniform, np.array([0.2, np.log(0.1)]), given) == np.inf
    low, width = families.fit(uniform, given)  # two rates, two parameters: both are met
    assert (np.array([0.1, 0.4]) - low) / np.exp(width) == pytest.approx([0.2, 0.7], abs=1e-4)


@pytest.mark.parametrize("offer", [0.05, 0.3])
def test_the_game_played_accepts_as_often_as_the_prior_says(offer):
    worlds = 1000
    exact = float(logistic.cdf(offer, DEFAULT_RESOLVE.mean_, DEFAULT_RESOLVE.scale))
    found = ultimatum.accepted(offer, worlds) / worlds
    assert abs(found - exact) <= 4 * (exact * (1 - exact) / worlds) ** 0.5


def test_the_interval_of_a_difference_is_newcombes():
    """56 of 70 against 48 of 80: Newcombe (1998), Statistics in Medicine 17:873–890, table II, method 10."""
    one, other = ultimatum.rate(56, 70), ultimatum.rate(48, 80)
    assert difference(one, other) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert not compared("", one, other, "").holds
    assert compared("", one, Estimate(0.7, 0.6, 0.8), "").holds
