"""Positions and saliences out of our own payoffs, and rivals beside what comes out."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.analysis.case import case_of, counted_issues
from sim.errors import UserError
from sim.montecarlo.draws import ClaimRule, draw
from sim.report.rivals import tell_rivals
from sim.rivalry import cases
from sim.rivals import Rival
from sim.scenario.loader import loads

GAME = """\
title: A road and a toll
assumption: a test
horizon: 2
normalise: false
actors:
  A: {discount: 0.9, resolve: 0}
  B:
    discount: 0.9
    resolve: 0
    types: {taste: {roads: {probability: 0.5}, peace: {probability: 0.5, set: {road: -3}}}}
  C: {discount: 0.9}
issues:
  road: {levels: {none: 0, gravel: 0.4, paved: 1}, start: none}
  toll: {levels: {none: 0, low: 0.5, high: 1}, start: none}
  name: {levels: {old: 0, new: 1}, start: old}
  pie:  {levels: {among: 2, steps: 2}, start: 0/1}
interests:
  A:
    - {term: road, form: linear, of: road, weight: 3}
    - {term: toll, form: product, of: [road, toll], weight: -1}
    - {term: pie, form: share, of: pie, part: 1, among: 2, steps: 2, weight: 1}
  B:
    - {term: road, form: linear, of: road, weight: 1}
    - {term: toll, form: product, of: [road, toll], weight: 3}
  C:
    - {term: road, form: ideal, of: road, at: 0.4, weight: 1}
tables:
  works: {parties: [A, B], protocol: {alternating_offers: {first: A}}, agenda: [road, toll, pie], deadline: 2}
"""


@pytest.fixture(scope="module")
def game():
    return loads(GAME)


@pytest.fixture(scope="module")
def case(game):
    draws = draw(game.scenario, game.claims, ClaimRule(), 1, 0, slice(0, 40))
    return draws, case_of(game.scenario, draws, {"A": 1, "B": 2, "C": 1})


def test_a_position_is_what_one_would_choose_alone(case):
    """A a paved road without a toll, B with a high one or, of the other type, no road; C, at no table, gravel, and no
    toll rather than one that is nothing to it."""
    draws, found = case
    roads = draws.kind["B"] == 0
    assert 0 < roads.sum() < 40
    np.testing.assert_array_equal(found.positions[:, 0], np.tile([1.0, 0.0], (40, 1)))
    np.testing.assert_array_equal(found.positions[roads, 1], np.tile([1.0, 1.0], (roads.sum(), 1)))
    np.testing.assert_array_equal(found.positions[:, 2], np.tile([0.4, 0.0], (40, 1)))


def test_salience_is_what_an_issue_alone_can_cost(case):
    """From its best package A can lose 3 by the road and 1 by the toll; B, where it wants roads, 4 and 3."""
    draws, found = case
    roads = draws.kind["B"] == 0
    np.testing.assert_allclose(found.salience[:, 0], np.tile([0.75, 0.25], (40, 1)))
    np.testing.assert_allclose(found.salience[roads, 1], np.tile([4 / 7, 3 / 7], (roads.sum(), 1)))
    np.testing.assert_allclose(found.salience[:, 2], np.tile([1, 0], (40, 1)))
    np.testing.assert_array_equal(found.capability, [1, 2, 1])


def test_gains_are_over_the_status_quo(case):
    """Of the packages, one a row of levels: what a paved road with a low toll and the pie as it is gains A."""
    (columns, opening), *_ = case[1].tables
    package = int(np.flatnonzero((opening.levels == [2, 1, 0]).all(axis=1))[0])
    assert list(columns) == [0, 1, -1] and opening.gains.shape == (40, 2, 27)
    stakes = 3.0 + 1.0  # no road and none of the pie, to a road without toll and all of it
    np.testing.assert_allclose(opening.gains[:, 0, package], 2.5 / stakes)


def test_what_rivals_cannot_speak_of(game):
    counted, why = counted_issues(game.scenario)
    assert counted == ["road", "toll"] and set(why) == {"name", "pie"}
    assert "no table" in why["name"] and "no order" in why["pie"]


def test_an_issue_that_may_not_change_matters_to_nobody(game):
    closed = loads(GAME.replace("toll: {levels: {none: 0, low: 0.5, high: 1}, start: none}",
                                "toll: {levels: {none: 0, low: 0.5, high: 1}, start: none, claims: [P2]}"))  # fmt: skip
    draws = draw(closed.scenario, closed.claims, ClaimRule(), 1, 0, slice(0, 60))
    found = case_of(closed.scenario, draws, dict.fromkeys("ABC", 1.0))
    on = draws.claims["P2"]
    assert 0 < on.sum() < 60
    assert (found.salience[~on, :, 1] == 0).all() and (found.positions[~on, :, 1] == 0).all()
    assert (found.salience[on, 0, 1] > 0).all()


class Constant(Rival):
    """Says the middle of everything."""

    def on_issue(self, positions, capability, salience, span):
        return np.full(len(positions), 0.5)


def test_what_is_counted(game):
    found = sim.compare_rivals(game, 60, models={"constant": Constant()})
    ours = found.result.frame["level.road"].map({"none": 0.0, "gravel": 0.4, "paved": 1.0})
    road = found.document["issues"]["road"]
    said = road["rivals"]["constant"]
    assert road["simulated"]["mean"] == pytest.approx(ours.mean())
    assert said["mean"] == said["p05"] == said["p95"] == 0.5
    assert said["levels"]["gravel"]["share"] == 1  # the nearest level
    assert said["apart"]["estimate"] == pytest.approx(0.5 - ours.mean())
    assert said["same"]["count"] == (ours == 0.4).sum() and said["distance"] == pytest.approx((ours != 0.4).mean())


def test_every_rival_says_something_of_every_issue(game):
    found = sim.compare_rivals(game, 30, capability={"C": 0})
    assert found.document["capability"] == {"A": 1, "B": 1, "C": 0} and not found.document["capability_assumed"]
    assert len(found.frame) == 2 * len(found.said)
    for said in found.said.values():
        assert said.shape == (30, 2) and ((said >= 0) & (said <= 1)).all()


def test_where_there_is_nothing_to_speak_of(game):
    found = sim.compare_rivals(loads(GAME.replace("[road, toll, pie]", "[pie]")), 6)
    assert found.document["issues"] == {} and len(found.frame) == 0 and len(found.document["left_out"]) == 4
    assert "No issue" in tell_rivals(found.document) and found.figure() is not None


def test_worlds_come_in_parts_of_any_size(game, monkeypatch):
    whole = np.concatenate([c.positions for c in cases(game, 30, 1, dict.fromkeys("ABC", 1.0))])
    monkeypatch.setattr("sim.rivalry.ROOM", 400)
    parts = list(cases(game, 30, 1, dict.fromkeys("ABC", 1.0)))
    assert len(parts) > 3 and np.array_equal(np.concatenate([c.positions for c in parts]), whole)


@pytest.mark.parametrize(
    ("given", "said"),
    [({"Z": 1}, "no actor 'Z'"), ({"A": -1}, "at least 0"), (dict.fromkeys("ABC", 0), "above 0")],
)
def test_capabilities_that_do_not_fit(game, given, said):
    with pytest.raises(UserError, match=said):
        sim.compare_rivals(game, 4, capability=given)
