"""`detente rivals` as a user types it."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

GAME = str(Path("scenarios/teaching/split_the_dollar.yaml").resolve())


@pytest.fixture
def detente(detente, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return partial(detente, "rivals")


def test_what_is_told_and_written(detente, tmp_path):
    code, out, err = detente(GAME, "--worlds", "20", "--processes", "1")
    assert (code, err) == (0, "")
    folder = tmp_path / "results" / "rivals-split_the_dollar-s1"
    assert {"rivals.json", "rivals.csv", "rivals.png", "rivals.svg", "run"} <= {p.name for p in folder.iterdir()}
    assert "Nash" in out and "all equal, which is an assumption" in out and "came out: mean 0.34" in out
    report = json.loads((folder / "rivals.json").read_text(encoding="utf-8"))
    assert report["issues"]["share"]["rivals"]["nash"]["mean"] == pytest.approx(0.5)
    assert report["issues"]["share"]["rivals"]["compromise"]["mean"] == pytest.approx(0.5)
    assert max(map(len, out.splitlines())) <= 140


def test_json_is_the_report_and_nothing_else(detente, tmp_path):
    code, out, _ = detente(GAME, "--worlds", "10", "--processes", "1", "--json", "--out", "r", "--capability", "A=3")
    assert code == 0 and out == (tmp_path / "r" / "rivals.json").read_text(encoding="utf-8")
    share = json.loads(out)["issues"]["share"]["rivals"]
    assert share["median_voter"]["mean"] == 1 and share["compromise"]["mean"] == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--capability", "Z=1"), "no actor 'Z'"),
        (("--capability", "A=much"), "'much' is no number"),
        (("--capability", "A"), "no ACTOR=NUMBER"),
        (("--capability", "A=-1"), "at least 0"),
        (("--set", "actors.A.discount=2"), "discount"),
    ],
)
def test_mistakes(detente, words, said, tmp_path):
    code, _, err = detente(GAME, *words)
    assert code == 2 and said in err and not (tmp_path / "results").exists()
