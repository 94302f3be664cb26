"""A mediator's word: what it says, when it is believed, what everyone makes of it, and that else nothing happens.

A makes one demand of B: the small one, which both types of B accept, or the large one, which only the weak does. M gets
`side` times A's gain, and loses 1 if there is no deal; so it may want A to ask for much, or for little.
"""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import negotiation
from watching import Onlooker, columns

CRISIS = """\
title: A demand and a word beforehand
assumption: a test
period: round
horizon: 2
normalise: false
actors:
  A: {discount: 0.9, resolve: 0}
  B: {discount: 0.9, resolve: 0, types: {cost: {strong: {probability: 0.5}, weak: {probability: 0.5, scale: {war: 4}}}}}
  M: {discount: 0.9}
issues: {demand: {levels: {war: 0, small: 0.3, large: 1}, start: war}, late: {levels: {no: 0, yes: 1}, start: no}}
interests:
  A: [{term: gets, form: linear, of: demand, weight: 1}]
  B:
    - {term: loses, form: linear, of: demand, weight: -1}
    - {term: war, form: constant, weight: -0.4, when: {demand: war}}
  M:
    - {term: side, form: linear, of: demand, weight: SIDE}
    - {term: war, form: constant, weight: HARM, when: {demand: war}}
tables:
  crisis:
    parties: [A, B]
    protocol: {ultimatum: {by: A}}
    agenda: [demand]
    deadline: 1
    mediator: {by: M, accuracy: 0.9, about: {actor: B, type: cost}}
  other: {parties: [A, B], protocol: {ultimatum: {by: A}}, agenda: [late], opens: {when: {late: yes}}}
outcomes: {war: {demand: war}}
"""
NONE = "tables.crisis.mediator=null"


def game(side: float = 0.0, harm: float = 0.0) -> str:
    return CRISIS.replace("SIDE", str(side)).replace("HARM", str(harm))


def run(text: str, *sets: str, worlds: int = 500) -> dict[str, np.ndarray]:
    return columns(text, sets, worlds)


class Listener(Onlooker):
    """Told of what the mediator says."""

    def __init__(self):
        self.heard, self.odds = [], []

    def messages(self, talks, messages):
        self.heard += messages
        self.odds.append({p: o.copy() for p, o in talks.odds.items()})


def heard(text: str, *sets: str, worlds: int = 500):
    model, listener = negotiation(text, worlds, sets=sets), Listener()
    model.trace = listener
    model.step()
    return listener, model


def window(side: float, accuracy: float = 0.9) -> bool:
    """Kydd's window by hand. Told weak, A demands all (the odds of weak are r, enough for .3 < r); told strong, little.
    Truth pays after having seen weak iff r (side) − (1 − r) ≥ .3 side, after strong iff .3 side ≥ (1 − r) side − r."""
    r, harm = accuracy, 1.0
    return r * side - (1 - r) * harm >= 0.3 * side and 0.3 * side >= (1 - r) * side - r * harm


@pytest.mark.parametrize("side", [-3, -0.2, 0, 0.16, 0.17, 0.5, 1, 3, 20])
@pytest.mark.parametrize("accuracy", [0.9, 0.75, 1.0])
def test_the_truth_is_believed_within_the_window(side, accuracy):
    listener, model = heard(game(side, -1), f"tables.crisis.mediator.accuracy={accuracy}", worlds=60)
    assert {bool(b) for b in listener.heard[0].believed} == {window(side, accuracy)}
    model.close()


def test_outside_of_the_window_nothing_changes():
    """Bit for bit."""
    for side in (-3, 0.1):
        with_it, without = run(game(side, -1)), run(game(side, -1), NONE)
        for name, column in without.items():
            assert column.tobytes() == with_it[name].tobytes(), name
        assert (with_it["table.crisis.believed.B"] == 0).all()


def test_within_it_the_odds_move_by_bayes_and_the_demand_with_them():
    """At its table only. Without a word A demands all of anyone: .5 > .3."""
    listener, model = heard(game(1, -1))
    word, weak = listener.heard[0], model.actor("B").kind == 1
    assert word.believed.all() and (word.prior == 0.5).all()
    told_weak = np.array(word.values)[word.said] == "weak"
    np.testing.assert_allclose(listener.odds[0]["B"][1], np.where(told_weak, 0.9, 0.1), rtol=1e-12)
    assert abs((told_weak == weak).mean() - 0.9) < 4 * np.sqrt(0.09 / 500)
    assert (model.state.levels[:, 0] == np.where(told_weak, np.where(weak, 2, 0), 1)).all()
    model.close()
    found, without = run(game(1, -1)), run(game(1, -1), NONE)
    np.testing.assert_allclose(without["outcome.war"], without["type.B"] == 0)
    assert found["outcome.war"].mean() < 0.5 * without["outcome.war"].mean()


def test_its_word_is_not_heard_elsewhere():
    """Until an act shows more, the other table's odds stand as they were."""
    listener, model = heard(game(1, -1), "tables.crisis.opens={when: {late: no}}")
    assert (listener.odds[0]["B"][1] != 0.5).all()
    small = model.state.levels[:, 0] == 1  # both types accept that: it tells nothing
    assert small.any() and (model.tables["other"].odds["B"][1][small] == 0.5).all()
    model.close()


def test_it_speaks_once_as_talks_open():
    """And not where they don't."""
    late = "tables.crisis.opens={when: {late: yes}}"
    event = game(1, -1).replace("outcomes:", "events: {dawn: {at: 2, sets: {late: yes}}}\noutcomes:")
    found = run(event, late, "horizon=3")
    assert (found["table.crisis.believed.B"] == 1).all() and set(found["table.crisis.deal_period"]) == {0, 2}
    never = run(game(1, -1), late)
    assert (never["table.crisis.believed.B"] == -1).all()


RESOLVE = """\
title: A word about resolve
assumption: a test
period: round
horizon: 1
normalise: false
actors:
  A: {discount: 0.9, resolve: {uniform: {low: 0, high: 0.3}}}
  B: {discount: 0.9, resolve: {uniform: {low: 0, high: 0.8}}}
  M: {discount: 0.9}
issues:
  deal:  {levels: {no: 0, yes: 1}, start: no}
  share: {levels: {from: 0, to: 1, steps: 21}, start: 0}
interests:
  A: [{term: dollar, form: product, of: [deal, share], weight: 1}]
  B: [{term: dollar, form: linear, of: deal, weight: 1}, {term: given, form: product, of: [deal, share], weight: -1}]
tables:
  talks:
    parties: [A, B]
    protocol: {alternating_offers: {first: A}}
    agenda: [deal, share]
    require: {deal: yes}
    lookahead: 4
    mediator: {by: M, accuracy: 0.75}
"""


def test_of_every_partys_resolve_unless_it_is_told_of_whom():
    """In the table's order, each heard by all; the halves move to the accuracy."""
    listener, model = heard(RESOLVE)
    assert [word.subject.actor for word in listener.heard] == ["A", "B"]
    for word, middle in zip(listener.heard, (0.15, 0.4), strict=True):
        above = model.draws.resolve[word.subject.actor, "talks"] >= middle
        assert word.values == ("below", "above") and word.believed.all()
        np.testing.assert_allclose(word.posterior[1], np.where(word.said == 1, 0.75, 0.25))
        assert abs(((word.said == 1) == above).mean() - 0.75) < 4 * np.sqrt(0.1875 / 500)
    model.close()


def test_a_believed_word_about_resolve_makes_more_deals():
    """One without a side of its own is believed if it doesn't err; A then asks for less of the tougher half."""
    sets = ("tables.talks.deadline=1",)
    sure, none = (
        run(RESOLVE, *sets, "tables.talks.mediator.accuracy=1", worlds=1000),
        run(RESOLVE, *sets, "tables.talks.mediator=null", worlds=1000),
    )
    made, before = (f["table.talks.deal_period"] > 0 for f in (sure, none))
    assert made.mean() > before.mean() + 0.05


def test_three_values_and_a_mistake():
    """It sees one of the others by chance, alike; Bayes for all three."""
    mad = "weak: {probability: 0.3, scale: {war: 4}}, mad: {probability: 0.2, scale: {war: 0}}"
    three = game(0, 0).replace("weak: {probability: 0.5, scale: {war: 4}}", mad)
    listener, model = heard(three, "tables.crisis.mediator.accuracy=0.7", worlds=1000)
    word, kind = listener.heard[0], model.actor("B").kind
    assert word.values == ("strong", "weak", "mad")
    prior, seen = np.array([0.5, 0.3, 0.2]), np.where(np.eye(3, dtype=bool), 0.7, 0.15)
    for s in range(3):
        told = word.said == s
        if word.believed[told].all():
            odds = listener.odds[0]["B"][:, told]
            np.testing.assert_allclose(odds, np.repeat((prior * seen[s] / (prior @ seen[s]))[:, None], told.sum(), 1))
        for k in range(3):
            share = told[kind == k].mean()
            assert abs(share - seen[k, s]) < 4 * np.sqrt(0.21 / (kind == k).sum())
    model.close()
