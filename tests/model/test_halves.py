"""Signals about resolve: what everyone makes of the halves of its prior, by hand.

B's resolve is uniform on [0, 0.8], its median 0.4. A makes one offer of a dollar, worth 1 to either.
"""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import negotiation
from watching import columns

from sim.beliefs import halves

OFFER = """\
title: A resolve that shows
assumption: a test
period: round
horizon: 4
normalise: false
actors:
  A: {discount: 0.9, resolve: 0}
  B: {discount: 0.9, resolve: {uniform: {low: 0, high: 0.8}}}
issues:
  deal:  {levels: {no: 0, yes: 1}, start: no}
  share: {levels: {from: 0, to: 1, steps: 101}, start: 0}
  late:  {levels: {no: 0, yes: 1}, start: no}
interests:
  A: [{term: dollar, form: product, of: [deal, share], weight: 1}]
  B: [{term: dollar, form: linear, of: deal, weight: 1}, {term: given, form: product, of: [deal, share], weight: -1}]
tables:
  talks:
    parties: [A, B]
    protocol: {ultimatum: {by: A}}
    agenda: [deal, share]
    require: {deal: yes}
    deadline: 1
  other: {parties: [A, B], protocol: {ultimatum: {by: A}}, agenda: [late], opens: {when: {deal: yes}}}
events:
  salute: {at: 1, signals: {actor: B, resolve: {below_median: 0.2, above_median: 0.9}, table: talks}}
outcomes: {agreed: {deal: yes}}
"""
COMES, FAILS = 0.9 / (0.9 + 0.2), 0.1 / (0.1 + 0.8)  # odds of the upper half


def cdf(x, upper: float):
    """F_w of a uniform resolve: the two halves of [0, 0.8], weighed."""
    return (1 - upper) * np.clip(x / 0.4, 0, 1) + upper * np.clip((x - 0.4) / 0.4, 0, 1)


def best_offer(upper: float) -> float:
    """The share that A asks for: the most of F_w(1 − share) · share on the grid."""
    shares = np.arange(101) / 100
    return float(shares[np.argmax(cdf(1 - shares, upper) * shares)])


def test_halves_of_a_prior_are_weighed():
    f = np.linspace(0, 1, 11)
    for w in (0.0, 0.3, 0.5, 1.0):
        found = halves(f, np.full(11, w))
        np.testing.assert_allclose(found, np.where(f <= 0.5, 2 * f * (1 - w), (1 - w) + w * (2 * f - 1)))
        assert found[0] == 0 and found[-1] == 1 and found[5] == pytest.approx(1 - w)


def test_a_signal_moves_the_halves_by_bayes_whether_it_comes_or_not():
    model = negotiation(OFFER, 1000)
    rank = model.draws.resolve["B", "talks"] >= 0.4
    model.step()
    seen, upper = model.occurred["salute"] == 1, model.tables["talks"].half("B")
    np.testing.assert_allclose(upper, np.where(seen, COMES, FAILS), rtol=1e-12)
    assert abs(seen[rank].mean() - 0.9) < 4 * np.sqrt(0.09 / rank.sum())
    assert abs(seen[~rank].mean() - 0.2) < 4 * np.sqrt(0.16 / (~rank).sum())
    assert (model.tables["other"].half("B") == 0.5).all() and (model.tables["talks"].half("A") == 0.5).all()
    model.close()


def test_two_signals_multiply():
    twice = OFFER.replace("outcomes:", "  again: {at: 1, signals: {actor: B, resolve: {below_median: 0.5, "
                          "above_median: 0.25}, table: talks}}\noutcomes:")  # fmt: skip
    model = negotiation(twice, 400)
    model.step()
    seen, again = (model.occurred[e] == 1 for e in ("salute", "again"))
    above, below = np.where(seen, 0.9, 0.1) * np.where(again, 0.25, 0.75), np.where(seen, 0.2, 0.8) * 0.5
    np.testing.assert_allclose(model.tables["talks"].half("B"), above / (above + below), rtol=1e-12)
    model.close()


def test_the_offer_is_the_best_reply_to_what_was_seen():
    """It asks for less of one who saluted; and B answers by its resolve."""
    found = columns(OFFER, worlds=400)
    seen, resolve = found["event.salute"] == 1, found["table.talks.resolve.B"]
    asked = np.where(seen, best_offer(COMES), best_offer(FAILS))
    assert len({best_offer(COMES), best_offer(FAILS), best_offer(0.5)}) == 3
    deal = found["outcome.agreed"]
    assert (deal == (1 - asked >= resolve - 1e-9)).all() and 0 < deal.mean() < 1
    np.testing.assert_allclose(found["table.talks.terms.share"][deal] / 100, asked[deal])


def test_a_refusal_cuts_what_the_signal_has_left():
    """At a second, last meeting A's chance is [F_w(x) − F_w(low)]/[1 − F_w(low)], low being what B refused; A asks
    first for what is best in view of that, the odds being held: what B then takes is as much as it gave before."""
    model = negotiation(OFFER, 300, sets=("tables.talks.deadline=2",))
    model.step()
    talks = model.tables["talks"]
    low, upper = talks.low["B"][0].copy(), talks.half("B")
    refused = (talks.status == 1) & (talks.refusals["B"] == 1)
    model.step()
    signed = refused & (talks.first_deal == 2)
    assert refused.sum() > 30 and signed.any()
    shares = np.arange(101) / 100
    for w in np.flatnonzero(signed):
        past = cdf(low[w], upper[w])
        chance = np.where(1 - shares > low[w] + 1e-9, (cdf(1 - shares, upper[w]) - past) / (1 - past), 0)
        worth = chance * shares
        assert worth[model.state.levels[w, 1]] == pytest.approx(worth.max(), abs=1e-9)
    model.close()


@pytest.mark.parametrize(("below", "above"), [(0, 1), (1, 0)])
def test_a_signal_that_never_errs(below, above):
    """Then only one half is left: A offers as if the resolve were uniform on it."""
    sure = f"events.salute.signals.resolve={{below_median: {below}, above_median: {above}}}"
    model = negotiation(OFFER, 200, sets=(sure,))
    model.step()
    upper = model.draws.resolve["B", "talks"] >= 0.4
    np.testing.assert_array_equal(model.tables["talks"].half("B"), upper * 1.0)
    deal = model.tables["talks"].first_deal > 0
    put = model.state.levels[:, 1] / 100
    assert (put[deal & upper] == best_offer(1.0)).all() and (put[deal & ~upper] == best_offer(0.0)).all()
    assert deal[upper].any() and deal[~upper].any()
    model.close()


def test_a_signal_that_can_not_be_leaves_the_odds():
    """Probability 0 either way."""
    never = "events.salute.signals.resolve={below_median: 0, above_median: 0}"
    model = negotiation(OFFER, 50, sets=(never,))
    model.step()
    assert not model.occurred["salute"].any() and (model.tables["talks"].half("B") == 0.5).all()
    model.close()


def test_a_known_resolve_has_nothing_to_show():
    found = columns(OFFER, ["actors.B.resolve=0.3"], 50)
    assert found["outcome.agreed"].all() and (found["table.talks.terms.share"] == 70).all()
