"""`detente stability` as a user types it."""

from __future__ import annotations

import json
import re
from functools import partial

import pytest

FEW = ("--worlds", "12", "--processes", "1")


@pytest.fixture
def detente(detente, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return partial(detente, "stability")


def test_what_is_told_and_written(detente, tmp_path):
    code, out, err = detente("kursk_ceasefire", *FEW, "--states", "2")
    assert (code, err) == (0, "")
    folder = tmp_path / "results" / "stability-kursk_ceasefire-ceasefire_talks-s1"
    written = {p.name for p in folder.iterdir()}
    assert {"stability.json", "stability.csv", "stability.png", "stability.svg", "run"} <= written
    report = json.loads((folder / "stability.json").read_text(encoding="utf-8"))
    deals = report["deals"]["nash"]
    assert f"{deals['count']} of {deals['of']}" in out and "Other tables: --table arms_for_aid" in out
    assert re.search(r"… and \d+ more; stability.json has them all", out) and "Leaving costs nothing here" in out


@pytest.mark.slow
def test_owners_are_told(detente):
    words = ("--table", "arms_for_aid", "--owner", "munitions=DPRK", "--out", "r", "--json")
    code, out, _ = detente("kursk_ceasefire", "--worlds", "3", "--processes", "1", *words)
    report = json.loads(out)
    assert code == 0 and report["owners"] == {"munitions": "DPRK"} and report["table"] == "arms_for_aid"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("split_the_dollar", "--owner", "share"), "--owner takes ISSUE=ACTOR, such as troops=RUS; got 'share'"),
        (("split_the_dollar", "--table", "spilt"), "did you mean 'split'"),
        (("unanimity",), "fewer levels"),
    ],
)
def test_mistakes_are_told(detente, tmp_path, words, said):
    code, _, err = detente(*words)
    assert code == 2 and said in err and not (tmp_path / "results").exists()
