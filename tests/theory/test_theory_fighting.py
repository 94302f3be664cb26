"""Bargaining while fighting, and screening: figures, deviations, a grid where it is exact and where it isn't."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import reject
from hypothesis import strategies as st
from theory_cases import figures, forall, rows

from sim.theory import fighting_costs, fighting_power, screening

PARAMETERS = ("T", "delta", "q", "kA", "p", "c_lo", "c_hi")


def model_p(row):
    return fighting_costs.solve(*(row[name] for name in PARAMETERS))


@rows("fighting", "modelP")
def test_private_costs(row):
    found = model_p(row)
    assert found.discount == pytest.approx(row["eff_delta"], abs=1e-9)
    assert found.fight_value == pytest.approx(row["W_A"], abs=1e-9)
    assert found.surplus == pytest.approx((row["s_lo"], row["s_hi"]), abs=1e-9)
    assert found.offers == pytest.approx(row["offers_to_D"], abs=1e-9)
    assert found.settles == pytest.approx(row["settle_prob_uncond"], abs=1e-9)
    assert found.cutoffs == pytest.approx(row["belief_upper_cutoff_c"], abs=1e-9)
    assert found.never == pytest.approx(row["prob_never_by_offer"], abs=1e-9)


def test_private_costs_against_simulated_paths():
    tables = figures("fighting")
    found = model_p(tables["modelP"][1])
    (drawn,) = tables["modelP_mc"]
    assert found.value == pytest.approx(drawn["EA_closed"], abs=1e-9)
    assert abs(found.value - drawn["EA_mc"]) <= 4 * drawn["se"]
    (realised,) = tables["modelP_realised"]
    assert found.realised == pytest.approx(realised["settle_realised"], abs=4 * 0.5 / 400_000**0.5)


def play_out(row, paths, rng):
    """The literal game: offers, refusals, costs, collapse. A's payoff by path and when it settled (0: never)."""
    found = model_p(row)
    cost = rng.uniform(row["c_lo"], row["c_hi"], paths)
    worth, when = np.zeros(paths), np.zeros(paths, dtype=int)
    live, factor = np.ones(paths, dtype=bool), 1.0
    for t in range(400):
        if t < row["T"]:
            yes = live & (cost >= found.cutoffs[t + 1])
            worth[yes] += factor * (1 - found.offers[t])
            when[yes], live = t + 1, live & ~yes
        worth[live] -= factor * row["kA"]
        falls = live & (rng.random(paths) < row["q"])
        worth[falls] += factor * row["delta"] * (rng.random(falls.sum()) < row["p"])
        live, factor = live & ~falls, factor * row["delta"]
    return worth, when


@rows("fighting", "modelP")
def test_the_literal_game_pays_what_it_should(row):
    found = model_p(row)
    worth, when = play_out(row, 40_000, np.random.default_rng(3))
    assert abs(worth.mean() - found.value) <= 4 * worth.std() / 200
    for t, chance in enumerate(found.realised, start=1):
        assert abs(np.mean(when == t) - chance) <= 4 * (chance * (1 - chance) / 40_000) ** 0.5


@rows("fighting", "modelP")
def test_a_type_accepts_where_that_is_best(row):
    """No type gains by accepting an earlier or later offer than it does, or none."""
    found = model_p(row)
    cost = np.linspace(row["c_lo"], row["c_hi"], 2001)
    d = found.discount
    fight = (row["delta"] * row["q"] * (1 - row["p"]) - cost) / (1 - d)
    gains = [d**t * (x - fight) for t, x in enumerate(found.offers)] + [np.zeros_like(cost)]
    chosen = np.select([cost >= c for c in found.cutoffs[1:]], gains[:-1], gains[-1])
    assert (chosen >= np.max(gains, axis=0) - 1e-9).all()


@rows("fighting", "sobel_takahashi")
def test_screening(row):
    step = screening.steps(row["T"], row["delta"])[-1]
    assert step == pytest.approx((row["beta_T"], row["gamma_T"], row["alpha_T"]), abs=1e-12)


@forall(st.integers(2, 12), st.floats(0.05, 0.99))
def test_no_cut_off_is_better_for_the_proposer(offers, delta):
    *_, last, now = screening.steps(offers, delta)
    cut = np.linspace(0, 1, 20_001)
    price = (1 - delta) * cut + delta * last.gamma * cut  # leaves type `cut` indifferent
    value = price * (1 - cut) + delta * last.alpha * cut**2
    assert value.max() <= now.alpha + 1e-12
    assert abs(cut[value.argmax()] - now.beta) <= 1e-4


@rows("fighting", "stationary")
def test_without_a_deadline(row):
    assert screening.stationary_demand(row["delta"]) == pytest.approx(row["gamma_inf"], abs=1e-12)
    assert screening.steps(400, row["delta"])[-1].gamma == pytest.approx(row["gamma_inf"], abs=1e-9)


def on_a_type_grid(offers, delta, types):
    """Backward induction with cut-offs on a grid of types: an argmax at each stage, its price passed back."""
    s = np.linspace(0, 1, types)
    value, price = np.zeros(types), np.zeros(types)
    for n in range(offers):
        asked = s - delta * (s - price) if n else s.copy()
        new, best = np.zeros(types), np.zeros(types, dtype=int)
        for h in range(types):
            gain = asked[: h + 1] * (s[h] - s[: h + 1]) + delta * value[: h + 1]
            best[h] = gain.argmax()
            new[h] = gain[best[h]]
        value, price = new, asked[best]
    return value[-1]


@rows("fighting", "naive_type_grid_bias")
def test_a_grid_of_types_is_biased(row):
    """Several percent for six offers, shrinking slowly as the grid is refined; the linear form is exact."""
    exact = screening.steps(row["T"], row["delta"])[-1].alpha
    assert exact == pytest.approx(row["exact"], abs=1e-12)
    value = on_a_type_grid(row["T"], row["delta"], row["N"])
    assert value == pytest.approx(row["value"], rel=0.002)  # the last digits hang on how ties are rounded
    assert value / exact - 1 == pytest.approx(row["rel_err"], abs=0.002)
    if row["T"] == 6:
        assert value > 1.015 * exact


def by_cut_offs(offers, delta, low, high, points):
    """The proposer's first cut-off and its payoff, by induction on a grid of cut-offs; below `low` there is nobody.
    The last stage, which is known, is put in exactly."""
    h = np.linspace(low, high, points)
    last = np.maximum(h / 2, low)
    price, value, cut = last, last * (h - last), last
    for _ in range(offers - 1):
        asked = (1 - delta) * h + delta * price
        gain = asked[None, :] * (h[:, None] - h[None, :]) + delta * value[None, :]
        gain[np.triu_indices(points, 1)] = -np.inf
        best = gain.argmax(axis=1)
        price, value, cut = asked[best], gain[np.arange(points), best], h[best]
    return cut[-1], value[-1] / (high - low)


def first_cut_off(found):
    return found.surplus[0] + (found.surplus[1] - found.surplus[0]) * (1 - found.settles[0])


def test_a_small_gap_changes_nothing():
    """Three offers, all cut-offs well above the lowest type: induction tends to the formula's first cut-off, .396."""
    found = fighting_costs.solve(3, 0.995, 0.2, 0.005, 0.5, 0.0, 0.1)
    assert first_cut_off(found) == pytest.approx(0.3956, abs=5e-5)
    cut, gain = by_cut_offs(3, found.discount, *found.surplus, 1201)
    assert cut == pytest.approx(first_cut_off(found), abs=2e-3)
    assert gain == pytest.approx(found.value - found.fight_value, rel=5e-4)


def test_with_a_gap_the_last_cut_off_is_not_enough():
    """Two offers, both cut-offs above the lowest type, and yet the proposer gains 5% by cutting lower first: a next
    offer that everybody takes is then the best."""
    found = fighting_costs.solve(2, 1.0, 0.2, 0.037, 0.5, 0.0, 0.063)
    assert found.cutoffs[-1] > 0
    cut, gain = by_cut_offs(2, found.discount, *found.surplus, 1201)
    assert cut < 0.7 * first_cut_off(found)
    assert gain > 1.05 * (found.value - found.fight_value)


def model_f(row):
    solver = fighting_power.Solver(fighting_power.War(*(row[k] for k in ("pW", "pS", "kA", "kD", "delta"))))
    return solver, *row["units"], row["mu0"]


@rows("fighting", "modelF")
def test_private_power(row):
    solver, a, d, mu = model_f(row)
    position = solver.position(a, d)
    choice = position.best(mu)
    assert choice.kind == row["first"]
    assert choice.offer == pytest.approx(row["offer1"], abs=1e-9)
    assert (1.0 if choice.kind == "pool" else choice.accepted(mu) / mu) == pytest.approx(row["accW1"], abs=1e-9)
    assert choice.value(mu) == pytest.approx(row["VA"], abs=1e-9)
    assert choice.offer == pytest.approx(row["UW"], abs=1e-9)
    assert position.fight_strong == pytest.approx(row["US"], abs=1e-9)


@rows("fighting", "modelF")
def test_the_course_of_the_war(row):
    solver, a, d, mu = model_f(row)
    course = fighting_power.course(solver, a, d, mu)
    assert course.settles == pytest.approx({int(t): p for t, p in row["settle"].items()}, abs=1e-9)
    assert course.to_the_finish == pytest.approx(row["to_the_finish"], abs=1e-9)
    assert sum(course.settles.values()) + course.to_the_finish == pytest.approx(1, abs=1e-12)
    told = {"" if h == "start" else h: entry for h, entry in row["beliefs"].items()}
    assert set(course.beliefs) == set(told)
    for history, (belief, kind, offer) in told.items():
        found = course.beliefs[history]
        assert (found[0], found[2]) == pytest.approx((belief, offer), abs=1e-9) and found[1] == kind


@rows("fighting", "modelF_mustar_11")
def test_with_one_unit_each(row):
    war = fighting_power.War(*(row[k] for k in ("pW", "pS", "kA", "kD", "delta")))
    mu = fighting_power.separation_threshold(war)
    assert mu == pytest.approx(row["mu_star"], abs=1e-10)
    position = fighting_power.Solver(war).position(1, 1)
    assert (position.best(mu - 1e-9).kind, position.best(mu + 1e-9).kind) == ("pool", "separate")


@rows("fighting", "modelF")
def test_no_offer_is_better(row):
    """A's value of 400 offers against the weak type's equilibrium reply, found by bisection on the belief."""
    solver, a, d, mu = model_f(row)
    position, won, lost = solver.position(a, d), solver.position(a, d - 1), solver.position(a - 1, d)

    def refusing(m):
        later = [s.best(solver.bayes(m, w)).offer for s, w in ((won, True), (lost, False))]
        p = solver.war.p_weak
        return -solver.war.cost_d + solver.war.delta * (p * later[0] + (1 - p) * later[1])

    def refused(m):
        p = m * solver.war.p_weak + (1 - m) * solver.war.p_strong
        values = [s.best(b).value(b) for s, b in ((won, solver.bayes(m, True)), (lost, solver.bayes(m, False)))]
        return -solver.war.cost_a + solver.war.delta * (p * values[0] + (1 - p) * values[1])

    for offer in np.linspace(refusing(mu) - 0.1, position.fight_strong + 0.1, 400):
        if offer >= position.fight_strong:
            value = 1 - offer
        elif offer < refusing(mu):
            value = refused(mu)
        else:  # the belief after a refusal that keeps the weak type indifferent
            low, high = 0.0, mu
            for _ in range(60):
                middle = (low + high) / 2
                low, high = (middle, high) if refusing(middle) > offer else (low, middle)
            yes = (mu - high) / (1 - high)
            value = yes * (1 - offer) + (1 - yes) * refused(high)
        assert value <= position.best(mu).value(mu) + 1e-8


def test_tempting_but_false():
    """A settlement at once isn't likelier the weaker D seems, and the chance of settling doesn't fall with time."""
    tables = figures("fighting")["modelF"]
    row = next(r for r in tables if r["units"] == [2, 2] and r["pW"] == 0.7)
    at_once = [fighting_power.course(model_f(row)[0], 2, 2, mu).settles[1] for mu in (0.2, 0.5, 0.8)]
    assert at_once == pytest.approx([1.0, 0.232, 0.693], abs=5e-4)
    row = next(r for r in tables if r["units"] == [3, 3])
    settles = fighting_power.course(model_f(row)[0], 3, 3, 0.5).settles
    left, hazards = 1.0, []
    for t in (1, 2, 3):
        hazards.append(settles[t] / left)
        left -= settles[t]
    assert hazards[0] > hazards[1] < hazards[2]


@forall(
    st.tuples(st.floats(0.05, 0.95), st.floats(0.05, 0.95)).filter(lambda p: abs(p[0] - p[1]) > 0.02),
    st.tuples(st.floats(0.005, 0.1), st.floats(0.005, 0.1)),
    st.floats(0.8, 1),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.floats(0.01, 0.99),
)
def test_what_holds_in_every_war(powers, costs, delta, units, mu):
    solver = fighting_power.Solver(fighting_power.War(max(powers), min(powers), *costs, delta))
    try:
        position = solver.position(*units)
    except ValueError:  # so costly that fighting longer doesn't pay
        reject()
    offers = [choice.offer for choice in position.choices]
    assert all(a > b for a, b in pairwise(offers))
    assert max(offers) <= position.fight_strong + 1e-12
    assert min(offers) >= position.fight_weak - 1e-9
    course = fighting_power.course(solver, *units, mu)
    assert sum(course.settles.values()) + course.to_the_finish == pytest.approx(1, abs=1e-9)
    values = [position.best(m).value(m) for m in np.linspace(0, 1, 101)]
    assert (np.diff(values) >= -1e-9).all() and values[0] == pytest.approx(1 - position.fight_strong)


@pytest.mark.parametrize(
    "call",
    [
        lambda: screening.steps(0, 0.9),
        lambda: screening.stationary_demand(1.0),
        lambda: fighting_costs.solve(1, 1, 0, 0, 0.5, 0, 0.1),
        lambda: fighting_costs.solve(6, 0.9, 0.1, 0.05, 0.5, 0.05, 0.1),
        lambda: fighting_power.Solver(fighting_power.War(0.3, 0.8, 0.1, 0.1, 0.9)),
        lambda: fighting_power.Solver(fighting_power.War(0.875, 0.75, 0.125, 0.125, 1.0)).position(3, 1),
    ],
)
def test_what_has_no_answer_is_an_error(call):
    with pytest.raises(ValueError):
        call()
