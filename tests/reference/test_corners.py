"""By hand: what the comparison of the engine with plain loops has found so far, each at its smallest. Every world is
played by both."""

from __future__ import annotations

import pytest
from side_by_side import OFF, ON, differences, drawn, first_world
from slow_table import BROKEN_DOWN, EXPIRED, TALKING, WALKED_AWAY

FILE = """title: A corner
assumption: made up
period: year
horizon: {horizon}
normalise: false
actors:
  A: {{discount: 0.9, resolve: 0}}
  B: {{discount: 0.9, resolve: {resolve}}}
issues:
  gift: {{levels: {{no: 0, yes: 1}}, start: no}}
  side: {{levels: {{no: 0, yes: 1}}, start: {side}}}
interests:
  A: [{a_terms}]
  B: [{b_terms}]
tables:
  talks:
    parties: [A, B]
    protocol: {{ultimatum: {{by: A}}}}
    agenda: [gift]
    {table}
"""
WANT = "{term: want, form: linear, of: gift, weight: 1}"
HURT = "{term: hurt, form: linear, of: gift, weight: -1}"
LEAVE = "{term: leave, form: linear, of: side, weight: 0.5}"


def corner(a_terms: str, b_terms: str, table: str = "", side: str = "no", resolve: str = "0", horizon: int = 3) -> str:
    return FILE.format(a_terms=a_terms, b_terms=b_terms, table=table, side=side, resolve=resolve, horizon=horizon)


def test_a_regard_counts_only_where_its_when_holds():
    regard = "{{term: other, form: regard, actor: B, weight: 1, when: {{side: {level}}}}}"
    b_terms = "{term: base, form: constant, weight: 1}"
    assert first_world(corner(regard.format(level="no"), b_terms))["value.A"] == pytest.approx(1)
    assert first_world(corner(regard.format(level="yes"), b_terms))["value.A"] == 0


# --- claims and what can't be undone ---


def test_talks_do_not_break_down_where_the_claims_behind_it_are_false():
    source = corner(WANT, HURT, "breakdown: {hazard: 1, sets: {side: yes}, claims: [C1]}")
    assert first_world(source, ON)["table.talks.status"] == BROKEN_DOWN
    off = first_world(source, OFF)
    assert (off["table.talks.status"], off["level.side"]) == (TALKING, 0)


def test_nobody_walks_away_where_the_claims_behind_it_are_false():
    source = corner(WANT, f"{HURT}, {LEAVE}", "walk_away: {by: B, sets: {side: yes}, claims: [C1]}")
    assert first_world(source, ON)["table.talks.status"] == WALKED_AWAY
    off = first_world(source, OFF)
    assert (off["table.talks.status"], off["level.side"]) == (TALKING, 0)


def test_a_breakdown_leaves_an_issue_at_its_start_where_the_claims_behind_it_are_false():
    source = corner(WANT, HURT, "breakdown: {hazard: 1, sets: {side: yes}}")
    source = source.replace("start: no}\ninterests", "start: no, claims: [C1]}\ninterests")
    assert first_world(source, ON)["level.side"] == 1
    assert first_world(source, OFF)["level.side"] == 0


def test_a_breakdown_undoes_nothing_irreversible():
    source = corner(WANT, HURT, "breakdown: {hazard: 1, sets: {side: no}}", side="yes")
    source = source.replace("start: yes}\ninterests", "start: yes, irreversible: true}\ninterests")
    world = first_world(source)
    assert (world["table.talks.status"], world["level.side"]) == (BROKEN_DOWN, 1)


BREAKING = f"{LEAVE}, {{term: gain, form: linear, of: gift, weight: 0.1}}"
WARY = "{term: wary, form: linear, of: side, weight: -2}"


def test_a_breach_that_would_move_what_is_closed_is_not_reckoned_with():
    """B would help itself to `side`, which hurts A, so A doesn't sign; where `side` can't move there is nothing to
    fear."""
    source = corner(f"{WANT}, {WARY}", BREAKING, "renege: {B: {sets: {side: yes}}}")
    source = source.replace("start: no}\ninterests", "start: no, claims: [C1]}\ninterests")
    assert first_world(source, ON)["table.talks.deals"] == 0
    assert first_world(source, OFF)["table.talks.deals"] == 1


def test_a_breach_that_would_undo_what_the_deal_makes_irreversible_is_not_reckoned_with():
    """A would rather have nothing than a gift that B takes back, for then it has made an enemy (at no gift, and
    `side`)."""
    taken_back = "renege: {B: {sets: {gift: no}}}"
    free = corner(WANT, HURT.replace("-1", "-0.2") + ", {term: paid, form: constant, weight: 0.1}", taken_back)
    assert first_world(free)["table.talks.deals"] == 0
    gift = "{levels: {no: 0, half: 0.5, yes: 1}, start: no"
    bound = corner(WANT, "{term: half, form: constant, weight: 1, when: {gift: half}}, " + WANT, taken_back)
    bound = bound.replace("{gift: no}", "{gift: half}").replace("{levels: {no: 0, yes: 1}, start: no", gift, 1)
    held = first_world(bound.replace("start: no}", "start: no, irreversible: true}", 1))
    assert (held["table.talks.status"], held["level.gift"]) == (2, 2)


# --- when a table may meet no more ---


def test_what_lapses_after_the_deadline_is_not_renewed():
    world = first_world(corner(WANT, WANT, "deadline: 1\n    lapses: {gift: 2}", horizon=4))
    assert (world["table.talks.status"], world["table.talks.deals"], world["level.gift"]) == (EXPIRED, 1, 0)


def test_a_deadline_beyond_the_look_ahead_ends_renewals_too():
    """A deal now lapses at the deadline, one period later after it: B, who is hurt at first, weighs one against the
    other."""
    table = "deadline: 3\n    lookahead: 2\n    lapses: {gift: 3}"
    first_world(corner(WANT, WANT.replace("1}", "0.3}") + f", {LEAVE}", table, resolve="0.1", horizon=5))


def test_a_breach_after_the_deadline_opens_no_more_talks():
    table = "deadline: 1\n    reopens: true\n    renege: {B: {sets: {gift: no, side: yes}}}"
    b_terms = "{term: first, form: linear, of: gift, weight: 0.4}, " + LEAVE
    a_terms = f"{WANT}, {{term: too, form: linear, of: side, weight: 0.5}}"
    world = first_world(corner(a_terms, b_terms, table, horizon=4))
    assert (world["table.talks.status"], world["level.gift"], world["level.side"]) == (EXPIRED, 0, 1)


# --- beliefs and demands ---


@pytest.mark.parametrize("parts", [(0.7, 0.1, -0.8), (0.1, 0.7, -0.8), (0.1, 0.2, -0.3), (0.3, 0.6, -0.9)])
def test_what_was_refused_is_not_put_again_though_it_gains_nothing(parts):
    """The gift brings B nothing: what it is worth comes out a rounding above or below 0. Either way B's refusal shows
    that its resolve is above 0, and A, who has nothing else to put, stops."""
    terms = [f"{{term: t{k}, form: linear, of: gift, weight: {weight}}}" for k, weight in enumerate(parts)]
    terms.append("{term: more, form: linear, of: gift, weight: 1, claims: [C1]}")
    resolve = "{uniform: {low: -0.001, high: 1}}"
    source = corner(WANT, ", ".join(terms), resolve=resolve, horizon=4)
    assert first_world(source, OFF)["table.talks.refusals.B"] == 1


def test_the_package_that_all_demand_is_the_deal():
    """Nobody cares about `side`: which of two equally good packages all demand is drawn, and that one is signed."""
    source = corner(WANT, WANT).replace("{ultimatum: {by: A}}", "simultaneous").replace("[gift]", "[gift, side]")
    draws = drawn(source, 1, 40)
    found, happened = differences(draws, list(range(40)))
    assert not found and happened["status 2"] == 40


def test_what_nobody_would_accept_is_in_nobodys_mind():
    """When the table opens nothing is admissible, so nobody has stakes; later only a package that hurts is."""
    table = "forbid: [{when: {side: no}}]"
    source = corner(HURT, HURT, table).replace("{ultimatum: {by: A}}", "simultaneous")
    source += "events: {e: {at: 2, sets: {side: yes}}}\n"
    assert first_world(source)["table.talks.refusals.B"] == 0


BANK = """title: A loan beside a pact
assumption: made up
period: year
horizon: 6
normalise: false
actors:
  A: {discount: 0.9, resolve: 0}
  B: {discount: 0.9, resolve: 0}
  C: {discount: 0.9, resolve: 0}
issues:
  loan: {levels: {no: 0, yes: 1}, start: no}
  pact: {levels: {no: 0, yes: 1}, start: no}
interests:
  A: [{term: loan, form: linear, of: loan, weight: 1, claims: [C1]}, {term: pact, form: linear, of: pact, weight: 1}]
  B: [{term: loan, form: linear, of: loan, weight: 1}, {term: pact, form: linear, of: pact, weight: -20}]
  C: [{term: pact, form: linear, of: pact, weight: 1}]
tables:
  bank:
    parties: [A, B]
    protocol: PROTOCOL
    agenda: [loan]
    lapses: {loan: 2}
    breakdown: {hazard: 0.01}
    foresees: [court]
  court: {parties: [A, C], protocol: {ultimatum: {by: A}}, agenda: [pact]}
"""


def test_what_happens_at_another_table_anyway_is_no_reason_to_refuse_a_loan():
    """The pact hurts B whatever it signs here; weighed against what no deal is worth, that cancels out."""
    world = first_world(BANK.replace("PROTOCOL", "{ultimatum: {by: A}}"), ON)
    assert (world["table.bank.deal_period"], world["level.pact"]) == (1, 1)


def test_demands_that_fit_without_a_focal_package_are_met_again_after_a_lapse():
    """A gains nothing from the loan, so no package is what all have in mind; but it is all that either could want."""
    world = first_world(BANK.replace("PROTOCOL", "simultaneous"), OFF)
    assert world["table.bank.deals"] == 3


THREE = """title: A walker and a bystander
assumption: made up
period: year
horizon: 2
normalise: false
actors:
  A: {discount: 0.5, resolve: 0}
  B: {discount: 0.1, resolve: 0}
  C: {discount: 0.9, resolve: 0}
issues:
  gift: {levels: {no: 0, half: 0.5, full: 1}, start: no}
  side: {levels: {no: 0, yes: 1}, start: no}
interests:
  A: [{term: half, form: constant, weight: 1, when: {gift: half}}, {term: full, form: constant, weight: 0.2, when: {gift: full}}]
  B: [{term: half, form: constant, weight: 0.7, when: {gift: half}}, {term: full, form: constant, weight: 0.6, when: {gift: full}},
      {term: away, form: linear, of: side, weight: 0.5}]
  C: [{term: half, form: constant, weight: 0.3, when: {gift: half}}, {term: full, form: constant, weight: 1, when: {gift: full}}]
tables:
  talks:
    parties: [A, C, B]
    protocol: {alternating_offers: {first: A}}
    agenda: [gift]
    deadline: 2
    walk_away: {by: B, sets: {side: yes}}
"""  # noqa: E501


def test_who_would_be_left_with_nothing_when_another_walks_away_does_not_wait():
    """C could have all of the gift next period, worth 0.9 now. But B, impatient, walks away (0.5 against 0.06) if this
    meeting fails, and then C gets nothing: so C assents to half, worth 0.3."""
    world = first_world(THREE)
    assert (world["table.talks.deal_period"], world["level.gift"]) == (1, 1)


def test_a_slice_counts_from_what_was_in_force_while_a_deal_rested():
    """An event raises what rests between two loaves; once that has lapsed, the next slice may go beyond it."""
    source = corner(WANT, WANT, "lapses: {gift: 2}", horizon=3)
    source = source.replace("{ultimatum: {by: A}}", "{salami: {demands: A, step: 1}}")
    source = source.replace(
        "{levels: {no: 0, yes: 1}, start: no}", "{levels: {no: 0, bit: 0.4, half: 0.7, yes: 1}, start: no}", 1
    )
    source += "events: {e: {at: 2, sets: {gift: half}}}\n"
    world = first_world(source)
    assert (world["table.talks.deals"], world["level.gift"]) == (2, 3)
