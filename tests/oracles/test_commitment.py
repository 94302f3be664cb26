"""War because power shifts, through scenario files: after Fearon (1995) and Powell (2004, 2006).

R makes every offer and D attacks once what it can be ceded today is too little. The verdict, war at once or never, is
exact; shares in thousandths leave the threshold on p₂ within .001.
"""

from __future__ import annotations

import pytest
from games import figures, teaching, worlds_of

from sim.theory import gradual_shift, shifting_power

ROWS = figures("commitment")
NEAR = 0.001


def rising(p1: float, p2: float, delta: float, cost_r: float, cost_d: float, steps: int = 1):
    """The teaching file with other figures; power rises in so many steps."""
    changes = [f"actors.{a}.discount={delta!r}" for a in "RD"]
    changes += [f"stocks.power.start={p1!r}", f"stocks.power.range=[{p1!r}, {p2!r}]"]
    changes.append(f"stocks.power.change.0.by={(p2 - p1) / steps!r}")
    changes += [f"interests.R.2.weight={-(1 - delta) * cost_r!r}", f"interests.D.2.weight={1 - (1 - delta) * cost_d!r}"]
    return teaching("rising_power", *changes)


def war(game) -> bool:
    """Whether D attacks in the first period; else it never does."""
    worlds = worlds_of(game, 2)
    since = set(worlds["outcome.war.since"])
    assert since in ({0}, {1}), since
    return since == {1}


@pytest.mark.parametrize("row", ROWS["one_shift"][:2], ids=["p1=.3", "p1=.5"])  # the third is a knife edge: no costs
@pytest.mark.parametrize("side", [-NEAR, NEAR])
def test_one_shift(row, side):
    p2 = row["p2_star_R_makes_offers"] + side
    assert war(rising(row["p1"], p2, row["delta"], row["cR"], row["cD"])) == (side > 0)


def test_the_costs_of_war_to_the_rising_side_dont_move_the_threshold():
    """R gains nothing from war either way, so its cost plays no part in what it can promise."""
    row = ROWS["one_shift"][0]
    for cost in (0.0, 2.0):
        for side in (-NEAR, NEAR):
            p2 = row["p2_star_R_makes_offers"] + side
            assert war(rising(row["p1"], p2, row["delta"], cost, row["cD"])) == (side > 0)


@pytest.mark.parametrize("row", ROWS["gradual"], ids=lambda r: f"steps={r['steps']}-c={r['cD']:g}")
def test_a_rise_by_steps(row):
    """All of these make peace impossible under any protocol, so also where R makes the offers."""
    assert not row["peace"]
    assert war(rising(0.2, 0.8, row["delta"], row["cR"], row["cD"], row["steps"]))


@pytest.mark.parametrize("steps", [60, 90])
def test_a_slow_rise_is_peaceful_where_no_single_step_is_too_large(steps):
    """With R's offers war comes iff some step has δ p' − p > (1 − δ)² c_D: the first, as power is lowest then."""
    delta, cost = 0.97, 4.0
    step = 0.6 / steps
    exact = delta * (0.2 + step) - 0.2 > (1 - delta) ** 2 * cost
    assert exact == (0.2 + step > shifting_power.threshold_rising_offers(0.2, delta, cost))
    assert war(rising(0.2, 0.8, delta, cost, cost, steps)) == exact
    path = [0.2 + step * k for k in range(steps + 1)]
    assert exact or gradual_shift.peace_possible(path, delta, cost, cost)


# --- promises ---


@pytest.mark.parametrize(("penalty", "kept"), [(0.0, False), (0.5, False), (1.49, False), (1.51, True), (3.0, True)])
def test_a_guarantor_makes_a_promise_good_from_the_temptation_on(penalty, kept):
    """A gains 1.5 of its stakes by attacking at full strength; B foresees when, and signs only what is kept."""
    worlds = worlds_of(teaching("guarantor", f"tables.treaty.guarantor.penalty={penalty}"), 4)
    assert (worlds["outcome.peace"] == kept).all()
    assert set(worlds["table.treaty.deal_period"]) == {1 if kept else 0}
    assert worlds[["value.A", "value.B"]].to_numpy() == pytest.approx(0.5 if kept else 0.3, abs=1e-9)


def test_ones_own_penalty_counts_like_the_guarantors():
    for own, other in ((1.51, 0.0), (0.8, 0.71)):
        changes = [f"tables.treaty.renege.A.penalty={own}", f"tables.treaty.guarantor.penalty={other}"]
        assert worlds_of(teaching("guarantor", *changes), 4)["outcome.peace"].all()


@pytest.mark.parametrize(("loss", "signs"), [(-0.15, False), (-0.05, True)])
def test_a_promise_that_is_broken_late_may_be_worth_signing(loss, signs):
    """B loses less under attack: the treaty brings it (1 − δ²) × .5 + δ² (.3 + loss × ½) where A breaks it in period
    3, at strength ½. It is signed if that is no less than .3, and broken when B said it would be."""
    worth = (1 - 0.81) * 0.5 + 0.81 * (0.3 + loss / 2)
    assert (worth >= 0.3) == signs
    changes = ["tables.treaty.guarantor.penalty=0", f"interests.B.2.weight={loss}"]
    worlds = worlds_of(teaching("guarantor", *changes), 4)
    assert set(worlds["table.treaty.deal_period"]) == {1 if signs else 0}
    assert set(worlds["table.treaty.status"]) == {"promise_broken" if signs else "talking"}
    assert worlds["value.B"].to_numpy() == pytest.approx(max(worth, 0.3), abs=1e-9)
