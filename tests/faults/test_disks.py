"""A full disk, and a folder that can't be written to: a clear word, nothing lost, and on when there is room."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from typed import contents, finished

from sim.runs import explain
from sim.store.rows import ROWS

pytestmark = pytest.mark.slow

EXPERIMENT = "scenario: split_the_dollar\nvary: {horizon: [HORIZONS]}\nworlds: 20\nmeasure: [outcomes, values, deals]\n"


class Disk:
    """A file system in memory, of a size that can be changed. Skips the test where we may not mount one."""

    def __init__(self, place: Path):
        place.mkdir()
        self.place, self.run = place, place / "run"
        if not self._mount("-t", "tmpfs", "-o", "size=10m", "tmpfs", str(place)):
            pytest.skip("needs the right to mount a tmpfs (root, on Linux)")

    def now(self, how: str) -> None:
        assert self._mount("-o", f"remount,{how}", str(self.place))

    def _mount(self, *words: str) -> bool:
        try:
            return subprocess.run(["mount", *words], capture_output=True).returncode == 0
        except OSError:
            return False


@pytest.fixture
def disk(tmp_path) -> Iterator[Disk]:
    made = Disk(tmp_path / "disk")
    yield made
    subprocess.run(["umount", "--lazy", str(made.place)], check=True)


@pytest.fixture
def detente(detente, monkeypatch, tmp_path):
    """Types a command; gives exit code and stderr."""
    monkeypatch.setattr("sim.report.figures.names", list)  # drawing takes longer than all the rest
    monkeypatch.chdir(tmp_path)

    def typed(*words: object) -> tuple[int, str]:
        code, _, err = detente(*words, "--processes", 1)
        return code, err

    return typed


def run(folder: Path) -> tuple[object, ...]:
    return ("run", "split_the_dollar", "--set", "horizon=2", "--worlds", 6000, "--out", folder)


@pytest.mark.parametrize("size", ["60k", "200k", "400k"])
def test_a_full_disk_is_told_and_the_run_goes_on_when_there_is_room(disk, detente, tmp_path, size):
    """Full while blocks are computed, or while what came out is written."""
    assert detente(*run(tmp_path / "whole")) == (0, "")
    disk.now(f"size={size}")
    code, err = detente(*run(disk.run))
    assert code == 1 and "No space left on device; what is finished is kept, and the same command goes on" in err
    assert not list(disk.run.rglob("*.tmp"))
    whole, before = contents(tmp_path / "whole"), {f: f.stat().st_mtime_ns for f in finished(disk.run)}
    assert all(f.read_bytes() == whole[f"blocks/{f.name}"] for f in before)
    assert detente(*run(disk.run))[0] == 1  # still full
    disk.now("size=10m")
    assert detente(*run(disk.run)) == (0, "")
    assert contents(disk.run) == whole and all(f.stat().st_mtime_ns == then for f, then in before.items())


def test_a_sweep_on_a_full_disk_keeps_its_rows(disk, detente, tmp_path):
    Path("mine.yaml").write_text(EXPERIMENT.replace("HORIZONS", ", ".join(map(str, range(2, 22)))), encoding="utf-8")
    disk.now("size=16k")
    code, err = detente("sweep", "mine.yaml", "--out", disk.run)
    assert code == 1 and "No space left on device" in err
    kept = (disk.run / ROWS).read_text(encoding="utf-8").splitlines()
    assert 0 < len(kept) <= 20
    disk.now("size=10m")
    assert detente("sweep", "mine.yaml", "--out", disk.run) == (0, "")
    assert detente("sweep", "mine.yaml", "--out", tmp_path / "whole") == (0, "")
    for name in (ROWS, "points.csv", "sweep.json"):
        assert (disk.run / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_a_folder_that_is_only_to_be_read(disk, detente):
    assert detente(*run(disk.run)) == (0, "")
    before = contents(disk.run)
    disk.now("ro")
    for folder in (disk.run, disk.place / "new"):
        code, err = detente(*run(folder))
        assert code == 2 and f"can't write to {folder}: Read-only file system; give another --out" in err
    assert contents(disk.run) == before and explain(disk.run, 3).world == 3
    disk.now("rw")
    assert detente(*run(disk.run)) == (0, "") and contents(disk.run) == before
