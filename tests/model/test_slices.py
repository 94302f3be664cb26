"""Salami: a slice at a time, never more than a step, from the highest level that was in force."""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import negotiation
from watching import columns, watched

SLICES = """\
title: Slices
assumption: a test
period: round
horizon: 8
normalise: false
actors: {A: {discount: 0.9, resolve: 0}, D: {discount: 0.9, resolve: 0}}
issues:
  held:  {levels: {from: 0, to: 1, steps: 11}, start: 0.2}
  calm:  {levels: {no: 0, yes: 1}, start: no}
interests:
  A: [{term: held, form: linear, of: held, weight: 1}, {term: calm, form: linear, of: calm, weight: 0.1}]
  D: [{term: held, form: linear, of: held, weight: -1}, {term: calm, form: linear, of: calm, weight: CALM}]
tables:
  border:
    parties: [A, D]
    protocol: {salami: {demands: A, step: 1}}
    agenda: [held, calm]
    lookahead: 4
outcomes: {more: {held: {at_least: 0.3}}}
"""


def path(*sets: str, calm: float = 0.1, worlds: int = 1, text: str = SLICES):
    """Levels of what A holds, and whether it is calm, after every period: (periods, 2) of the first world."""
    model, found = negotiation(text.replace("CALM", str(calm)), worlds, sets=sets), []
    for _ in range(model.spec.horizon):
        model.step()
        found.append(model.state.levels[0, :2].tolist())
    model.close()
    return found


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_slice_is_no_more_than_a_step(step):
    """Calm is worth two slices to D, and can be sold once: A asks for as much as D gives for it, one step at most.
    After that there is nothing that D gains by."""
    found = path(f"tables.border.protocol.salami.step={step}", calm=0.2)
    assert found == [[2 + min(step, 2), 1]] * 8


def test_slices_go_on_where_each_is_worth_yielding():
    """A pays for each with what D wants more, and asks every period anew, until all is taken."""
    text = SLICES.replace("calm:  {levels: {no: 0, yes: 1}", "calm:  {levels: {from: 0, to: 1, steps: 11}").replace(
        "start: no", "start: 0"
    )
    found = path(calm=1.5, text=text)
    assert [held for held, _ in found] == [3, 4, 5, 6, 7, 8, 9, 10]
    assert [calm for _, calm in found] == list(range(1, 9))


def test_the_table_goes_on_after_a_deal_and_counts_them():
    found = columns(SLICES.replace("CALM", "0.2"), worlds=5)
    assert (found["table.border.status"] == 1).all() and (found["table.border.deals"] == 1).all()
    assert (found["table.border.deal_period"] == 1).all() and (found["table.border.terms.held"] == 3).all()


@pytest.mark.parametrize("demands", ["A", "D"])
def test_only_one_side_demands(demands):
    meetings, _ = watched(SLICES.replace("CALM", "0.1"), [f"tables.border.protocol.salami.demands={demands}"], 2)
    assert {m.proposer for m in meetings} == {"AD".index(demands)}


def test_a_step_counts_from_the_highest_that_was_held():
    """An event takes back what A held; the next demand may go for all of it and one slice more, not only one slice."""
    fall = "events: {fall: {at: 2, sets: {held: 0, calm: no}}}\noutcomes:"
    text = SLICES.replace("outcomes:", fall)
    assert path(calm=0.9, text=text)[:3] == [[3, 1], [4, 1], [4, 1]]
    low = path("issues.held.start=0", calm=0.9, text=text)
    assert low[:2] == [[1, 1], [2, 1]]


def test_what_is_lost_may_be_given_back_a_step_at_a_time():
    """D demands: it takes back a step from what is held now."""
    text = SLICES.replace("form: linear, of: held, weight: 1}", "form: linear, of: held, weight: 0.05}")
    found = path("tables.border.protocol.salami.demands=D", calm=0.05, text=text)
    assert found[0] == [1, 1] and all(held >= 0 for held, _ in found)


def test_what_is_irreversible_is_not_taken_back():
    text = SLICES.replace("form: linear, of: held, weight: 1}", "form: linear, of: held, weight: 0.05}")
    sets = ("tables.border.protocol.salami.demands=D", "issues.held.irreversible=true")
    assert all(held == 2 for held, _ in path(*sets, calm=0.05, text=text))


def test_stakes_are_those_of_one_slice():
    """So resolve is a share of what the next slice may bring: calm, .2, less a slice given or gained."""
    model = negotiation(SLICES.replace("CALM", "0.2"), 1)
    model.step()
    np.testing.assert_allclose(model.tables["border"].stakes["D"], 0.4)  # from −.1 to .3
    np.testing.assert_allclose(model.tables["border"].stakes["A"], 0.3)  # from −.1 to .2
    model.close()


@pytest.mark.parametrize("resolve", [0.1, 0.24, 0.26])
def test_a_resolve_against_slices(resolve):
    """A slice for calm gains D .1, a quarter of its stakes."""
    found = path(f"actors.D.resolve={resolve}", calm=0.2)
    assert found[0] == ([3, 1] if resolve < 0.25 else [2, 1])


def test_slices_that_lapse_are_idle_between():
    """The truce is for two periods: then A asks again, from the highest it had."""
    found = path("tables.border.lapses={calm: 2}", calm=0.3)
    held = [h for h, _ in found]
    assert held == sorted(held) and held[0] == held[1]
    assert all(calm == 1 for _, calm in found)
