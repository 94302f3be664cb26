"""What the look-ahead is worth at tables made so that one thing matters, by the engine and by plain loops."""

from __future__ import annotations

import itertools
import json

import pytest
from look_ahead import compared, first, told
from side_by_side import drawn

import sim.round
from sim.simulate import simulate

JOINT = """title: A deal that a third may veto
assumption: made up
period: year
horizon: 3
normalise: false
actors:
  A: {discount: 0.9, resolve: {uniform: {low: 0, high: 0.6}}}
  B:
    discount: 0.8
    resolve: {uniform: {low: 0, high: 0.9}}
    types: {aims: {soft: {probability: 0.4}, hard: {probability: 0.6, scale: {want: 0.5}}}}
  C:
    discount: 0.7
    tolerance: {uniform: {low: 0, high: 2}}
    types: {mood: {calm: {probability: 0.3}, cross: {probability: 0.7, scale: {hurt: 2}}}}
  D: {discount: 0.9}
issues:
  key: {levels: {no: 0, yes: 1}, start: no}
  gift: {levels: {no: 0, half: 0.5, yes: 1}, start: no}
interests:
  A: [{term: a, form: linear, of: gift, weight: 1}]
  B: [{term: want, form: linear, of: gift, weight: 1}]
  C: [{term: hurt, form: linear, of: gift, weight: -0.4}, {term: c, form: linear, of: key, weight: 1}]
  D: [{term: hope, form: linear, of: gift, weight: 0.5}, {term: d, form: linear, of: key, weight: 0.2}]
tables:
  first: {parties: [A, C, D], protocol: {ultimatum: {by: A}}, agenda: [key], lookahead: 3, foresees: [talks]}
  talks:
    parties: [A, B]
    protocol: simultaneous
    agenda: [gift]
    lookahead: 3
    require: {key: yes}
    consent: {C: {on: [gift]}}
"""
ALONE_AT_IT = JOINT.replace("  first:", "  last:").replace("foresees: [talks]", "opens: {when: {gift: yes}}")


BY_TURNS = JOINT.replace("simultaneous", "{random: {A: 0.5, B: 0.5}}")


@pytest.mark.parametrize("source", [JOINT, BY_TURNS, ALONE_AT_IT.replace("key: yes}\n", "gift: {at_least: half}}\n")])
def test_a_deal_that_a_third_may_veto(source):
    """As the table's parties see it, as who is asked does, and as one who only sits at a table that foresees this."""
    assert compared(source) >= 6


LEAVING = """title: A table that somebody may leave
assumption: made up
period: year
horizon: 3
normalise: false
actors:
  A: {discount: 0.5, resolve: {uniform: {low: 0, high: 0.6}}}
  B:
    discount: 0.4
    resolve: {uniform: {low: 0, high: 0.9}}
    types: {aims: {soft: {probability: 0.4}, hard: {probability: 0.6, scale: {want: 0.9, away: AWAY}}}}
  C: {discount: 0.9, resolve: {uniform: {low: 0, high: 0.3}}}
  D: {discount: 0.7}
issues:
  gift: {levels: {no: 0, half: 0.5, yes: 1}, start: no}
  side: {levels: {no: 0, yes: 1}, start: no}
interests:
  A: [{term: a, form: ideal, of: gift, at: 0.4, weight: 1}, {term: off, form: linear, of: side, weight: 0.2}]
  B: [{term: want, form: linear, of: gift, weight: 1}, {term: away, form: linear, of: side, weight: 0.1}]
  C: [{term: c, form: linear, of: gift, weight: 0.8}, {term: left, form: linear, of: side, weight: -0.3}]
  D: [{term: d, form: linear, of: gift, weight: 0.6}, {term: lost, form: linear, of: side, weight: -0.5}]
tables:
  talks:
    parties: PARTIES
    protocol: {random: {A: 0.6, B: 0.4}}
    agenda: [gift]
    lookahead: 3
    walk_away: {by: WALKERS, sets: {side: yes}}
    mediator: {by: D, accuracy: 0.8, about: {actor: B, type: aims}}
"""


@pytest.mark.parametrize("away", ["4", "5"])
@pytest.mark.parametrize("parties, walkers", [("[A, B]", "A"), ("[A, B]", "[B, A]"), ("[C, B, A]", "B")])
def test_a_table_that_somebody_may_leave(parties, walkers, away):
    """Who proposes doesn't leave; a hard B would rather leave than wait, and than sign half of the gift only where
    leaving is worth more."""
    source = LEAVING.replace("PARTIES", parties).replace("WALKERS", walkers).replace("AWAY", away)
    assert compared(source) >= 6 and told(source) == 4


MOVES = "stocks: {front: {start: 0.5, change: [{by_type: {actor: B, type: aims, by: {soft: 0.2, hard: -0.1}}}]}}"
FRONT = LEAVING.replace("interests:", f"{MOVES}\ninterests:").replace(
    "walk_away: {by: WALKERS,", "breakdown: {hazard: {along: front, at_low: 0.4, at_high: 0},"
)


def test_a_mediator_knows_how_likely_the_talks_break_down():
    """The front goes by B's type, which the mediator may know, and the talks break down along it."""
    assert told(FRONT.replace("PARTIES", "[A, B]").replace("AWAY", "4")) == 4


NEARLY = """title: What is nearly the same to A
assumption: made up
period: year
horizon: 2
normalise: false
actors: {A: {discount: 0.9, resolve: 0}, B: {discount: 0.9, resolve: 0}}
issues: {gift: {levels: {no: 0, most: MOST, all: 1}, start: no}}
interests:
  A: [{term: a, form: linear, of: gift, weight: STAKES}]
  B: [{term: b, form: constant, weight: 1, when: {gift: most}}]
tables: {talks: {parties: [A, B], protocol: {ultimatum: {by: A}}, agenda: [gift], deadline: 2}}
"""


@pytest.mark.parametrize("stakes", ["0.001", "1000"])
@pytest.mark.parametrize("most, expected", [("0.9999999995", 0.5), ("0.99999999", 0)])
def test_what_is_tied_is_measured_by_the_stakes(stakes, most, expected):
    """At the last meeting A puts most of the gift, worth 1 to B, as often as all of it, worth nothing to B, only where
    these differ by less than a part in 1e9."""
    draws = drawn(NEARLY.replace("STAKES", stakes).replace("MOST", most), 1, 1)
    _, solution = first(sim.round, lambda: simulate(draws.scenario, draws)) or pytest.fail("nobody met")
    assert solution.values[1][1] == expected


SHARED = """title: A pie that two of three may share
assumption: made up
period: year
horizon: 4
normalise: false
actors:
  A: {{discount: 0.9, resolve: {{uniform: {{low: 0, high: 0.3}}}}}}
  B: {{discount: 0.9, resolve: {{uniform: {{low: 0, high: 0.6}}}}}}
  C: {{discount: 0.7, resolve: {{uniform: {{low: 0, high: 0.9}}}}}}
issues: {{pie: {{levels: {{none: 0, AB: 0.1, AC: 0.2, BA: 0.3, BC: 0.4, CA: 0.5, CB: 0.6}}, start: none}}}}
interests: {interests}
tables:
  talks:
    parties: [A, B, C]
    protocol: {{alternating_offers: {{first: A}}}}
    assent: {{quota: 2}}
    agenda: [pie]
    lookahead: 2
"""


@pytest.mark.parametrize("more", [0.7, 0.75])
def test_a_pie_that_two_of_three_may_share(more):
    """Whom each prefers to pay moves to and fro; it counts in the rounds in which it proposes."""
    interests = {}
    for actor in "ABC":
        parts = [
            (p + q, more if p == actor else 1 - more) for p, q in itertools.permutations("ABC", 2) if actor in p + q
        ]
        interests[actor] = [
            {"term": pair, "form": "constant", "weight": part, "when": {"pie": pair}} for pair, part in parts
        ]
    assert compared(SHARED.format(interests=json.dumps(interests))) == 3
