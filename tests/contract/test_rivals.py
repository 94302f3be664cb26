"""One contract for every rival: a file in `sim/rivals` is tested here without being named."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.analysis.case import Case
from sim.analysis.openings import Opening
from sim.plugins import find
from sim.rivalry import rivals
from sim.rivals import Rival

WORLDS = 6
seeds, numbers = st.integers(0, 10**6), st.integers(2, 5)
quick = settings(max_examples=8, deadline=None)


@pytest.fixture(scope="module", params=sorted(find("sim.rivals", Rival)))
def rival(request):
    return rivals()[request.param]


def case_with(positions, salience, capability, start, levels) -> Case:
    """One table at which all sit and everything is bargained over: each loses in proportion to how far every issue is
    from its position, weighted by salience."""
    span = np.array([v[-1] - v[0] for v in levels])
    indices = np.array(list(product(*(range(len(v)) for v in levels))))
    packages = np.array([[v[i] for v, i in zip(levels, row, strict=True)] for row in indices])
    far = np.abs(packages - positions[:, :, None]) - np.abs(start - positions)[:, :, None]
    gains = -(salience[:, :, None] * far / span).sum(axis=3)
    n = len(positions)
    opening = Opening(gains, np.ones((n, len(packages)), bool), np.ones(n, bool), indices)
    return Case(positions, salience, capability, start, span, levels, ((np.arange(len(levels)), opening),))


def drawn(seed: int, actors: int, issues: int = 2) -> Case:
    """Positions on the levels, the status quo on one of them, everything else drawn."""
    rng = np.random.default_rng(seed)
    levels = tuple(np.sort(rng.uniform(-3, 7, rng.integers(2, 5))) for _ in range(issues))
    positions = np.stack([rng.choice(v, (WORLDS, actors)) for v in levels], axis=2)
    salience = rng.uniform(0.05, 1, (WORLDS, actors, issues))
    start = np.array([rng.choice(v) for v in levels])
    return case_with(positions, salience, rng.uniform(0.1, 2, actors), start, levels)


def moved(case: Case, factor: float, shift: float) -> Case:
    """The same in other units; upside down with a factor below 0."""
    levels = tuple(np.sort(factor * v + shift) for v in case.levels)
    return case_with(
        factor * case.positions + shift, case.salience, case.capability, factor * case.start + shift, levels
    )


@given(seeds, numbers)
@quick
def test_a_forecast_lies_among_positions_and_the_status_quo(rival, seed, actors):
    case = drawn(seed, actors)
    said = rival.forecast(case)
    everything = np.concatenate([case.positions, np.broadcast_to(case.start, (WORLDS, 1, len(case.start)))], axis=1)
    assert said.shape == (WORLDS, 2)
    assert (said >= everything.min(axis=1) - 1e-12).all() and (said <= everything.max(axis=1) + 1e-12).all()


@given(seeds, numbers)
@quick
def test_names_do_not_matter(rival, seed, actors):
    case = drawn(seed, actors)
    order = np.random.default_rng(seed).permutation(actors)
    other = case_with(
        case.positions[:, order], case.salience[:, order], case.capability[order], case.start, case.levels
    )
    np.testing.assert_allclose(rival.forecast(other), rival.forecast(case), atol=1e-8)


@given(seeds, numbers, st.floats(0.1, 50), st.floats(-20, 20))
@quick
def test_units_do_not_matter(rival, seed, actors, factor, shift):
    case = drawn(seed, actors)
    expected = factor * rival.forecast(case) + shift
    np.testing.assert_allclose(rival.forecast(moved(case, factor, shift)), expected, atol=1e-7 * max(factor, 1))


@given(seeds, numbers)
@quick
def test_up_and_down_do_not_matter_where_it_says_so(rival, seed, actors):
    if rival.mirrors:
        case = drawn(seed, actors)
        np.testing.assert_allclose(rival.forecast(moved(case, -1, 0)), -rival.forecast(case), atol=1e-8)


@given(seeds, numbers)
@quick
def test_who_all_want_the_same_get_it(rival, seed, actors):
    case = drawn(seed, actors)
    alike = np.repeat(case.positions[:, :1], actors, axis=1)
    same = case_with(alike, case.salience, case.capability, case.start, case.levels)
    np.testing.assert_allclose(rival.forecast(same), alike[:, 0], atol=1e-9)


@given(seeds, numbers)
@quick
def test_who_alone_has_weight_gets_its_way_where_it_says_so(rival, seed, actors):
    if rival.weighs:
        case = drawn(seed, actors)
        alone = replace(case, capability=np.eye(actors)[-1])
        np.testing.assert_allclose(rival.forecast(alone), case.positions[:, -1], atol=1e-9)


@given(seeds, numbers)
@quick
def test_worlds_do_not_touch(rival, seed, actors):
    case = drawn(seed, actors)
    one = case_with(case.positions[2:3], case.salience[2:3], case.capability, case.start, case.levels)
    np.testing.assert_allclose(rival.forecast(one)[0], rival.forecast(case)[2], atol=1e-12)


def test_where_nobody_cares_nothing_changes(rival):
    case = drawn(1, 3)
    nobody = case_with(case.positions, 0 * case.salience, case.capability, case.start, case.levels)
    np.testing.assert_array_equal(rival.forecast(nobody), np.broadcast_to(case.start, (WORLDS, 2)))


def test_it_says_its_rule_and_its_source(rival):
    module = __import__(type(rival).__module__, fromlist=["x"])
    said = module.__doc__.split(":")[0].strip().lower().replace(" ", "_").replace("–", "_")
    assert said == type(rival).__module__.rsplit(".")[-1]
    assert re.search(r"\b(19|20)\d\d\b", type(rival).__doc__), "no year in the docstring"
