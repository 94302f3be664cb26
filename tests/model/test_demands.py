"""Simultaneous demands: what they settle on, when they fit together, and what everyone learns where they don't."""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import DOLLAR
from watching import columns, stepped, watched

AT_ONCE = ("tables.talks.protocol=simultaneous", "tables.talks.lookahead=6", "horizon=6")
CERTAIN = ("actors.A.resolve=0", "actors.B.resolve=0")
UNIFORM = tuple(f"actors.{p}.resolve={{uniform: {{low: 0, high: 0.8}}}}" for p in "AB")


def run(*sets: str, text: str = DOLLAR, worlds: int = 200) -> dict[str, np.ndarray]:
    return columns(text, (*AT_ONCE, *sets), worlds)


@pytest.mark.parametrize(("flows", "share"), [((0, 0), 0.5), ((0.2, 0), 0.6), ((0.1, 0.5), 0.3), ((0, 1.2), None)])
def test_nothing_private_is_the_nash_solution_at_once(flows, share):
    """The product of gains over waiting; what no deal is worth to each is added to half of the rest."""
    terms = [f"interests.{p}=[{{t}}, {{term: idle, form: constant, weight: {f}, when: {{deal: no}}}}]"
             for p, f in zip("AB", flows, strict=True)]  # fmt: skip
    mine = "{term: dollar, form: product, of: [deal, share], weight: 1}"
    rest = "{term: all, form: linear, of: deal, weight: 1}, {term: given, form: product, of: [deal, share], weight: -1}"
    found = run(*CERTAIN, terms[0].replace("{t}", mine), terms[1].replace("{t}", rest), worlds=3)
    if share is None:  # more than there is to share out
        assert not found["outcome.agreed"].any()
        return
    assert (found["table.talks.deal_period"] == 1).all()
    np.testing.assert_allclose(found["level.share"] / 20, share, atol=1e-9)


def test_all_who_are_content_with_the_focal_package_get_it():
    """Whoever would not take it demands its own best, and there is no deal."""
    seen, found = watched(DOLLAR, (*AT_ONCE, *UNIFORM))
    for m in seen:
        there = m.put >= 0
        for i, view in enumerate(m.views):
            takes = np.array([view.acceptable()[k, f] for k, f in enumerate(m.put)])
            assert (m.yes[i][there] == takes[there]).all()
        both = there & m.yes[0] & m.yes[1]
        assert (m.agreed[both] == m.put[both]).all() and (m.agreed[~both] < 0).all()
    assert 0.3 < found["outcome.agreed"].mean() < 0.9


def test_who_asks_for_more_is_known_for_it():
    """After a refusal of x the resolve is above x: the next focal package gives it more, or nothing can be settled."""
    watch, model = stepped(DOLLAR, (*AT_ONCE, *UNIFORM))
    m, talks = watch.meetings[0], model.tables["talks"]
    gain = [np.array([m.views[i].gain[k, f] for k, f in enumerate(m.put)]) for i in (0, 1)]
    for i, party in enumerate("AB"):
        np.testing.assert_allclose(talks.low[party][0], np.where(m.yes[i], -1, gain[i]))
        assert (talks.refusals[party] == ~m.yes[i]).all()
    model.step()
    then = watch.meetings[1]
    put = {w: f for w, f in zip(then.worlds, then.put, strict=True) if f >= 0 and m.yes[1][w]}
    assert put and all(m.views[0].gain[w, f] > gain[0][w] for w, f in put.items())
    model.close()


def test_the_tougher_is_expected_to_be_and_is_given_more():
    """A higher prior of resolve moves the focal package, though it says nothing of the resolve drawn."""
    shares = []
    for mean in (0.1, 0.3, 0.5):
        sets = (f"actors.A.resolve={{logistic: {{mean: {mean}, scale: 0.05}}}}", "actors.B.resolve=0")
        m = watched(DOLLAR, (*AT_ONCE, *sets, "tables.talks.deadline=1"), 5)[0][0]
        shares.append(m.views[0].gain[0, m.put[0]])
    assert shares == sorted(shares) and shares[-1] > shares[0]


def test_a_deadline_gives_the_smoothed_demand_game_by_hand():
    """One meeting, W = N = 0: most of F(x) x F(1 − x) (1 − x), so the middle; both must take it."""
    found = run(*UNIFORM, "tables.talks.deadline=1", worlds=400)
    a, b = (found[f"table.talks.resolve.{p}"] for p in "AB")
    assert (found["outcome.agreed"] == (np.maximum(a, b) <= 0.5)).all()
    assert (found["table.talks.terms.share"][found["outcome.agreed"]] == 10).all()


IDLE = """\
title: A gift and something nobody minds
assumption: a test
period: round
horizon: 2
normalise: false
actors: {A: {discount: 0.9, resolve: 0}, B: {discount: 0.9, resolve: 0}, C: {discount: 0.9, tolerance: 0}}
issues:
  gift: {levels: {no: 0, yes: 1}, start: no}
  idle: {levels: {no: 0, yes: 1}, start: no}
interests:
  A: [{term: gift, form: linear, of: gift, weight: 1}]
  B: [{term: gift, form: linear, of: gift, weight: 1}]
  C: [{term: idle, form: linear, of: idle, weight: -1}]
tables:
  talks: {parties: [A, B], protocol: simultaneous, agenda: [gift, idle]}
outcomes: {agreed: {gift: yes}}
"""


def test_a_tie_is_drawn_and_stands():
    """All demand the focal package, so that is the deal, not another that is as good."""
    found = run(text=IDLE, worlds=400)
    assert found["outcome.agreed"].all()
    assert abs(found["level.idle"].mean() - 0.5) < 4 * np.sqrt(0.25 / 400)


def test_a_third_partys_consent_counts_in_what_is_focal():
    """Of two that are as good for the parties, the one that C lets pass."""
    found = run("tables.talks.consent={C: {on: [idle]}}", text=IDLE)
    assert found["outcome.agreed"].all() and not found["level.idle"].any()
    assert not found["table.talks.vetoes.C"].any()


def test_demands_that_are_not_focal_may_still_fit():
    """Scripted demands: A asks for a quarter, B for a half; the pie has both, and the deal gives each no less."""
    script = "tables.talks.strategies={A: {scripted: {puts: [{share: 0.25}]}}, B: {scripted: {puts: [{share: 0.5}]}}}"
    found = run(*CERTAIN, script, worlds=20)
    assert (found["table.talks.deal_period"] == 1).all()
    share = found["level.share"] / 20
    assert ((share >= 0.25) & (1 - share >= 0.5)).all()
    greedy = script.replace("share: 0.25", "share: 0.75")
    assert not run(*CERTAIN, greedy, worlds=20)["outcome.agreed"].any()
