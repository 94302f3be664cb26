"""Who deals and when: the defects that prototypes of the model had (model.md §3), each as a test."""

import numpy as np
import pytest
from small_worlds import DOLLAR, FRONT

WORLDS = 2000
PATIENCE = (0.9, 0.99, 0.999)
STEP = 0.05  # of the share


def patient(delta: float) -> tuple[str, ...]:
    return (f"actors.A.discount={delta}", f"actors.B.discount={delta}")


@pytest.fixture(scope="module")
def by_patience(play):
    return {delta: play(DOLLAR, WORLDS, 1, patient(delta)) for delta in PATIENCE}


def resolves(found) -> np.ndarray:
    return (found["table.talks.resolve.A"] + found["table.talks.resolve.B"]).to_numpy()


def test_deals_do_not_hang_on_patience(by_patience):
    """Resolve is measured over no deal, not over waiting, where a sure later deal already sits."""
    shares = [found["outcome.agreed"].mean() for found in by_patience.values()]
    assert max(shares) - min(shares) <= 0.03
    assert min(shares) > 0.5


def test_no_deal_where_there_is_no_zone_of_agreement(by_patience):
    for found in by_patience.values():
        assert not found["outcome.agreed"][resolves(found) > 1].any()


def test_nearly_every_zone_of_agreement_is_found(by_patience):
    for found in by_patience.values():
        roomy = resolves(found) <= 1 - 2 * STEP
        assert found["outcome.agreed"][roomy].mean() > 0.9


def test_each_gets_its_resolve(by_patience):
    for found in by_patience.values():
        deals = found[found["outcome.agreed"]]
        share = deals["level.share"].astype(float)
        assert (share >= deals["table.talks.resolve.A"] - 1e-6).all()
        assert (1 - share >= deals["table.talks.resolve.B"] - 1e-6).all()


@pytest.mark.parametrize("period", ["month", "week", "day"])
def test_no_lottery_each_period(play, period):
    """A table that can't deal doesn't deal, however often it meets."""
    high = tuple(f"actors.{a}.resolve={{uniform: {{low: 0.52, high: 0.9}}}}" for a in "AB")
    found = play(DOLLAR, 200, 1, (*high, f"period={period}", "horizon=60", "tables.talks.lookahead=24"))
    assert not found["outcome.agreed"].any()
    assert (found["table.talks.status"] == "talking").all()


def test_no_deal_grows_likelier_merely_by_meeting_more_often(play):
    """Ten times the meetings: those that could deal had done so."""
    short, long = play(DOLLAR, 500, 1, ("horizon=12",)), play(DOLLAR, 500, 1, ("horizon=120",))
    assert long["outcome.agreed"].mean() - short["outcome.agreed"].mean() <= 0.05
    assert (long["outcome.agreed"] >= short["outcome.agreed"]).all()


# --- edges ---


def test_one_who_has_nothing_at_stake_assents_to_what_does_not_hurt_it(play):
    """R = 0: whatever its resolve."""
    text = DOLLAR.replace("resolve: {logistic: {mean: 0.4, scale: 0.1}}}\n  B:", "resolve: 0}\n  B:")
    idle = ("interests.B=[{term: idle, form: constant, weight: 1}]", "actors.B.resolve=0.9")
    found = play(text, 50, 1, idle)
    assert (found["table.talks.deal_period"] == 1).all() and (found["level.share"] == "1").all()


def test_a_party_without_interests_assents_too(play):
    found = play(DOLLAR, 50, 1, ("interests.B=[]", "actors.A.resolve=0", "actors.B.resolve=0.9"))
    assert (found["level.share"] == "1").all()


def test_one_that_is_hurt_does_not_though_it_can_gain_nothing(play):
    hurt = "interests.B=[{term: hurt, form: linear, of: deal, weight: -1}]"
    assert not play(DOLLAR, 50, 1, (hurt, "actors.A.resolve=0", "actors.B.resolve=0"))["outcome.agreed"].any()


@pytest.mark.parametrize("who", ["AB", "A", "B"])
def test_discount_zero(play, who):
    """Only the present counts: A keeps all but B's resolve, if it knew it; with resolve 0 it takes the dollar."""
    sets = (*(f"actors.{a}.discount=0" for a in who), "actors.A.resolve=0", "actors.B.resolve=0")
    found = play(DOLLAR, 40, 1, sets)
    assert (found["table.talks.deal_period"] == 1).all() and np.isfinite(found.filter(like="value.")).all(axis=None)
    if "B" in who:
        assert (found["level.share"] == "1").all()


def test_deadline_one(play):
    """An ultimatum: B, whose resolve is 0 and known, gets nothing; after it nothing is agreed any more."""
    found = play(DOLLAR, 40, 1, ("tables.talks.deadline=1", "actors.A.resolve=0", "actors.B.resolve=0"))
    assert (found["table.talks.deal_period"] == 1).all() and (found["level.share"] == "1").all()
    found = play(DOLLAR, 400, 1, ("tables.talks.deadline=1",))
    assert set(found["table.talks.status"]) == {"deal", "expired"} and found["table.talks.deal_period"].max() == 1


def test_a_deadline_allows_so_many_meetings(play):
    found = play(DOLLAR, 600, 1, ("tables.talks.deadline=3",))
    assert found["table.talks.deal_period"].max() == 3
    assert (found.filter(like="refusals").sum(axis=1) <= 3).all()


def test_one_level_issues(play):
    """They add nothing: the same choices with and without them."""
    more = DOLLAR.replace("issues:\n", "issues:\n  fixed: {levels: {only: 0.5}, start: only}\n")
    more = more.replace("agenda: [deal, share]", "agenda: [fixed, deal, share]")
    a, b = play(DOLLAR, 300, 2), play(more, 300, 2)
    for column in ("table.talks.deal_period", "level.share", "table.talks.refusals.B"):
        assert (a[column] == b[column]).all()


def test_a_table_may_open_later(play):
    found = play(FRONT, 200, 1, ("tables.talks.opens={when: {front: {below: 0.3}}}",))
    deals = found["table.talks.deal_period"]
    assert (deals > 0).any() and (deals[deals > 0] > 1).any()
    never = play(FRONT, 50, 1, ("tables.talks.opens={when: {front: {below: 0}}}",))
    assert (never["table.talks.status"] == "waiting").all()
