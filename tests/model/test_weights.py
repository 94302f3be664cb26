"""Weights by hand: what normalising, claims, types and regards make of what was drawn, in three worlds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.payoff.terms import documented, profiles, terms_of, weigh
from sim.scenario.loader import loads
from sim.scenario.selectors import ALWAYS, All
from sim.state import Layout

TEXT = """\
title: Regards and types
assumption: a test
horizon: 3
actors:
  A:
    discount: 0.9
    types:
      mood: {open: {probability: 0.6}, shut: {probability: 0.4, scale: {own: -0.5, care: 2}}}
      need: {rich: {probability: 0.3, scale: {own: 3}}, poor: {probability: 0.7, set: {other: 4}}}
  B:
    discount: 0.9
    types: {aims: {soft: {probability: 0.25}, hard: {probability: 0.75, set: {war: 6}}}}
  C: {discount: 0.9, types: {cost: {points: 2, scale: {pain: {uniform: {low: 0, high: 2}}}, set: {loss: {uniform: {low: -1, high: 0}}}}}}
  D: {discount: 0.9}
issues:
  peace: {levels: {war: 0, peace: 1}, start: war}
stocks: {front: {start: 0.5}}
interests:
  A:
    - {term: own, form: linear, of: peace, weight: 1, claims: [P1]}
    - {term: other, form: linear, of: front, weight: 1}
    - {term: care, form: regard, actor: B, weight: 1, when: {peace: peace}, claims: [P1, D2]}
  B:
    - {term: land, form: product, of: [peace, front], weight: 1, when: {front: {below: 0.7}}}
    - {term: war, form: decaying, of: front, half_life: 1, since: {peace: war}, weight: 1, claims: [D2]}
    - {term: spite, form: regard, actor: A, weight: 1}
  C:
    - {term: pain, form: constant, weight: 1}
    - {term: loss, form: decaying, of: peace, half_life: 2, since: {peace: peace}, weight: 1, claims: [T3]}
    - {term: idle, form: constant, weight: 1}
tables: {talks: {parties: [A, B], protocol: simultaneous, agenda: [peace]}}
"""  # noqa: E501
SCENARIO = loads(TEXT).scenario
DRAWN = {
    ("A", "own"): [1.0, -2.0, 0.0],
    ("A", "other"): [3.0, 2.0, 0.0],
    ("A", "care"): [-1.0, 0.0, 0.0],
    ("B", "land"): [2.0, 4.0, 1.0],
    ("B", "war"): [1.0, -2.0, 0.0],
    ("B", "spite"): [-1.0, 2.0, 1.0],
    ("C", "pain"): [-1.0, -1.0, -2.0],
    ("C", "loss"): [1.0, 3.0, 2.0],
    ("C", "idle"): [0.0, 0.0, 0.0],
}
DRAWN = {k: np.array(v) for k, v in DRAWN.items()}
ON = {k: np.ones(3, bool) for k in DRAWN} | {
    ("A", "own"): np.array([True, False, True]),
    ("B", "war"): np.zeros(3, bool),
}
COPIED = SCENARIO.interests["A"][2].when


@pytest.fixture
def terms():
    return terms_of(SCENARIO, Layout(SCENARIO))


def weights(actor, terms, scenario=SCENARIO):
    """Term (with its condition) -> its weights as they are, and as with all claims on: (K, 3)."""
    found = weigh(scenario, terms, DRAWN, ON, 3)[actor]
    places = [(terms[k].actor, terms[k].name, terms[k].condition) for k in found.columns]
    return {p: (found.of_type[:, :, c], found.all_on[:, :, c]) for c, p in enumerate(places)}, found.varying


def test_every_term_but_the_regards_and_a_copy_for_a_regard_with_a_condition(terms):
    own = [("A", "own"), ("A", "other"), ("B", "land"), ("B", "war"), ("C", "pain"), ("C", "loss"), ("C", "idle")]
    assert [(t.actor, t.name) for t in terms] == [*own, ("B", "land"), ("B", "war")]
    assert [t.condition for t in terms] == [ALWAYS] * 7 + [COPIED] * 2
    assert terms[7].when == All((COPIED, terms[2].when)) and terms[8].when == All((COPIED, ALWAYS))
    assert [t.decay for t in terms] == [None, None, None, 0, None, 1, None, None, 0]
    assert [t.claims for t in terms[:4]] == [("P1",), (), (), ("D2",)] and {t.paid_at for t in terms} == {None}
    assert [[f.variable for f in t.factors] for t in terms[:4]] == [["peace"], ["front"], ["peace", "front"], ["front"]]


def test_a_side_payment_knows_its_table():
    paying = "protocol: {ultimatum: {by: A}}, agenda: [peace], payments: {most: 0.2, steps: 1, assumption: a test}"
    scenario = loads(TEXT.replace("protocol: simultaneous, agenda: [peace]", paying)).scenario
    paid = [t for t in terms_of(scenario, Layout(scenario)) if t.paid_at == "talks"]
    assert [(t.actor, t.condition) for t in paid] == [("A", ALWAYS), ("B", ALWAYS), ("B", COPIED)]


def test_two_regards_with_one_condition_share_a_copy():
    """A and C care for B, C for A, at peace: one copy of each of their terms."""
    regards = [f"    - {{term: for_{a}, form: regard, actor: {a}, weight: 1, when: {{peace: peace}}}}" for a in "BA"]
    text = TEXT.replace("    - {term: idle, form: constant, weight: 1}", "\n".join(regards))
    scenario = loads(text).scenario
    copies = [(t.actor, t.name) for t in terms_of(scenario, Layout(scenario)) if t.condition != ALWAYS]
    assert copies == [("B", "land"), ("B", "war"), ("A", "own"), ("A", "other")]


def test_types_combine():
    """Probabilities and scales multiply, what is set is gathered, and who has no types has one."""
    found = profiles(SCENARIO.actors["A"])
    assert [p.name for p in found] == ["open, rich", "open, poor", "shut, rich", "shut, poor"]
    assert [p.probability for p in found] == pytest.approx([0.18, 0.42, 0.12, 0.28])
    assert [p.scale for p in found] == [{"own": 3}, {}, {"own": -1.5, "care": 2}, {"own": -0.5, "care": 2}]
    assert [p.set for p in found] == [{}, {"other": 4}, {}, {"other": 4}]
    assert found[2].values == {"mood": "shut", "need": "rich"}
    (only,) = profiles(SCENARIO.actors["D"])
    assert (only.name, only.probability, only.scale, only.set, only.values) == ("", 1, {}, {}, {})


def test_a_continuous_type_lies_at_the_midpoints_of_equal_parts():
    low, high = profiles(SCENARIO.actors["C"])
    assert (low.name, low.probability, low.values) == ("cost 1", 0.5, {"cost": "1"})
    assert (high.name, high.probability, high.values) == ("cost 2", 0.5, {"cost": "2"})
    assert (low.scale, low.set, high.scale, high.set) == (
        {"pain": 0.5},
        {"loss": -0.75},
        {"pain": 1.5},
        {"loss": -0.25},
    )


def test_own_weights_are_shares_with_claims_off_and_types_scaled(terms):
    """A's raw weights sum to 5, 4 and 0: without any nothing weighs, whatever a type sets."""
    found, varying = weights("A", terms)
    now, full = found["A", "own", ALWAYS]
    own, scales = np.array([1 / 5, -2 / 4, 0]), np.array([[3], [1], [-1.5], [-0.5]])
    np.testing.assert_allclose(full, scales * own)
    np.testing.assert_allclose(now, scales * own * [1, 0, 1])
    now, full = found["A", "other", ALWAYS]
    np.testing.assert_allclose(full, [[3 / 5, 2 / 4, 0], [4 / 5, 4 / 4, 0]] * 2)
    assert (now == full).all()
    assert {terms[k].name for k in varying} == {"own", "other", "land", "war"}


def test_only_shares_of_the_weights_count(terms):
    """A tenth of everything drawn, which sums to less than 1, is the same (what a type sets is not drawn)."""
    small, whole = (weigh(SCENARIO, terms, {k: v / by for k, v in DRAWN.items()}, ON, 3)["C"] for by in (10, 1))
    assert terms[whole.columns[0]].name == "pain" and whole.all_on[:, :, 0].any()
    np.testing.assert_allclose(small.all_on[:, :, 0], whole.all_on[:, :, 0])


def instead_of_idle(*regards):
    """The scenario with regards of C's, at weights that are drawn as 1 and −1, in place of its idle term."""
    lines = [f"    - {{term: r{k}, form: regard, actor: {a}, weight: 1}}" for k, a in enumerate(regards)]
    text = TEXT.replace("    - {term: idle, form: constant, weight: 1}", "\n".join(lines))
    return loads(text).scenario, DRAWN | {("C", f"r{k}"): np.full(3, (-1.0) ** k) for k in range(len(regards))}


def test_who_regards_one_without_interests_regards_nothing(terms):
    scenario, drawn = instead_of_idle("D")
    found = weigh(scenario, terms, drawn, ON | {("C", "r0"): np.ones(3, bool)}, 3)["C"]
    assert [terms[k].name for k in found.columns] == ["pain", "loss"]


def test_regards_that_cancel_out_do_so_only_while_both_hold(terms):
    """Then A's terms weigh nothing with every claim on, and something without."""
    scenario, drawn = instead_of_idle("A", "A")
    on = ON | {("C", "r0"): np.zeros(3, bool), ("C", "r1"): np.ones(3, bool)}
    found = weigh(scenario, terms, drawn, on, 3)["C"]
    place = [terms[k].name for k in found.columns].index("other")
    assert not found.all_on[:, :, place].any() and found.of_type[:, 0, place].all()


def test_a_regard_weighs_the_other_actors_own_terms_at_its_prior_mean(terms):
    """B's raw weights sum to 4, 8 and 2; its soft type has war at 1/4, −2/8 and 0, its hard one at 6/4, 6/8 and 6/2."""
    found, _ = weights("A", terms)
    care = np.array([-1 / 5, 0, 0]) * np.array([[1], [1], [2], [2]])
    now, full = found["B", "land", COPIED]
    np.testing.assert_allclose(full, care * [2 / 4, 4 / 8, 1 / 2])
    assert (now == full).all()
    now, full = found["B", "war", COPIED]
    np.testing.assert_allclose(full, care * (0.25 * np.array([1 / 4, -2 / 8, 0]) + 0.75 * np.array([6 / 4, 6 / 8, 3])))
    assert not now.any() and ("B", "land", ALWAYS) not in found


def test_regards_add_to_nothing_of_their_own(terms):
    """B spites A for itself, not for A's care for B; its own types touch its own war only."""
    found, varying = weights("B", terms)
    assert {(a, n) for a, n, _ in found} == {("A", "own"), ("A", "other"), ("B", "land"), ("B", "war")}
    spite = np.array([-1 / 4, 2 / 8, 1 / 2])
    _, full = found["A", "own", ALWAYS]
    mean = 0.18 * 3 + 0.42 - 0.12 * 1.5 - 0.28 * 0.5
    np.testing.assert_allclose(full, np.broadcast_to(spite * mean * [1 / 5, -2 / 4, 0], (2, 3)))
    assert {(terms[k].actor, terms[k].name) for k in varying} == {("B", "war")}


def test_types_that_touch_a_regard_touch_all_that_it_regards(terms):
    scenario = loads(TEXT.replace("set: {war: 6}", "set: {spite: 6}")).scenario
    _, varying = weights("B", terms, scenario)
    assert {(terms[k].actor, terms[k].name) for k in varying} == {("A", "own"), ("A", "other")}


def test_what_never_weighs_is_left_out_and_unnormalised_weights_stay(terms):
    found, varying = weights("C", terms, loads("normalise: false\n" + TEXT).scenario)
    assert set(found) == {("C", "pain", ALWAYS), ("C", "loss", ALWAYS)} and {terms[k].name for k in varying} == {
        "pain",
        "loss",
    }
    np.testing.assert_allclose(found["C", "pain", ALWAYS][0], np.outer([0.5, 1.5], [-1, -1, -2]))
    np.testing.assert_allclose(found["C", "loss", ALWAYS][0], np.outer([-0.75, -0.25], [1, 1, 1]))
    assert weights("D", terms) == ({}, frozenset())


def test_two_regards_of_one_actor_add_up(terms):
    second = "    - {term: care, form: regard, actor: B"
    scenario = loads(
        TEXT.replace(second, f"{second}, weight: 1, when: {{peace: peace}}}}\n{second.replace('care', 'more')}")
    ).scenario
    drawn = DRAWN | {("A", "more"): np.array([1.0, 0, 0])}
    found = weigh(scenario, terms, drawn, ON | {("A", "more"): np.ones(3, bool)}, 3)["A"]
    place = [terms[k].condition for k in found.columns].index(COPIED)
    np.testing.assert_allclose(found.all_on[:2, :, place], 0)  # −1 and 1 for who isn't shut
    np.testing.assert_allclose(found.all_on[2:, 0, place], (-2 + 1) / 6 * 2 / 4)


def test_a_side_payment_has_its_column_before_it_weighs_anything(terms):
    """Its owner's own: neither that of who regards the owner, nor a copy under a condition."""
    paying = [replace(t, paid_at="talks") if t.name in ("idle", "land") else t for t in terms]
    none = DRAWN | {("B", "land"): np.zeros(3), ("A", "care"): np.zeros(3)}
    for actor, names in (
        ("C", ["pain", "loss", "idle"]),
        ("B", ["own", "other", "land", "war"]),
        ("A", ["own", "other"]),
    ):
        found = weigh(SCENARIO, paying, none, ON, 3)[actor]
        assert [paying[k].name for k in found.columns] == names
        assert all(paying[k].condition == ALWAYS for k in found.columns)


def test_what_is_off_everywhere_keeps_its_column(terms):
    """The stakes are taken with every claim on."""
    found, _ = weights("B", terms)
    now, full = found["B", "war", ALWAYS]
    assert not now.any() and full.any()


def test_the_documented_share_is_the_mean_over_worlds_with_any_weight():
    """A's weights sum to 5, 4 and 0: of own and care 2/5 and 2/4 rest on P1; D2 backs care only, T3 nothing of A's."""
    drawn = {k: v / 10 for k, v in DRAWN.items()}
    by = {claim: documented(SCENARIO, drawn, lambda a, c, claim=claim: c == claim) for claim in ("P1", "D2", "T3")}
    assert by["P1"] == {"A": pytest.approx((2 / 5 + 2 / 4) / 2), "B": 0, "C": 0, "D": None}
    assert by["D2"] == {"A": pytest.approx(1 / 10), "B": pytest.approx((1 / 4 + 2 / 8 + 0) / 3), "C": 0, "D": None}
    assert by["T3"]["A"] == 0 and by["T3"]["C"] == pytest.approx((1 / 2 + 3 / 4 + 2 / 4) / 3)
    mine = documented(SCENARIO, drawn, lambda actor, claim: (actor, claim) == ("B", "D2"))
    assert (mine["A"], mine["B"]) == (0, pytest.approx(1 / 6))
