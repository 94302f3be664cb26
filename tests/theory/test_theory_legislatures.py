"""Votes and power: figures, a check of every best reply, and counting by brute force."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import strategies as st
from scipy.optimize import linprog
from theory_cases import forall, rows

from sim.theory import baron_ferejohn, favoured_recognition, shapley, shapley_shubik, unanimity, unequal_recognition

TIGHT = 1e-12
GAMES = {
    "[51;50,49,1]": (51, (50, 49, 1)),
    "[4;3,2,1,1]": (4, (3, 2, 1, 1)),
    "[8;5,4,3,2,1]": (8, (5, 4, 3, 2, 1)),
}


def voting(quota, weights):
    """1 for a coalition with enough votes, else 0."""
    return lambda coalition: int(sum(weights[i] for i in coalition) >= quota)


def council(vetoes, votes):
    """1 for a coalition of enough members with the first `vetoes` among them."""
    return lambda coalition: int(set(range(vetoes)) <= coalition and len(coalition) >= votes)


@rows("legislative", "baron_ferejohn")
def test_baron_ferejohn(row):
    found = baron_ferejohn.equal_recognition(row["n"], row["q"], row["delta"])
    assert found.proposer == pytest.approx(row["proposer"], abs=TIGHT)
    assert found.partner == pytest.approx(row["partner"], abs=TIGHT)
    assert found.proposer + (row["q"] - 1) * found.partner == pytest.approx(1)
    bought = Fraction(row["q"] - 1, row["n"])
    assert found.proposer / row["n"] + float(bought) * found.partner == pytest.approx(found.expected)


@pytest.mark.parametrize("steps", [100, 1001])
@rows("legislative", "baron_ferejohn")
def test_on_a_grid_the_proposer_is_within_a_step_a_partner(row, steps):
    found = baron_ferejohn.equal_recognition(row["n"], row["q"], row["delta"])
    price = next(k for k in range(steps + 1) if k / steps >= found.partner - 1e-12)
    keeps = 1 - (row["q"] - 1) * price / steps
    assert 0 <= found.proposer - keeps + 1e-12 <= (row["q"] - 1) / steps


@rows("legislative", "bf3_unequal_recognition")
def test_unequal_recognition(row):
    found = unequal_recognition.three_members(tuple(row["p"]), row["delta"])
    assert found.regime == row["regime"]
    assert found.values == pytest.approx([row["v1"], row["v2"], row["v3"]], abs=TIGHT)
    assert found.keeps[0] == pytest.approx(row["prop1_keeps"], abs=TIGHT)


def is_equilibrium(p, delta, v):
    """Whether proposers who buy a cheapest partner, mixing where indifferent, can give these values: a linear
    program in the probabilities of being bought."""
    a, b = np.zeros((6, 6)), np.zeros(6)
    arcs = [(i, j) for i in range(3) for j in range(3) if i != j]
    bounds = []
    for k, (i, j) in enumerate(arcs):
        cheapest = min(v[m] for m in range(3) if m != i)
        bounds.append((0, 1 if v[j] <= cheapest + 1e-9 else 0))
        a[i, k] = 1  # proposer i buys one partner
        a[3 + j, k] = p[i] * delta * v[j]  # member j is bought at its discounted value
    b[:3] = 1
    for j in range(3):
        cheapest = min(v[m] for m in range(3) if m != j)
        b[3 + j] = v[j] - p[j] * (1 - delta * cheapest)
    slack = np.hstack([a, np.eye(6), -np.eye(6)])
    cost = np.r_[np.zeros(6), np.ones(12)]
    done = linprog(cost, A_eq=slack, b_eq=b, bounds=bounds + [(0, None)] * 12)
    return done.fun < 1e-8


@forall(st.tuples(*[st.integers(0, 20)] * 3).filter(lambda w: sum(w) > 0), st.floats(0, 0.99))
def test_values_are_an_equilibrium(weights, delta):
    p = tuple(w / sum(weights) for w in weights)
    found = unequal_recognition.three_members(p, delta)
    assert sum(found.values) == pytest.approx(1, abs=1e-9)
    assert min(found.values) >= -1e-12
    assert is_equilibrium(p, delta, found.values), found


def test_two_who_propose_often():
    """Neither pooled nor one above the rest: the third is always bought, and buys either."""
    found = unequal_recognition.three_members((0.45, 0.45, 0.10), 0.5)
    assert found.regime == "two_high" and found.values == pytest.approx([3 / 7, 3 / 7, 1 / 7], abs=TIGHT)


@forall(st.integers(3, 9), st.floats(0, 1), st.floats(0, 0.99))
def test_one_who_proposes_more_often(members, part, delta):
    """What each expects: its own proposals, and being bought by the others at δ v, symmetrically."""
    quota = 2 + round(part * (members - 3))
    p = 1 - (1 - part) * (1 - 1 / members)
    rest = (1 - p) / (members - 1)
    try:
        first, other, keeps = favoured_recognition.values(members, quota, p, delta)
    except ValueError:
        s = delta * (quota - 1) / (members - 1)
        assert p * (1 - s) / (1 - p * s) < 1 / members
        return
    assert first == pytest.approx(p * keeps, abs=TIGHT)
    chance = p * (quota - 1) / (members - 1) + (members - 2) * rest * (quota - 1) / (members - 2)
    assert other == pytest.approx(rest * keeps + chance * delta * other, abs=TIGHT)
    if members == 3:
        three = unequal_recognition.three_members((p, rest, rest), delta)
        assert three.values == pytest.approx((first, other, other), abs=1e-9)


@rows("legislative", "bf_unanimity")
def test_unanimity(row):
    keeps = unanimity.proposers_shares(row["p"], row["delta"])
    assert keeps == pytest.approx([row[f"prop{i}_keeps"] for i in (1, 2, 3)], abs=TIGHT)
    offered = unanimity.partners_shares(row["p"], row["delta"])
    p = np.array(row["p"])
    assert p * keeps + (1 - p) * offered == pytest.approx(p, abs=TIGHT)
    assert keeps + offered.sum() - offered == pytest.approx(1, abs=TIGHT)


@rows("legislative", "shapley")
def test_shapley(row):
    exact = tuple(Fraction(x) for x in row["value"].split())
    if row["game"] in GAMES:
        quota, weights = GAMES[row["game"]]
        assert shapley_shubik.power(weights, quota) == exact
        game = voting(quota, weights)
    else:
        weights, game = (1, 2, 3), shapley.airport((1, 2, 3))
    assert shapley.shapley_value(len(weights), game) == exact
    assert float(exact[0]) == pytest.approx(row["v1"], abs=TIGHT)


@rows("legislative", "unsc")
def test_security_council(row):
    permanent, rotating = shapley_shubik.council(5, 10, 9)
    assert (permanent, rotating) == (Fraction(row["permanent"]), Fraction(row["rotating"]))
    assert float(permanent) == pytest.approx(row["permanent_f"], abs=TIGHT)
    assert float(rotating) == pytest.approx(row["rotating_f"], abs=TIGHT)
    weighted = shapley_shubik.power((7,) * 5 + (1,) * 10, 39)
    assert weighted == (permanent,) * 5 + (rotating,) * 10


@forall(st.integers(1, 5).flatmap(lambda n: st.lists(st.integers(-20, 20), min_size=2**n, max_size=2**n)))
def test_shapley_axioms(table):
    n = len(table).bit_length() - 1

    def game(coalition):
        return table[sum(1 << i for i in coalition)]

    value = shapley.shapley_value(n, game)
    assert sum(value) == table[-1] - table[0]
    orders = list(permutations(range(n)))
    for player in range(n):
        added = [game(frozenset(o[: o.index(player) + 1])) - game(frozenset(o[: o.index(player)])) for o in orders]
        assert value[player] == Fraction(sum(added), len(orders))


@forall(st.lists(st.integers(0, 6), min_size=1, max_size=5).filter(any), st.data())
def test_shapley_shubik_is_the_shapley_value(weights, data):
    quota = data.draw(st.integers(1, sum(weights)))
    game = voting(quota, weights)
    assert shapley_shubik.power(tuple(weights), quota) == shapley.shapley_value(len(weights), game)


def test_councils_by_brute_force():
    for vetoes, others in product((1, 2), (1, 2, 3)):
        for votes in range(vetoes, vetoes + others + 1):
            value = shapley.shapley_value(vetoes + others, council(vetoes, votes))
            assert (value[0], value[-1]) == shapley_shubik.council(vetoes, others, votes)


def test_sampled_shapley():
    """Within four standard deviations of 1 / (2 √n), summing exactly."""
    quota, weights = GAMES["[8;5,4,3,2,1]"]
    game = voting(quota, weights)
    estimate = shapley.sampled_shapley(5, game, 4000, np.random.default_rng(1))
    exact = [float(x) for x in shapley_shubik.power(weights, quota)]
    assert abs(estimate - exact).max() <= 4 / (2 * 4000**0.5)
    assert estimate.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    "call",
    [
        lambda: baron_ferejohn.equal_recognition(3, 4, 0.9),
        lambda: baron_ferejohn.equal_recognition(3, 2, 1.1),
        lambda: unequal_recognition.three_members((0.5, 0.5, 0.5), 0.9),
        lambda: unequal_recognition.three_members((0.5, 0.3, 0.2), 2),
        lambda: favoured_recognition.values(5, 5, 0.5, 0.9),
        lambda: favoured_recognition.values(5, 3, 0.25, 0.9),
        lambda: unanimity.proposers_shares([0.5, 0.6], 0.9),
        lambda: unanimity.proposers_shares([0.5, 0.5], 2),
        lambda: shapley.shapley_value(0, len),
        lambda: shapley_shubik.power((1, 2), 4),
        lambda: shapley_shubik.council(5, 10, 4),
    ],
)
def test_what_has_no_answer_is_an_error(call):
    with pytest.raises(ValueError):
        call()
