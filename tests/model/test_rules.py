"""The rules in play: claims as switches, what may be agreed, how talks end, where stocks go, what a path is worth."""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import BAZAAR, DOLLAR, FRONT, draws_of, negotiation

from sim.scenario.loader import loads

QUIET = """\
title: Nothing happens
horizon: 6
actors: {A: {discount: 0.9}, B: {discount: 0.5}, C: {discount: 0}}
issues: {here: {levels: {no: 0, yes: 1}, start: yes}}
interests:
  A:
    - {term: claimed, form: constant, weight: 3, claims: [P2]}
    - {term: assumed, form: linear, of: here, weight: -1, assumption: a test}
  B:
    - {term: friend, form: regard, actor: A, weight: 2, claims: [D3]}
    - {term: own, form: constant, weight: 2, assumption: a test}
"""


# --- claims ---


def test_a_term_weighs_nothing_where_its_claims_are_off_and_the_others_are_not_inflated(play):
    found = play(QUIET, 500)
    on = found["claim.P2"]
    assert 0.3 < on.mean() < 0.7
    np.testing.assert_allclose(found["value.A"], np.where(on, 0.75, 0.0) - 0.25)
    np.testing.assert_allclose(found["value.B"], 0.5 + 0.5 * found["claim.D3"] * found["value.A"])
    assert (found["value.C"] == 0).all()


def test_without_normalising_weights_are_taken_as_they_stand(play):
    found = play(QUIET, 200, sets=("normalise=false",))
    np.testing.assert_allclose(found["value.A"], np.where(found["claim.P2"], 3.0, 0.0) - 1)


def test_a_term_is_on_if_any_of_its_claims_is(play):
    found = play(QUIET.replace("[P2]", "[P2, A5]"), 500)
    either = found["claim.P2"] | found["claim.A5"]
    assert (either != found["claim.P2"]).any()
    np.testing.assert_allclose(found["value.A"], np.where(either, 0.75, 0.0) - 0.25)


def test_rules_on_claims(play):
    every = play(QUIET, 100, claims="all")
    assert every["claim.P2"].all() and every["claim.D3"].all()
    without = play(QUIET, 100, without_source=("pietrewicz",))
    assert not without["claim.P2"].any() and without["claim.D3"].any()
    only = play(QUIET, 100, claims="all", only_source=("pietrewicz",))
    assert only["claim.P2"].all() and not only["claim.D3"].any()
    drawn = play(QUIET, 100)
    assert (drawn["claim.D3"] == without["claim.D3"]).all()  # dropping one source moves no other's draws


def test_an_issue_whose_claims_are_off_stays_at_its_start(play):
    found = play(BAZAAR, 800)
    off = ~found["claim.P1"]
    assert (found["level.one"][off] == "low").all() and (found["level.one"][~off] == "high").any()
    off = ~(found["claim.P2"] | found["claim.D2"])
    assert off.any() and (found["level.four"][off] == "high").all()
    assert (found["level.two"] != "mid").any()  # one without claims moves anywhere


def test_a_forbid_whose_claims_are_off_forbids_nothing(play):
    found = play(BAZAAR, 1000, 5)
    broken = (found["level.three"] == "high") & (found["level.four"] == "low")
    assert broken.any() and not broken[found["claim.A5"]].any()


def test_a_line_of_change_whose_claims_are_off_changes_nothing(play):
    text = FRONT.replace("when: {peace: {below: peace}}}]", "claims: [P2]}]")
    found = play(text, 200, sets=("stocks.front.start=0.6",))
    np.testing.assert_allclose(found["stock.front"], np.where(found["claim.P2"], 0.6 - 24 * 0.02, 0.6), atol=1e-9)


# --- what may be agreed ---


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_agreed_package_meets_what_is_required_and_nothing_forbidden(play, seed):
    found = play(BAZAAR, 800, seed)
    deal = found[found["table.talks.deal_period"] > 0]
    assert len(deal) > 50
    two, one = deal["table.talks.terms.two"], deal["table.talks.terms.one"]
    assert ((two != "low") | (one == "high")).all()
    three, four = deal["table.talks.terms.three"], deal["table.talks.terms.four"]
    assert not ((three == "high") & (four == "low") & deal["claim.A5"]).any()
    changed = (one != "low") | (two != "mid") | (three != "low") | (four != "high")
    assert changed.all()  # "no change" is no deal


def test_a_forbid_on_a_stock_holds_while_the_stock_is_there():
    rule = ("tables.talks.forbid=[{when: {peace: peace, front: {at_least: 0.25}}}]",)
    model = negotiation(FRONT, 400, sets=rule)
    talks, early = model.tables["talks"], 0
    for _ in range(model.spec.horizon):
        before, already = model.state.stocks[:, 0].copy(), talks.first_deal.copy()
        model.step()
        new = (talks.first_deal > 0) & (already == 0)
        full = model.state.levels[:, model.layout.issues["peace"]] == 2
        assert not (new & full & (before >= 0.25)).any()
        early += int((new & full).sum())
    assert early > 0
    model.close()


def test_what_is_irreversible_is_never_undone(play):
    """Everybody would rather have it undone; without the word they do so."""
    back = ("issues.two.start=high", "interests.B.b2.at=0", "interests.A.a2.weight=-1", "interests.C.c3.weight=0")
    free, bound = (play(BAZAAR, 400, 1, (*back, f"issues.two.irreversible={word}")) for word in ("false", "true"))
    assert (free["level.two"] != "high").any()
    assert (bound["level.two"] == "high").all()
    assert not play(BAZAAR, 400, 1, ("issues.three.start=mid",))["level.three"].eq("low").any()


def test_levels_change_only_by_a_deal(play):
    found = play(BAZAAR, 500)
    none = found["table.talks.deal_period"] == 0
    start = {"one": "low", "two": "mid", "three": "low", "four": "high"}
    assert all((found[f"level.{i}"][none] == level).all() for i, level in start.items())
    for i in start:
        assert (found[f"level.{i}"][~none] == found[f"table.talks.terms.{i}"][~none]).all()


# --- how talks end ---


def test_a_breakdown_leaves_the_levels_that_it_sets_for_good(play):
    worse = ("tables.talks.breakdown={hazard: 0.5, sets: {peace: pause, price: some}}",)
    found = play(FRONT, 400, 1, worse)
    broken = found["table.talks.status"] == "broken_down"
    assert 0 < broken.sum() < 400
    assert (found["level.peace"][broken] == "pause").all() and (found["level.price"][broken] == "some").all()
    assert (found["table.talks.deal_period"][broken] == 0).all()


def test_a_certain_breakdown_follows_the_first_refusal(play):
    found = play(FRONT, 300, 1, ("tables.talks.breakdown={hazard: 1, sets: {peace: war}}",))
    assert set(found["table.talks.status"]) == {"deal", "broken_down"}
    assert (found["table.talks.deal_period"] <= 1).all()


def test_without_a_hazard_nothing_breaks_down(play):
    found = play(FRONT, 300, 1, ("tables.talks.breakdown={hazard: 0, sets: {peace: war}}",))
    assert not (found["table.talks.status"] == "broken_down").any()


def test_who_may_leave_for_something_better_does(play):
    """Leaving is worth 0.9 of the dollar to B, more than A, with its resolve, would ever give."""
    text = DOLLAR.replace("issues:\n", "issues:\n  away: {levels: {no: 0, yes: 1}, start: no}\n")
    away = "{term: away, form: linear, of: away, weight: 0.9}"
    text = text.replace("form: linear, of: deal, weight: 1}", f"form: linear, of: deal, weight: 1}}, {away}")
    sets = ("tables.talks.walk_away={by: B, sets: {away: yes}}", "actors.A.resolve=0.3", "actors.B.resolve=0")
    found = play(text, 50, 1, sets)
    assert (found["table.talks.status"] == "walked_away").all() and (found["level.away"] == "yes").all()
    np.testing.assert_allclose(found["value.B"], 0.9)


# --- stocks ---


@pytest.mark.parametrize("by", [-0.4, 0.4])
def test_stocks_stay_in_their_range(by):
    wild = (f"stocks.front.change.0.by={{normal: {{mean: {by}, sd: 0.5}}}}", "stocks.front.range=[0.1, 0.8]")
    model = negotiation(FRONT, 300, sets=wild)
    touched = set()
    for _ in range(12):
        model.step()
        front = model.state.stocks[:, 0]
        assert (front >= 0.1).all() and (front <= 0.8).all()
        touched |= set(front[(front == 0.1) | (front == 0.8)])
    assert touched
    model.close()


# --- what a path is worth ---


@pytest.mark.parametrize("horizon", [1, 7, 40])
def test_a_constant_flow_is_worth_itself(play, horizon):
    found = play(QUIET, 20, sets=(f"horizon={horizon}",), claims="all")
    np.testing.assert_allclose(found["value.A"], 0.5)
    np.testing.assert_allclose(found["value.B"], 0.5 * 0.5 + 0.5)


def test_a_payoff_is_the_average_discounted_flow(play):
    """Until the deal the flow is 0, from its own period on, for ever, the share: δ^(period − 1) of it."""
    found = play(DOLLAR, 500, 4)
    since, share = found["table.talks.deal_period"], found["level.share"].astype(float)
    kept = np.where(since > 0, 0.95 ** (since - 1.0), 0.0)
    assert since.nunique() > 3
    np.testing.assert_allclose(found["value.A"], kept * share, atol=1e-12)
    np.testing.assert_allclose(found["value.B"], kept * (1 - share), atol=1e-12)


def test_flows_use_the_stock_after_the_battle(play):
    text = FRONT.replace("when: {peace: {below: peace}}}]", "when: {front: {at_least: 0}}}]")
    one = "interests.A=[{term: land, form: linear, of: front, weight: 1}]"
    found = play(text, 10, 1, (one, "interests.B=[]", "actors.B.types={}", "stocks.front.start=0.5", "horizon=3"))
    flows = [0.48, 0.46, 0.44]
    by_hand = sum(0.02 * 0.98**t * u for t, u in enumerate(flows)) + 0.98**3 * flows[-1]
    np.testing.assert_allclose(found["value.A"], by_hand)


def test_a_need_fades_by_half_in_its_half_life(play):
    fading = "form: decaying, of: here, half_life: 2, since: {here: yes}, weight: 2"
    text = QUIET.replace("form: constant, weight: 2", fading)
    found = play(text, 5, sets=("interests.B.friend.weight=0", "normalise=false"))
    flows = [2 * 0.5 ** (n / 2) for n in range(1, 7)]
    by_hand = sum(0.5 * 0.5**t * u for t, u in enumerate(flows)) + 0.5**6 * flows[-1]
    np.testing.assert_allclose(found["value.B"], by_hand)


def test_types_are_drawn_with_their_odds():
    kind = draws_of(loads(BAZAAR), 1000).kind
    assert abs(np.mean(kind["A"]) - 0.4) < 0.06 and abs(np.mean(kind["C"]) - 0.5) < 0.06
    assert abs(np.corrcoef(kind["A"], kind["C"])[0, 1]) < 0.12
