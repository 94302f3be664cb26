"""Consent: a third party is asked where it must be, lets pass what it tolerates, and teaches by refusing."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.errors import ScenarioError
from sim.scenario.loader import loads

TEXT = """
title: A third party's veto
assumption: textbook case
period: month
horizon: HORIZON
normalise: false
actors:
  A: {discount: 0.9, resolve: 0}
  B: {discount: 0.9, resolve: 0}
  C: {discount: 0.9, tolerance: TOLERANCE}
issues:
  technology: {levels: {none: 0, little: 0.25, much: 1}, start: none}
  trade: {levels: {none: 0, open: 1}, start: none}
interests:
  A: [{term: t, form: linear, of: technology, weight: 1}, {term: tr, form: linear, of: trade, weight: 0.1}]
  B: [{term: t, form: linear, of: technology, weight: 1}, {term: tr, form: linear, of: trade, weight: 0.1}]
  C: [{term: t, form: linear, of: technology, weight: -1}]
tables:
  talks:
    parties: [A, B]
    protocol: {ultimatum: {by: A}}
    agenda: [technology, trade]
    deadline: HORIZON
    consent: {C: {on: [ON]}}
outcomes:
  much: {technology: much}
  little: {technology: little}
  trade_only: {technology: none, trade: open}
"""


@pytest.fixture
def play(tmp_path):
    def run(
        worlds: int = 1000, horizon: int = 1, tolerance: str = "{uniform: {low: 0, high: 1}}", on: str = "technology"
    ):
        text = TEXT.replace("HORIZON", str(horizon)).replace("TOLERANCE", tolerance).replace("ON", on)
        path = tmp_path / "veto.yaml"
        path.write_text(text)
        return sim.run(path, worlds=worlds, seed=1)

    return run


def test_the_proposer_asks_for_what_is_worth_the_risk_of_a_veto(play):
    """Much: 1.1 × Pr(tolerance ≥ 1) = 0; little: .35 × .75 = .2625; trade alone, on which nobody is asked: .1."""
    worlds = play(2000).frame
    tolerates = worlds["table.talks.tolerance.C"] >= 0.25
    assert (worlds["outcome.little"] == tolerates).all()
    assert (worlds["table.talks.vetoes.C"] == ~tolerates).all()
    assert abs(worlds["outcome.little"].mean() - 0.75) < 4 * np.sqrt(0.75 * 0.25 / 2000)


def test_who_refused_is_not_asked_for_as_much_again(play):
    """After a veto on `little` the others know that C tolerates less, and fall back on what needs no consent."""
    worlds = play(horizon=2).frame
    refused = worlds["table.talks.vetoes.C"] > 0
    assert refused.any() and (worlds["outcome.trade_only"] == refused).all()
    assert (worlds["table.talks.deal_period"] == np.where(refused, 2, 1)).all()


def test_a_known_tolerance_is_used_to_the_full(play):
    assert play(50, tolerance="0.25").frame["outcome.little"].all()
    assert play(50, tolerance="0.2").frame["outcome.trade_only"].all()
    assert play(50, tolerance="1").frame["outcome.much"].all()


def test_nobody_is_asked_about_what_stays_as_it_is(play):
    worlds = play(50, tolerance="0", on="trade").frame
    assert worlds["outcome.much"].all() and (worlds["table.talks.vetoes.C"] == 0).all()


def test_without_its_claims_nobody_is_asked_and_nothing_else_changes(tmp_path):
    text = TEXT.replace("HORIZON", "1").replace("TOLERANCE", "0").replace("ON]", "technology], claims: [D12]")
    path = tmp_path / "claimed.yaml"
    path.write_text(text)
    worlds = sim.run(path, worlds=400, seed=1).frame
    assert (worlds["outcome.much"] == ~worlds["claim.D12"]).all()
    assert (worlds["outcome.trade_only"] == worlds["claim.D12"]).all()


def test_the_telling_names_the_third_party(tmp_path):
    path = tmp_path / "told.yaml"
    path.write_text(TEXT.replace("HORIZON", "1").replace("TOLERANCE", "0.25").replace("ON", "technology"))
    told = str(sim.explain(path))
    assert "C is asked: it would lose 25 % of its stakes and tolerates 25 %" in told and "it consents" in told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("consent: {C:", "consent: {A:", "A is a party of talks"),
        ("[ON]", "[tech]", "did you mean 'technology'"),
        ("TOLERANCE", "-0.1", "at least 0"),
    ],
)
def test_a_wrong_consent_is_refused_in_words(old, new, said):
    text = TEXT.replace(old, new).replace("HORIZON", "1").replace("TOLERANCE", "0").replace("ON", "technology")
    with pytest.raises(ScenarioError, match=said):
        loads(text)
