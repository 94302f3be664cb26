"""Runs killed and stopped at any moment: what is finished stays whole, and the same command ends at the same bits."""

from __future__ import annotations

import random
import signal
import sys
import time
from pathlib import Path

import pytest
from typed import Typed, contents, finished, until, words

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="signals, and what is left of them in /proc"),
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> dict[str, bytes]:
    """What an uninterrupted run in one process leaves."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    assert Typed(*words(folder, processes=1)).ended() == (0, "")
    return contents(folder)


RESULTS = ("summary.json", "worlds.csv.tmp", "worlds.csv", "figures/outcomes.svg")


def killed_at(kind: str, rng: random.Random, folder: Path) -> Typed:
    """The same command, killed while it starts, while it computes (what is missing), or while it writes results."""
    if kind == "computes":
        for block in finished(folder)[rng.randint(1, 4) :]:
            block.unlink()
    for name in RESULTS:
        (folder / name).unlink(missing_ok=True)
    there, typed = len(finished(folder)), Typed(*words(folder))
    if kind == "starts":
        time.sleep(rng.uniform(0, 2))
    elif kind == "computes":
        more = rng.randint(1, 6)
        until(lambda: len(finished(folder)) >= there + more, typed.process)
    else:
        until((folder / rng.choice(RESULTS)).exists, typed.process)
    time.sleep(rng.uniform(0, 0.03))
    assert typed.signalled(signal.SIGKILL)[0] == -signal.SIGKILL
    return typed


def test_killed_twenty_times_in_a_row_it_ends_the_same(tmp_path, whole):
    folder, rng, seen = tmp_path / "run", random.Random(5), set()
    for k in range(20):
        typed = killed_at(("starts", "computes", "computes", "writes")[k % 4], rng, folder)
        assert until(lambda typed=typed: not typed.orphans()), "worker processes without a coordinator"
        assert all(block.read_bytes() == whole[f"blocks/{block.name}"] for block in finished(folder))
        seen.add(len(finished(folder)))
    assert len(seen) > 5
    assert Typed(*words(folder)).ended() == (0, "")
    assert contents(folder) == whole


@pytest.mark.parametrize("blocks", [0, 1, 4])
def test_ctrl_c_keeps_what_is_finished_and_says_so(tmp_path, whole, blocks):
    folder = tmp_path / "run"
    typed = Typed(*words(folder))
    assert until(lambda: (folder / "claims.yaml").exists() and len(finished(folder)) >= blocks, typed.process)
    code, err = typed.signalled(signal.SIGINT, group=True)
    assert code == 130 and "Traceback" not in err
    assert f"finished blocks are kept in {folder}: the same command goes on" in err
    assert not typed.orphans() and not list((folder / "blocks").glob("*.tmp"))
    before = {f: f.stat().st_mtime_ns for f in finished(folder)}
    assert blocks <= len(before) < 12
    assert Typed(*words(folder)).ended() == (0, "")
    assert all(f.stat().st_mtime_ns == then for f, then in before.items()) and contents(folder) == whole


def test_ctrl_c_at_any_moment_is_no_traceback(tmp_path):
    """While the command and its workers still import, too."""
    for k in range(8):
        typed = Typed(*words(tmp_path / str(k), worlds=400_000))  # more than any machine plays before it is stopped
        time.sleep(0.25 + 0.2 * k)
        code, err = typed.signalled(signal.SIGINT, group=True)
        assert code == 130 and "Traceback" not in err and "Stopped" in err, err
        assert not typed.orphans()
