"""`detente reasons` as a user types it."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

import pytest

from sim.cli.main import main

SECRET = str(Path("scenarios/teaching/fearon_private_cost.yaml").resolve())


@pytest.fixture
def detente(detente, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return partial(detente, "reasons")


def test_what_is_told_and_written(detente, tmp_path):
    code, out, err = detente(SECRET, "war", "--avoid", "--worlds", "80", "--processes", "1")
    assert (code, err) == (0, "")
    folder = tmp_path / "results" / "reasons-fearon_private_cost-war-s1"
    assert {"reasons.json", "worlds.csv", "reasons.png", "reasons.svg", "as_it_is", "information", "luck"} <= {
        p.name for p in folder.iterdir()
    }
    report = json.loads((folder / "reasons.json").read_text(encoding="utf-8"))
    failures = report["failures"]["count"]
    assert f"{failures} of 80 worlds fail" in out and f"mends {failures} of {failures}, 100 %" in out
    assert "luck (placebo)" in out and "Not played" in out and "promises are kept" in out
    explained = re.search(r"detente (explain \S+ --world \d+)", out)
    with pytest.raises(SystemExit) as stopped:
        main(explained.group(1).split())
    assert stopped.value.code == 0


def test_json_is_the_report_and_nothing_else(detente, tmp_path):
    code, out, _ = detente(SECRET, "war", "--avoid", "--worlds", "40", "--processes", "1", "--json", "--out", "r")
    assert code == 0 and out == (tmp_path / "r" / "reasons.json").read_text(encoding="utf-8")


def test_beforehand_it_says_how_long_it_takes(detente, tmp_path):
    code, out, _ = detente(SECRET, "war", "--worlds", "5000", "--dry-run")
    assert code == 0 and re.search(r"4 runs of 5,000 worlds, seed 1: about \d+ s", out)
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["kursk_ceasefire", "ceasfire"], "did you mean 'ceasefire'?"),
        (["kursk_ceasefir", "ceasefire"], "did you mean 'kursk_ceasefire'?"),
        ([SECRET, "war", "--worlds", "1"], "--worlds"),
        ([SECRET], "Missing argument"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_written(detente, tmp_path, words, said):
    code, out, err = detente(*words)
    assert (code, out) == (2, "") and said in err
    assert not (tmp_path / "results").exists()
