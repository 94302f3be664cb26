"""Hazards that rise and fall with a stock: of events, and of a breakdown, which the parties see coming."""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import negotiation
from watching import stepped

STORM = """\
title: A storm that gathers
assumption: a test
period: round
horizon: 4
normalise: false
actors: {A: {discount: 0.9, resolve: 0}, B: {discount: 0.8, resolve: 0}}
issues:
  deal:  {levels: {no: 0, yes: 1}, start: no}
  share: {levels: {from: 0, to: 1, steps: 2001}, start: 0}
  ruin:  {levels: {no: 0, yes: 1}, start: no}
stocks:
  cloud: {start: 0.4, range: [0, 2], change: [{by: 0.6}]}
interests:
  A:
    - {term: dollar, form: product, of: [deal, share], weight: 1}
    - {term: war, form: constant, weight: -0.05, when: {deal: no, ruin: no}}
    - {term: ruin, form: constant, weight: -0.3, when: {deal: no, ruin: yes}}
  B:
    - {term: dollar, form: linear, of: deal, weight: 1}
    - {term: given, form: product, of: [deal, share], weight: -1}
    - {term: war, form: constant, weight: 0.4, when: {deal: no, ruin: no}}
    - {term: ruin, form: constant, weight: 0.2, when: {deal: no, ruin: yes}}
tables:
  talks:
    parties: [A, B]
    protocol: {ultimatum: {by: A}}
    agenda: [deal, share]
    require: {deal: yes}
    deadline: 2
    breakdown: {hazard: {along: cloud, at_low: 0, at_high: 1}, sets: {ruin: yes}}
events: {rain: {hazard: {along: cloud, at_low: 0.1, at_high: 0.9}}}
"""
B0, B1 = 0.4 / 2, 1.0 / 2  # the hazard at the first meeting and at the second: as the stock stands then


def views(*sets: str, periods: int = 1):
    """What everyone sees at each meeting, all worlds being alike."""
    watch, model = stepped(STORM, sets, 2, periods)
    model.close()
    return [m.views for m in watch.meetings]


def no_deal(delta: float, war: float, ruin: float) -> tuple[float, float]:
    """N at the first and at the second of two meetings, by hand; after the second talks are over, and war it is."""
    second = B1 * ruin + (1 - B1) * war  # (1 − δ) u + δ u
    return B0 * ruin + (1 - B0) * ((1 - delta) * war + delta * second), second


def test_no_deal_is_worth_less_as_the_hazard_rises():
    """x = (A − N)/R: read N off the gain of a package, first and second meeting."""
    for i, (delta, war, ruin) in enumerate(((0.9, -0.05, -0.3), (0.8, 0.4, 0.2))):
        first, second = no_deal(delta, war, ruin)
        found = views("tables.talks.protocol={ultimatum: {by: B}}", "actors.A.resolve=3", periods=2)
        for seen, worth in zip(found, (first, second), strict=True):
            v = seen[i]
            np.testing.assert_allclose(v.agreed[0] - v.gain[0] * v.stakes[0], worth, atol=1e-9)


def test_refusing_is_worth_what_may_be_left_of_the_talks():
    """At the last meeting W = N. At the first B, refusing, gets the next offer if talks last: N of then, to which A
    holds it. So A asks for all but that at once."""
    seen = views()[0]
    (a0, a1), (b0, b1) = no_deal(0.9, -0.05, -0.3), no_deal(0.8, 0.4, 0.2)
    w_b = B0 * 0.2 + (1 - B0) * (0.2 * 0.4 + 0.8 * b1)
    w_a = B0 * -0.3 + (1 - B0) * (0.1 * -0.05 + 0.9 * (1 - b1))
    np.testing.assert_allclose(seen[1].refuse, w_b, atol=6e-4)
    np.testing.assert_allclose(seen[0].refuse, w_a, atol=6e-4)
    assert w_b == pytest.approx(b0) and w_a > max(a0, a1)
    model = negotiation(STORM, 2)
    model.step()
    assert model.state.levels[0, 0] == 1
    np.testing.assert_allclose(model.state.levels[0, 1] / 2000, 1 - w_b, atol=6e-4)
    model.close()


def test_a_hazard_that_stands_still_is_the_same_as_a_number():
    """The same bits, down to the shares of a dollar."""
    still = ("stocks.cloud.change=[]", "stocks.cloud.start=0.6")
    for v, w in zip(views(*still)[0], views(*still, "tables.talks.breakdown.hazard=0.3")[0], strict=True):
        for name in ("agreed", "refuse", "gain", "stakes", "expected"):
            np.testing.assert_allclose(getattr(v, name), getattr(w, name), rtol=1e-12, atol=1e-12)


def test_talks_break_down_as_the_stock_has_it():
    model = negotiation(
        STORM, 1000, sets=("actors.B.resolve=3", "tables.talks.deadline=4", "issues.share.levels.steps=3")
    )
    left = 1000
    for stock in (0.4, 1.0, 1.6, 2.0):
        before = left
        model.step()
        left = int((model.state.levels[:, 2] == 0).sum())
        hazard = stock / 2
        assert abs((before - left) / before - hazard) <= 4 * np.sqrt(hazard * (1 - hazard) / before)
    assert left == 0
    model.close()


def test_events_come_as_the_stock_has_it():
    model = negotiation(STORM, 1000, sets=("issues.share.levels.steps=3",))
    for stock in (0.4, 1.0, 1.6, 2.0):
        before = model.occurred["rain"].copy()
        model.step()
        hazard = 0.1 + 0.8 * stock / 2
        assert abs((model.occurred["rain"] - before).mean() - hazard) <= 4 * np.sqrt(hazard * (1 - hazard) / 1000)
    model.close()


@pytest.mark.parametrize(("low", "high"), [(0.7, 0.1), (0.5, 0.5)])
def test_it_may_fall_or_stand(low, high):
    """A dark sky may be as good as a bright one, or better."""
    along = f"tables.talks.breakdown.hazard={{along: cloud, at_low: {low}, at_high: {high}}}"
    v = views(along)[0][1]
    first, second = (low + (high - low) * c / 2 for c in (0.4, 1.0))
    after = second * 0.2 + (1 - second) * 0.4
    np.testing.assert_allclose(v.refuse, first * 0.2 + (1 - first) * (0.2 * 0.4 + 0.8 * after), atol=6e-4)
