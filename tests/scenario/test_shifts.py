"""Standard shifts: quartiles of a prior, a fifth of a number, a private law moved as a whole."""

from __future__ import annotations

import numpy as np
import pytest

from sim.scenario.priors import parse
from sim.scenario.shifts import moved, patience, quartiles, written

LAWS = [
    {"uniform": {"low": 0, "high": 4}},
    {"triangular": {"low": 0, "mode": 0.5, "high": 1}},
    {"normal": {"mean": 1, "sd": 2}},
    {"normal": {"mean": 1, "sd": 2, "low": 0, "high": 3}},
    {"lognormal": {"median": 1, "p90": 3}},
    {"logistic": {"mean": 0.15, "scale": 0.1}},
    {"beta": {"mean": 0.5, "sd": 0.1}},
    {"choice": {"0": 0.5, "1": 0.5}},
]


@pytest.mark.parametrize("law", LAWS)
def test_a_law_is_written_as_it_was_read(law):
    assert parse(written(parse(law))) == parse(law)


@pytest.mark.parametrize("law", LAWS[:4])
def test_three_quarters_lie_above_the_lower_quartile(law):
    low, high = quartiles(parse(law)).values()
    assert [float(parse(law).cdf(v)) for v in (low, high)] == pytest.approx([0.25, 0.75], abs=1e-3)


def test_a_number_goes_a_fifth_down_and_up():
    assert list(quartiles(parse(-0.5)).values()) == [-0.4, -0.6]
    assert list(patience(parse(0.9)).values()) == [0.88, 0.92]
    assert list(quartiles(parse({"uniform": {"low": -1, "high": 1 / 3}})).values()) == [-0.6667, 0.0]


@pytest.mark.parametrize("law", [LAWS[0], LAWS[1], LAWS[2], LAWS[5]])
def test_a_moved_law_keeps_its_spread_and_has_its_median_at_the_quartile(law):
    u = np.array([0.1, 0.25, 0.5, 0.75, 0.9])
    was = parse(law).ppf(u)
    for quartile, other in zip((was[1], was[3]), moved(parse(law)).values(), strict=True):
        now = parse(other).ppf(u)
        assert now - was == pytest.approx(np.full(5, quartile - was[2]), abs=2e-3)
