"""Side payments and public information, where what must come out is known."""

from __future__ import annotations

import numpy as np
import pytest

import sim

CITY = "scenarios/teaching/indivisible.yaml"
PAID = "tables.talks.payments={most: 0.5, steps: 5}"
MAIN = "scenarios/kursk_ceasefire.yaml"


def columns(file: str, *changes: str, worlds: int = 60) -> dict[str, np.ndarray]:
    blocks = sim.run(sim.load(file, changes), worlds, 1).blocks
    return {name: blocks.column(name) for name in blocks.names()}


def test_an_indivisible_city_is_bought_for_what_the_loser_can_hope_for():
    assert not columns(CITY)["outcome.peace"].any()
    paid = columns(CITY, PAID)
    assert paid["outcome.peace"].all()
    assert paid["value.A"] == pytest.approx(1 - 0.4) and paid["value.B"] == pytest.approx(0.4)


def test_what_is_too_little_to_make_up_for_the_city_buys_nothing():
    assert not columns(CITY, "tables.talks.payments={most: 0.3, steps: 3}")["outcome.peace"].any()


def test_nothing_is_paid_where_there_is_nothing_to_share():
    """In a zero-sum game what one gains by any package and payment the other loses."""
    game = ("interests.A.1.weight=0.5", "interests.B.2.weight=0.5", "actors.A.resolve=0.01", "actors.B.resolve=0.01")
    assert not columns(CITY, PAID, *game)["outcome.peace"].any()


def test_payments_that_rest_on_a_false_claim_are_not_made():
    game = "tables.ceasefire_talks.payments={most: 0.5, steps: 2, claims: [P2]}"
    without, able = columns(MAIN), columns(MAIN, game)
    off = ~able["claim.P2"]
    assert off.any() and (able["level.US@ceasefire_talks"][off] == 2).all()  # nothing is paid
    for name in ("outcome.ceasefire", "level.ceasefire", "value.US", "table.ceasefire_talks.deal_period"):
        assert (able[name][off] == without[name][off]).all(), name


def test_where_everything_is_public_a_secret_cost_makes_no_war():
    """Fearon (1995): with complete information there is always a bargain that both prefer to war."""
    file = "scenarios/teaching/fearon_private_cost.yaml"
    assert columns(file, worlds=200)["outcome.war"].any()
    public = columns(file, "information=public", worlds=200)
    assert not public["outcome.war"].any()
    # A takes all that B's own cost leaves: p + c_B = 0.9 - resolve, to the grid
    assert public["value.A"] == pytest.approx(0.9 - public["table.crisis.resolve.B"], abs=0.0011)


def test_a_breach_ends_payments_though_it_sets_something_else():
    game = (
        "issues.front={levels: {here: 0, there: 1}, start: here}",
        "interests.A.attack={term: attack, form: linear, of: front, weight: 0.6}",
        "tables.treaty.guarantor=null",
        "tables.treaty.renege={A: {sets: {front: there}, penalty: 0}}",
        "tables.treaty.payments={most: 0.5, steps: 5, assumption: x}",
    )
    played = columns("scenarios/teaching/guarantor.yaml", *game, worlds=4)
    nothing = 5  # of eleven levels, gets 0.5 … pays 0.5
    assert (played["table.treaty.terms.A@treaty"] == 0).all()  # A is paid the most it can be
    assert (played["table.treaty.breaches.A"] == 1).all() and (played["level.front"] == 1).all()
    assert (played["level.A@treaty"] == nothing).all() and (played["level.peace"] == 1).all()
