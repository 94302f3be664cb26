"""One contract for every bundled scenario, and for everyone who computes blocks."""

from __future__ import annotations

import importlib
import pkgutil

import numpy as np
import pytest

import sim
import sim.montecarlo.runners
from sim.montecarlo.draws import ClaimRule
from sim.montecarlo.job import Job
from sim.report.figures import names as figure_names
from sim.scenario.claims import scenarios as bundled

RUNNERS = sorted(m.name for m in pkgutil.iter_modules(sim.montecarlo.runners.__path__))


WORLDS = 6
QUICK = {n for n, path in bundled().items() if path.parent.name == "teaching"} | {"kursk_ceasefire"}


@pytest.fixture(
    params=[n if n in QUICK else pytest.param(n, marks=pytest.mark.slow) for n in sorted(bundled())], scope="module"
)
def result(request):
    return sim.run(sim.load(bundled()[request.param]), WORLDS, 3)


def test_there_is_the_main_scenario():
    assert "kursk_ceasefire" in bundled()


def test_it_runs_and_everything_is_finite(result):
    worlds, s = result.frame, result.loaded.scenario
    assert len(worlds) == WORLDS
    numbers = worlds.select_dtypes("number").drop(columns=[c for c in worlds if ".shortfall." in c])
    assert np.isfinite(numbers).all(axis=None)
    for name, stock in s.stocks.items():
        assert worlds[f"stock.{name}"].between(*stock.range).all()
    for name, issue in s.issues.items():
        assert set(worlds[f"level.{name}"]) <= set(issue.levels.names)

    assert s.title and s.question.endswith("?") and s.outcomes
    assert all(0 <= o["count"] <= WORLDS == o["worlds"] for o in result.document["outcomes"].values())
    assert set(result.document["values"]) == set(s.actors)


@pytest.mark.parametrize("runner", RUNNERS)
def test_every_runner_hands_back_the_blocks_it_is_asked_for(runner):
    loaded = sim.load(bundled()["split_the_dollar"])
    job = Job(loaded.scenario, loaded.claims, ClaimRule(), 1, 1010)
    compute = importlib.import_module(f"sim.montecarlo.runners.{runner}").compute
    found = dict(compute(job, [1], *(() if runner == "serial" else (2,))))
    assert set(found) == {1} and len(found[1]["world"]) == 10
    same = job.compute(1)
    assert all((found[1][k] == same[k]).all() for k in same if found[1][k].dtype.kind != "f")
    assert all(np.array_equal(found[1][k], same[k], equal_nan=True) for k in same if found[1][k].dtype.kind == "f")


def test_the_result_draws_its_figures():
    result = sim.run(sim.load(bundled()["split_the_dollar"]), 20)
    import matplotlib.pyplot as plt

    assert len(figure_names()) >= 4
    for name in figure_names():
        figure = result.figure(name)
        assert figure.axes
        plt.close(figure)
