"""Events: by date or hazard, where their condition holds, with effects, and with signals that move beliefs by Bayes."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.errors import ScenarioError
from sim.model import Negotiation
from sim.montecarlo.draws import ClaimRule, draw
from sim.scenario.loader import loads

TEXT = """
title: Events
assumption: textbook case
period: month
horizon: 6
normalise: false
actors:
  A: {discount: 0.9, resolve: 0}
  B:
    discount: 0.9
    resolve: 0
    types: {aims: {soft: {probability: 0.4}, hard: {probability: 0.6, scale: {worth: -1}}}}
issues:
  deal:    {levels: {no: 0, yes: 1}, start: no}
  embargo: {levels: {no: 0, yes: 1}, start: no}
  treaty:  {levels: {no: 0, yes: 1}, start: yes, irreversible: true}
interests:
  A: [{term: worth, form: linear, of: deal, weight: 1}]
  B: [{term: worth, form: linear, of: deal, weight: 1}]
tables:
  talks: {parties: [A, B], protocol: {ultimatum: {by: B}}, agenda: [deal], opens: {when: {embargo: yes}}}
events:
EVENTS
outcomes:
  embargo: {embargo: yes}
"""


@pytest.fixture
def model(tmp_path):
    def build(events: str, worlds: int = 1000) -> Negotiation:
        loaded = loads(TEXT.replace("EVENTS", events))
        return Negotiation(loaded.scenario, draw(loaded.scenario, loaded.claims, ClaimRule(), 1, 0, slice(0, worlds)))

    return build


def test_a_dated_event_happens_once_at_the_start_of_its_period(model):
    m = model("  embargo: {at: 3, sets: {embargo: yes}}")
    for period in range(1, 7):
        m.step()
        assert (m.state.levels[:, 1] == (period >= 3)).all()
    assert (m.occurred["embargo"] == 1).all()


def test_a_hazard_is_met_in_its_share_of_worlds(model):
    m = model("  embargo: {hazard: 0.3, when: {embargo: no}, sets: {embargo: yes}}")
    for period in range(1, 4):
        m.step()
        expected = 1 - 0.7**period
        assert abs(m.state.levels[:, 1].mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / 1000)


def test_its_condition_must_hold_and_what_is_irreversible_stays(model):
    m = model("  fall: {at: 1, sets: {treaty: no}}\n  never: {at: 1, when: {deal: yes}, sets: {embargo: yes}}")
    m.step()
    assert (m.state.levels[:, 2] == 1).all() and (m.state.levels[:, 1] == 0).all()


def test_a_signal_moves_the_odds_by_bayes_whether_it_comes_or_not(model):
    m = model("  parade: {at: 2, signals: {actor: B, type: aims, likelihood: {soft: 0.1, hard: 0.8}}}")
    m.step()
    assert (m.tables["talks"].odds["B"] == [[0.4], [0.6]]).all()
    m.step()
    seen = m.occurred["parade"] == 1
    hard = m.tables["talks"].odds["B"][1]
    assert np.allclose(hard[seen], 0.6 * 0.8 / (0.6 * 0.8 + 0.4 * 0.1))
    assert np.allclose(hard[~seen], 0.6 * 0.2 / (0.6 * 0.2 + 0.4 * 0.9))
    kind = m.actor("B").kind
    assert abs(seen[kind == 1].mean() - 0.8) < 0.06 and abs(seen[kind == 0].mean() - 0.1) < 0.06


def test_an_event_without_effect_shifts_no_other_draw(model):
    one = model("  embargo: {hazard: 0.3, when: {embargo: no}, sets: {embargo: yes}}")
    two = model("  idle: {hazard: 0.5}\n  embargo: {hazard: 0.3, when: {embargo: no}, sets: {embargo: yes}}")
    for _ in range(6):
        one.step()
        two.step()
    assert (one.state.levels == two.state.levels).all()


def test_an_event_opens_a_table_in_the_period_in_which_it_happens(tmp_path):
    path = tmp_path / "opens.yaml"
    path.write_text(TEXT.replace("EVENTS", "  embargo: {at: 4, sets: {embargo: yes}}"))
    worlds = sim.run(path, worlds=200, seed=1).frame
    soft = worlds["type.B"] == "soft"
    assert (worlds["table.talks.deal_period"][soft] == 4).all() and (
        worlds["table.talks.deal_period"][~soft] == 0
    ).all()
    assert "embargo happens" in str(sim.explain(path))


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("  parade: {sets: {embargo: yes}}", "give either `at`"),
        ("  parade: {at: 1, hazard: 0.1}", "give either `at`"),
        (
            "  parade: {at: 1, signals: {actor: B, type: aim, likelihood: {soft: 0.1, hard: 0.8}}}",
            "did you mean 'aims'",
        ),
        ("  parade: {at: 1, signals: {actor: B, type: aims, likelihood: {soft: 0.1}}}", "lacks 'hard'"),
        ("  parade: {hazard: 1.2}", "1.2"),
    ],
)
def test_a_wrong_event_is_refused_in_words(events, said):
    with pytest.raises(ScenarioError, match=said):
        loads(TEXT.replace("EVENTS", events))
