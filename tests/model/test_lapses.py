"""Deals that lapse: when they are in force, what they are worth, and what a supplier asks for each time."""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import negotiation

RENT = """\
title: A good that is rented out
assumption: a test
period: round
horizon: 9
normalise: false
actors: {S: {discount: 0.9, resolve: 0}, B: {discount: 0.9, resolve: 0}}
issues:
  good:  {levels: {no: 0, yes: 1}, start: no}
  price: {levels: {from: 0, to: 1, steps: 1001}, start: 0}
stocks:
  need: {start: 0.1, range: [0, 1], change: [{by: 0.05}]}
interests:
  S: [{term: paid, form: product, of: [good, price], weight: 1}]
  B:
    - {term: need, form: product, of: [good, need], weight: 1}
    - {term: pays, form: product, of: [good, price], weight: -1}
tables:
  shop:
    parties: [S, B]
    protocol: {ultimatum: {by: S}}
    agenda: [good, price]
    require: {good: yes}
    lookahead: 12
outcomes: {has_it: {good: yes}}
"""
LAPSES = "tables.shop.lapses={{good: {0}, price: {0}}}"


def periods(*sets: str, text: str = RENT):
    """(good, price) at the end of every period, in one world."""
    model, found = negotiation(text, 1, sets=sets), []
    for _ in range(model.spec.horizon):
        model.step()
        good, price = (model.state.levels[0, model.layout.issues[i]] for i in ("good", "price"))
        found.append((int(good), price / 1000))
    model.close()
    return found


def prices(*sets: str) -> list[float]:
    return [p for _, p in periods(*sets)]


def needs(first: int, n: int) -> float:
    """Mean need, discounted, of n periods from the `first` one on (from 1): after that period's rise."""
    weights = 0.9 ** np.arange(n)
    return float(weights @ np.minimum(0.1 + 0.05 * np.arange(first, first + n), 1.0) / weights.sum())


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_supplier_asks_again_and_for_more(n):
    """B's need grows; whenever the deal lapses S asks for all that the good is worth to B until it lapses again, as
    refusing leaves B with nothing: whatever comes later, S will take."""
    found = prices(LAPSES.format(n))
    for start in range(1, 10, n):
        asked = needs(start, n)
        held = found[start - 1 : start - 1 + n]
        assert all(p == held[0] for p in held), "the price of a deal stands until it lapses"
        assert asked - 0.003 <= held[0] <= asked + 1e-9  # prices come in thousandths, here and in later deals


def test_a_deal_for_good_is_struck_once():
    """The mean of all needs to come, with no second chance: more at first, less in the end."""
    found = prices()
    assert len(set(found)) == 1
    rented = prices(LAPSES.format(1))
    assert rented[0] < found[0] < needs(40, 1) and rented[-1] > found[0] - 0.1


def test_the_price_alone_may_lapse():
    """Then the good is free from the end of the term on, unless it is paid for again; B pays for nothing it has."""
    found = periods("tables.shop.lapses={price: 2}")
    assert all(good == 1 for good, _ in found)
    assert found[0][1] > 0 and all(price == 0 for _, price in found[2:])


@pytest.mark.parametrize("n", [1, 2, 4])
def test_what_lapses_is_in_force_for_its_term(n):
    """Signed in period 1, at its start again when period 1 + n opens; then S puts the next one, at once."""
    model = negotiation(RENT, 1, sets=(LAPSES.format(n), "horizon=8"))
    for period in range(1, 9):
        model.step()
        talks = model.tables["shop"]
        assert talks.deals[0] == 1 + (period - 1) // n
        assert talks.deal_in[0] == 1 + n * ((period - 1) // n)
        assert model.state.levels[0, 0] == 1
    assert talks.first_deal[0] == 1
    model.close()


def test_a_deal_that_is_not_renewed_leaves_what_was_before():
    """After the deadline nobody meets; B's good goes back when its term is over."""
    for deadline, last in ((1, 3), (3, 3), (4, 6), (6, 6), (7, 9)):
        still = "stocks.need.change=[]"
        found = periods(LAPSES.format(3), f"tables.shop.deadline={deadline}", still)
        assert [good for good, _ in found] == [1] * last + [0] * (9 - last)


def test_one_deal_left_is_put_off_to_when_it_is_worth_most():
    """One term fits in before the deadline either way, and the need grows: S waits for the last meeting."""
    found = periods(LAPSES.format(3), "tables.shop.deadline=3")
    assert [good for good, _ in found] == [0, 0, 1, 1, 1, 0, 0, 0, 0]
    assert found[2][1] == pytest.approx(needs(3, 3), abs=0.001)


def test_idle_periods_count_towards_the_deadline_and_the_turn():
    """The calendar of a table runs while a deal is in force: who proposes is who would have."""
    turns = "tables.shop.protocol={alternating_offers: {first: S}}"
    model = negotiation(RENT, 1, sets=(LAPSES.format(2), turns, "tables.shop.deadline=7"))
    met = []
    for _ in range(7):
        model.step()
        met.append(int(model.tables["shop"].meetings[0]))
    assert met == [1, 2, 3, 4, 5, 6, 7]
    model.close()


def test_resolve_is_measured_against_a_deal_renewed_for_ever():
    """Else a short deal could never be worth a resolve: half of B's stakes, say. Renewed for ever the good is worth its
    mean need for good, and S leaves B a half of that; a period's rent, taken as all there is, would be next to
    nothing."""
    model = negotiation(RENT, 1, sets=(LAPSES.format(1), "actors.B.resolve=0.5"))
    for period in range(1, 10):
        model.step()
        good, price = model.state.levels[0]
        stakes = model.tables["shop"].stakes["B"][0]
        assert good == 1 and needs(period, 400) - price / 1000 >= 0.5 * stakes - 1e-9
    model.close()


def test_a_deal_idle_is_not_broken_down():
    """Only meetings without a deal are at risk."""
    risk = "tables.shop.breakdown={hazard: 1, sets: {}}"
    model = negotiation(RENT, 1, sets=(LAPSES.format(3), risk))
    for period in range(1, 10):
        model.step()
        assert model.tables["shop"].deals[0] == 1 + (period - 1) // 3
    model.close()


# --- alternating offers for deals of a term, by hand ---

DOLLAR = """\
title: A dollar a period, divided for a while
assumption: a test
period: round
horizon: 3
normalise: false
actors: {A: {discount: 0.9, resolve: 0}, B: {discount: 0.9, resolve: 0}}
issues:
  deal:  {levels: {no: 0, yes: 1}, start: no}
  share: {levels: {from: 0, to: 1, steps: 1001}, start: 0}
interests:
  A: [{term: dollar, form: product, of: [deal, share], weight: 1}]
  B: [{term: dollar, form: linear, of: deal, weight: 1}, {term: given, form: product, of: [deal, share], weight: -1}]
tables:
  split:
    parties: [A, B]
    protocol: {alternating_offers: {first: A}}
    agenda: [deal, share]
    require: {deal: yes}
    lookahead: 40
"""


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 8])
@pytest.mark.parametrize("delta", [0.8, 0.95])
def test_the_shorter_the_term_the_more_it_is_worth_to_propose(n, delta):
    """Refusing loses a period's dollar and hands over the turn, so who proposes has v = 1/(1 + δ) of all dollars to
    come, the other δ v (Rubinstein 1982). After an even term the same party proposes again, so each deal gives it v;
    after an odd one the other does: it takes (1 − δⁿ) x = v − δⁿ⁺¹ v now, all of it where n = 1.

    So with deals that lapse the terms, unlike the chance of a deal, do depend on how long a period is, unless all are
    as likely to propose next.
    """
    v = 1 / (1 + delta)
    exact = v if n % 2 == 0 else v * (1 - delta ** (n + 1)) / (1 - delta**n)
    sets = (
        f"tables.split.lapses={{deal: {n}, share: {n}}}",
        f"actors.A.discount={delta}",
        f"actors.B.discount={delta}",
    )
    model = negotiation(DOLLAR, 1, sets=sets)
    model.step()
    assert model.state.levels[0, 0] == 1
    assert model.state.levels[0, 1] / 1000 == pytest.approx(exact, abs=0.02)
    model.close()
