"""How long wars last: the months counted, the law fitted, and what each ingredient switched off does to a small war."""

from __future__ import annotations

import numpy as np
import pytest
from validation import war_duration as war
from validation.check import Estimate

CUT = war.MONTHS[-1]


def test_the_recorded_wars_last_as_the_base_rates_say(data):
    months = war.recorded(data)
    assert [int((months > m).sum()) for m in war.MONTHS] == [61, 45, 30, 14, 11, 9, 5] and len(months) == 95
    counts = war.ends(months)
    assert counts.sum() == 95 and counts[-1] == 5 and counts[:3].sum() == 34


@pytest.mark.parametrize("shape", [0.5, 0.7168, 1.0, 1.6])
def test_a_known_law_is_found_again(shape):
    survival = np.append(np.exp(-((np.arange(CUT + 1) / 10.743) ** shape)), 0.0)
    assert war.weibull_shape(-np.diff(survival) * 1e6) == pytest.approx(shape, rel=2e-3)


def test_the_shape_of_the_recorded_wars_is_the_published_one(data):
    """0.717 by exact months without a cut; by whole months, cut at 60, it lies within a few hundredths."""
    assert war.weibull_shape(war.ends(war.recorded(data))) == pytest.approx(0.717, abs=0.06)


def test_a_share_holds_within_the_interval_of_the_wars():
    ours, theirs = np.repeat([1, 13], [500, 500]), np.repeat([1.0, 13.0], [60, 35])
    (over,) = [c for c in war.survival(ours, theirs) if c.name == "lasts over 12 months"]
    assert (over.ours, over.holds) == (0.5, False)  # 35 of 95 is .368 [.278, .469]
    assert next(c for c in war.survival(ours * 0 + 61, theirs) if "60" in c.name).holds is False


def test_the_hazard_falls_only_if_the_whole_interval_says_so(monkeypatch):
    theirs = np.array([3.0])
    for high, holds in ((0.99, True), (1.01, False)):
        monkeypatch.setattr(war, "shape", lambda counts, high=high: Estimate(0.9, 0.8, high))
        assert war.hazard(theirs, theirs)[0].holds is holds


def small(*overrides: str):
    return war.play(30, ("horizon=3", "tables.talks.lookahead=2", *overrides)).frame


@pytest.mark.slow
def test_without_its_ingredients_the_war_lacks_what_they_bring():
    whole, still, kept, known = (small(*o) for o in ((), *(war.WITHOUT[n] for n in STILL_KEPT_KNOWN)))
    assert whole["outcome.beaten"].any() and not still["outcome.beaten"].any()
    assert "table.talks.broken" in whole and "table.talks.broken" not in kept
    assert not (known["table.talks.refusals.A"] + known["table.talks.refusals.B"]).any()
    assert (whole["type.A"] == still["type.A"]).all()


STILL_KEPT_KNOWN = (
    "a front that moves",
    "broken treaties (all are kept)",
    "private strength, aims and resolve (all is known)",
)
