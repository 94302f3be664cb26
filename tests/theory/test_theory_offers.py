"""Alternating offers: the figures, brute-force recursions, and what is easily got wrong."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import strategies as st
from theory_cases import forall, rows

from sim.theory import (
    breakdown,
    discrete_offers,
    frequent_offers,
    inside_options,
    outside_options,
    rubinstein,
    stahl,
)

TIGHT = 1e-12
discounts = st.floats(0.05, 0.99)


def dollar(steps: int) -> np.ndarray:
    share = np.arange(steps + 1) / steps
    return np.column_stack([share, 1 - share])


def packages200() -> np.ndarray:
    rng = np.random.default_rng(20240601)
    t = rng.random(200)
    return np.column_stack([t**0.7 + 0.05 * rng.random(200), (1 - t) ** 0.7 + 0.05 * rng.random(200)])


@rows("rubinstein", "infinite")
def test_rubinstein(row):
    assert rubinstein.first_share(row["d1"], row["d2"]) == pytest.approx(row["x1"], abs=TIGHT)
    assert rubinstein.second_share(row["d1"], row["d2"]) == pytest.approx(row["x2"], abs=TIGHT)
    assert rubinstein.first_share(row["d2"], row["d1"]) == pytest.approx(row["second_mover_if_2_proposes"], abs=TIGHT)


@forall(discounts, discounts)
def test_rubinstein_is_the_fixed_point(d1, d2):
    v = 0.0
    for _ in range(20_000):
        v, last = 1 - d2 * (1 - d1 * v), v
        if v == last:
            break
    assert rubinstein.first_share(d1, d2) == pytest.approx(v, abs=1e-11)


@rows("rubinstein", "finite")
def test_stahl(row):
    assert stahl.first_share(row["d1"], row["d2"], row["T"]) == pytest.approx(row["x1"], abs=TIGHT)


@forall(st.floats(0, 1), st.floats(0, 1), st.integers(0, 60))
def test_stahl_is_the_recursion(d1, d2, periods):
    keeps = 0.0  # of the proposer, from the last period back
    for period in range(periods, 0, -1):
        keeps = 1 - (d2 if period % 2 else d1) * keeps
    assert stahl.first_share(d1, d2, periods) == pytest.approx(keeps if periods else 0.0, abs=1e-9)


def test_the_last_proposer_has_an_edge():
    """T = 10 at δ = .9 gives .3428, not .5263; after 24 periods the parity still moves the share by .08."""
    exact = rubinstein.first_share(0.9, 0.9)
    assert stahl.first_share(0.9, 0.9, 10) == pytest.approx(0.342800821, abs=1e-9)
    assert stahl.first_share(0.9, 0.9, 24) < exact - 0.04 < exact + 0.03 < stahl.first_share(0.9, 0.9, 25)
    assert stahl.first_share(0.9, 0.9, 601) == pytest.approx(exact, abs=TIGHT)


@rows("rubinstein", "outside")
def test_outside_options(row):
    found = outside_options.proposers_shares(row["d1"], row["d2"], row["w1"], row["w2"])
    assert found.first == pytest.approx(row["x1"], abs=TIGHT)
    assert found.second == pytest.approx(row["m2"], abs=TIGHT)
    assert found.binding == row["binding"]


@forall(discounts, discounts, st.floats(0, 1), st.floats(0, 1))
def test_outside_options_solve_both_equations(d1, d2, one, two):
    w1, w2 = (one, two) if one + two <= 1 else (1 - one, 1 - two)
    m = outside_options.proposers_shares(d1, d2, w1, w2)
    assert m.first == pytest.approx(1 - max(d2 * m.second, w2), abs=1e-9)
    assert m.second == pytest.approx(1 - max(d1 * m.first, w1), abs=1e-9)


def test_an_outside_option_binds_or_not_an_inside_option_always_moves_the_share():
    free = rubinstein.first_share(0.9, 0.9)
    for w in (0.1, 0.3, 0.47):
        assert outside_options.proposers_shares(0.9, 0.9, 0, w).first == free
        assert 1 - outside_options.one_sided_share(0.9, w) == pytest.approx(free)
        assert inside_options.first_share(0.9, 0.9, 0, w) < free - w / 3
    assert outside_options.one_sided_share(0.9, 0.6) == 0.6
    assert outside_options.proposers_shares(0.9, 0.9, 0, 0.6).first == pytest.approx(0.4)


@rows("rubinstein", "inside")
def test_inside_options(row):
    share = inside_options.first_share(row["d1"], row["d2"], row["g1"], row["g2"])
    assert share == pytest.approx(row["x1"], abs=TIGHT)


@forall(discounts, discounts, st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_inside_options_leave_responders_indifferent(d1, d2, g1, g2):
    x = inside_options.first_share(d1, d2, g1, g2)
    y = inside_options.first_share(d2, d1, g2, g1)
    assert 1 - x == pytest.approx((1 - d2) * g2 + d2 * y, abs=1e-9)
    assert 1 - y == pytest.approx((1 - d1) * g1 + d1 * x, abs=1e-9)


def test_inside_options_split_the_difference_in_the_limit():
    limit = inside_options.split_the_difference(0.2, 0.3)
    assert limit == pytest.approx(0.45)
    errors = [abs(inside_options.first_share(1 - e, 1 - e, 0.2, 0.3) - limit) for e in (1e-2, 1e-3, 1e-4)]
    assert errors[0] / errors[1] == pytest.approx(10, rel=0.02) and errors[1] / errors[2] == pytest.approx(10, rel=0.02)


@rows("rubinstein", "breakdown")
def test_breakdown(row):
    share = breakdown.first_share(row["d1"], row["d2"], row["q"], row["b1"], row["b2"])
    assert share == pytest.approx(row["x1"], abs=TIGHT)


@forall(discounts, discounts, st.floats(0, 1), st.floats(0, 0.5), st.floats(0, 0.5))
def test_breakdown_leaves_responders_indifferent(d1, d2, q, b1, b2):
    x = breakdown.first_share(d1, d2, q, b1, b2)
    y = breakdown.first_share(d2, d1, q, b2, b1)
    assert 1 - x == pytest.approx(q * b2 + (1 - q) * d2 * y, abs=1e-9)
    assert 1 - y == pytest.approx(q * b1 + (1 - q) * d1 * x, abs=1e-9)


@rows("rubinstein", "brw_limit")
def test_frequent_offers(row):
    rates = {"r1": row["r1"], "r2": row["r2"], "hazard": row["lam"], "b1": row["b1"], "b2": row["b2"]}
    limit = frequent_offers.limit_share(**rates)
    assert limit == pytest.approx(row["x1_limit"], abs=TIGHT)
    errors = [abs(frequent_offers.share_at(d, **rates) - limit) for d in (0.1, 0.01, 0.001)]
    assert errors == pytest.approx([row["err_D0p1"], row["err_D0p01"], row["err_D0p001"]], abs=1e-11)
    assert all(8 <= a / b <= 12.5 for a, b in pairwise(errors))


@rows("rubinstein", "brw_limit")
def test_the_limit_is_an_asymmetric_nash_solution(row):
    r1, r2, lam = row["r1"], row["r2"], row["lam"]
    o1, o2 = (frequent_offers.limit_disagreement(r, lam, b) for r, b in ((r1, row["b1"]), (r2, row["b2"])))
    nash = o1 + frequent_offers.limit_power(r1, r2, lam) * (1 - o1 - o2)
    assert nash == pytest.approx(frequent_offers.limit_share(r1, r2, lam, row["b1"], row["b2"]), abs=TIGHT)


@rows("rubinstein", "brw_crra")
def test_risk_aversion(row):
    r1, r2, a1, a2 = row["r1"], row["r2"], row["a1"], row["a2"]
    assert frequent_offers.risk_averse_limit(r1, r2, a1, a2) == pytest.approx(row["x1_limit"], abs=TIGHT)
    d1, d2 = math.exp(-r1 * 0.01), math.exp(-r2 * 0.01)
    x, y = (rubinstein.risk_averse_first_share(*args) for args in ((d1, d2, a1, a2), (d2, d1, a2, a1)))
    assert x == pytest.approx(row["x1_D0p01"], abs=TIGHT)
    assert (1 - x) ** a2 == pytest.approx(d2 * y**a2, abs=TIGHT)
    assert (1 - y) ** a1 == pytest.approx(d1 * x**a1, abs=TIGHT)


@rows("rubinstein", "discrete_dollar")
def test_a_dollar_on_a_grid(row):
    play = discrete_offers.solve(dollar(row["M"]), row["d1"], row["d2"], row["T"])
    exact = stahl.first_share(row["d1"], row["d2"], row["T"])
    assert play.package == row["index"]
    assert play.values[0] == pytest.approx(row["x1_grid"], abs=TIGHT)
    assert exact == pytest.approx(row["x1_exact"], abs=TIGHT)
    assert abs(play.values[0] - exact) * row["M"] == pytest.approx(row["err_over_h"], abs=1e-6)


@rows("rubinstein", "discrete_frontier200_seed20240601_dis0.05")
def test_two_hundred_packages(row):
    play = discrete_offers.solve(packages200(), row["d1"], row["d2"], row["T"], (0.05, 0.05))
    assert play.package == row["index"]
    assert play.values == pytest.approx([row["u1"], row["u2"]], abs=TIGHT)


@forall(discounts, discounts, st.integers(1, 30), st.integers(2, 400))
def test_the_error_of_a_grid_is_bounded(d1, d2, periods, steps):
    share = discrete_offers.solve(dollar(steps), d1, d2, periods).values[0]
    assert abs(share - stahl.first_share(d1, d2, periods)) <= 1 / steps / (1 - max(d1, d2)) + 1e-9


def value_by_hand(utilities, d, periods, end, now=1):
    """The same game, told one package at a time."""
    if now > periods:
        return end
    proposer, responder = (0, 1) if now % 2 else (1, 0)
    later = value_by_hand(utilities, d, periods, end, now + 1)
    wait = (d[0] * later[0], d[1] * later[1])
    taken = [u for u in utilities if u[responder] >= wait[responder] - 1e-12]
    best = max(taken, key=lambda u: u[proposer], default=wait)
    return best if best[proposer] >= wait[proposer] - 1e-12 else wait


pairs = st.tuples(st.floats(0, 1), st.floats(0, 1))


@forall(st.lists(pairs, min_size=1, max_size=8), st.tuples(discounts, discounts), st.integers(1, 7), pairs)
def test_packages_by_hand(utilities, d, periods, end):
    found = discrete_offers.solve(utilities, *d, periods, end).values
    assert found == pytest.approx(value_by_hand(utilities, d, periods, end), abs=TIGHT)


def test_backward_induction_knows_no_empty_threats():
    """One offer: (0, 0), held up by a threat to refuse, is a Nash equilibrium; the perfect one gives all to the
    proposer, and a tie is accepted."""
    play = discrete_offers.solve(dollar(10), 0.9, 0.9, 1)
    assert play.package == 10 and play.values == pytest.approx([1, 0])


def test_a_proposer_may_wait():
    """The only deal is worse for player 1 than what waiting brings."""
    play = discrete_offers.solve([[0.2, 0.8]], 0.9, 0.9, 1, (0.5, 0.0))
    assert play.package is None and play.values == pytest.approx([0.45, 0.0])


@pytest.mark.parametrize(
    "call",
    [
        lambda: rubinstein.first_share(1, 1),
        lambda: rubinstein.first_share(1.1, 0.5),
        lambda: rubinstein.risk_averse_first_share(0.9, 0.9, 0, 1),
        lambda: stahl.first_share(0.9, 0.9, -1),
        lambda: outside_options.proposers_shares(0.9, 0.9, 0.6, 0.6),
        lambda: outside_options.one_sided_share(1, 0.5),
        lambda: inside_options.first_share(1, 1, 0, 0),
        lambda: inside_options.first_share(0.9, 0.9, 0.6, 0.6),
        lambda: breakdown.first_share(1, 1, 0, 0, 0),
        lambda: breakdown.first_share(1, 1, 2, 0, 0),
        lambda: frequent_offers.limit_share(0, 0),
        lambda: frequent_offers.limit_share(-0.1, 0.2),
        lambda: discrete_offers.solve([[1, 2, 3]], 0.9, 0.9, 1),
        lambda: discrete_offers.solve([[1, 2]], 0.9, 0.9, 0),
    ],
)
def test_what_has_no_answer_is_an_error(call):
    with pytest.raises(ValueError):
        call()
