"""The teaching files give the textbook's answers, as the comment on top of each says.

Those whose game has a page of its own are held to it beside its figures: test_legislatures, test_commitment,
test_mediation, test_salami, test_unanimity.
"""

from __future__ import annotations

import math

import pytest
from games import TEACHING, teaching, worlds_of

WORLDS = 4000


def noise(share: float, worlds: int = WORLDS) -> float:
    """Four standard errors of a share of worlds."""
    return 4 * math.sqrt(share * (1 - share) / worlds)


@pytest.mark.parametrize(
    ("name", "share", "within", "period"),
    [
        ("split_the_dollar", 0.34, 1e-9, 1),
        ("rubinstein", 0.526, 0.0065, 1),  # four grid steps and the distance of the Nash end, .0021
        ("outside_option", 0.5, 0.0045, 1),
        ("inside_option", 0.368, 0.0045, 1),
        ("nash_demand", 0.4, 1e-9, 1),
        ("concession", 0.64, 1e-9, 7),
    ],
)
def test_the_dollar_is_split_as_the_textbook_says(name, share, within, period):
    found = worlds_of(teaching(name), 8)
    assert found["outcome.agreed"].all()
    assert set(found["table.split.deal_period"]) == {period}
    assert found["level.share"].astype(float).to_numpy() == pytest.approx(share, abs=within)
    assert found["level.share"].nunique() == 1


def test_an_inside_option_moves_what_an_outside_option_of_the_same_size_doesnt():
    plain, inside = (float(worlds_of(teaching(n), 2)["level.share"][0]) for n in ("rubinstein", "inside_option"))
    outside = teaching("outside_option", "interests.B.2.weight=0.3")
    assert float(worlds_of(outside, 2)["level.share"][0]) == plain
    assert inside < plain - 0.1


def test_two_who_concede_alike_meet_in_the_middle():
    found = worlds_of(teaching("concession", "tables.split.strategies.A.concession.beta=1"), 2)
    assert set(found["table.split.deal_period"]) == {6} and set(found["level.share"].astype(float)) == {0.5}


def test_a_secret_cost_makes_war():
    found = worlds_of(teaching("fearon_private_cost"), WORLDS)["outcome.war"].mean()
    assert abs(found - 0.375) <= noise(0.375) + 0.001 / 0.4


@pytest.mark.parametrize(
    ("mu", "war", "demand"), [(0.6, 0.4, 0.8), (0.51, 0.49, 0.8), (0.49, 0.0, 0.6), (0.45, 0.0, 0.6)]
)
def test_a_risk_is_taken_from_the_threshold_on(mu, war, demand):
    cost = "actors.B.types.cost"
    changes = [f"{cost}.low.probability={1 - mu!r}", f"{cost}.high.probability={mu!r}"]
    found = worlds_of(teaching("fearon_two_costs", *changes), WORLDS)
    assert abs(found["outcome.war"].mean() - war) <= noise(war)
    agreed = found["level.share"][~found["outcome.war"]].astype(float)
    assert agreed.to_numpy() == pytest.approx(demand, abs=1e-9)


def test_a_secret_deal_holds_up_an_open_one_until_it_is_out():
    found = worlds_of(teaching("secret_deal"), WORLDS)
    assert set(found["table.backroom.deal_period"]) == {1}
    periods = found["table.open.deal_period"]
    assert set(periods) <= {0, 2, 3, 4, 5, 6}
    for n in range(2, 7):
        exact = 1 - 0.8 ** (n - 1)
        assert abs(((periods > 0) & (periods <= n)).mean() - exact) <= noise(exact)
    assert (found["level.share"][periods > 0].astype(float) == 0.4).all()


def test_a_red_line_is_defended_four_times():
    found = worlds_of(teaching("red_line"), WORLDS)
    exact = 1 - 0.7**4
    assert abs(found["outcome.held"].mean() - exact) <= noise(exact)
    assert set(found["stock.slices"]) == {0.0, 7.0, 8.0, 9.0, 10.0}


@pytest.mark.parametrize(("top", "war"), [(0.338, False), (0.34, True)])
def test_a_rising_power_keeps_the_peace_only_if_it_doesnt_rise_far(top, war):
    found = worlds_of(teaching("rising_power", f"stocks.power.range.1={top}"), 2)
    assert set(found["outcome.war.since"]) == {1 if war else 0}


@pytest.mark.parametrize("file", sorted(TEACHING.glob("*.yaml")), ids=lambda f: f.stem)
def test_a_teaching_file_is_short_and_says_its_answer(file):
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 40
    comment = " ".join(line for line in lines if line.startswith("#"))
    assert any(digit.isdigit() for digit in comment), "no figures in the comment on top"
