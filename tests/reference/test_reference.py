"""The engine against plain loops: random small scenarios, world by world, everything that comes out."""

from __future__ import annotations

from collections import Counter

import pytest
from random_scenarios import text
from side_by_side import compare, drawn, seen
from slow_table import BROKEN_DOWN, DEAL, EXPIRED, PROMISE_BROKEN, TALKING, WAITING, WALKED_AWAY

from sim.errors import ScenarioError
from sim.simulate import simulate

CHUNK = 15


@pytest.mark.parametrize("chunk", [*range(5), *(pytest.param(n, marks=pytest.mark.slow) for n in range(5, 20))])
def test_random_scenarios(chunk):
    compare(range(CHUNK * chunk, CHUNK * (chunk + 1)), worlds=3, played=1)


FEW = range(CHUNK, CHUNK + 4)


def test_a_few_random_scenarios_where_everything_is_public():
    compare(FEW, worlds=3, played=1, information="public")


def test_a_few_random_scenarios_with_side_payments():
    compare(FEW, worlds=3, played=1, payments=True)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(20))
def test_random_scenarios_where_everything_is_public(chunk):
    compare(range(CHUNK * chunk, CHUNK * (chunk + 1)), worlds=3, played=1, information="public")


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(12))
def test_random_scenarios_with_side_payments(chunk):
    compare(range(CHUNK * chunk, CHUNK * (chunk + 1)), worlds=3, played=1, payments=True)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(40))
def test_many_random_scenarios(chunk):
    compare(range(10_000 + CHUNK * chunk, 10_000 + CHUNK * (chunk + 1)), worlds=4, played=4)


def reached(seeds: int, only: frozenset[str] | None = None) -> Counter[str]:
    """What happens in ten worlds of each of the first random scenarios, by the engine."""
    happened = Counter[str]()
    for seed in range(seeds):
        try:
            draws = drawn(text(seed, only), seed, 10)
        except ScenarioError:
            continue
        columns = simulate(draws.scenario, draws)
        for world in range(draws.worlds):
            happened += seen({name: column[world] for name, column in columns.items()})
    return happened


@pytest.mark.slow
def test_the_scenarios_reach_every_way_in_which_talks_go():
    """What needs several things to come together is looked for where few others stand in its way."""
    happened = reached(40)
    common = [f"status {s}" for s in (WAITING, TALKING, DEAL, BROKEN_DOWN, WALKED_AWAY, EXPIRED)]
    assert all(happened[what] >= 5 for what in (*common, "refusals", "revealed", "event", "another deal")), happened
    assert reached(60, frozenset({"renege"}))[f"status {PROMISE_BROKEN}"] >= 5
    assert reached(130, frozenset({"consent"}))["vetoes"] >= 5
