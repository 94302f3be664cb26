"""Every runner: the same bits, every piece once."""

from __future__ import annotations

import sys

import pytest

from sim.cli.main import main
from sim.errors import UserError
from sim.montecarlo.draws import ClaimRule
from sim.montecarlo.job import Job
from sim.montecarlo.runners import NAMES, Runner, computed
from sim.scenario.claims import find_scenario
from sim.scenario.loader import load

PIECES = [4, 0, 1, 2]


@pytest.fixture(scope="module")
def job() -> Job:
    loaded = load(find_scenario("fearon_private_cost"))
    return Job(loaded.scenario, loaded.claims, ClaimRule(), 1, 4300)


@pytest.fixture(scope="module")
def alone(job):
    return {piece: job.compute(piece) for piece in PIECES}


@pytest.mark.parametrize("name", ["serial", "processes", pytest.param("dask", marks=pytest.mark.slow)])
def test_the_same_bits_and_every_piece_once(job, alone, name):
    if name == "dask":
        pytest.importorskip("distributed", reason="needs the extra `cluster`")
    found = list(computed(job, PIECES, Runner(name, 2)))
    assert sorted(piece for piece, _ in found) == sorted(PIECES)
    for piece, columns in found:
        assert list(columns) == list(alone[piece])
        for column, values in columns.items():
            there = alone[piece][column]
            assert values.dtype == there.dtype and values.tobytes() == there.tobytes(), column


@pytest.mark.parametrize("name", NAMES)
def test_nothing_to_compute_is_nothing(job, name):
    assert list(computed(job, [], Runner(name, 2))) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "slurm"}, "a runner is serial, processes, dask; got 'slurm'"),
        ({"processes": 0}, "at least 1; got 0"),
        ({"scheduler": "tcp://here:1"}, "has no scheduler; give --runner dask"),
    ],
)
def test_mistakes_are_told(wrong, said):
    with pytest.raises(UserError) as error:
        Runner(**wrong)
    assert said in str(error.value)


def test_without_the_extra_it_says_what_to_install(monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "sim.montecarlo.runners.dask", raising=False)
    monkeypatch.delattr("sim.montecarlo.runners.dask", raising=False)
    with pytest.raises(SystemExit) as stopped:
        main(["run", "split_the_dollar", "--worlds", "10", "--runner", "dask", "--out", str(tmp_path / "out")])
    assert stopped.value.code == 2 and "pip install 'detente[cluster]'" in capsys.readouterr().err
