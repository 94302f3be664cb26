"""The page of validation: what it reads off other pages, what it keeps, and what it says without data."""

from __future__ import annotations

import importlib.util
import re
import sys

import pytest
from validation import known_answers
from validation.check import ROOT, Check

PROGRAM = ROOT / "experiments" / "validation.py"


@pytest.fixture(scope="module")
def program():
    spec = importlib.util.spec_from_file_location("validation_page", PROGRAM)  # `validation` is the folder beside it
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_table_of_known_answers_is_read():
    text = """A game

| | closed form | simulated | distance | allowed | |
|---|---|---|---|---|---|
| δ = .9 | 0.5263 | 0.5230 | 0.0033 | 0.0061 | ✓ |
| δ = .8 | 0.5000 | 0.4000 | 0.1000 | 0.0500 | **outside** |

| | Kydd | simulated | exact | simulated | |
| --- | --- | --- | --- | --- | --- |
| b | believed | not believed | 0.1000 | 0.0940 | ✓ |
| c | 0.1 | 1.0 | words | words |
"""
    found = [c for heads, *rows in known_answers.tables(text) for row in rows for c in known_answers.beside(heads, row)]
    assert [c.misses for c in found] == [False, True, True, False, None, False]
    assert [c.allowed for c in found[:2]] == [0.0061, 0.05]
    assert found[1].distance == pytest.approx(0.1) and found[3].distance == pytest.approx(0.006)


def test_every_theory_page_with_simulated_columns_is_counted():
    pages = {m.page for m in known_answers.played()}
    with_columns = {f.name for f in known_answers.THEORY.glob("*.md") if "simulated |" in f.read_text(encoding="utf-8")}
    assert pages == with_columns
    marks = sum(f.read_text(encoding="utf-8").count("| ✓ |") for f in known_answers.THEORY.glob("*.md"))
    assert sum(m.judged - m.missed for m in known_answers.played()) >= marks > 100


def test_the_page_counts_its_own_verdicts(program):
    text = program.PAGE.read_text(encoding="utf-8")
    assert "Printed by: python experiments/validation.py" in text
    held, lost = map(int, re.search(r"\*\*(\d+) hold and (\d+) don't\*\*", text).groups())
    assert (text.count(f"| {program.HOLDS} |"), text.count(f"| {program.FAILS} |")) == (held, lost)
    for module in program.bodies().values():
        assert f"\n## {module.TITLE}\n" in text and f"(#{program.anchor(module.TITLE)})" in text
        assert program.kept(module.TITLE).count("\n## ") == 0


def test_a_check_is_one_line(program):
    told = program.line(Check("agreement", 0.95, 0.9412, 0.9584, "0.976 [0.964, 0.983]", "CaSiNo", False))
    assert told == ("agreement", "0.950 [0.941, 0.958]", "0.976 [0.964, 0.983]", "CaSiNo", program.FAILS, "")
    assert program.line(Check("n", 1234.5, None, None, "–", "s", None))[1] == "1,234.50"


def test_an_unknown_name_is_told_what_there_is(program, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["validation.py", "ultimatums"])
    with pytest.raises(SystemExit) as left:
        program.main()
    errors = capsys.readouterr().err
    assert left.value.code == 2 and "no ultimatums; there are: " in errors and "negotiations" in errors


def test_without_data_it_says_so_and_the_page_keeps_what_it_has(program, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DETENTE_DATA", str(tmp_path))
    text, found = program.PAGE.read_text(encoding="utf-8"), program.sections(["ultimatum", "negotiations"])
    errors = capsys.readouterr().err
    assert errors.count("not computed") == 2 and "DETENTE_DATA" in errors
    assert len(found) == len(program.bodies()) > 2
    assert all(section in text and program.HEADS[1] in section for section in found.values())


def test_what_is_not_chosen_is_not_played(program, monkeypatch):
    monkeypatch.setattr(program, "section", lambda module: f"anew: {module.TITLE}")
    played = [title for title, text in program.sections(["ultimatum"]).items() if text.startswith("anew")]
    assert played == [program.FITTED]
