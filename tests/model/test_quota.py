"""Votes: who carries what, what a proposer keeps, and what it is to be outvoted."""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import negotiation
from watching import columns, watched

from sim.outlook import game
from sim.scenario.loader import loads
from sim.solution import solve

HOUSE = """\
title: A house of three
assumption: a test
period: round
horizon: 4
normalise: false
actors: {A: {discount: 0.9, resolve: 0}, B: {discount: 0.9, resolve: 0}, C: {discount: 0.9, resolve: 0}}
issues:
  deal: {levels: {no: 0, yes: 1}, start: no}
  split: {levels: {among: 3, steps: 20}, start: 0/0/1}
interests:
  A: [{term: dollar, form: share, of: split, part: 1, among: 3, steps: 20, weight: 1, when: {deal: yes}}]
  B: [{term: dollar, form: share, of: split, part: 2, among: 3, steps: 20, weight: 1, when: {deal: yes}}]
  C: [{term: dollar, form: share, of: split, part: 3, among: 3, steps: 20, weight: 1, when: {deal: yes}}]
tables:
  house:
    parties: [A, B, C]
    protocol: {random: {A: 0.34, B: 0.33, C: 0.33}}
    agenda: [deal, split]
    require: {deal: yes}
    lookahead: 6
outcomes: {agreed: {deal: yes}}
"""
NAMES = loads(HOUSE).scenario.issues["split"].levels.names
SPLITS = np.array([[float(s) for s in name.split("/")] for name in NAMES])
PRIVATE = tuple(f"actors.{p}.resolve={{uniform: {{low: 0, high: 0.5}}}}" for p in "ABC")


def assent(rule: str) -> str:
    return f"tables.house.assent={rule}"


def run(*sets: str, text: str = HOUSE, worlds: int = 40) -> dict[str, np.ndarray]:
    return columns(text, sets, worlds)


def votes(*sets: str) -> list[tuple[int, set[int], bool]]:
    """Proposer, who of the others said yes, and whether it was carried, of every vote."""
    found = []
    for m in watched(HOUSE, sets, 60)[0]:
        for k in np.flatnonzero(m.put >= 0):
            found.append((m.proposer, {i for i, y in m.yes.items() if y[k]}, bool(m.agreed[k] >= 0)))
    return found


RULES = {  # assent: does it carry with these votes, the proposer's own among them?
    "{quota: 2}": lambda yes: len(yes) >= 2,
    "{quota: 1}": lambda yes: True,
    "{quota: 3, weights: {A: 2}}": lambda yes: sum(2 if i == 0 else 1 for i in yes) >= 3,
    "{quota: 2, veto: [B]}": lambda yes: len(yes) >= 2 and 1 in yes,
    "{quota: 0.5, weights: {A: 0.2, B: 0.3, C: 0.4}}": lambda yes: sum((0.2, 0.3, 0.4)[i] for i in yes) >= 0.5 - 1e-9,
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("more", [(), ("tables.house.deadline=3",)], ids=["open end", "deadline"])
def test_what_has_the_votes_is_carried_and_nothing_else(rule, more):
    cast = votes(assent(rule), *PRIVATE, *more)
    assert len(cast) > 40
    for proposer, said, carried in cast:
        assert carried == RULES[rule](said | {proposer})
    if rule != "{quota: 1}":
        assert {carried for _, _, carried in cast} == {True, False}


def test_a_proposer_keeps_more_where_it_needs_fewer():
    """Baron & Ferejohn (1989): 1 − δ (q − 1)/n, so .4, .7, 1 for three, two and one vote of three, on a grid of .05."""
    kept = []
    for quota in (3, 2, 1):
        found = run(assent(f"{{quota: {quota}}}"))
        assert (found["table.house.deal_period"] == 1).all()
        kept.append(SPLITS[found["table.house.terms.split"]].max(axis=1).mean())
    assert kept == pytest.approx([0.4, 0.7, 1.0], abs=0.05)


def test_the_votes_that_are_bought_are_the_cheapest():
    """Who proposes seldom expects little, and is bought; who proposes often is not."""
    odds = "tables.house.protocol={random: {A: 0.6, B: 0.2, C: 0.2}}"
    shares = SPLITS[run(assent("{quota: 2}"), odds, worlds=100)["table.house.terms.split"]]
    others = shares[shares[:, 0] < 0.5]
    assert len(others) > 20 and (others[:, 0] == 0).all()
    assert len({tuple(s > 0) for s in shares[shares[:, 0] > 0.5]}) == 2  # A takes B and C by turns


PROJECT = """\
title: A project at somebody's expense
assumption: a test
period: round
horizon: 3
normalise: false
actors: {A: {discount: 0.7, resolve: 0}, B: {discount: 0.7, resolve: 0}, C: {discount: 0.7, resolve: 0}}
issues: {road: {levels: {none: 0, around: 0.4, across: 1}, start: none}}
interests:
  A:
    - {term: near, form: constant, weight: 0.4, when: {road: around}}
    - {term: far, form: constant, weight: 0.5, when: {road: across}}
  B:
    - {term: near, form: constant, weight: 0.4, when: {road: around}}
    - {term: far, form: constant, weight: 0.5, when: {road: across}}
  C:
    - {term: near, form: constant, weight: -0.3, when: {road: around}}
    - {term: far, form: constant, weight: -1, when: {road: across}}
tables:
  house:
    parties: [A, B, C]
    protocol: {alternating_offers: {first: C}}
    agenda: [road]
    deadline: 3
    assent: {quota: 2}
outcomes: {road: {road: {at_least: around}}}
"""


def test_who_can_be_outvoted_makes_the_best_of_it():
    """The road across C's land would be voted in the next period, at −1 to C. So C itself proposes the one around it,
    at −0.3: a loss over no deal, but a gain over what else is to come. Where it has a veto there is no road."""
    found = run(text=PROJECT)
    assert (found["table.house.deal_period"] == 1).all() and (found["level.road"] == 1).all()
    np.testing.assert_allclose(found["value.C"], -0.3)
    first = "tables.house.protocol={alternating_offers: {first: A}}"
    found = run(first, text=PROJECT)
    assert (found["table.house.deal_period"] == 1).all() and (found["level.road"] == 2).all()
    np.testing.assert_allclose(found["value.C"], -1)
    for rule in ("assent={quota: 2, veto: [C]}", "assent=all"):
        assert not run(f"tables.house.{rule}", text=PROJECT)["outcome.road"].any()


def test_a_resolve_is_measured_from_the_worst_that_can_be_imposed():
    """C's stakes are 1; the compromise gains it 0.7 − 0.3 over being outvoted tomorrow, W = −δ: more than a resolve of
    0.3, less than one of 0.45. Measured from no deal it would be a loss, which no resolve allows."""
    for resolve, road in ((0.39, 1), (0.41, 2)):
        found = run(f"actors.C.resolve={resolve}", text=PROJECT)
        assert (found["level.road"] == road).all()
        assert (found["table.house.deal_period"] == (1 if road == 1 else 2)).all()


def test_private_resolve_under_a_quota():
    """Fewer votes to win: more deals."""
    share = [run(*PRIVATE, assent(f"{{quota: {q}}}"), worlds=200)["outcome.agreed"].mean() for q in (1, 2, 3)]
    assert share[0] == 1 and share[0] >= share[1] > share[2] > 0.3


def test_consent_stands_beside_a_quota():
    """A third party's no stops what a majority has carried."""
    text = HOUSE.replace("actors: {", "actors: {D: {discount: 0.9, tolerance: {uniform: {low: 0, high: 1}}}, ").replace(
        "interests:\n",
        "interests:\n  D: [{term: a, form: share, of: split, part: 1, among: 3, steps: 20, weight: -1}]\n",
    )
    found = run(assent("{quota: 2}"), "tables.house.consent={D: {on: [split]}}", text=text, worlds=200)
    signed, tolerance = found["outcome.agreed"], found["table.house.tolerance.D"]
    given = SPLITS[found["table.house.terms.split"]][:, 0]
    assert signed.any() and (given <= tolerance + 1e-9)[signed].all()
    assert (found["table.house.vetoes.D"] > 0).any()


MAYOR = """\
title: One of three becomes mayor, and rewards whoever voted
assumption: a test
period: round
horizon: 4
normalise: false
actors: {A: {discount: 0.999, resolve: 0}, B: {discount: 0.999, resolve: 0}, C: {discount: 0.999, resolve: 0}}
issues: {mayor: {levels: {nobody: 0, A: 0.3, B: 0.6, C: 1}, start: nobody}}
interests:
"""
for _actor in "ABC":
    _terms = [
        f"{{term: {m}, form: constant, weight: {1 if m == _actor else 0.1}, when: {{mayor: {m}}}}}" for m in "ABC"
    ]
    MAYOR += f"  {_actor}: [{', '.join(_terms)}]\n"
MAYOR += """\
tables:
  house: {parties: [A, B, C], agenda: [mayor], assent: {quota: 2}, protocol: {random: {A: 0.34, B: 0.33, C: 0.33}}}
outcomes: {filled: {not: {mayor: nobody}}}
"""


def test_who_expects_too_much_comes_down_at_once():
    """Nobody votes for another while it hopes for more than a tenth. If all voted at once each could hope for .4: so in
    the stationary equilibrium all are just indifferent, at W = .1, and hold out for long. A vote a period that fails
    costs a thousandth only: expectations must not take a thousand rounds to come down from a third."""
    model = negotiation(MAYOR, 1)
    talks = model.tables["house"]
    fc = talks.look(np.arange(1), model.state.levels, whole=True)
    values = solve(game(talks, np.arange(1), fc)).values[1]
    assert [float(v[0, 0]) for v in values] == pytest.approx([0.1] * 3, abs=0.02)
    model.close()
