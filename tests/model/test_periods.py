"""The length of a period and of the look-ahead must not decide whether there is a deal (model.md §2, §3).

Paired worlds: the same private draws. The bound of 3 points is the model's own.
"""

import numpy as np
import pytest
from small_worlds import FRONT

WORLDS, BOUND = 4000, 0.03
WEEK = 12 / 52
LATER = ("stocks.front.change.0.when={peace: peace}",)  # the drift that only a deal starts
FASTER = ("stocks.front.change.0.by=-0.05",)


def in_weeks(by: float) -> tuple[str, ...]:
    """The same scenario with everything that is told by the month told by the week."""
    return (
        "period=week",
        "horizon=104",
        f"actors.A.discount={0.98**WEEK!r}",
        f"actors.B.discount={0.97**WEEK!r}",
        f"tables.talks.breakdown.hazard={1 - 0.98**WEEK!r}",
        f"stocks.front.change.0.by={by * WEEK!r}",
    )


def share(found, outcome: str | None = None) -> float:
    return float(np.mean(found["table.talks.deal_period"] > 0 if outcome is None else found[f"outcome.{outcome}"]))


SLOW = pytest.mark.slow
DRIFTS = pytest.mark.parametrize(
    "sets",
    [pytest.param((), marks=SLOW), pytest.param(FASTER, marks=SLOW), LATER],
    ids=["slow", "fast", "after a deal"],
)


@DRIFTS
def test_weeks_deal_like_months(play, sets):
    by = -0.05 if sets == FASTER else -0.02
    found, weeks = play(FRONT, WORLDS, 1, sets), play(FRONT, WORLDS, 1, (*sets, *in_weeks(by)))
    assert 0.05 < share(found) < 0.95
    assert abs(share(weeks) - share(found)) <= BOUND
    assert abs(share(weeks, "peace") - share(found, "peace")) <= BOUND


@DRIFTS
def test_the_length_of_the_look_ahead_does_not_decide(play, sets):
    """Also where a deal starts a drift, which a late deal must not escape."""
    found = play(FRONT, 2000, 1, sets)
    assert 0.05 < share(found) < 0.95
    for lookahead in (12, 48):
        other = play(FRONT, 2000, 1, (*sets, f"tables.talks.lookahead={lookahead}"))
        assert abs(share(other) - share(found)) <= BOUND
        assert abs(share(other, "peace") - share(found, "peace")) <= BOUND
