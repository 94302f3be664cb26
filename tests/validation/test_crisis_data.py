"""How crises end: the counts of the data, the rules of verdict, and that a mediator is all that differs."""

from __future__ import annotations

import numpy as np
import pytest
from validation import crises
from validation.check import Estimate


def test_the_recorded_gap(data):
    found = crises.rates(data, "ICB mediation")
    none, some = crises.agreed(found, "No mediation"), crises.agreed(found, "Mediation occurred")
    assert (none[0].value, some[0].value) == (61 / 308, 99 / 158)
    assert none[0][1:] == pytest.approx((0.1574, 0.2462), abs=5e-5)


def test_a_share_holds_between_the_lowest_and_the_highest_end():
    theirs = [Estimate(0.2, 0.15, 0.25), Estimate(0.22, 0.13, 0.35)]
    shares = [crises.share("", np.arange(100) < k, theirs).holds for k in (12, 13, 35, 36)]
    assert shares == [False, True, True, False]


def test_a_gap_holds_where_the_intervals_meet():
    before, now = np.zeros(1000, bool), np.arange(1000) < 300
    assert crises.gap("", before, now, Estimate(0.4, 0.32, 0.5)).holds
    assert not crises.gap("", before, now, Estimate(0.4, 0.35, 0.5)).holds


@pytest.mark.slow
def test_the_mediator_is_all_that_differs():
    alone, helped, breakable, guarded = (crises.play(30, ("horizon=5", *o)).frame for o in crises.PLAYED)
    said = [c for c in helped if c.startswith("table.talks.believed")]
    assert said and not [c for c in alone if c.startswith("table.talks.believed")]
    for other in (helped, breakable, guarded):
        assert (alone["table.talks.resolve.A"] == other["table.talks.resolve.A"]).all()
    assert breakable["table.talks.broken"].any()
