"""Crises and mediators: figures, a fine grid of demands, simulation, and a mediator checked move by move."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import strategies as st
from theory_cases import forall, rows

from sim.theory import biased_mediation, crisis_costs, crisis_range, crisis_types

TIGHT = 1e-12


@rows("crisis", "range")
def test_range(row):
    found = crisis_range.bargaining_range(row["p"], row["cA"], row["cB"])
    assert (found.low, found.high, found.width) == pytest.approx((row["lo"], row["hi"], row["width"]), abs=TIGHT)
    assert found.high == pytest.approx(row["tioli_A"], abs=TIGHT)


@rows("crisis", "uniform_cost")
def test_uniform_cost(row):
    p, cost, a, b = row["p"], row["cA"], row["a"], row["b"]
    found = crisis_costs.uniform(p, cost, a, b)
    assert found.share == pytest.approx(row["x_star"], abs=TIGHT)
    assert found.war == pytest.approx(row["pr_war"], abs=TIGHT)
    assert found.value == pytest.approx(row["EU_A"], abs=TIGHT)
    assert found.interior == row["interior"]
    assert found.war == pytest.approx((b - 2 * a - cost) / (2 * (b - a)), abs=TIGHT)
    assert abs(found.war - row["mc2e6_seed1"]) <= 4 * math.sqrt(found.war * (1 - found.war) / 2e6)


@rows("crisis", "uniform_cost")
def test_uniform_cost_simulated(row):
    demand = crisis_costs.uniform(row["p"], row["cA"], row["a"], row["b"])
    cost = np.random.default_rng(7).uniform(row["a"], row["b"], 200_000)
    war = np.mean(1 - demand.share < 1 - row["p"] - cost)
    assert abs(war - demand.war) <= 4 * math.sqrt(demand.war * (1 - demand.war) / 200_000)


costs = st.tuples(st.floats(0, 0.5), st.floats(0.01, 0.8))


@forall(st.floats(0, 0.5), st.floats(0, 0.4), costs)
def test_uniform_cost_against_a_grid_of_demands(p, cost, spread):
    low, high = spread[0], spread[0] + spread[1]
    found = crisis_costs.uniform(p, cost, low, high)
    y = np.linspace(low, min(high, 1 - p), 5001)
    war = (y - low) / (high - low)
    value = (1 - war) * (p + y) + war * (p - cost)
    assert found.value >= value.max() - TIGHT
    assert abs(found.share - (p + y[value.argmax()])) <= y[1] - y[0] + TIGHT


def test_comparative_statics():
    """War falls in A's cost by 1 / (2 (b − a)), doesn't depend on p inside, and rises with a spread."""

    def war(p, cost):
        return crisis_costs.uniform(p, cost, 0.05, 0.45).war

    assert (war(0.5, 0.11) - war(0.5, 0.1)) / 0.01 == pytest.approx(-1 / (2 * 0.4))
    assert war(0.2, 0.1) == pytest.approx(war(0.5, 0.1))


@rows("crisis", "spread")
def test_a_spread_makes_war_likelier(row):
    found = crisis_costs.uniform(0.5, row["cA"], row["mean"] - row["halfwidth"], row["mean"] + row["halfwidth"])
    assert found.war == pytest.approx(row["pr_war"], abs=TIGHT)


@rows("crisis", "exponential_cost")
def test_exponential_cost(row):
    p, cost, mean = row["p"], row["cA"], row["mean"]
    found = crisis_costs.exponential(p, cost, mean)
    assert found.share == pytest.approx(row["x_star"], abs=TIGHT)
    assert found.war == pytest.approx(row["pr_war"], abs=TIGHT)
    same = crisis_costs.general(
        p, cost, lambda y: 1 - math.exp(-y / mean), lambda y: math.exp(-y / mean) / mean, 0, 20 * mean
    )
    assert same == pytest.approx(found, abs=TIGHT)


@forall(st.floats(0, 0.5), st.floats(0, 0.4), costs)
def test_the_general_form_holds_the_uniform_one(p, cost, spread):
    low, width = spread
    found = crisis_costs.general(p, cost, lambda y: (y - low) / width, lambda y: 1 / width, low, low + width)
    exact = crisis_costs.uniform(p, cost, low, low + width)
    assert found[:3] == pytest.approx(exact[:3], abs=1e-10)


@rows("crisis", "two_type_cost")
def test_two_costs(row):
    p, cost, low, high = row["p"], row["cA"], row["cL"], row["cH"]
    mu = crisis_types.cost_threshold(cost, low, high)
    assert mu == pytest.approx(row["mu_star"], abs=TIGHT)
    below, above = (crisis_types.private_cost(p, cost, low, high, mu + e) for e in (-1e-9, 1e-9))
    assert (below.risky, above.risky) == (False, True) and below.war == 0 and above.war == pytest.approx(1 - mu)
    assert below.value == pytest.approx(row["EU_at_mu_star"], abs=1e-8)
    assert above.value == pytest.approx(row["EU_at_mu_star"], abs=1e-8)


@rows("crisis", "two_type_power")
def test_two_powers(row):
    args = row["pL"], row["pH"], row["cA"], row["cB"]
    mu = crisis_types.power_threshold(*args)
    assert mu == pytest.approx(row["mu_star"], abs=TIGHT)
    below, above = (crisis_types.private_power(*args, mu + e) for e in (-1e-9, 1e-9))
    assert (below.risky, above.risky) == (False, True)
    assert below.value == pytest.approx(above.value, abs=1e-8)


def mediator(row):
    names = ("mu", "accuracy", "c1", "cL", "cH", "kM")
    return biased_mediation.window(*(row[name] for name in names))


@rows("mediation", "bias_window")
def test_bias_window(row):
    found = mediator(row)
    assert found.threshold == pytest.approx(row["mu_star"], abs=1e-10)
    assert (found.after_high, found.after_low) == pytest.approx((row["post_H"], row["post_L"]), abs=1e-10)
    assert found.influential == row["influential"]
    assert (found.low, found.high) == pytest.approx((row["b_lo"], row["b_hi"]), abs=1e-10)
    assert (found.war_without, found.war_with) == pytest.approx(
        (row["war_without"], row["war_with_truthful"]), abs=1e-10
    )


def tells_the_truth(row, bias):
    """Whether a mediator with either signal prefers to send it, given what 1 then demands."""
    p, low, high, k = row["p"], row["cL"], row["cH"], row["kM"]
    found = mediator(row)

    def worth(belief, demand):
        settles = belief if demand > p + low + 1e-15 else 1.0
        return settles * bias * demand + (1 - settles) * (bias * p - k)

    after = {"H": p + high, "L": p + low}  # 1's demands if it believes the message
    return (
        worth(found.after_high, after["H"]) >= worth(found.after_high, after["L"]) - TIGHT
        and worth(found.after_low, after["L"]) >= worth(found.after_low, after["H"]) - TIGHT
    )


@rows("mediation", "bias_window")
def test_no_mediator_gains_by_lying_inside_the_window_and_some_signal_lies_outside(row):
    found = mediator(row)
    assert found.influential
    for bias in np.linspace(-1, 4, 501):
        assert (
            found.credible(bias) == tells_the_truth(row, bias)
            or min(abs(bias - found.low), abs(bias - found.high)) < 1e-9
        )


@rows("mediation", "unbiased")
def test_the_unbiased_mediator(row):
    """Truthful only if it never errs; a slight bias is believed, the opposite bias never."""
    game = {"mu": 0.5, "c1": 0.1, "cL": 0.1, "cH": 0.4, "kM": 0.2, "accuracy": row["accuracy"]}
    says = {True: "truthful", False: "not credible"}
    found = mediator(game)
    assert says[found.credible(0.0)] == row["result"]
    assert says[found.credible(0.5)] == row["slightly_biased_0p5"]
    assert says[found.credible(-0.5)] == row["opposite_bias"]


def test_too_much_bias_is_not_believed_and_an_idle_message_changes_nothing():
    window = biased_mediation.window(0.5, 0.8, 0.2, 0.05, 0.5, 0.1)
    assert window.credible(1.5) and not window.credible(1.7)
    idle = biased_mediation.window(0.9, 0.55, 0.1, 0.1, 0.4, 0.2)
    assert not idle.influential and not idle.credible(0.5)


@pytest.mark.parametrize(
    "call",
    [
        lambda: crisis_range.bargaining_range(1.1, 0, 0),
        lambda: crisis_costs.uniform(0.5, 0.1, 0.4, 0.2),
        lambda: crisis_costs.exponential(0.5, 0.1, 0),
        lambda: crisis_types.cost_threshold(0.1, 0.3, 0.2),
        lambda: crisis_types.private_cost(0.8, 0.1, 0.1, 0.3, 0.5),
        lambda: crisis_types.private_power(0.3, 0.5, 0.1, 0.1, 1.5),
        lambda: crisis_types.power_threshold(0.5, 0.4, 0.1, 0.1),
        lambda: biased_mediation.window(0.5, 0.4, 0.1, 0.1, 0.4, 0.2),
        lambda: biased_mediation.window(0.5, 0.8, 0.1, 0.4, 0.1, 0.2),
    ],
)
def test_what_has_no_answer_is_an_error(call):
    with pytest.raises(ValueError):
        call()
