"""After the game: what each seat got beside what the model gets in its place, and where value was left."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.analysis.intervals import wilson
from sim.analysis.story import Story
from sim.montecarlo.draws import ClaimRule, alike, draw
from sim.seat.game import Ended, Game
from sim.seat.questions import Decision, Question
from sim.simulate import simulate
from sim.streams import BLOCK

WORLDS = 500
SAME = 1e-9


def debrief(game: Game, worlds: int = WORLDS) -> dict[str, Any]:
    """What came of a game that has ended, as one JSON document: {outcomes, model_outcomes, seats: {actor: {value,
    model, values, below, decisions}}, …}.

    `model`: what the model gets in that seat (and all others) in this very world; `values` (worlds,): the same where
    the epistemic and private draws are this world's and chance (battles, events, ties, who comes to propose) is drawn
    anew; `below`: the share of these worlds in which the model gets less, with its 95 % interval and count;
    `decisions`: what each was expected to add, beside the model's own choice, both seen from the start (discounted);
    `stood_in`: it is the model's, made while nobody held the seat.
    """
    ended = game.state
    assert isinstance(ended, Ended)
    scenario, draws = game.loaded.scenario, game.draws()
    model = simulate(scenario, draws)
    again = simulate(scenario, _again(game, worlds))
    seats = {}
    for seat in game.seats:
        column, value = again[f"value.{seat}"], float(ended.columns[f"value.{seat}"][0])
        less, ties = int((column < value - SAME).sum()), int((np.abs(column - value) <= SAME).sum())
        low, high = wilson(less, worlds)
        seats[seat] = {
            "name": scenario.actors[seat].name or seat,
            "value": value,
            "model": float(model[f"value.{seat}"][0]),
            "values": [float(v) for v in column],
            "below": {"count": less, "ties": ties, "share": less / worlds, "low": float(low), "high": float(high)},
            "decisions": [
                {**_weighed(q, d), "stood_in": q.number in game.stood_in} for q, d in ended.decided if q.seat == seat
            ],
        }
    return {
        "title": scenario.title,
        "seed": game.seed,
        "world": game.world,
        "worlds": worlds,
        "outcomes": {o: bool(ended.columns[f"outcome.{o}"][0]) for o in scenario.outcomes},
        "model_outcomes": {o: bool(model[f"outcome.{o}"][0]) for o in scenario.outcomes},
        "seats": seats,
    }


def _again(game: Game, worlds: int) -> Any:
    """Worlds with this one's epistemic and private draws, and the chance of the others of its block."""
    block, place = divmod(game.world, BLOCK)
    first = min(place, BLOCK - worlds) if place >= worlds else 0  # this world is one of them
    part = slice(first, first + worlds)
    drawn = draw(game.loaded.scenario, game.loaded.claims, ClaimRule(), game.seed, block, part)
    return alike(drawn, place - first)


def _weighed(question: Question, decision: Decision) -> dict[str, Any]:
    """One decision beside the model's own. left: value foregone, as the look-ahead saw it then; None where it can't
    tell."""
    chosen, best = question.expects(decision), question.expects(question.hint)
    left = None if chosen is None or best is None else (best - chosen) * question.discount
    return {
        **{k: getattr(question, k) for k in ("number", "period", "table", "kind", "offer", "hint")},
        "decision": decision,
        "as_model": decision == question.hint,
        "expected": None if chosen is None else chosen * question.discount,
        "hint_expected": None if best is None else best * question.discount,
        "left": left,
    }


def story(game: Game) -> Story:
    """The played world told as `sim.explain` tells one."""
    ended = game.state
    assert isinstance(ended, Ended)
    return Story.of(game.loaded, game.world, game.draws(), ended.columns, ended.periods, game.seats)
