"""A dask cluster over loopback, with a scheduler and two workers of its own: each of them may be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from dying import Squares
from typed import DETENTE, Typed, contents, finished, until, words

from sim.errors import RunError
from sim.montecarlo.runners import Runner, computed

pytest.importorskip("distributed", reason="needs the extra `cluster`")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="kills with signals")]

DASK = (sys.executable, "-m", "dask")


class Cluster:
    """`dask scheduler` and `dask worker`, as a user starts them."""

    def __init__(self, folder: Path):
        self.folder, self.file, self.processes = folder, folder / "scheduler.json", []
        self.scheduler = self.start("scheduler", "--host", "127.0.0.1", "--port", "0")
        assert until(lambda: self.file.exists() and self.file.read_text().endswith("}"), self.scheduler)
        self.address = json.loads(self.file.read_text(encoding="utf-8"))["address"]

    def start(self, *typed: str, **env: str) -> subprocess.Popen:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        command = [*DASK, *typed, "--no-dashboard", "--scheduler-file", str(self.file)]
        self.processes.append(subprocess.Popen(command, cwd=self.folder, env={**os.environ, **env}, **quiet))
        return self.processes[-1]

    def worker(self, **env: str) -> subprocess.Popen:
        return self.start("worker", "--nthreads", "1", "--no-nanny", **env)

    def run(self, folder: Path, *more: str) -> Typed:
        return Typed(*words(folder, "--runner", "dask", "--scheduler", self.address, *more))


@pytest.fixture
def cluster(tmp_path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    yield made
    for process in made.processes:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> dict[str, bytes]:
    """What a run in one process leaves."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    subprocess.run([*DETENTE, *words(folder, processes=1)], check=True, capture_output=True)
    return contents(folder)


def test_a_worker_killed_in_mid_run_costs_nothing(cluster, tmp_path, whole):
    first, _ = cluster.worker(), cluster.worker()
    folder = tmp_path / "run"
    typed = cluster.run(folder)
    assert until(lambda: len(finished(folder)) >= 3, typed.process)
    first.send_signal(signal.SIGKILL)
    assert len(finished(folder)) < 12
    assert typed.ended() == (0, "")
    assert contents(folder) == whole


def test_the_coordinator_killed_the_same_command_goes_on(cluster, tmp_path, whole):
    """Also with a worker that has come meanwhile."""
    cluster.worker()
    folder = tmp_path / "run"
    typed = cluster.run(folder)
    assert until(lambda: len(finished(folder)) >= 3, typed.process)
    assert typed.signalled(signal.SIGKILL)[0] == -signal.SIGKILL
    before = {f: f.stat().st_mtime_ns for f in finished(folder)}
    assert 3 <= len(before) < 12
    cluster.worker()
    assert cluster.run(folder).ended() == (0, "")
    assert contents(folder) == whole and all(f.stat().st_mtime_ns == then for f, then in before.items())


def test_the_scheduler_killed_is_told(cluster, tmp_path, whole):
    cluster.worker()
    folder = tmp_path / "run"
    typed = cluster.run(folder)
    assert until(lambda: len(finished(folder)) >= 2, typed.process)
    cluster.scheduler.kill()
    code, err = typed.ended()
    assert code == 1 and f"the scheduler at {cluster.address} went away; start it, and the same command goes on" in err
    assert "Traceback" not in err
    assert Typed(*words(folder)).ended() == (0, "")
    assert contents(folder) == whole


def test_ctrl_c_leaves_the_cluster_as_it_was(cluster, tmp_path, whole):
    cluster.worker()
    folder = tmp_path / "run"
    typed = cluster.run(folder)
    assert until(lambda: len(finished(folder)) >= 2, typed.process)
    code, err = typed.signalled(signal.SIGINT, group=True)
    assert code == 130 and "finished blocks are kept" in err and "Traceback" not in err
    assert cluster.run(folder).ended() == (0, "")
    assert contents(folder) == whole


def test_a_worker_of_another_version_is_refused(cluster, tmp_path):
    elsewhere = tmp_path / "elsewhere" / "detente-9.9.dist-info"
    elsewhere.mkdir(parents=True)
    (elsewhere / "METADATA").write_text("Metadata-Version: 2.1\nName: detente\nVersion: 9.9\n", encoding="utf-8")
    cluster.worker(PYTHONPATH=str(elsewhere.parent))
    code, err = cluster.run(tmp_path / "run").ended()
    assert code == 2 and "has detente 9.9, this side" in err and "install detente==" in err


def test_a_piece_that_kills_every_worker_ends_in_a_plain_word(tmp_path):
    with pytest.raises(RunError, match="a piece killed 4 workers, most likely for want of memory"):
        list(computed(Squares(tmp_path, deadly=(3,), always=True), range(6), Runner("dask", 2)))


def test_the_pieces_of_a_dead_worker_are_computed_by_others(tmp_path):
    found = list(computed(Squares(tmp_path, deadly=(3, 9)), range(12), Runner("dask", 2)))
    assert sorted(k for k, _ in found) == list(range(12))
    assert all(squares == [k * k] * 20_000 for k, squares in found)


def test_a_hundred_thousand_pieces_do_not_drown_the_scheduler(tmp_path):
    """Only some are in flight at a time: the first come long before the last is submitted."""
    some = computed(Squares(tmp_path), range(100_000), Runner("dask", 2))
    start = time.monotonic()
    assert len({next(some)[0] for _ in range(200)}) == 200
    assert time.monotonic() - start < 60
    some.close()


def test_no_scheduler_is_told(tmp_path):
    code, err = Typed(*words(tmp_path / "run", "--scheduler", "tcp://127.0.0.1:9")).ended()
    assert code == 2 and "no scheduler answers at tcp://127.0.0.1:9" in err and "Traceback" not in err
