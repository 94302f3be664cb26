"""The textbook beside the simulation: solutions that are known, and the worlds of the run itself."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.analysis.openings import openings
from sim.analysis.typical import nearest
from sim.montecarlo.draws import ClaimRule, draw
from sim.reporting import document


def columns(file, table, worlds=40, sets=()):
    result = sim.run(sim.load(file, sets), worlds)
    return result, document(result)["textbook"]["tables"][table]


def test_a_dollar_is_split_in_halves_by_both_solutions(scenarios):
    """Nash (1950), Kalai & Smorodinsky (1975): equal shares of a linear pie, whoever proposes; A gets 0.34 in play."""
    _, found = columns(scenarios / "teaching" / "split_the_dollar.yaml", "split")
    assert found["zone"]["count"] == 40 and "public" not in found["columns"]
    gains = {how: c["gains"] for how, c in found["columns"].items()}
    assert gains["nash"] == gains["kalai_smorodinsky"] == {p: pytest.approx([0.5] * 3) for p in "AB"}
    assert gains["simulated"]["A"] == pytest.approx([0.34] * 3)
    assert found["columns"]["nash"]["same"]["count"] == 0


def test_what_cannot_be_divided_has_no_solution(scenarios):
    """Whoever gets it all leaves the other without a gain."""
    file = scenarios / "teaching" / "indivisible.yaml"
    name = next(iter(sim.load(file).scenario.tables))
    result, found = columns(file, name)
    zone = found["zone"]["count"]
    assert zone == found["columns"]["nash"]["deals"]["count"] == found["columns"]["kalai_smorodinsky"]["deals"]["count"]
    assert zone <= int(result.frame[f"table.{name}.zone"].sum())


@pytest.mark.slow
def test_the_main_scenarios_worlds_are_the_runs(scenarios):
    result, found = columns(scenarios / "kursk_ceasefire.yaml", "ceasefire_talks", 30, ("horizon=4",))
    deals = int((result.frame["table.ceasefire_talks.deal_period"] > 0).sum())
    simulated = found["columns"]["simulated"]
    assert simulated["deals"]["count"] == deals and simulated["same"]["count"] == deals
    terms = result.frame["table.ceasefire_talks.terms.troops"].value_counts()
    assert {k: v["count"] for k, v in simulated["terms"]["troops"]["levels"].items() if v["count"]} == {
        k: n for k, n in terms.items() if k in ("at_the_front", "in_reserve", "home")
    }
    assert set(found["columns"]) == {"simulated", "public", "nash", "kalai_smorodinsky"}


def test_no_package_beats_a_solution_in_product_or_in_the_least_share(scenarios):
    """Every package tried, in every world: no shared code with the solvers."""
    from sim.analysis.textbook import SOLUTIONS, solved

    loaded = sim.load(scenarios / "kursk_ceasefire.yaml")
    draws = draw(loaded.scenario, loaded.claims, ClaimRule(), 1, 0, slice(0, 25))
    for opening in openings(loaded.scenario, draws).values():
        nash, ks = (solved(opening, solve) for solve in SOLUTIONS.values())
        for w in range(25):
            good = opening.gains[w][:, opening.allowed[w] & (opening.gains[w] > 1e-9).all(axis=0)]
            assert (nash[w] >= 0) == (ks[w] >= 0) == bool(good.size)
            if good.size:
                chosen = opening.gains[w][:, nash[w]], opening.gains[w][:, ks[w]]
                assert np.prod(chosen[0]) >= np.prod(good, axis=0).max() * (1 - 1e-9)
                ideal = good.max(axis=1)
                assert (chosen[1] / ideal).min() >= (good / ideal[:, None]).min(axis=0).max() - 1e-9


def test_the_nearest_world_is_the_middle_one():
    measures = np.array([[0.0, 5.0, 1.0, 2.0, 9.0], [3.0, 3.0, 3.0, 3.0, 3.0]])
    assert nearest(measures, np.ones(5, bool)) == 3
    assert nearest(measures, np.array([1, 0, 0, 0, 0], bool)) == 0
    assert nearest(measures, np.zeros(5, bool)) is None
