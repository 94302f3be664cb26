"""`detente export` as a user types it."""

from __future__ import annotations

import json
from functools import partial

import pytest

SMALL = ("--set", "issues.share.levels={from: 0, to: 1, steps: 5}", "--set", "tables.split.deadline=2")


@pytest.fixture
def detente(detente, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return partial(detente, "export")


@pytest.mark.parametrize(
    ("form", "name", "first"),
    [("gambit", "g.nfg", "NFG 1 R"), ("gambit", "g.EFG", "EFG 2 R"), ("csv", "p.txt", "world,")],
)
def test_what_is_written(detente, tmp_path, form, name, first):
    code, out, err = detente("split_the_dollar", *SMALL, "--format", form, "-o", name)
    assert (code, err) == (0, "") and out.startswith(f"Wrote {name}: table split")
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(first)
    assert [p.name for p in tmp_path.iterdir()] == [name]
    code, _, err = detente("split_the_dollar", *SMALL, "--format", form, "-o", name)
    assert code == 2 and "exists; give another -o, or --force" in err
    assert detente("split_the_dollar", *SMALL, "--format", form, "-o", name, "--force")[0] == 0


def test_json_says_what_was_written(detente):
    code, out, _ = detente("kursk_ceasefire", "--format", "csv", "-o", "k.csv", "--worlds", "3", "--json")
    assert code == 0 and json.loads(out) | {"lines": 0} == {
        "file": "k.csv",
        "format": "csv",
        "table": "ceasefire_talks",
        "seed": 1,
        "worlds": 3,
        "lines": 0,
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "gambit", "-o", "game.txt"), "ends in .nfg (strategic game) or .efg (tree); got 'game.txt'"),
        (("--format", "gambit", "-o", "g.nfg", "--worlds", "3"), "a game is of one world"),
        (("--format", "csv", "-o", "p.csv", "--rounds", "3"), "--rounds goes with a tree of offers"),
        (("--format", "csv", "-o", "none/p.csv"), "no such folder"),
        (("--format", "csv", "-o", "."), "it is a folder"),
        (("--format", "csv", "-o", "p.csv", "--table", "spilt"), "did you mean 'split'"),
        (("--format", "gambit", "-o", "g.efg"), "more than 200,000 nodes. Give fewer --rounds"),
    ],
)
def test_mistakes(detente, tmp_path, words, said):
    code, _, err = detente("split_the_dollar", *words)
    assert code == 2 and said in err and not list(tmp_path.iterdir())
