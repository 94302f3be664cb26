"""Wedges, alliances, coalitions: figures, an auction bid by bid, and coalitions by brute force."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from theory_cases import forall, rows

from sim.theory import alliance_dilemma, hedonic, wedge, wedge_private

TIGHT = 1e-12
STATES = ["US", "RU", "KP", "CN", "KR"]
# Illustrative company values, row to column; not a measurement. They were made up for these figures.
COMPANY = np.array(
    [[0, -3, -5, -3, 5], [-3, 0, 4, 3, -1], [-5, 3, 0, 2, -4], [-2, 3, 1, 0, 1], [5, -1, -4, 1, 0]], dtype=float
)


@rows("wedge", "wedge")
def test_auction(row):
    found = wedge.auction(row["VA"], row["VC"], row["aA"], row["aC"])
    assert found.split == (row["outcome"] == "split")
    assert (found.pays, found.net) == pytest.approx((row["winner_pays"], row["winner_net"]), abs=TIGHT)


def bid_by_bid(value_a, value_c, sympathy_a, sympathy_c, step):
    """Whoever is behind bids a step more while it gains from winning; A leads in a tie."""
    bid_a = bid_c = 0
    while True:
        if bid_a * step + sympathy_a >= bid_c * step + sympathy_c:
            if (bid_c + 1) * step > value_c:
                return True, bid_a * step
            bid_c += 1
        elif (bid_a + 1) * step > value_a:
            return False, bid_c * step
        else:
            bid_a += 1


values = st.floats(0, 1)


@forall(values, values, values, values)
def test_an_auction_on_a_grid_is_within_a_step(value_a, value_c, sympathy_a, sympathy_c):
    step = 0.01
    exact = wedge.auction(value_a, value_c, sympathy_a, sympathy_c)
    split, price = bid_by_bid(value_a, value_c, sympathy_a, sympathy_c, step)
    if abs(value_a + sympathy_a - value_c - sympathy_c) > 2 * step:
        assert split == exact.split
        assert abs(price - exact.pays) <= step + 1e-9
    assert exact.net >= -TIGHT


@rows("wedge", "wedge_sequential")
def test_the_order_of_moves(row):
    ends = row["VA"], row["VC"], row["aA"], row["aC"]
    first, alone = wedge.first_offer(*ends), wedge.first_offer(*ends, reply=False)
    assert (first.split, first.pays) == (row["split_if_A_first"], pytest.approx(row["preempt_price"], abs=TIGHT))
    assert alone.split == row["split_if_C_cannot_reply"]
    assert alone.pays == pytest.approx(row["price_if_C_cannot_reply"], abs=TIGHT)


@forall(values, values, values, values)
def test_the_first_mover_pays_no_less_than_where_nobody_replies(value_a, value_c, sympathy_a, sympathy_c):
    ends = value_a, value_c, sympathy_a, sympathy_c
    first, alone = wedge.first_offer(*ends), wedge.first_offer(*ends, reply=False)
    assert alone.split or not first.split
    if first.split:
        assert alone.pays <= first.pays + TIGHT and first.net >= -TIGHT
        assert wedge.auction(*ends).split


@rows("wedge", "wedge_private")
def test_private_attachment(row):
    found = wedge_private.offer(row["VA"], row["lo"], row["hi"], row["cred"])
    expected = row["tau_star"], row["nominal_offer"], row["pr_split"], row["EU_A"]
    assert found == pytest.approx(expected, abs=TIGHT)


@forall(st.floats(-1, 2), st.floats(-1, 1), st.floats(0.05, 2), st.floats(0.2, 1))
def test_no_offer_is_better(value_a, low, width, credibility):
    high = low + width
    found = wedge_private.offer(value_a, low, high, credibility)
    assert found.nominal * credibility == pytest.approx(found.worth)
    if value_a > max(low, 0.0):
        tau = np.linspace(0, max(high, 0.0) + 0.1, 4001)
        gains = (value_a - tau) * np.clip((tau - low) / (high - low), 0, 1)
        assert found.value >= gains.max() - 1e-9
    else:
        assert found == (0, 0, 0, 0)


@rows("wedge", "snyder")
def test_support(row):
    numbers = row["a0"], row["k"], row["LA"], row["e0"], row["LE"]
    support = alliance_dilemma.best_support(*numbers)
    assert support == pytest.approx(row["s_star"], abs=TIGHT)
    assert alliance_dilemma.expected_loss(support, *numbers) == pytest.approx(row["loss"], abs=TIGHT)
    grid = [alliance_dilemma.expected_loss(s, *numbers) for s in np.linspace(0, 1, 2001)]
    assert min(grid) >= row["loss"] - TIGHT
    assert abs(np.argmin(grid) / 2000 - support) <= 1 / 2000


def told(found):
    """Partitions as the figures write them."""
    named = [["{" + ",".join(STATES[i] for i in sorted(c)) + "}" for c in sorted(p, key=min)] for p in found]
    return " | ".join(sorted((" ".join(p) for p in named), key=lambda text: text.index("}")))


@rows("wedge", "hedonic")
def test_coalitions(row):
    company = COMPANY.copy()
    if row["case"].startswith("US-RU"):
        company[0, 1], company[1, 0] = 2, 3
    assert told(hedonic.core_stable(company)) == row["core"]
    assert told(hedonic.nash_stable(company)) == row["nash_stable"]


def test_partitions():
    bell = [1, 1, 2, 5, 15, 52]
    for n, count in enumerate(bell):
        found = list(hedonic.partitions(n))
        assert len({frozenset(p) for p in found}) == len(found) == count
        assert all(sorted(i for c in p for i in c) == list(range(n)) for p in found)


@forall(arrays(float, (4, 4), elements=st.integers(-5, 5).map(float)))
def test_stability_by_definition(company):
    np.fill_diagonal(company, 0)
    groups = [[i for i in range(4) if mask >> i & 1] for mask in range(1, 16)]
    core = hedonic.core_stable(company)
    for partition in hedonic.partitions(4):
        own = {i: sum(company[i, j] for j in c) for c in partition for i in c}
        blocked = any(all(sum(company[i, j] for j in g) > own[i] for i in g) for g in groups)
        assert (partition in core) == (not blocked)
    for partition in hedonic.nash_stable(company):
        own = hedonic.payoffs(company, partition)
        for i in range(4):
            assert own[i] >= 0
            assert all(company[i, list(c)].sum() <= own[i] for c in partition if i not in c)


@forall(arrays(float, (4, 4), elements=st.integers(-5, 5).map(float)))
def test_mutual_friends_have_a_nash_stable_partition(company):
    """With symmetric values some partition is always Nash stable: moves raise the sum of all friendships."""
    assert hedonic.nash_stable(company + company.T)


@pytest.mark.parametrize(
    "call",
    [
        lambda: wedge.auction(-1, 0, 0, 0),
        lambda: wedge_private.offer(1, 0.5, 0.5),
        lambda: wedge_private.offer(1, 0, 1, 0),
        lambda: alliance_dilemma.best_support(0, 1, 1, 1, 1),
        lambda: hedonic.core_stable([[0, 1]]),
    ],
)
def test_what_has_no_answer_is_an_error(call):
    with pytest.raises(ValueError):
        call()


def test_loss_without_support_is_abandonment():
    assert alliance_dilemma.expected_loss(0.0, 0.5, 3, 10, 0.2, 8) == 5.0
    assert math.isclose(alliance_dilemma.best_support(0.1, 0.5, 1, 0.5, 10), 0.0)
