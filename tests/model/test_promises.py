"""Promises: who breaks one and when, what that costs the other before signing, and what a guarantor adds.

The treaty gives either half of a dollar; a raid would give B 0.8 and A −0.5. So B's temptation is (0.8 − 0.5) / 0.5 =
0.6 of its stakes, and it breaks its word a period later iff its resolve and the price together are below that. Signing
is worth 0.5 − δ H (0.5 + 0.5) to A, H being the chance of that as A sees it.
"""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import negotiation
from watching import columns

TREATY = """\
title: A treaty and the temptation to break it
assumption: a test
period: round
horizon: 5
normalise: false
actors:
  A: {discount: 0.9, resolve: 0}
  B: {discount: 0.9, resolve: {uniform: {low: 0, high: 1}}}
  G: {discount: 0.9}
issues:
  peace: {levels: {no: 0, yes: 1}, start: no}
  raid:  {levels: {no: 0, yes: 1}, start: no}
interests:
  A: [{term: peace, form: linear, of: peace, weight: 0.5}, {term: raid, form: linear, of: raid, weight: -0.5}]
  B: [{term: peace, form: linear, of: peace, weight: 0.5}, {term: raid, form: linear, of: raid, weight: 0.8}]
tables:
  treaty:
    parties: [A, B]
    protocol: {ultimatum: {by: A}}
    agenda: [peace]
    lookahead: 4
    renege: {B: {sets: {peace: no, raid: yes}, penalty: 0}}
outcomes: {peace: {peace: yes}}
"""
PENALTY, GUARANTOR = "tables.treaty.renege.B.penalty={}", "tables.treaty.guarantor={{by: G, penalty: {}}}"


def run(*sets: str, text: str = TREATY, worlds: int = 400) -> dict[str, np.ndarray]:
    return columns(text, sets, worlds)


def signed(found) -> np.ndarray:
    return found["table.treaty.deal_period"] == 1


def resolve(found) -> np.ndarray:
    return found["table.treaty.resolve.B"]


@pytest.mark.parametrize("price", [0.0, 0.04, 0.05, 0.3, 0.59, 0.61])
def test_it_is_signed_iff_it_will_be_kept_often_enough(price):
    """A signs iff 0.9 H ≤ 0.5, H = 0.6 − price: from a price of 0.0444 on. Then B breaks it iff r < 0.6 − price, after
    a period, whoever raises the price."""
    ways = (
        [PENALTY.format(price)],
        [GUARANTOR.format(price)],
        [PENALTY.format(price / 2), GUARANTOR.format(price / 2)],
    )
    for sets in ways:
        found = run(*sets)
        assert signed(found).all() == (0.9 * max(0.6 - price, 0) <= 0.5)
        breaks = signed(found) & (resolve(found) < 0.6 - price)
        assert (found["table.treaty.broken"] == np.where(breaks, 2, 0)).all()
        assert (found["table.treaty.breaches.B"] == breaks).all()
        flow = np.where(breaks, -0.5, 0.5)
        np.testing.assert_allclose(found["value.A"], signed(found) * (0.1 * 0.5 + 0.9 * flow), atol=1e-12)


def test_the_higher_the_price_the_more_is_signed_and_the_less_is_broken():
    found = [run(GUARANTOR.format(p)) for p in (0, 0.1, 0.2, 0.4, 0.6, 5)]
    signs, breaches = ([f(one).mean() for one in found] for f in (signed, lambda one: one["table.treaty.broken"] > 0))
    assert signs == sorted(signs) and signs[0] == 0 and signs[-1] == 1
    assert breaches[1:] == sorted(breaches[1:], reverse=True) and breaches[-2:] == [0, 0] and breaches[1] > 0.4


def test_what_is_known_of_resolve_counts():
    """B refused a worse treaty first (worth 0.3 of its stakes), so its resolve is above that; H = (0.6 − p − 0.3)/0.7,
    and A signs from a price of 0 on: 0.9 · 0.3/0.7 ≤ 0.5."""
    text = TREATY.replace("peace: {levels: {no: 0, yes: 1}", "peace: {levels: {no: 0, half: 0.3, yes: 1}")
    model = negotiation(text, 300)
    talks = model.tables["treaty"]
    talks.low["B"][:] = 0.3
    model.draws.resolve["B", "treaty"] = 0.3 + 0.7 * model.draws.resolve["B", "treaty"]
    model.step()
    assert (talks.first_deal == 1).all()
    assert (model.state.levels[:, 0] == 2).all()
    model.close()


@pytest.mark.parametrize("rise", [0.05, 0.1])
def test_a_temptation_that_grows_is_given_in_to_when_it_is_great_enough(rise):
    """Plunder is worth 0.4 and more every period, for the 52 that a look-ahead of 4 follows it; once it beats the half
    dollar by more than B's resolve, B breaks the treaty. A, which a raid doesn't hurt, signs; so does B when it may."""
    arms = f"stocks: {{arms: {{start: 0.4, range: [0, 2], change: [{{by: {rise}}}]}}}}\n"
    text = TREATY.replace("interests:\n", f"{arms}interests:\n").replace("weight: -0.5", "weight: 0.1")
    text = text.replace("form: linear, of: raid, weight: 0.8", "form: product, of: [raid, arms], weight: 1")
    found = run("actors.B.resolve={uniform: {low: 0, high: 3}}", "horizon=20", text=text)
    deal, when = found["table.treaty.deal_period"], np.zeros(400, int)
    k = np.arange(1, 200)
    weights = 0.1 * 0.9 ** (k - 1.0)
    for period in range(2, 21):
        plunder = np.minimum(0.4 + rise * (period - 1) + rise * np.minimum(k, 52), 2.0)
        worth = weights @ plunder + (1 - weights.sum()) * plunder[-1]
        tempted = (deal > 0) & (deal < period) & ((worth - 0.5) / 0.5 > resolve(found))
        when = np.where((when == 0) & tempted, period, when)
    assert len(np.unique(when)) > 4 and (deal > 0).mean() > 0.5
    assert (found["table.treaty.broken"] == when).all()


def test_the_first_in_the_file_ends_the_treaty():
    """Both would take everything; it is the first one's break that comes to pass."""
    each = "{{sets: {{peace: no, {}: yes}}}}"
    text = TREATY.replace("  raid:", "  coup: {levels: {no: 0, yes: 1}, start: no}\n  raid:")
    text = text.replace(
        "of: raid, weight: -0.5}]", "of: raid, weight: 0}, {term: coup, form: linear, of: coup, weight: 2}]"
    )
    for order, names in (("AB", ("coup", "raid")), ("BA", ("raid", "coup"))):
        breach = ", ".join(f"{p}: {each.format(i)}" for p, i in zip(order, names, strict=True))
        found = run(f"tables.treaty.renege={{{breach}}}", "actors.B.resolve=0", text=text, worlds=4)
        assert (found["table.treaty.broken"] == 2).all()
        assert (found[f"level.{names[0]}"] == 1).all() and not found[f"level.{names[1]}"].any()
        assert (found[f"table.treaty.breaches.{order[0]}"] == 1).all()
        assert not found[f"table.treaty.breaches.{order[1]}"].any()


def test_talks_go_on_after_a_breach_only_if_the_table_reopens():
    again = "tables.treaty.reopens=true"
    closed, open_ = run(GUARANTOR.format(0.1)), run(GUARANTOR.format(0.1), again)
    broke = closed["table.treaty.broken"] > 0
    assert broke.any() and (closed["table.treaty.status"][broke] == 6).all()
    assert (open_["table.treaty.status"] == 1).all()
    assert (open_["table.treaty.broken"] == closed["table.treaty.broken"]).all()
    assert (closed["table.treaty.deals"] == 1).all() and not (closed["level.peace"][broke] == 1).any()


def test_what_can_not_be_undone_is_not_broken():
    """Peace that, once full, never falls: then there is nothing that breaking the treaty could set."""
    half = "{{term: half, form: constant, weight: {}, when: {{peace: half}}}}"
    peace = "{term: peace, form: linear, of: peace, weight: 0.5}"
    treaty = (
        "issues.peace={levels: {no: 0, half: 0.5, yes: 1}, start: no, irreversible: true}",
        "tables.treaty.require={peace: yes}",
        "actors.B.resolve=0",
        f"interests.A=[{peace}, {half.format(-2)}]",  # a breach would hurt A,
        f"interests.B=[{peace}, {half.format(1)}]",  # and tempt B
    )
    with_it = run(*treaty, "tables.treaty.renege={B: {sets: {peace: half}}}")
    without = run(*treaty, "tables.treaty.renege={}")
    assert signed(without).all()
    for name in without:
        assert without[name].tobytes() == with_it[name].tobytes(), name
    assert not with_it["table.treaty.broken"].any()


def test_nothing_at_stake_nothing_broken():
    found = run("interests.B=[]", "actors.B.resolve=0")
    assert signed(found).all() and not found["table.treaty.broken"].any()
