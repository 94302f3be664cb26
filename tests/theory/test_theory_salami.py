"""Salami tactics: figures, D's indifference on the path, slices, and a red line by enumeration."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import strategies as st
from theory_cases import forall, rows

from sim.theory import red_line, salami, sliced_salami


def terms(row):
    return salami.Object(row["a"], row["b"], row["delta"], row["cD"])


def war(game, share):
    """D's value of fighting when A holds a share."""
    return (1 - game.a - game.b * share) / (1 - game.delta) - game.cost_d


@rows("salami", "salami")
def test_path(row):
    game = terms(row)
    assert salami.persistence(game) == pytest.approx(row["rho"], abs=1e-10)
    assert salami.fixed_point(game) == pytest.approx(row["x_star"], abs=1e-10)
    assert salami.once_for_all(game, row["x0"]) == pytest.approx(row["one_shot_if_power_fixed"], abs=1e-10)
    for t in (1, 2, 5):
        assert salami.path(game, row["x0"], t) == pytest.approx(row[f"x{t}"], abs=1e-10)
    assert salami.fixed_point(game) > salami.once_for_all(game, row["x0"])


games = st.builds(salami.Object, st.floats(0, 0.4), st.floats(0, 0.55), st.floats(0.3, 0.99), st.floats(0, 2))


@forall(games, st.floats(0, 1))
def test_a_demand_leaves_d_at_its_value_of_war(game, part):
    start = part * min(1.0, salami.fixed_point(game))
    share, closed = start, []
    for _ in range(6):
        asked = salami.next_share(game, share)
        if asked < 1:
            assert (1 - asked) + game.delta * war(game, asked) == pytest.approx(war(game, share), abs=1e-8)
        share = asked
        closed.append(share)
    assert closed == pytest.approx([salami.path(game, start, t) for t in range(1, 7)], abs=1e-9)


@rows("salami", "salami")
def test_slices(row):
    """A thousand slices: the largest distance from the continuous path over eight demands."""
    game, slices = terms(row), 1000
    found = sliced_salami.path(game, round(row["x0"] * slices), slices, 8)
    exact = [salami.path(game, row["x0"], t) for t in range(9)]
    error = abs(found - exact).max()
    assert error == pytest.approx(row["slice_err_N1000"], abs=1e-10)
    assert error <= (2 + 1 / (1 - row["rho"])) / slices


@rows("salami", "salami")
@pytest.mark.parametrize("slices", [100, 500, 2000])
def test_finer_slices_come_nearer(row, slices):
    game = terms(row)
    found = sliced_salami.path(game, round(row["x0"] * slices), slices, 8)
    exact = [salami.path(game, row["x0"], t) for t in range(9)]
    assert abs(found - exact).max() <= (2 + 1 / (1 - row["rho"])) / slices


@rows("salami", "salami")
def test_thick_slices_stall(row):
    """A tenth a slice is more than a step of the path gains: A stops where finer slices would carry it further."""
    game = terms(row)
    end = sliced_salami.path(game, round(row["x0"] * 10), 10, 60)[-1]
    fine = sliced_salami.path(game, round(row["x0"] * 1000), 1000, 60)[-1]
    assert end < fine - 0.01
    assert salami.next_share(game, end) < end + 0.1


@rows("salami", "jump")
def test_jump(row):
    """The figures start a hair below the jump."""
    game, at = terms(row), row["xc"]
    assert salami.jump_threshold(game, at - 1e-12, at) == pytest.approx(row["J_star"], abs=1e-14)
    largest = salami.jump_threshold(game, at, at)
    for jump, passes in ((largest - 1e-9, True), (largest + 1e-9, False)):
        # Past `at` power is p + jump: does D yield to any demand there?
        beyond = at + 1e-12
        stays = (1 - beyond) + game.delta * (war(game, beyond) - jump / (1 - game.delta))
        assert (stays >= war(game, at)) == passes


@rows("salami", "red_line")
def test_red_line(row):
    found = red_line.solve(10, row["v"], row["C"], row["w"], row["delta"])
    assert found.resists_from == row["resist_iff_remaining_at_least"]
    assert found.actions == row["actions_1_to_10"]
    assert found.values[10] == pytest.approx(row["V10"], abs=1e-10)


def plan_worth(plan, worth, cost, success, delta):
    """D's value of a fixed plan, 'C' or 'R' by slices held."""
    value = 0.0
    for n, act in enumerate(plan, start=1):
        concede = worth * (n - 1) + delta * value
        value = concede if act == "C" else -cost + success * worth * n / (1 - delta) + (1 - success) * concede
    return value


@forall(st.floats(0, 2), st.floats(0, 30), st.floats(0, 1), st.floats(0, 0.95))
def test_no_plan_is_better(worth, cost, success, delta):
    found = red_line.solve(6, worth, cost, success, delta)
    best = max(plan_worth(plan, worth, cost, success, delta) for plan in product("CR", repeat=6))
    assert found.values[6] == pytest.approx(best, abs=1e-9)
    assert plan_worth(found.actions, worth, cost, success, delta) == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize(
    "call",
    [
        lambda: salami.fixed_point(salami.Object(0.5, 0.6, 0.9, 0.1)),
        lambda: salami.next_share(salami.Object(0.1, 0.4, 1.0, 0.1), 0.5),
        lambda: red_line.solve(0, 1, 1, 0.5, 0.9),
    ],
)
def test_what_has_no_answer_is_an_error(call):
    with pytest.raises(ValueError):
        call()


def test_shares_are_capped():
    game = salami.Object(0.4, 0.6, 0.9, 3.0)
    assert salami.fixed_point(game) > 1
    assert salami.path(game, 0.9, 200) == 1 and salami.next_share(game, 1.0) == 1
    assert np.all(sliced_salami.next_slices(game, 50) >= np.arange(51))
