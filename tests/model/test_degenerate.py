"""Tables at their edges: defined, told here, without NaN and without a warning.

- One package: it is agreed or it isn't; nothing to haggle over.
- Nobody gains: nothing is proposed, whoever may assent.
- All packages tie: one is drawn, each as likely as the others.
- No stakes (R = 0): the party assents to what doesn't lower it, whatever its resolve, and never breaks a promise. If
  nobody has any, nothing is proposed; where all demand at once, what all go along with is signed, one package by lot.
- δ = 0: only the present counts; who proposes takes all.
- Resolve above what any package gives: never a deal.
- A quota of one: who proposes dictates. A quota of all: unanimity, bit for bit (also its end of the look-ahead).
"""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import DOLLAR, negotiation

from sim.scenario.loader import loads
from sim.simulate import simulate
from sim.status import Status

pytestmark = pytest.mark.filterwarnings("error")
NO_RESOLVE = ("actors.A.resolve=0", "actors.B.resolve=0")
SHORT = ("horizon=3", "tables.talks.lookahead=2")
THIRD = DOLLAR.replace(
    "actors:\n",
    "actors:\n  C: {discount: 0.9}\n  D: {discount: 0.9, types: {lean: {a: {probability: 1}}}}\n",
).replace("interests:\n", "interests:\n  C: [{term: deal, form: linear, of: deal, weight: 1}]\n")
TABLES = {  # everything that a table may be, in short
    "alternating": (),
    "ultimatum": ("tables.talks.protocol={ultimatum: {by: A}}",),
    "random": ("tables.talks.protocol={random: {A: 0.5, B: 0.5}}",),
    "simultaneous": ("tables.talks.protocol=simultaneous",),
    "salami": ("tables.talks.protocol={salami: {demands: A, step: 9}}",),
    "deadline": ("tables.talks.deadline=1",),
    "reopens": ("tables.talks.reopens=true",),
    "lapses": ("tables.talks.lapses={deal: 2, share: 2}",),
    "renege": ("tables.talks.renege={B: {sets: {deal: no}}}",),
    "guarantor": (
        "tables.talks.renege={B: {sets: {deal: no}}}",
        "tables.talks.guarantor={by: D, penalty: 0.1, assumption: t}",
    ),
    "consent": ("tables.talks.consent={C: {on: [share]}}",),
    "mediator": ("tables.talks.mediator={by: C, accuracy: 0.9}",),
    "secret": ("tables.talks.secret={revealed: {hazard: 0.2}}",),
    "breakdown": ("tables.talks.breakdown={hazard: 0.2, sets: {deal: no}}",),
    "walk_away": ("tables.talks.walk_away={by: B, sets: {deal: no}}",),
    "quota": ("tables.talks.assent={quota: 1}",),
    "quota, deadline": ("tables.talks.assent={quota: 1}", "tables.talks.deadline=2"),
}
ONE = ("issues.share.levels={half: 0.5}", "issues.share.start=half")
LOSS = ("interests.A=[{term: x, form: linear, of: deal, weight: -1}]", "interests.B.dollar.weight=-1")
LOSS = (*LOSS, "interests.B.given.weight=0")
TIE = ("interests.A=[{term: x, form: linear, of: deal, weight: 1}]", "interests.B.given.weight=0")


@pytest.fixture(params=list(TABLES))
def table(request):
    return request.param, TABLES[request.param]


def run(*sets: str, worlds: int = 12, text: str = THIRD) -> dict[str, np.ndarray]:
    """The columns of a few worlds; all numbers but shortfalls are finite."""
    model = negotiation(text, worlds, sets=sets)
    found = simulate(model.spec, model.draws)
    model.close()
    for name, column in found.items():
        assert column.dtype.kind != "f" or ".shortfall." in name or np.isfinite(column).all(), name
    return found


def deals(found) -> np.ndarray:
    return found["table.talks.deal_period"]


def share(found) -> np.ndarray:
    """What A has of the dollar."""
    return found["level.share"] / 20


def test_one_package(table):
    """Worth half of the dollar to either: as a share of the stakes it is everything, so no resolve below 1 refuses."""
    found = run(*SHORT, *table[1], *ONE)
    assert (deals(found) == 1).all()


def test_nobody_gains(table):
    assert not deals(run(*SHORT, *table[1], *LOSS, "actors.A.resolve=0")).any()


def test_all_packages_tie(table):
    """The whole dollar to both, however it is divided; a guest at the table gets a package by lot."""
    found = run(*SHORT, *table[1], *TIE, worlds=200)
    assert (deals(found) == 1).mean() > 0.9
    drawn = found["table.talks.terms.share"][deals(found) == 1]
    assert len(np.unique(drawn)) == (10 if table[0] == "salami" else 21)


def test_nothing_at_stake(table):
    """Nobody has a stake: nothing is worth proposing. Only B has none: A takes it all, B's resolve plays no part."""
    nobody = ("interests.A=[]", "interests.B=[]", "interests.C=[]")
    assert deals(run(*SHORT, *table[1], *nobody)).any() == (table[0] == "simultaneous")
    found = run(*SHORT, *table[1], "interests.B=[]", "actors.A.resolve=0", "actors.B.resolve=5")
    first = deals(found) == 1
    assert first.all() or table[0] in ("random", "quota")  # when B proposes it puts nothing
    whole = 9 if table[0] == "salami" else 20
    once = first & (found["table.talks.deals"] == 1)
    assert (found["table.talks.terms.share"][once] == whole).all()
    assert (found["table.talks.status"] != Status.PROMISE_BROKEN).all()


def test_only_the_present_counts(table):
    """δ = 0: who proposes first takes the whole dollar; where all demand at once it is split as Nash has it."""
    found = run(*SHORT, *table[1], *NO_RESOLVE, "actors.A.discount=0", "actors.B.discount=0", "actors.C.discount=0")
    assert (deals(found) == 1).all()
    first = found["table.talks.terms.share"] / 20
    if table[0] == "random":
        assert set(first) == {0.0, 1.0}
    elif table[0] in ("alternating", "ultimatum", "deadline", "lapses", "mediator", "secret", "breakdown", "quota"):
        assert (first == 1).all()
    elif table[0] == "simultaneous":
        assert (first == 0.5).all()


def test_nobody_ever_assents(table):
    found = run(*SHORT, *table[1], "actors.A.resolve=5", "actors.B.resolve=5")
    assert not deals(found).any()
    assert not any(found[f"table.talks.refusals.{p}"].any() for p in "AB")


def test_a_horizon_of_one_period(table):
    found = run("horizon=1", *table[1])
    assert set(deals(found)) <= {0, 1}


# --- votes ---

THREE = """\
title: A dollar for three
assumption: a test
period: round
horizon: 3
normalise: false
actors: {A: {discount: 0.9}, B: {discount: 0.8}, C: {discount: 0.95, resolve: 0}}
issues:
  deal: {levels: {no: 0, yes: 1}, start: no}
  split: {levels: {among: 3, steps: 10}, start: 0/0/1}
interests:
  A: [{term: dollar, form: share, of: split, part: 1, among: 3, steps: 10, weight: 1, when: {deal: yes}}]
  B: [{term: dollar, form: share, of: split, part: 2, among: 3, steps: 10, weight: 1, when: {deal: yes}}]
  C: [{term: dollar, form: share, of: split, part: 3, among: 3, steps: 10, weight: 1, when: {deal: yes}}]
tables:
  talks:
    parties: [A, B, C]
    protocol: {random: {A: 0.5, B: 0.3, C: 0.2}}
    agenda: [deal, split]
    require: {deal: yes}
    lookahead: 6
outcomes: {agreed: {deal: yes}}
"""
UNANIMOUS = (
    "{quota: 3}",
    "{quota: 2.5}",
    "{quota: 2, veto: [A, B, C]}",
    "{quota: 4, weights: {A: 2}}",
    "{quota: 1, weights: {A: 0, B: 0}, veto: [A, B]}",
)


@pytest.mark.parametrize("assent", UNANIMOUS)
@pytest.mark.parametrize("more", [(), ("tables.talks.deadline=3",)], ids=["open end", "deadline"])
def test_a_quota_that_needs_everyone_is_unanimity(assent, more):
    """Bit for bit: nobody can be outvoted, so the look-ahead ends as it does for all, and gains are measured alike."""
    everyone, quota = run(*more, text=THREE), run(*more, f"tables.talks.assent={assent}", text=THREE)
    assert deals(everyone).any()
    for name, column in everyone.items():
        assert column.tobytes() == quota[name].tobytes(), name


@pytest.mark.parametrize("more", [(), ("tables.talks.deadline=2",)], ids=["open end", "deadline"])
def test_who_needs_no_vote_but_its_own_dictates(more):
    """A quota of one: whoever is recognised takes everything at once."""
    certain = ("actors.A.resolve=0", "actors.B.resolve=0")
    found = run("tables.talks.assent={quota: 1}", *certain, *more, text=THREE, worlds=60)
    assert (deals(found) == 1).all()
    names = loads(THREE).scenario.issues["split"].levels.names
    kept = {names[k] for k in found["table.talks.terms.split"]}
    assert kept == {"1/0/0", "0/1/0", "0/0/1"}
    taken = np.mean([names[k] == "1/0/0" for k in found["table.talks.terms.split"]])
    assert abs(taken - 0.5) < 4 * np.sqrt(0.25 / 60)


def test_a_vote_of_no_weight_is_never_asked_for():
    """B and C weigh nothing: A alone carries, and when they propose they need A and not one another."""
    sets = ("tables.talks.assent={quota: 1, weights: {B: 0, C: 0}}", *NO_RESOLVE)
    found = run(*sets, text=THREE, worlds=60)
    assert (deals(found) == 1).all()
    names = loads(THREE).scenario.issues["split"].levels.names
    splits = [[float(s) for s in names[k].split("/")] for k in found["table.talks.terms.split"]]
    assert all(s[0] == 1 or s[1] == 0 or s[2] == 0 for s in splits) and any(s[0] < 1 for s in splits)


# --- hazards, prices, accuracies and terms at their ends ---


def same(one, other, *but: str) -> None:
    """The same worlds, for every column that both have."""
    for name in one.keys() & other.keys():
        if not any(part in name for part in but):
            assert one[name].tobytes() == other[name].tobytes(), name


def test_a_hazard_of_zero_is_none():
    none = run(*SHORT)
    same(run(*SHORT, "tables.talks.breakdown={hazard: 0, sets: {deal: no}}"), none, ".shortfall.")
    flat = "{hazard: {along: x, at_low: 0, at_high: 0}, sets: {deal: no}}"
    text = THIRD.replace("interests:\n", "stocks: {x: {start: 0.5}}\ninterests:\n")
    same(run(*SHORT, f"tables.talks.breakdown={flat}", text=text), none, ".shortfall.")


def test_a_hazard_of_one_leaves_one_meeting():
    """No deal is worth what the collapse leaves, and so is refusing: A, proposing, takes all but B's resolve."""
    found = run(*SHORT, "tables.talks.breakdown={hazard: 1, sets: {deal: no}}", *NO_RESOLVE)
    assert (deals(found) == 1).all() and (share(found) == 1).all()
    found = run(*SHORT, "tables.talks.breakdown={hazard: 1, sets: {deal: no}}", worlds=200)
    assert set(found["table.talks.status"]) == {Status.DEAL, Status.BROKEN_DOWN}


RENEGE = "tables.talks.renege={{B: {{sets: {{share: 0}}, penalty: {}}}}}"  # B takes it all


def test_a_promise_too_dear_to_break_is_one_that_can_not_be_broken():
    same(run(*SHORT, RENEGE.format(1e9)), run(*SHORT), "broken", "breaches")


def test_a_promise_that_costs_nothing_to_break_is_not_signed():
    """B, certain and without a price, would take everything a period later; A knows, and gets a period's share."""
    found = run(*SHORT, *NO_RESOLVE, RENEGE.format(0))
    done = deals(found) > 0
    early = done & (deals(found) < 3)
    assert (found["table.talks.broken"][early] == deals(found)[early] + 1).all()
    assert (share(found)[early] == 0).all()


def test_a_lapse_beyond_sight_is_none():
    """δ^n is nothing by then."""
    same(run(*SHORT, "tables.talks.lapses={deal: 3000, share: 3000}"), run(*SHORT))


def test_a_step_larger_than_the_issue_is_no_limit():
    """Salami is then an ultimatum that goes on."""
    salami = run(*SHORT, "tables.talks.protocol={salami: {demands: A, step: 50}}")
    same(salami, run(*SHORT, "tables.talks.protocol={ultimatum: {by: A}}", "tables.talks.reopens=true"))
    assert deals(salami).any()


MEDIATOR = "tables.talks.mediator={{by: C, accuracy: {}, about: {{actor: B}}}}"
BIASED = "interests.C=[{term: deal, form: linear, of: deal, weight: 1}]"


def test_a_mediator_that_knows_nothing_changes_nothing():
    """Accuracy .5: either half is as likely to be told of either; believed or not, nobody learns."""
    same(run(*SHORT, MEDIATOR.format(0.5), worlds=60), run(*SHORT, worlds=60), "believed")


def test_a_mediator_that_is_always_wrong_knows_as_much_as_one_that_is_always_right():
    """Accuracy 0: the others read its word the other way round."""
    right, wrong = (run(*SHORT, MEDIATOR.format(a), "interests.C=[]", worlds=60) for a in (1, 0))
    assert (right["table.talks.believed.B"] == 1).all()
    same(right, wrong)
    assert (right["table.talks.deal_period"] != run(*SHORT, worlds=60)["table.talks.deal_period"]).any()


@pytest.mark.parametrize("accuracy", [0, 0.5, 0.8, 1])
def test_a_mediator_has_nothing_to_say_where_nothing_is_private(accuracy):
    """A resolve known to all has no halves, and a type with one value no other."""
    certain = run(*SHORT, *NO_RESOLVE)
    same(run(*SHORT, *NO_RESOLVE, MEDIATOR.format(accuracy)), certain)
    one_type = "actors.B.types={mood: {calm: {probability: 1}}}"
    about = f"tables.talks.mediator={{by: C, accuracy: {accuracy}, about: {{actor: B, type: mood}}}}"
    same(run(*SHORT, *NO_RESOLVE, one_type, about), certain)


@pytest.mark.parametrize(("hazard", "delay"), [(0, None), (1, 1)])
def test_a_secret_that_never_comes_out_or_at_once(hazard, delay):
    """At once is: in the period after the deal."""
    found = run(*SHORT, f"tables.talks.secret={{revealed: {{hazard: {hazard}}}}}", worlds=60)
    revealed, when = found["table.talks.revealed"], deals(found)
    early = (when > 0) & (when < 3)
    assert early.any() and not revealed[when == 0].any()
    assert (revealed[early] == (when[early] + delay if delay else 0)).all()
    assert (found["announced.deal"][revealed > 0] == found["level.deal"][revealed > 0]).all()
    assert (found["announced.deal"][revealed == 0] == 0).all()
    same(found, run(*SHORT, worlds=60))  # nobody is outside of it


def test_a_type_without_chance_is_as_good_as_none():
    """Odds of 0: it is never drawn, and no refusal makes it likelier."""
    types = "actors.B.types={{mood: {{calm: {{probability: 1}}, wild: {{probability: 0, scale: {{dollar: {}}}}}}}}}"
    for scale in (-1, 0, 5):
        same(run(*SHORT, types.format(scale)), run(*SHORT), "type")
