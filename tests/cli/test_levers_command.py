"""`detente levers` as a user types it: what is told and written, and what is said to a mistake."""

from __future__ import annotations

import csv
import json
import shlex
from pathlib import Path

import pytest

GUARANTOR = ("levers", "guarantor", "--actor", "A", "--outcome", "peace", "--worlds", "10", "--processes", "1")
BARE = (*GUARANTOR, "--set", "tables.treaty.guarantor=")


@pytest.fixture
def detente(detente, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return detente


@pytest.mark.slow
def test_what_is_told_can_be_typed(detente):
    code, out, err = detente(*BARE)
    assert (code, err) == (0, "") and "0 of 10 worlds, 0 % [0, 28]" in out
    assert out.index("What A can do") < out.index("ironclad") < out.index("What others would have to want")
    assert "10 worlds gain it and 0 lose it" in " ".join(out.split()) and "Held fixed" in out and "rests on" in out
    typed = next(line for line in out.splitlines() if "--set 'tables.treaty.guarantor={by" in line)
    command = next(line for line in out.splitlines() if "detente compare" in line).replace("--set '…'", typed)
    code, out, err = detente(*shlex.split(command)[1:], "--json")
    peace = next(r for r in json.loads(out)["differences"] if r["name"] == "peace")
    assert code == 0 and (peace["one"], peace["two"], peace["up"]) == (0, 1, 10)


def test_what_is_written(detente):
    document = json.loads(detente(*BARE, "--json")[1])
    folder = Path("results/levers-guarantor-A-peace-s1")
    assert json.loads((folder / "levers.json").read_text(encoding="utf-8")) == document
    assert (folder / "levers.png").stat().st_size > 10_000 and (folder / "levers.svg").exists()
    with (folder / "levers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(document["changes"])
    assert rows[0]["outcome.estimate"] == "1.0" and rows[0]["set"].startswith("--set ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--actor", "AA"), "no actor 'AA'; actors: A, B, G; did you mean 'A'?"),
        (("--outcome", "peac"), "no outcome 'peac'; outcomes: peace; did you mean 'peace'?"),
        (("--set", "tables.treaty.x=1"), "unknown key 'x'"),
        (("--worlds", "1"), "Invalid value for '--worlds'"),
    ],
)
def test_mistakes_are_told_with_what_there_is(detente, words, said):
    code, out, err = detente(*GUARANTOR, *words)
    assert (code, out) == (2, "") and said in err and not Path("results").exists()


@pytest.mark.slow
def test_a_folder_of_other_levers_is_not_written_over(detente):
    assert detente(*BARE, "--out", "mine")[0] == 0
    code, _, err = detente(*GUARANTOR, "--out", "mine")
    assert code == 2 and "another text of the scenario" in err and "--force" in err
    assert "actor A and not B" in detente(*BARE, "--actor", "B", "--out", "mine")[2]
    assert detente(*GUARANTOR, "--out", "mine", "--force")[0] == 0
    Path("other").mkdir()
    (Path("other") / "letter.txt").write_text("dear", encoding="utf-8")
    assert "something else than levers" in detente(*BARE, "--out", "other")[2]


def test_where_nothing_moves_it_says_so(detente):
    code, out, _ = detente(*GUARANTOR, "--actor", "G")
    assert code == 0 and "raise peace most" not in out and "change nothing in any world" in out
