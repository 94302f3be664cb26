"""A table at which one's gain is the other's loss never deals, whatever the period, the types and the seed."""

import pytest
from small_worlds import ZERO_SUM

PERIODS = {"month": 24, "week": 40, "day": 40}
STILL_ZERO_SUM = {
    "private resolve": (),
    "nobody has any": ("actors.A.resolve=0", "actors.B.resolve=0"),
    "no types": ("actors.A.types={}", "actors.B.types={}"),
    "one who doesn't wait": ("actors.A.discount=0",),
    "with a deadline": ("tables.talks.deadline=5",),
    "one may leave": ("tables.talks.walk_away={by: B, sets: {}}",),
}


@pytest.mark.parametrize("seed", [1, 2, 77])
@pytest.mark.parametrize("period", PERIODS)
def test_never_deals(play, period, seed):
    found = play(ZERO_SUM, 100, seed, (f"period={period}", f"horizon={PERIODS[period]}", "tables.talks.lookahead=12"))
    assert not (found["table.talks.deal_period"] > 0).any() and not found["outcome.agreed"].any()


@pytest.mark.parametrize("sets", STILL_ZERO_SUM.values(), ids=STILL_ZERO_SUM)
def test_never_deals_under_other_rules(play, sets):
    """Even where packages are worth nothing to both: who gains nothing proposes nothing."""
    assert not (play(ZERO_SUM, 300, 3, sets)["table.talks.deal_period"] > 0).any()


def test_a_little_to_gain_for_both_is_dealt_on(play):
    """The test above can fail: B minds what it gives up less than A likes it."""
    found = play(ZERO_SUM, 300, 1, ("interests.B.there.weight=1.5", "actors.B.types={}"))
    assert found["outcome.agreed"].any()
