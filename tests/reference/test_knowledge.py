"""By hand: corners where what somebody knows, or another table, decides. Every world is played by both."""

from __future__ import annotations

import pytest
from side_by_side import differences, drawn, first_world
from slow_table import DEAL

MEDIATED = """title: A word on B
assumption: made up
period: year
horizon: 1
normalise: false
actors:
  A: {{discount: 0.9, resolve: 0}}
  B:
    discount: 0.9
    resolve: 0
    types:
      aims:
        soft: {{probability: 0.4}}
        hard: {{probability: 0.6, set: {{want: {hard}}}}}
  C: {{discount: 0.9, resolve: 0, tolerance: 0}}
issues:
  gift: {{levels: {{no: 0, yes: 1}}, start: no}}
  side: {{levels: {{no: 0, yes: 1}}, start: no}}
stocks: {{{stocks}}}
interests:
  A: [{{term: a, form: linear, of: gift, weight: 1}}]
  B: [{{term: want, form: linear, of: gift, weight: 1}}, {{term: away, form: linear, of: side, weight: {away}}}]
  C: [{c_terms}]
tables:
  talks:
    parties: [A, B]
    protocol: {protocol}
    agenda: [gift]
    lookahead: 3
    mediator: {{by: C, accuracy: 0.8, about: {{actor: B, type: aims}}}}
    {table}
"""
FOR_THE_GIFT = "{term: c, form: linear, of: gift, weight: 1}"


def mediated(table: str = "", **parts: str) -> str:
    usual = {"hard": "-1", "stocks": "", "away": "0", "c_terms": FOR_THE_GIFT, "protocol": "{ultimatum: {by: A}}"}
    return MEDIATED.format(**usual | parts, table=table)


def played(source: str, worlds: int = 12) -> None:
    """Both play the same in so many worlds."""
    found, _ = differences(drawn(source, 1, worlds), list(range(worlds)))
    assert not found, "\n".join(found)


# --- what a mediator knows ---


def test_a_word_that_changes_nothing_may_be_believed_where_all_demand_at_once():
    """A soft B deals at once and a hard one never, whatever is said."""
    assert first_world(mediated(protocol="simultaneous"))["table.talks.believed.B"] == 1


@pytest.mark.parametrize("odds", [0.2, 0.5, 0.8])
def test_a_mediator_knows_who_would_walk_away(odds):
    """A hard B would rather leave, which hurts C; C's worth of the talks is taken for each B apart."""
    away = "walk_away: {by: B, sets: {side: yes}}\n    breakdown: {hazard: 0.2, sets: {side: no}}"
    hurt = f"{FOR_THE_GIFT}, {{term: left, form: linear, of: side, weight: -0.7}}"
    source = mediated(away, hard="0.2", away="0.5", c_terms=hurt).replace("0.4}", f"{odds}}}")
    played(source.replace("0.6, set", f"{round(1 - odds, 1)}, set"))


@pytest.mark.parametrize("away, cost", [(0.69, -0.96), (0.55, -0.78), (0.72, -0.93)])
def test_a_mediator_knows_who_would_break_its_word(away, cost):
    """What is said of B's resolve changes how likely it is thought to take `side` as well; and what C sees, for C."""
    terms = f"{FOR_THE_GIFT}, {{term: left, form: linear, of: side, weight: {3 * cost}}}"
    source = mediated("renege: {B: {sets: {side: yes}, penalty: 0.5}}", hard="0.5", away=str(away), c_terms=terms)
    source = source.replace("A: [", f"A: [{{term: fear, form: linear, of: side, weight: {cost}}}, ")
    source = source.replace("resolve: 0\n    types", "resolve: {uniform: {low: 0, high: 1}}\n    types")
    played(source.replace(", type: aims", ""))


def test_a_mediator_knows_where_the_front_goes():
    """The stock rises under a soft B, which C looks forward to, deal or no deal; A acts on what it is told."""
    stocks = "front: {start: 0.5, change: [{by_type: {actor: B, type: aims, by: {soft: 0.1, hard: -0.1}}}]}"
    for c_terms in (
        "{term: c, form: linear, of: front, weight: 1}",
        "{term: c, form: product, of: [front, gift], weight: 1}",
    ):
        source = mediated(stocks=stocks, c_terms=c_terms, hard="0.5")
        played(source.replace("A: [", "A: [{term: fear, form: product, of: [front, gift], weight: -1.9}, "))


# --- who answers, and what that is worth to others ---

WALKER = """title: A walker of two kinds and a bystander
assumption: made up
period: year
horizon: 2
normalise: false
actors:
  A: {discount: 0.9, resolve: 0}
  B:
    discount: 0.1
    resolve: 0
    types:
      aims:
        stays: {probability: 0.5, set: {away: 0}}
        leaves: {probability: 0.5, set: {half: 0.34, full: 0.34}}
  C: {discount: 0.9, resolve: 0}
issues:
  gift: {levels: {no: 0, half: 0.5, full: 1}, start: no}
  side: {levels: {no: 0, yes: 1}, start: no}
interests:
  A: [{term: half, form: constant, weight: 0.41, when: {gift: half}}, {term: full, form: constant, weight: -0.22, when: {gift: full}}]
  B: [{term: half, form: constant, weight: 0.7, when: {gift: half}}, {term: full, form: constant, weight: 0.6, when: {gift: full}},
      {term: away, form: linear, of: side, weight: 0.5}]
  C: [{term: half, form: constant, weight: 0.47, when: {gift: half}}, {term: full, form: constant, weight: 0.54, when: {gift: full}},
      {term: left, form: linear, of: side, weight: 0.59}]
tables:
  talks:
    parties: [A, C, B]
    protocol: {alternating_offers: {first: B}}
    agenda: [gift]
    deadline: 5
    walk_away: {by: B, sets: {side: yes}}
"""  # noqa: E501


def test_who_would_walk_away_is_also_who_refuses():
    """What A and C may expect of later meetings hangs on both at once, by the kind of B."""
    played(WALKER)


ASKED = """title: A third party elsewhere
assumption: made up
period: year
horizon: 1
normalise: false
actors:
  A: {discount: 0.9, resolve: 0}
  B: {discount: 0.9, resolve: 0}
  C:
    discount: 0.9
    resolve: 0
    tolerance: 0
    types:
      aims:
        soft: {probability: 0.5}
        hard: {probability: 0.5, set: {room: -1}}
issues:
  key: {levels: {no: 0, yes: 1}, start: no}
  room: {levels: {no: 0, yes: 1}, start: no}
interests:
  A: [{term: room, form: linear, of: room, weight: 1}, {term: key, form: linear, of: key, weight: 0.1}]
  B: [{term: room, form: linear, of: room, weight: 1}]
  C: [{term: room, form: linear, of: room, weight: 1}, {term: key, form: linear, of: key, weight: -0.6}]
tables:
  first:
    parties: [A, C]
    protocol: {ultimatum: {by: A}}
    agenda: [key]
    foresees: [second]
  second:
    parties: [A, B]
    protocol: {ultimatum: {by: A}}
    agenda: [room]
    require: {key: yes}
    consent: {C: {on: [room]}}
"""


def test_who_will_be_asked_for_consent_knows_its_answer():
    """A soft C lets the room be opened and signs for it; a hard one won't, so that the key costs it no more than it
    says."""
    played(ASKED)


CHAIN = """title: A chain of tables
assumption: made up
period: year
horizon: 1
normalise: false
actors:
  A: {discount: 0.9, resolve: 0}
  B: {discount: 0.9, resolve: 0}
issues:
  key: {levels: {no: 0, yes: 1}, start: no}
  door: {levels: {no: 0, yes: 1}, start: no}
  room: {levels: {no: 0, yes: 1}, start: no}
interests:
  A: [{term: room, form: linear, of: room, weight: 1}, {term: key, form: linear, of: key, weight: -0.3}]
  B: [{term: room, form: linear, of: room, weight: 1}]
tables:
  first: {parties: [A, B], protocol: {ultimatum: {by: A}}, agenda: [key], foresees: [second]}
  second: {parties: [A, B], protocol: {ultimatum: {by: A}}, agenda: [door], foresees: [third]}
  third: {parties: [A, B], protocol: {ultimatum: {by: A}}, agenda: [room], require: {key: yes, door: yes}}
"""


def test_what_a_table_two_steps_on_needs_is_signed_for():
    """The key opens nothing at the second table, but the second table is for the third."""
    assert first_world(CHAIN)["level.room"] == 1


# --- what only some know ---

SECRET = """title: What C doesn't know
assumption: made up
period: year
horizon: 2
normalise: false
actors:
  A: {discount: 0.9, resolve: 0}
  B: {discount: 0.9, resolve: 0}
  C: {discount: 0.9, resolve: 0, tolerance: 0.5}
issues:
  pact: {levels: {no: 0, yes: 1}, start: no}
  gift: {levels: {no: 0, yes: 1}, start: no}
interests:
  A: [{term: pact, form: linear, of: pact, weight: 1}, {term: gift, form: linear, of: gift, weight: 1}]
  B: [{term: pact, form: linear, of: pact, weight: 1}, {term: gift, form: linear, of: gift, weight: 1}]
  C: [{term: gift, form: linear, of: gift, weight: 1}]
tables:
  hidden: {parties: [A, B], protocol: {ultimatum: {by: A}}, agenda: [pact], secret: {revealed: {hazard: 0}}}
  talks: {parties: PARTIES, protocol: PROTOCOL, agenda: [gift], require: {pact: no}, CONSENT}
"""


def test_there_is_no_zone_where_the_parties_know_better():
    """A and B have signed what forbids the gift; C, who is asked for consent, doesn't know that it is out."""
    parts = {"PARTIES": "[A, B]", "PROTOCOL": "{ultimatum: {by: A}}", "CONSENT": "consent: {C: {on: [gift]}}"}
    source = SECRET
    for name, part in parts.items():
        source = source.replace(name, part)
    world = first_world(source)
    assert (world["table.hidden.status"], world["table.talks.zone"]) == (DEAL, 0)


def test_nobody_demands_what_it_knows_may_not_be_agreed():
    source = SECRET.replace("PARTIES", "[B, C]").replace("PROTOCOL", "simultaneous").replace(", CONSENT", "")
    world = first_world(source)
    assert (world["table.talks.deals"], world["table.talks.refusals.B"]) == (0, 2)
