"""Cooperative solutions: figures, axioms, and a search over a fine grid of lotteries."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from theory_cases import forall, rows

from sim.theory import egalitarian, frontier, kalai_smorodinsky, nash_solution, split_dollar, utilitarian

A = [[0, 2, 5], [0, 1, 3, 4], [0, 2, 3]]
B = [[4, 3, 0], [6, 4, 1, 0], [3, 2, 0]]
LEVELS = list(product(*(range(len(x)) for x in A)))
PACKAGES = np.array([[sum(x[i][k] for i, k in enumerate(lv)) for x in (A, B)] for lv in LEVELS], dtype=float)

tables = arrays(float, st.tuples(st.integers(1, 12), st.just(2)), elements=st.integers(0, 20).map(float))


@rows("cooperative", "split_dollar_crra")
def test_split_dollar(row):
    one, two = split_dollar.crra(row["a1"]), split_dollar.crra(row["a2"])
    assert split_dollar.nash_share(one, two) == pytest.approx(row["nbs"], abs=1e-9)
    assert split_dollar.nash_share(one, two) == pytest.approx(row["a1"] / (row["a1"] + row["a2"]), abs=1e-12)
    assert split_dollar.kalai_smorodinsky_share(one, two) == pytest.approx(row["ks"], abs=1e-9)
    assert split_dollar.egalitarian_share(one, two) == pytest.approx(row["egal"], abs=1e-9)
    assert split_dollar.utilitarian_share(one, two) == pytest.approx(row["util"], abs=1e-9)


@rows("cooperative", "split_dollar_disagreement")
def test_split_dollar_with_disagreement(row):
    one, two = split_dollar.crra(row["a1"]), split_dollar.crra(row["a2"])
    d = row["d1"], row["d2"]
    assert split_dollar.nash_share(one, two, *d, row["alpha"]) == pytest.approx(row["nbs"], abs=1e-9)
    assert split_dollar.kalai_smorodinsky_share(one, two, *d) == pytest.approx(row["ks"], abs=1e-9)
    assert split_dollar.egalitarian_share(one, two, *d) == pytest.approx(row["egal"], abs=1e-9)
    if row["util_flat"] == "any":
        assert split_dollar.transferable_nash_share(*d, row["alpha"]) == pytest.approx(row["nbs"], abs=1e-12)
        with pytest.raises(ValueError, match="unique"):
            split_dollar.utilitarian_share(one, two)
    else:
        assert split_dollar.utilitarian_share(one, two) == pytest.approx(row["util_flat"], abs=1e-9)


@rows("cooperative", "split_dollar_cara")
def test_split_dollar_with_constant_absolute_risk_aversion(row):
    share = split_dollar.nash_share(split_dollar.cara(row["a1"]), split_dollar.cara(row["a2"]))
    assert share == pytest.approx(row["nbs"], abs=1e-9)
    first, second = row["a1"], row["a2"]
    assert first / np.expm1(first * share) == pytest.approx(second / np.expm1(second * (1 - share)), abs=1e-9)


@rows("cooperative", "circle")
def test_circle(row):
    assert split_dollar.circle_nash(row["alpha"]) == pytest.approx((row["u1"], row["u2"]), abs=1e-12)


@forall(st.floats(0.2, 1), st.floats(0.2, 1), st.floats(0, 0.4), st.floats(0, 0.4), st.floats(0.1, 0.9), examples=50)
def test_split_dollar_against_a_grid(a1, a2, d1, d2, power):
    one, two = split_dollar.crra(a1), split_dollar.crra(a2)
    x = np.linspace(0, 1, 20_001)
    g1, g2 = np.maximum(x**a1 - d1, 0), np.maximum((1 - x) ** a2 - d2, 0)
    assume((g1 * g2).max() > 1e-6)
    share = split_dollar.nash_share(one, two, d1, d2, power)
    product_at = (share**a1 - d1) ** power * ((1 - share) ** a2 - d2) ** (1 - power)
    assert product_at >= (g1**power * g2 ** (1 - power)).max() - 1e-12
    equal = split_dollar.egalitarian_share(one, two, d1, d2)
    assert abs(equal - x[np.minimum(g1, g2).argmax()]) <= 1e-4


@rows("cooperative", "packages36")
def test_packages(row):
    d = row["d"]
    assert len(frontier.individually_rational(PACKAGES, d)) == row["n_ir"]
    assert len(frontier.efficient(PACKAGES)) == row["pareto_n"]
    for name, solution in (
        ("nash", nash_solution.on_packages),
        ("ks", kalai_smorodinsky.on_packages),
        ("egal", egalitarian.on_packages),
        ("util", utilitarian.on_packages),
    ):
        k = solution(PACKAGES, d)
        assert f"{LEVELS[k]}[{PACKAGES[k][0]}, {PACKAGES[k][1]}]" == row[name], name
    u = nash_solution.with_lotteries(PACKAGES, d)
    assert u == pytest.approx([row["hull_nash_u1"], row["hull_nash_u2"]], abs=1e-12)
    assert np.prod(u - d) == pytest.approx(row["hull_nash_product"], abs=1e-11)


def lottery_grid(worth, d, steps=200):
    """Payoffs of all lotteries over two of the packages and disagreement, on a grid."""
    points = np.vstack([worth, d])
    t = np.linspace(0, 1, steps + 1)[:, None]
    mixed = np.concatenate([t * a + (1 - t) * b for i, a in enumerate(points) for b in points[i:]])
    return mixed[(mixed >= np.asarray(d) - 1e-9).all(axis=1)]


@forall(
    tables,
    st.tuples(st.integers(0, 12), st.integers(0, 12)),
    st.tuples(st.floats(0.2, 3), st.floats(0.2, 3)),
    examples=50,
)
def test_lotteries_against_a_grid(worth, d, powers):
    gains = lottery_grid(worth, d) - d
    gains[gains < 1e-9] = 0  # rounding, which a small power would blow up
    nash = nash_solution.with_lotteries(worth, d, powers) - d
    best = (gains**powers).prod(axis=1).max()
    value = (np.maximum(nash, 0) ** powers).prod()
    assert value >= best * (1 - 1e-9) - 1e-12
    assert value <= best * 1.2 + 1e-9
    equal = egalitarian.with_lotteries(worth, d) - d
    assert equal.min() >= gains.min(axis=1).max() - 1e-9
    ideal = frontier.lotteries(worth, d).max(axis=0) - d
    assert (ideal >= gains.max(axis=0) - 1e-9).all()
    if (ideal > 0).all():
        relative = (kalai_smorodinsky.with_lotteries(worth, d) - d) / ideal
        assert relative[0] == pytest.approx(relative[1], abs=1e-9)
        assert relative.min() >= (gains / ideal).min(axis=1).max() - 1e-9


@forall(tables, st.tuples(st.integers(0, 12), st.integers(0, 12)), st.floats(0.1, 50), st.floats(-9, 9))
def test_nash_and_kalai_smorodinsky_know_no_scale(worth, d, scale, shift):
    other, point = worth.copy(), np.array(d, dtype=float)
    other[:, 0], point[0] = scale * worth[:, 0] + shift, scale * d[0] + shift
    for solution in (nash_solution.on_packages, kalai_smorodinsky.on_packages):
        assert solution(worth, d) == solution(other, point)
    for solution in (nash_solution.with_lotteries, kalai_smorodinsky.with_lotteries):
        u, v = solution(worth, d), solution(other, point)
        assert v == pytest.approx([scale * u[0] + shift, u[1]], abs=1e-6)


def test_the_egalitarian_and_utilitarian_solutions_know_scale():
    worth = np.array([[4.0, 1.0], [2.0, 2.0]])
    stretched = worth * [0.25, 1.0]
    assert egalitarian.on_packages(worth, [0, 0]) == 1 and egalitarian.on_packages(stretched, [0, 0]) == 0
    assert utilitarian.on_packages(worth, [0, 0]) == 0 and utilitarian.on_packages(stretched, [0, 0]) == 1


@forall(tables, st.tuples(st.integers(0, 12), st.integers(0, 12)))
def test_solutions_are_rational_and_efficient(worth, d):
    rational = frontier.individually_rational(worth, d)
    for solution in (
        nash_solution.on_packages,
        kalai_smorodinsky.on_packages,
        egalitarian.on_packages,
        utilitarian.on_packages,
    ):
        k = solution(worth, d)
        assert (k is None) == (not len(rational))
        if k is not None and solution is utilitarian.on_packages:
            assert k in rational and not any((worth > worth[k]).all(axis=1))
        elif k is not None and (worth[rational] > d).all(axis=1).any():
            assert k in rational and k in frontier.efficient(worth)


def test_kalai_smorodinsky_is_lexicographic():
    """Two packages have the same smallest normalised gain, .5; the second gives the other player more."""
    worth = [[2, 4], [4, 2], [2, 2.0]]
    assert kalai_smorodinsky.on_packages(worth, [0, 0]) == 0
    assert kalai_smorodinsky.on_packages([[2, 2], [2, 4], [4, 0]], [0, 0]) == 1


def test_three_players_and_power():
    worth = [[1, 1, 1], [2, 1, 0.6], [0.4, 2, 2]]
    assert nash_solution.on_packages(worth, [0, 0, 0]) == 2
    assert nash_solution.on_packages(worth, [0, 0, 0], [5, 1, 1]) == 1
    assert egalitarian.on_packages(worth, [0, 0, 0]) == 0
    assert utilitarian.on_packages(worth, [0, 0, 0]) == 2


def test_what_has_no_answer():
    assert nash_solution.on_packages([[1, 1]], [2, 2]) is None
    assert nash_solution.with_lotteries([[1, 1]], [2, 2]) == pytest.approx([2, 2])
    for call in (
        lambda: nash_solution.on_packages([[1, 1]], [0, 0, 0]),
        lambda: nash_solution.on_packages([[1, 1]], [0, 0], [1, 0]),
        lambda: nash_solution.with_lotteries([[1, 1, 1]], [0, 0, 0]),
        lambda: split_dollar.nash_share(split_dollar.crra(1), split_dollar.crra(1), 0.6, 0.6),
    ):
        with pytest.raises(ValueError):
            call()
