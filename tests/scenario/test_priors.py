"""Priors: quantiles rise, undo the distribution function, stay in their support and have the mean they state."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from sim.scenario.laws import Beta, Choice, Fixed
from sim.scenario.priors import parse

U = (np.arange(2000) + 0.5) / 2000


def numbers(low, high):
    return st.floats(low, high, allow_nan=False).map(lambda x: round(x, 4))


@st.composite
def priors(draw):
    a, b, c = sorted(draw(st.lists(numbers(-5, 5), min_size=3, max_size=3)))
    mean, spread = draw(numbers(-2, 2)), draw(numbers(0.01, 3))
    cut = draw(st.sampled_from([{}, {"low": mean - spread}, {"low": mean - spread, "high": mean + 2 * spread}]))
    median = draw(numbers(0.1, 5))
    middle = draw(numbers(0.05, 0.95))
    weights = draw(st.lists(st.integers(1, 9), min_size=1, max_size=5))
    return draw(
        st.sampled_from(
            [
                a,
                {"uniform": {"low": a, "high": c}},
                {"triangular": {"low": a, "mode": b, "high": c}},
                {"normal": {"mean": mean, "sd": spread, **cut}},
                {"logistic": {"mean": mean, "scale": spread, **cut}},
                {"lognormal": {"median": median, "p90": median * (1 + spread)}},
                {"lognormal": {"median": median, "p90": median * (1 + spread), "low": median / 3, "high": median * 3}},
                {"beta": {"mean": middle, "sd": 0.6 * middle * (1 - middle)}},
                {"choice": {str(k - 2): w / sum(weights) for k, w in enumerate(weights)}},
            ]
        )
    )


@settings(max_examples=200, deadline=None)
@given(priors())
def test_laws_of_every_prior(data):
    prior = parse(data)
    x = prior.ppf(U)
    assert x.shape == U.shape and np.all(np.isfinite(x))
    assert np.all(np.diff(x) >= -1e-12)
    low, high = prior.support()
    assert np.all((x >= low - 1e-12) & (x <= high + 1e-12))
    below = prior.cdf(x)
    if isinstance(prior, Fixed | Choice) or low == high:
        assert np.all(below >= U - 1e-9)
    else:
        assert np.allclose(below, U, atol=1e-6)
    spread = np.std(x)
    assert abs(np.mean(x) - prior.mean()) <= 0.02 * spread + 1e-9


@pytest.mark.parametrize(
    ("data", "fragment"),
    [
        ("x", "a finite number or one law"),
        (True, "a finite number or one law"),
        ({"uniform": {"low": 1, "high": 0}}, "must not exceed"),
        ({"triangular": {"low": 0, "mode": 2, "high": 1}}, "low ≤ mode ≤ high"),
        ({"normal": {"mean": 0, "sd": 0}}, "sd must be above 0"),
        ({"normal": {"mean": 0, "sd": 1, "low": 40}}, "next to no mass"),
        ({"normal": {"mean": 0, "sd": 1, "low": 2, "high": 1}}, "which is empty"),
        ({"logistic": {"mean": 0, "scale": -1}}, "scale must be above 0"),
        ({"lognormal": {"median": 2, "p90": 1}}, "0 < median < p90"),
        ({"beta": {"mean": 0.5, "sd": 0.6}}, "sd must lie in"),
        ({"beta": {"mean": 0.5, "sd": 1e-9}}, "sd must lie in"),
        ({"choice": {"a": 1}}, "not a number"),
        ({"choice": {"nan": 1}}, "not a number"),
        ({"choice": {"1": 0.5, "2": 0.4}}, "sum to 0.9"),
        ({"choice": {}}, "at least one"),
        ({"uniform": {"low": 0}}, "lacks 'high'"),
        ({"uniform": 3}, "named parameters"),
        ({"unifrm": {"low": 0, "high": 1}}, "did you mean 'uniform'?"),
    ],
)
def test_wrong_parameters_are_told(data, fragment):
    with pytest.raises(PydanticCustomError) as caught:
        parse(data)
    assert fragment in str(caught.value)


def test_choice_is_sorted_and_beta_keeps_its_moments():
    choice = parse({"choice": {"2": 0.25, "-1": 0.75}})
    assert choice.ppf(np.array([0.0, 0.74, 0.76])).tolist() == [-1, -1, 2]
    beta = parse({"beta": {"mean": 0.3, "sd": 0.1}})
    assert isinstance(beta, Beta)
    draws = beta.ppf(U)
    assert np.mean(draws) == pytest.approx(0.3, abs=1e-3) and np.std(draws) == pytest.approx(0.1, abs=1e-3)
