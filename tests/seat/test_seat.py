"""A seat at the table: who takes every hint plays what the model plays; decisions alone make a game; nobody peeks."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import UserError
from sim.report.debrief import draw
from sim.scenario.loader import load, loads
from sim.seat.debrief import debrief, story
from sim.seat.game import Ended, Game, places
from sim.seat.record import read, save
from sim.simulate import simulate

LONG = ("secret_deal", "weighted_votes")
BUNDLED = ("veto", "nash_demand", "split_the_dollar", "guarantor", "concession")
FEATURES = ("mediator", "walk_away", "lapses", "reopens", "scripted", "stubborn", "consent", "news")
OTHERS = ("salami", "quota", "simultaneous", "secret", "walk_away", "guarantor", "consent", "lapses")


def played(game: Game, decide=lambda q: q.hint) -> Game:
    """A game in which every question is decided so."""
    while not isinstance(game.state, Ended):
        game = game.decide(decide(game.state))
    return game


def of(folder, name: str, seats: tuple[str, ...] = (), seed: int = 1, world: int = 0) -> Game:
    loaded = load(folder / f"{name}.yaml")
    return Game(loaded, seats or tuple(places(loaded.scenario)), seed, world)


def differing(game: Game) -> list[str]:
    """Columns in which a played world isn't what the model makes of it."""
    plain = simulate(game.loaded.scenario, game.draws())
    state = game.state
    assert isinstance(state, Ended) and plain.keys() == state.columns.keys()
    return [k for k, v in plain.items() if v.tobytes() != state.columns[k].tobytes()]


@pytest.mark.parametrize("name", [*BUNDLED, *(pytest.param(n, marks=pytest.mark.slow) for n in LONG)])
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 99), world=st.integers(0, 2500), which=st.integers(0, 9))
def test_who_takes_every_hint_plays_what_the_model_plays(scenarios, name, seed, world, which):
    """One seat, or all of them."""
    loaded = load(scenarios / "teaching" / f"{name}.yaml")
    seats = list(places(loaded.scenario))
    some = tuple(seats) if which >= len(seats) else (seats[which],)
    assert differing(played(Game(loaded, some, seed, world))) == []


@pytest.mark.parametrize("name", BUNDLED)
def test_so_does_the_model_where_it_stands_in(scenarios, name):
    """For all seats, and for all but one that takes every hint; who takes that back has decided nothing."""
    game = of(scenarios / "teaching", name)
    alone = game.onward(absent=game.seats)
    assert differing(alone) == [] and alone.stood_in == set(range(len(alone.decisions)))
    one, others = game.seats[0], game.seats[1:]
    together = game.onward(absent=others)
    while not isinstance(together.state, Ended):
        assert together.state.seat == one
        together = together.decide(together.state.hint).onward(absent=others)
    assert together.decisions == alone.decisions and differing(together) == []
    assert together.undo(99).onward(absent=others) == game.onward(absent=others)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["mediator", "walk_away", "lapses", "reopens", "scripted", "stubborn", "consent", "news"]
)
def test_so_it_is_with_every_feature_of_a_table(scenarios, name):
    golden = scenarios.parent / "tests" / "golden"
    for world in range(2):
        assert differing(played(of(golden, name, world=world))) == []


@pytest.mark.slow
@pytest.mark.parametrize("seats", [("US",), ("RUS", "DPRK")])
def test_so_it_is_in_the_main_scenario(scenarios, seats):
    loaded = load(scenarios / "kursk_ceasefire.yaml", ["horizon=4"])
    assert differing(played(Game(loaded, seats, 1, 3))) == []


def contrary(question):
    """What the model wouldn't do."""
    if question.menu is None:
        return not question.hint
    return question.menu.packages[len(question.menu.packages) // 2]


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["salami", "quota", "simultaneous", "secret", "walk_away", "guarantor", "consent", "lapses"]
)
def test_whatever_is_decided_the_world_goes_on_to_its_end(scenarios, name):
    game = played(of(scenarios.parent / "tests" / "golden", name), contrary)
    values = [v for k, v in game.state.columns.items() if k.startswith("value.")]
    assert np.isfinite(values).all() and "played by hand" in str(story(game))
    json.dumps(story(game).document, allow_nan=False)
    json.dumps(debrief(game, 20), allow_nan=False)
    for question, decision in game.state.decided:
        json.dumps(question.document(), allow_nan=False)
        assert question.allows(decision)


def test_a_package_that_is_accepted_by_a_person_is_agreed(scenarios):
    """By hand: A asks for all, and B, who is played, takes what the model refuses."""
    game = of(scenarios / "teaching", "split_the_dollar", ("A", "B"))
    most = max(game.state.menu.packages, key=lambda p: float(p["share"]))
    game = game.decide(most)
    assert game.state.kind == "answer" and game.state.hint is False and game.state.offer == most
    end = game.decide(True).state
    assert end.columns["table.split.deal_period"][0] == 1
    assert end.columns["value.A"][0] == pytest.approx(1) and end.columns["value.B"][0] == pytest.approx(0)


def test_what_was_left_is_the_look_aheads_own_arithmetic(scenarios):
    """Refusing what is offered leaves its worth less waiting's, at the start's value."""
    game = of(scenarios / "teaching", "split_the_dollar", ("B",))
    question = game.state
    found = debrief(played(game.decide(False)), 10)["seats"]["B"]["decisions"][0]
    assert found["left"] == pytest.approx(question.worth - question.waiting) and not found["as_model"]


@settings(max_examples=6, deadline=None)
@given(st.lists(st.booleans(), max_size=6), st.integers(0, 40))
def test_undo_save_and_resume_give_the_same_state(scenarios, tmp_path_factory, choices, world):
    game, path = (
        of(scenarios.parent / "tests" / "golden", "walk_away", world=world),
        tmp_path_factory.mktemp("g") / "g.json",
    )
    for way in choices:
        if isinstance(game.state, Ended):
            break
        further = game.decide(game.state.hint if way else contrary(game.state))
        assert seen(further.undo()) == seen(game)
        save(path, further)
        again, _ = read(path)
        assert seen(again) == seen(further) and again.decisions == further.decisions
        game = further
    assert seen(game.undo(99)) == seen(replace(game, decisions=()))


def seen(game: Game) -> str:
    """All that a state says, whole."""
    state = game.state
    if isinstance(state, Ended):
        return "".join(f"{k} {v.tobytes()!r}" for k, v in state.columns.items()) + str(state.periods)
    return json.dumps(state.document(most=10**6), allow_nan=False)


def test_waiting_stops_where_there_is_something_to_answer(scenarios):
    game = of(scenarios / "teaching", "indivisible", ("A",))
    waited = game.wait()
    assert all(d is None for d in waited.decisions) and isinstance(waited.state, Ended)
    by_hand = game = Game(load(scenarios / "kursk_ceasefire.yaml", ["horizon=6"]), ("DPRK",), 1, 3)
    by_hand = by_hand.decide(None)  # in month 1; in month 2 Russia proposes something
    assert by_hand.state.kind == "answer" and seen(game.wait()) == seen(by_hand)
    answer = of(scenarios / "teaching", "split_the_dollar", ("B",))
    assert answer.wait() == answer and answer.state.kind == "answer"


SECRETS = """\
title: A secret
assumption: a test
horizon: 3
actors:
  A: {discount: 0.9, resolve: {logistic: {mean: 0.1, scale: 0.1}}}
  B:
    discount: {uniform: {low: 0.7, high: 0.9}}
    resolve: {logistic: {mean: 0.1, scale: 0.1}}
    types: {will: {soft: {probability: 0.6}, hard: {probability: 0.4, scale: {half: 0.5}}}}
  C: {discount: 0.9, tolerance: {uniform: {low: 0, high: 0.5}}}
issues: {deal: {levels: {no: 0, yes: 1}, start: no}, share: {levels: {from: 0, to: 1, steps: 11}, start: 0}}
interests:
  A: [{term: rest, form: product, of: [deal, share], weight: 1}]
  B: [{term: half, form: linear, of: deal, weight: 1}, {term: given, form: product, of: [deal, share], weight: -1}]
  C: [{term: loss, form: product, of: [deal, share], weight: -1}]
tables:
  split: {parties: [A, B], protocol: {alternating_offers: {first: A}}, agenda: [deal, share], require: {deal: yes},
          consent: {C: {on: [share]}}}
"""


@dataclass(frozen=True)
class Dealt(Game):
    """A game in which the others' private draws are those of another world."""

    other: int = 0

    def draws(self):
        drawn, others = super().draws(), Game(self.loaded, self.seats, self.seed, self.other).draws()
        for private in ("kind", "resolve", "upper", "tolerance"):
            mine = getattr(drawn, private)
            for key, value in getattr(others, private).items():
                if (key if isinstance(key, str) else key[0]) not in self.seats:
                    mine[key] = value
        return drawn


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 500), st.integers(0, 500))
def test_nobody_peeks(world, other):
    """The first question is the same whatever is private to the others, and so is every later one, as long as all that
    has been put and said is the same."""
    loaded = loads(SECRETS)
    game, dealt = Game(loaded, ("A",), 1, world), Dealt(loaded, ("A",), 1, world, other=other)
    assert seen(game) == seen(dealt)
    for _ in range(3):
        a, b = game.state, dealt.state
        if isinstance(a, Ended) or isinstance(b, Ended) or (a.heard, a.offer, a.kind) != (b.heard, b.offer, b.kind):
            return
        assert seen(game) == seen(dealt)
        put = a.menu.packages[-1] if a.menu is not None else False
        game, dealt = replace(game, decisions=(*game.decisions, put)), replace(dealt, decisions=(*dealt.decisions, put))


def test_the_others_do_differ():
    """Or the test above would show nothing: what B and C do hangs on what is private to them."""
    loaded, ends = loads(SECRETS), set()
    for other in range(12):
        dealt = Dealt(loaded, ("A",), other=other)
        ends.add(seen(dealt.decide(dealt.state.menu.packages[4])))
    assert len(ends) > 1


def test_who_is_outside_hears_nothing_of_a_secret_table(scenarios):
    game = of(scenarios / "teaching", "secret_deal", ("A", "C"))
    game = game.decide({"favour": "yes"})
    assert game.state.seat == "C" and not [h for h in game.state.heard if h.name == "backroom"]
    assert not [h for h in game.state.public if h.name == "backroom"]


def test_a_table_keeps_to_what_can_be_decided_there(scenarios):
    game = of(scenarios / "teaching", "veto", ("A",))
    for wrong in (True, {"goods": "none"}, {"goods": "swords"}, 3, "fuel"):
        with pytest.raises(UserError, match="can't be decided"):
            game.decide(wrong)
        with pytest.raises(UserError, match="doesn't fit"):
            _ = replace(game, decisions=(wrong,)).state
    with pytest.raises(UserError, match="more decisions"):
        _ = replace(played(game), decisions=(*played(game).decisions, None)).state
    with pytest.raises(UserError, match="to its end"):
        played(game).decide(None)


def test_the_same_draw_has_this_worlds_value_in_it(scenarios):
    """Chance redrawn: this world is one of those that its value is laid over, and what isn't chance is its own."""
    game = played(of(scenarios.parent / "tests" / "golden", "breakdown", ("A",), world=1207))
    found = debrief(game, 40)["seats"]["A"]
    assert found["value"] == found["model"] and found["below"]["ties"] >= 1
    assert len(set(found["values"])) > 1  # talks break down sooner or later
    still = played(of(scenarios / "teaching", "split_the_dollar", ("A",)))
    assert set(debrief(still, 20)["seats"]["A"]["values"]) == {debrief(still, 20)["seats"]["A"]["model"]}


def test_the_figure_shows_whose_value_lies_where_and_nothing_runs_out_of_it():
    below = {"count": 1234, "ties": 987, "share": 0.494, "low": 0.471, "high": 0.516}
    numbers = {"value": -0.1234, "model": 0.4321, "below": below}
    seats = {
        "A": numbers
        | {"name": "The Democratic People's Republic of the Longest Name That Anyone Has Ever Put in a File"},
        "B": numbers | {"name": "B <b>", "values": [0.25] * 2500, "value": 0.25, "model": 0.25},
    }
    seats["A"]["values"] = [k / 2500 for k in range(2500)]
    figure = draw({"title": "T $x$ " * 40, "seed": 1, "worlds": 2500, "seats": seats})
    figure.canvas.draw()
    frame, texts = figure.bbox, [t for t in figure.texts if t.get_text()]
    assert any("−0.12" in t.get_text() for t in texts) and any("1234 of 2,500" in t.get_text() for t in texts)
    for text in texts:
        box = text.get_window_extent()
        assert frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1, text
    first, second = figure.axes
    assert first.lines[0].get_xdata()[0] == -0.1234 and len([p for p in second.patches if p.get_height()]) == 1
