"""One folder, two who write to it: the second is refused, and a lock ends with whoever held it."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from typed import Typed, contents, finished, until, words

from sim.errors import UserError
from sim.store.writing import LOCK, writing

HOLD = """\
import pathlib
from sim.store.writing import writing
with writing(pathlib.Path("out")):
    print(flush=True)
    input()
"""
EXPERIMENT = "scenario: split_the_dollar\nvary: {horizon: [2, 3]}\nworlds: 20\n"


@pytest.fixture
def detente(detente, tmp_path, monkeypatch):
    """Types a command in a folder that holds mine.yaml, an experiment; gives exit code and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.report.figures.names", list)
    Path("mine.yaml").write_text(EXPERIMENT, encoding="utf-8")

    def typed(*typed_words: str) -> tuple[int, str]:
        code, _, err = detente(*typed_words, "--processes", 1, "--out", "out")
        return code, err

    return typed


COMMANDS = {
    "run": ("run", "split_the_dollar", "--worlds", "20"),
    "sweep": ("sweep", "mine.yaml"),
    "compare": ("compare", "split_the_dollar", "--set", "horizon=3", "--worlds", "20"),
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_the_second_is_refused_until_the_first_is_dead(detente, command):
    holder = subprocess.Popen([sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        holder.stdout.readline()
        code, err = detente(*command)
        assert code == 2 and "another détente is writing to out; wait until it is done" in err
        assert {p.name for p in Path("out").iterdir()} == {LOCK}
    finally:
        holder.kill()
        holder.wait()
    assert detente(*command) == (0, "")
    assert not (Path("out") / LOCK).exists()


def test_a_second_thread_is_refused_and_the_same_one_may_ask_again(tmp_path):
    told = []

    def other() -> None:
        with pytest.raises(UserError, match="another détente") as error, writing(tmp_path):
            pass
        told.append(str(error.value))

    with writing(tmp_path):
        with writing(tmp_path):
            pass
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert told
    with writing(tmp_path):
        pass


def test_a_folder_made_for_nothing_is_not_left(tmp_path):
    with pytest.raises(ZeroDivisionError), writing(tmp_path / "new"):
        1 / 0  # noqa: B018
    assert not (tmp_path / "new").exists()


@pytest.mark.slow
def test_two_runs_started_together_never_interleave(tmp_path):
    """One gets the folder, all others are told; what is there in the end is what one run leaves."""
    both = [Typed(*words(tmp_path / "run")) for _ in range(3)]
    ends = [typed.ended() for typed in both]
    assert sorted(code for code, _ in ends) == [0, 2, 2]
    assert all("another détente" in err for code, err in ends if code)
    assert Typed(*words(tmp_path / "alone", processes=1)).ended() == (0, "")
    assert contents(tmp_path / "run") == contents(tmp_path / "alone")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kills with a signal")
def test_a_killed_run_gives_the_folder_free(tmp_path):
    first = Typed(*words(tmp_path / "run"))
    assert until(lambda: len(finished(tmp_path / "run")) > 1, first.process)
    code, err = Typed(*words(tmp_path / "run")).ended()
    assert code == 2 and "another détente" in err
    first.signalled(signal.SIGKILL)
    assert Typed(*words(tmp_path / "run")).ended() == (0, "")
