"""Foresight, and tables that are linked by nothing but the state they share.

A may take a step at the first table, which costs it c a period and opens the second; there it may have C agree to
something worth 0.5 a period to A. C assents at once, or its type refuses for good.
"""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import negotiation
from watching import columns

STEP = """\
title: A step that is a loss by itself
assumption: a test
period: round
horizon: 3
normalise: false
actors:
  A: {discount: 0.9, resolve: 0}
  B: {discount: 0.9, resolve: 0}
  C:
    discount: 0.9
    resolve: 0
    types: {mood: {sweet: {probability: 0.6}, sour: {probability: 0.4, scale: {prize: -1}}}}
issues:
  step:  {levels: {no: 0, yes: 1}, start: no}
  prize: {levels: {no: 0, yes: 1}, start: no}
  wreck: {levels: {no: 0, yes: 1}, start: no}
interests:
  A: [{term: cost, form: linear, of: step, weight: -0.4}, {term: prize, form: linear, of: prize, weight: 0.5}]
  B: [{term: step, form: linear, of: step, weight: 0.1}, {term: prize, form: linear, of: prize, weight: 0}]
  C: [{term: prize, form: linear, of: prize, weight: 0.1}]
tables:
  first: {parties: [A, B], protocol: {ultimatum: {by: A}}, agenda: [step], foresees: [second]}
  second: {parties: [A, C], protocol: {ultimatum: {by: A}}, agenda: [prize], opens: {when: {step: yes}}}
outcomes: {step: {step: yes}}
"""
SURE = "actors.C.types={}"
BLIND = "tables.first.foresees=[]"
LINE = STEP.splitlines(keepends=True)
FIRST, SECOND = (next(k for k, line in enumerate(LINE) if line.startswith(f"  {t}:")) for t in ("first", "second"))
SWAPPED = "".join([*LINE[:FIRST], LINE[SECOND], LINE[FIRST], *LINE[SECOND + 1 :]])


def run(*sets: str, text: str = STEP, worlds: int = 40) -> dict[str, np.ndarray]:
    return columns(text, sets, worlds)


def steps(*sets: str, text: str = STEP) -> bool:
    """Whether A takes the step; at once in every world, or never in any."""
    since = set(run(*sets, text=text)["table.first.deal_period"])
    assert since in ({0}, {1})
    return since == {1}


def cost(c: float) -> str:
    return f"interests.A.cost.weight={-c}"


def around(worth: float, *sets: str, text: str = STEP) -> None:
    """The step is taken iff it costs less than what it opens is worth."""
    assert steps(cost(worth - 0.001), *sets, text=text) and not steps(cost(worth + 0.001), *sets, text=text)


def test_a_loss_by_itself_is_worth_what_it_opens():
    """The prize is agreed in the same period: 0.5. Without foresight nobody makes a step that only costs."""
    around(0.5, SURE)
    assert not steps(cost(0.001), SURE, BLIND)


def test_a_table_that_meets_before_opens_a_period_later():
    around(0.9 * 0.5, SURE, text=SWAPPED)


def test_what_may_be_refused_counts_by_its_odds():
    """One offer, which the sweet type takes: 0.6 × 0.5. If A may ask again it reckons to get it in the end, as odds are
    held in a look-ahead: v = 0.6 × 0.5 + 0.4 × 0.9 v. Whether C is sweet makes no difference to the step."""
    around(0.3, "tables.second.deadline=1")
    around(0.3 / (1 - 0.36), "tables.second.lookahead=60")


def test_a_table_that_is_open_anyhow_changes_nothing():
    """What it brings goes into no deal as well."""
    assert not steps(cost(0.001), SURE, "tables.second.opens={when: {step: [no, yes]}}")
    assert not steps(cost(0.001), SURE, "tables.second.opens={when: {step: [no, yes]}}", text=SWAPPED)
    assert run(SURE, "tables.second.opens={when: {step: [no, yes]}}")["level.prize"].all()


def test_a_table_that_a_step_would_close_is_missed():
    """The prize can be had now; the step, of some use to A by itself, would rule it out. Unless it is worth more, A
    takes the prize first, and the step in the next period; without foresight it takes the step at once."""
    shut = ("tables.second.opens={when: {step: [no, yes]}}", "tables.second.require={step: no, prize: yes}", SURE)
    for worth, period, sets in ((0.499, 2, shut), (0.501, 1, shut), (0.001, 2, shut), (0.001, 1, (*shut, BLIND))):
        found = run(f"interests.A.cost.weight={worth}", *sets)
        assert (found["table.first.deal_period"] == period).all()
        assert (found["level.prize"] == (period == 2)).all()


def test_who_only_looks_on_counts_it_too():
    """B isn't at the second table; the prize is a nuisance to it, or a help."""
    nuisance = "interests.B.prize.weight={}"
    assert steps(SURE, nuisance.format(-0.099)) and not steps(SURE, nuisance.format(-0.101))
    help_ = ("interests.B.step.weight=-0.1", cost(0.1))
    assert steps(SURE, nuisance.format(0.101), *help_) and not steps(SURE, nuisance.format(0.099), *help_)
    half = ("tables.second.deadline=1", *help_)  # 0.6 of it
    assert steps(nuisance.format(0.168), *half) and not steps(nuisance.format(0.166), *half)


def test_a_closed_table_adds_nothing():
    """Once the second table is closed (here C's type has shown and the talks are over), the step is only a cost."""
    late = "tables.first.opens={when: {wreck: yes}}"
    early = "tables.second.opens={when: {step: [no, yes]}}"
    text = STEP.replace("outcomes:", "events: {storm: {at: 3, sets: {wreck: yes}}}\noutcomes:").replace(
        "weight: -0.4", "weight: -0.001"
    )
    found = run(late, early, "tables.second.deadline=1", text=text, worlds=60)
    assert not found["table.first.deal_period"].any()
    assert set(found["table.second.status"]) == {2, 5}


def test_foresight_looks_through_foresight():
    """The second table opens a third, where there is more: 0.5 + 0.3, and less where it meets before."""
    third = "  third: {parties: [A, C], protocol: {ultimatum: {by: A}}, agenda: [wreck], opens: {when: {prize: yes}}}\n"
    text = STEP.replace("opens: {when: {step: yes}}}\n", "opens: {when: {step: yes}}, foresees: [third]}\n" + third)
    more = "interests.A=[{{term: cost, form: linear, of: step, weight: {}}}, {}, {}]"
    prizes = (
        "{term: prize, form: linear, of: prize, weight: 0.5}",
        "{term: more, form: linear, of: wreck, weight: 0.3}",
    )
    for worth, order in (
        (0.8, text),
        (0.5 + 0.9 * 0.3, text.replace(third, "").replace("  first:", third + "  first:")),
    ):
        for c, taken in ((worth - 0.001, True), (worth + 0.001, False)):
            assert steps(SURE, more.format(-c, *prizes), text=order) == taken


def test_a_breakdown_may_open_a_table_too():
    """If the talks fail the wreck opens the second table all the same; then the step is worth only what it adds."""
    fails = "tables.first.breakdown={hazard: 1, sets: {wreck: yes}}"
    either = "tables.second.opens={when: {any: [{step: yes}, {wreck: yes}]}}"
    assert not steps(cost(0.001), SURE, fails, either)
    assert steps(cost(0.4), SURE, fails)


def test_stakes_are_taken_without_foresight():
    """So resolve is measured by what the step itself may bring: A loses at most all of its stakes by it, 0.4."""
    model = negotiation(STEP, 3, sets=(SURE,))
    model.step()
    np.testing.assert_allclose(model.tables["first"].stakes["A"], 0.4)
    np.testing.assert_allclose(model.tables["second"].stakes["A"], 0.5)
    model.close()


# --- no foresight, one state ---

BACKERS = """\
title: A friend's help and a rival's offer
assumption: a test
period: round
horizon: 3
normalise: false
actors: {RUS: {discount: 0.9, resolve: 0}, DPRK: {discount: 0.9, resolve: 0}, US: {discount: 0.9, resolve: 0}}
issues:
  aid:   {levels: {none: 0, some: 0.5, much: 1}, start: none}
  talks: {levels: {no: 0, yes: 1}, start: no}
  given: {levels: {from: 0, to: 1, steps: 101}, start: 0}
interests:
  RUS: [{term: aid, form: ideal, of: aid, at: AID, weight: 1}]
  DPRK:
    - {term: want, form: constant, weight: -0.4, when: {aid: none, talks: no}}
    - {term: less, form: constant, weight: -0.2, when: {aid: some, talks: no}}
    - {term: given, form: product, of: [talks, given], weight: 1}
    - {term: bombs, form: linear, of: talks, weight: -0.6}
  US:
    - {term: talks, form: linear, of: talks, weight: 1}
    - {term: given, form: product, of: [talks, given], weight: -1}
tables:
  arms: {parties: [RUS, DPRK], protocol: {ultimatum: {by: RUS}}, agenda: [aid]}
  us_dprk: {parties: [US, DPRK], protocol: {PROTOCOL}, agenda: [talks, given], require: {talks: yes}}
"""


@pytest.mark.parametrize(
    ("protocol", "given"),
    [
        ("ultimatum: {by: US}", (0.2, 0.4, 0.6)),  # what talks cost it over no deal
        ("simultaneous: {}", (0.6, 0.7, 0.8)),  # and half of the rest
    ],
)
def test_better_aid_from_a_friend_raises_what_one_holds_out_for_elsewhere(protocol, given):
    """No line of the second table says so: aid relieves the want that talks would end, so no deal is less bad."""
    for aid, share in zip((0, 0.5, 1), given, strict=True):
        found = run(text=BACKERS.replace("PROTOCOL", protocol).replace("AID", str(aid)), worlds=2)
        assert (found["level.aid"] == 2 * aid).all() and (found["table.us_dprk.deal_period"] == 1).all()
        np.testing.assert_allclose(found["level.given"] / 100, share, atol=0.0011)


def test_what_is_agreed_later_is_not_reckoned_with():
    """Where tables meet in the other order the first period's offer is made without it."""
    text = BACKERS.replace("PROTOCOL", "ultimatum: {by: US}").replace("AID", "1")
    arms = next(line for line in text.splitlines(keepends=True) if line.startswith("  arms:"))
    found = run(text=text.replace(arms, "") + arms, worlds=2)
    assert (found["level.given"] == 20).all() and (found["level.aid"] == 2).all()


# --- a promise that opens the next table, and may be broken ---

SHAM = """\
title: A promise that opens the next table
assumption: a test
period: round
horizon: 8
normalise: false
actors: {A: {discount: 0.9, resolve: 0}, B: {discount: 0.9, resolve: 0}}
issues:
  promise: {levels: {no: 0, yes: 1}, start: no}
  prize:   {levels: {no: 0, yes: 1}, start: no}
stocks: {clock: {range: [0, 1], start: 0, change: [{by: 0.25}]}}
interests:
  A: [{term: promise, form: linear, of: promise, weight: 1}, {term: prize, form: linear, of: prize, weight: 0.1}]
  B: [{term: costs, form: linear, of: promise, weight: -1}, {term: prize, form: linear, of: prize, weight: 0.5}]
tables:
  first:
    parties: [A, B]
    protocol: {ultimatum: {by: A}}
    agenda: [promise]
    renege: {B: {sets: {promise: no}}}
    foresees: [second]
  second:
    parties: [A, B]
    protocol: {ultimatum: {by: A}}
    agenda: [prize]
    opens: {when: {promise: yes}}
outcomes: {signed: {ever: {promise: yes}}}
"""


def test_a_breach_that_undoes_the_prize_is_charged_for_it():
    """Keeping both for ever is worth 0.5 − 1 to B, so it breaks its word a round later. If that undoes the prize as
    well, B would have one round of −0.5, and signs only if the prize is worth more than the promise costs."""
    undone = "tables.first.renege.B.sets.prize=no"
    assert set(run(undone, text=SHAM)["table.first.deal_period"]) == {0}
    assert set(run(undone, "interests.B.prize.weight=1.01", text=SHAM)["table.first.deal_period"]) == {1}
    kept = run(text=SHAM)  # else it pays one round of it for a prize that stays
    assert set(kept["table.first.deal_period"]) == {1} and set(kept["table.first.broken"]) == {2}
    assert kept["level.prize"].all() and not kept["level.promise"].any()


def test_what_is_still_to_come_keeps_a_promise():
    """The prize can't be agreed until the clock has run for three rounds, nor without the promise, which costs B little
    but more than nothing: B keeps its word until it has the prize."""
    late = "tables.second.forbid=[{when: {clock: {below: 0.7}}}, {when: {promise: no}}]"
    found = run(late, "interests.B.costs.weight=-0.2", text=SHAM)
    assert set(found["table.second.deal_period"]) == {4} and set(found["table.first.broken"]) == {5}
    now = run("tables.second.forbid=[]", "interests.B.costs.weight=-0.2", text=SHAM)
    assert set(now["table.second.deal_period"]) == {1} and set(now["table.first.broken"]) == {2}
