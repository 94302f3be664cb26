"""Properties of the pieces under the game: forms, conditions with some levels fixed, discounted sums along paths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.menu import menu_of
from sim.paths import Motion, follow, path, reading, straight_sums
from sim.payoff.terms import evaluate, terms_of
from sim.scenario.loader import loads
from sim.scenario.selectors import All, Any_, Condition, Not
from sim.state import Layout, State, holds
from sim.state import given as left_over

TEXT = """
title: Forms
assumption: a test
horizon: 3
actors: {A: {discount: 0.9}, B: {discount: 0.8}}
issues:
  x: {levels: {none: 0, some: 0.4, all: 1}, start: none}
  y: {levels: {no: 0, half: 0.5, yes: 1}, start: no}
stocks:
  front: {start: 0.5, change: [{by: -0.1, when: {x: none}}, {by: 0.03, when: {y: {at_least: half}}}]}
  need: {start: 0.2}
interests:
  A:
    - {term: one, form: constant, weight: 1, when: {front: {below: 0.6}, y: [no, yes]}}
    - {term: straight, form: linear, of: front, weight: 1, when: {x: {at_least: some}}}
    - {term: near, form: ideal, of: need, at: 0.3, weight: 1}
    - {term: step, form: threshold, of: x, at: 0.4, weight: 1}
    - {term: both, form: product, of: [x, front], weight: 1}
    - {term: fades, form: decaying, of: y, half_life: 2, since: {x: all}, weight: 1}
  B: [{term: rest, form: regard, actor: A, weight: 1}]
tables: {talks: {parties: [A, B], protocol: {ultimatum: {by: A}}, agenda: [x, y]}}
"""
SCENARIO = loads(TEXT).scenario
LAYOUT = Layout(SCENARIO)
TERMS = terms_of(SCENARIO, LAYOUT)
MENU = menu_of("talks", SCENARIO, TERMS, LAYOUT)
LEVELS = {"x": (0, 0.4, 1), "y": (0, 0.5, 1)}
share = st.floats(0, 1)
states = st.builds(
    lambda x, y, front, need, decay: State(np.array([[x, y]]), np.array([[front, need]]), np.array([[decay]])),
    st.integers(0, 2),
    st.integers(0, 2),
    share,
    share,
    st.floats(0.01, 1),
)


@given(states)
def test_a_form_is_what_its_page_says(state):
    x, y = (LEVELS[k][i] for k, i in zip(("x", "y"), state.levels[0], strict=True))
    front, need = state.stocks[0]
    expected = {
        "one": float(front < 0.6 and y != 0.5),
        "straight": front * (x >= 0.4),
        "near": -abs(need - 0.3),
        "step": float(x >= 0.4),
        "both": x * front,
        "fades": y * state.decays[0, 0],
    }
    for term in TERMS:
        assert evaluate(term, LAYOUT, state)[0] == pytest.approx(expected[term.name], abs=1e-12), term.name


@given(states, st.integers(0, 8))
def test_a_package_splits_every_term_into_a_coefficient_and_what_is_left(state, package):
    """Coefficient times column is the term's value once the package's levels are in force."""
    agreed = State(state.levels.copy(), state.stocks, state.decays)
    agreed.levels[0, MENU.agenda] = MENU.levels[package]
    world = np.array([0])
    for k, term in enumerate(TERMS):
        columns = [c for c in MENU.packages.columns if c.term == k and c.coefficient[package]]
        value = sum(
            c.coefficient[package]
            * reading(c, LAYOUT, state)(world, state.stocks.T, state.decays.T, LAYOUT, state.levels)[0]
            for c in columns
        )
        assert value == pytest.approx(evaluate(term, LAYOUT, agreed)[0], abs=1e-12), term.name


conditions = st.one_of(
    st.sampled_from(["x", "y"]).flatmap(
        lambda i: st.tuples(
            st.just(i), st.sampled_from(["is", "at_least", "below"]), st.sampled_from(LAYOUT.levels[i].names)
        )
    ),
    st.tuples(st.just("front"), st.sampled_from(["at_least", "below"]), share),
).map(lambda t: Condition(t[0], t[1], (t[2],)))
selectors = st.recursive(
    conditions,
    lambda s: st.one_of(
        st.lists(s, max_size=3).map(lambda p: All(tuple(p))),
        st.lists(s, max_size=3).map(lambda p: Any_(tuple(p))),
        s.map(Not),
    ),
    max_leaves=8,
)


@given(selectors, states, st.sets(st.sampled_from(["x", "y"])))
def test_fixing_levels_first_changes_no_condition(selector, state, fixed):
    known = {i: LAYOUT.levels[i].names[state.levels[0, LAYOUT.issues[i]]] for i in fixed}
    left = left_over(selector, LAYOUT, known)
    assert holds(left, LAYOUT, state.levels, state.stocks) == holds(selector, LAYOUT, state.levels, state.stocks)


@settings(deadline=None)
@given(share, st.floats(-0.3, 0.3), st.integers(1, 40), st.floats(0, 0.999))
def test_the_closed_sum_of_a_straight_path_is_the_sum_period_by_period(start, step, periods, delta):
    value, total, weight = start, 0.0, 1.0
    for _ in range(periods):
        value = min(max(value + step, 0.0), 1.0)
        total += (1 - delta) * weight * value
        weight *= delta
    total += weight * value
    (found,) = straight_sums(np.array([start]), np.array([step]), 0.0, 1.0, np.array([periods]), [np.array([delta])])
    assert found[0] == pytest.approx(total, abs=1e-9)


@settings(deadline=None)
@given(share, share, st.floats(-0.2, 0.2), st.integers(1, 30), st.floats(0, 0.99), st.booleans())
def test_following_a_path_is_summing_its_flows(front, need, step, periods, delta, fading):
    """The generic walk, with a decay that runs or doesn't, against the path laid out whole."""
    state = State(np.array([[0, 2]]), np.array([[front, need]]), np.array([[0.8]]))
    motion = Motion(np.array([[step], [0.0]]), [], np.array([[fading]]), {})
    columns = [c for c in MENU.packages.columns if c.moves and TERMS[c.term].name in ("both", "fades", "straight")]
    ready = [reading(c, LAYOUT, state) for c in columns]
    world = np.array([0])
    found = follow(
        motion,
        ready,
        LAYOUT,
        state.levels,
        world,
        state.stocks.T,
        state.decays.T,
        np.array([periods]),
        np.array([[delta]]),
    )
    stocks, decays = path(motion, state, LAYOUT, periods)
    for k, r in enumerate(ready):
        flows = [r(world, stocks[:, t], decays[:, t], LAYOUT, state.levels)[0] for t in range(1, periods + 1)]
        expected = sum((1 - delta) * delta**t * f for t, f in enumerate(flows)) + delta**periods * flows[-1]
        assert found[0, k, 0] == pytest.approx(expected, abs=1e-9)
