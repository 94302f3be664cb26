"""Drawing one layer anew leaves the others as they are, to the bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from every_feature import EVERY

from sim.montecarlo.draws import AS_IT_IS, LAYERS, ClaimRule, Draws, Redraw, draw
from sim.montecarlo.job import Job
from sim.scenario.loader import loads

LOADED = loads(EVERY)
FIELDS = {
    "epistemic": ("claims", "weights", "discount", "hazard", "event_hazard", "revealed", "start"),
    "private": ("kind", "resolve", "upper", "tolerance"),
    "chance": ("seen",),
}
BY_PERIOD = ("breakdown", "reveal", "ties", "mixing", "recognition")


def drawn(seed: int, redraw: Redraw = AS_IT_IS) -> Draws:
    return draw(LOADED.scenario, LOADED.claims, ClaimRule(), seed, 0, slice(0, 50), redraw)


def layers(draws: Draws) -> dict[str, list[np.ndarray]]:
    found = {layer: [v for f in fields for v in getattr(draws, f).values()] for layer, fields in FIELDS.items()}
    found["chance"] += [getattr(draws, of)(t, 3) for of in BY_PERIOD for t in LOADED.scenario.tables]
    found["chance"] += [f(e, 3) for f in (draws.event, draws.signal) for e in LOADED.scenario.events]
    return {layer: [*values, *(draws.battle(5) if layer == "chance" else [])] for layer, values in found.items()}


def same(one: list[np.ndarray], two: list[np.ndarray]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


@pytest.mark.parametrize("layer", LAYERS)
def test_one_layer_is_drawn_from_the_other_seed_and_nothing_else(layer):
    one, two, mixed = layers(drawn(1)), layers(drawn(2)), layers(drawn(1, Redraw(**{layer: 2})))
    for name in LAYERS:
        assert same(mixed[name], two[name] if name == layer else one[name])
        assert not same(one[name], two[name])


def test_nothing_redrawn_is_the_run_itself_and_everything_redrawn_the_other(play):
    job = Job(loads(SMALL).scenario, LOADED.claims, ClaimRule(), 1, 60)
    runs = {
        "plain": job.compute(0),
        "same": replace(job, redraw=Redraw(private=1)).compute(0),
        "all": replace(job, redraw=Redraw(2, 2, 2)).compute(0),
        "other": replace(job, seed=2).compute(0),
    }
    for name, column in runs["plain"].items():
        np.testing.assert_array_equal(column, runs["same"][name])
        np.testing.assert_array_equal(runs["all"][name], runs["other"][name])
    assert np.array_equal(runs["plain"]["value.A"], play(SMALL, 60)["value.A"])
    assert not np.array_equal(runs["plain"]["value.A"], runs["other"]["value.A"])


SMALL = """\
title: Three layers in one file
assumption: a test
horizon: 6
normalise: false
actors: {A: {discount: 0.9}, B: {discount: {uniform: {low: 0.5, high: 0.9}}}}
issues: {share: {levels: {from: 0, to: 1, steps: 5}, start: 0}}
interests:
  A: [{term: share, form: linear, of: share, weight: {uniform: {low: 0, high: 1}}}]
  B:
    - {term: rest, form: linear, of: share, weight: -0.4}
    - {term: calm, form: constant, weight: 0.5, when: {not: {share: 0}}}
tables:
  talks:
    parties: [A, B]
    protocol: {random: {A: 0.5, B: 0.5}}
    agenda: [share]
    breakdown: {hazard: 0.2, sets: {}}
outcomes: {some: {not: {share: 0}}}
"""
