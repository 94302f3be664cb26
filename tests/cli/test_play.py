"""`detente play` as people type it: turns, wishes, mistakes, a seat passed on, a game left and gone on with."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest


class Typed(io.StringIO):
    """Standard input with these lines, then the end of it, or Ctrl-C."""

    def __init__(self, lines, ends):
        super().__init__("".join(f"{line}\n" for line in lines))
        self.ends = ends

    def readline(self, *size):
        line = super().readline(*size)
        if not line and self.ends is KeyboardInterrupt:
            raise KeyboardInterrupt
        return line


@pytest.fixture
def detente(detente, monkeypatch, tmp_path):
    """Types a command and then lines, the last one Ctrl-D (or what is raised)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.report.style.save", lambda figure, folder, name: [folder / f"{name}.png"])

    def type_in(*words, lines=(), ends=EOFError):
        monkeypatch.setattr(sys, "stdin", Typed(lines, ends))
        return detente(*words)

    return type_in


SOLD = ("play", "veto", "--as", "A")
GAME = Path("results/games/veto-A-s1-w0.json")


def test_a_game_from_the_first_turn_to_the_debrief(detente, tmp_path):
    """In a process of its own, with its figure."""
    call = [sys.executable, "-c", "from sim.cli.main import main; main()", *SOLD]
    done = subprocess.run(call, input="1\n", capture_output=True, text=True, encoding="utf-8", cwd=tmp_path)
    out = done.stdout
    assert (done.returncode, done.stderr) == (0, "")
    assert "You are A." in out and "goods fuel" in out and "your value is +0.200" in out
    assert json.loads(GAME.read_text())["finished"] and GAME.with_suffix(".png").exists()
    code, told, _ = detente("explain", GAME)
    assert code == 0 and "Played by hand: A." in told and "A proposes goods fuel" in told
    assert json.loads(detente("explain", GAME, "--json")[1])["seats"] == ["A"]


def test_wishes_are_met_and_the_question_stands(detente):
    _, out, _ = detente(*SOLD, lines=["?", "hint", "why 1", "role", "goods=engines", "all", "1"])
    assert "what the model would do here" in out and "The model would put goods fuel." in out
    assert "Over no deal: income [assumed] +0.200." in out and out.count("You are A.") == 2
    assert "1  goods engines" in out and "your value is +0.200" in out


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nothin", "did you mean 'nothing'?"),
        ("", "can't be read"),
        ("0", "there are 1 to 3"),
        ("99", "there are 1 to 3"),
        ("why x", "is no number"),
        ("goods=tanks", "no level 'tanks'; levels: none, fuel, engines, missiles"),
        ("good=fuel", "did you mean 'goods'?"),
        ("goods=none", "no package"),
        ("undo", "nothing has been decided yet"),
        ("more", "all are listed"),
    ],
)
def test_wrong_input_is_told_and_asked_again(detente, line, told):
    code, out, _ = detente(*SOLD, lines=[line, "1"])
    assert code == 0 and told in out and "your value is +0.200" in out


def test_a_yes_or_no_is_as_forgiving(detente):
    code, out, _ = detente("play", "veto", "--as", "C", lines=["perhaps", "wait", "refuse", "let"])
    assert code == 0 and "neither yes nor no" in out and "this can't wait" in out
    assert "C refuses its consent" in out and "you chose to refuse your consent" in out


@pytest.mark.parametrize("ends", [EOFError, KeyboardInterrupt])
def test_who_stops_can_go_on_with_the_same_command_or_the_record(detente, ends):
    whole = ["n", "1"]
    assert detente("play", "split_the_dollar", "--as", "A", "--record", "whole.json", lines=["nothing", *whole])[0] == 0
    code, _, err = detente(
        "play", "split_the_dollar", "--as", "A", "--record", "game.json", lines=["nothing"], ends=ends
    )
    assert code == 130 and "go on with: detente play game.json" in err
    code, out, _ = detente("play", "game.json", lines=["quit"])
    assert code == 0 and "Going on after 1 decisions" in out
    code, out, _ = detente("play", "split_the_dollar", "--as", "A", "--record", "game.json", lines=whole)
    assert code == 0 and Path("game.json").read_bytes() == Path("whole.json").read_bytes()


def test_undo_takes_a_decision_back(detente):
    _, _, err = detente("play", "split_the_dollar", "--as", "A", lines=["nothing", "undo"])
    assert "saved" in err
    assert json.loads(Path("results/games/split_the_dollar-A-s1-w0.json").read_text())["decisions"] == []


def test_the_seat_is_passed_on(detente):
    _, out, _ = detente("play", "veto", "--as", "A", "--as", "C", lines=["", "1", "", "y"])
    first, second = out.split("Pass the seat to C, and press Enter.")
    assert "Pass the seat to A" in first and "trade, meeting 1" in first and "You are C." in second
    assert "+0.200" not in second.split("In the end")[0]  # what it is worth to A


def test_hard_hides_what_anything_is_worth(detente):
    _, out, _ = detente(*SOLD, "--hard", lines=["hint", "why 1", "goods=fuel"])
    assert "worth" not in out.replace("what anything is worth is hidden", "") and "The model would put" in out
    assert "chance" not in out and json.loads(GAME.read_text())["hard"]


def test_json_asks_nothing(detente):
    found = json.loads(detente(*SOLD, "--json")[1])
    assert found["question"]["kind"] == "propose" and found["question"]["packages"][0]["package"] == {"goods": "fuel"}
    assert not GAME.exists()
    detente(*SOLD, lines=["1"])
    found = json.loads(detente("play", GAME, "--json")[1])
    assert found["debrief"]["seats"]["A"]["value"] == pytest.approx(0.2)


def test_mistakes_are_messages(detente):
    for words, told in (
        (("play", "veto"), "give --as with one of: A, B, C"),
        (("play", "veto", "--as", "D"), "D is no actor; seats: A, B, C"),
        (("play", "veto", "--as", "A", "--as", "A"), "named twice"),
        (("play", "kursk_ceasefire", "--as", "CHN"), "sits at no table"),
        (("play", "screening", "--as", "buyer"), "--set tables.sale.beliefs=naive"),
        (("play", "nowhere.json"), "can't read nowhere.json"),
        (("play", "veta", "--as", "A"), "did you mean 'veto'"),
        (("explain", "nowhere.json"), "can't read"),
    ):
        code, out, err = detente(*words)
        assert (code, out) == (2, "") and told in err, (words, err)


def test_records_that_are_none_or_were_changed_or_are_of_another_game(detente):
    detente("play", "split_the_dollar", "--as", "A", "--record", "game.json", lines=["nothing"])
    there = json.loads(Path("game.json").read_text())
    assert "isn't played to its end" in detente("explain", "game.json")[2]
    code, _, err = detente("play", "split_the_dollar", "--as", "B", "--record", "game.json")
    assert code == 2 and "holds another game; --new replaces it" in err
    assert "go with a scenario" in detente("play", "game.json", "--as", "B")[2]
    changed = there | {"scenario": there["scenario"] | {"text": there["scenario"]["text"] + "\n"}}
    for wrong, told in (
        (changed, "isn't what was played"),
        (there | {"decisions": [True]}, "doesn't fit"),
        (there | {"decisions": 3}, "is not the record"),
        (there | {"seed": "x"}, "is not the record"),
        (there | {"seed": True}, "is not the record"),
        (there | {"stood_in": [len(there["decisions"])]}, "is not the record"),
        (there | {"stood_in": [False]}, "is not the record"),
        (there | {"format": 99}, "was made by"),
        ([], "is not the record"),
    ):
        Path("wrong.json").write_text(json.dumps(wrong))
        code, _, err = detente("play", "wrong.json")
        assert code == 2 and told in err, (wrong, err)
    Path("wrong.json").write_text(json.dumps(there | {"seats": ["A\x1b]0;owned\x07"]}))
    err = detente("play", "wrong.json")[2]
    assert "is no actor" in err and "\x1b" not in err and "\x07" not in err
    Path("wrong.json").write_text("[" * 200_000)
    assert "is not the record" in detente("play", "wrong.json")[2]
    assert detente("play", "split_the_dollar", "--as", "A", "--record", "game.json", "--new", lines=["quit"])[0] == 0
    assert json.loads(Path("game.json").read_text())["decisions"] == []


def test_a_record_is_played_again_for_whoever_marks_it(detente):
    detente(*SOLD, lines=["1"])
    code, out, _ = detente("replay", GAME)
    assert code == 0 and "By your leave (veto)" in out and "What came of it agrees." in out
    assert "A: +0.200, the model +0.200" in out and "1 of 1 decisions as the model's" in out
    there = json.loads(GAME.read_text())
    Path("better.json").write_text(json.dumps(there | {"result": there["result"] | {"value.A": 0.9}}))
    code, out, _ = detente("replay", "better.json")
    assert code == 1 and "value.A was 0.9, is 0.2" in out and "It does not agree." in out
    code, out, _ = detente("replay", "better.json", "--json")
    (found,) = json.loads(out)["games"]
    assert code == 1 and found["differing"] == {"value.A": [0.9, there["result"]["value.A"]]}
    detente(*SOLD, "--record", "mine.json", lines=["nothing", "y"])  # which the model doesn't
    mine = json.loads(Path("mine.json").read_text())
    for who, number in ((mine, 0), (there, 0)):
        Path("blamed.json").write_text(json.dumps(who | {"stood_in": [number]}))
        code, out, _ = detente("replay", "blamed.json")
        assert (code, "stood_in was [0], is []" in out) == ((1, True) if who is mine else (0, False))
    detente(*SOLD, "--set", "actors.B.discount=0.8", "--record", "other.json", lines=["1"])
    assert "not a bundled scenario, or changed" in detente("replay", "other.json")[1]
    assert "1 games" in detente("replay", GAME, "--dry-run")[1]
    Path("half.json").write_text(json.dumps(there | {"decisions": []}))
    assert "isn't played to its end" in detente("replay", "half.json")[2]
    code, out, _ = detente("replay", GAME, "half.json", "better.json", "--csv", "grades.csv")
    with open("grades.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert code == 1 and [(r["seat"], r["same"]) for r in rows] == [("A", "True"), ("", "False"), ("A", "False")]
    assert "played to its end" in rows[1]["error"] and float(rows[0]["value"]) == pytest.approx(0.2)
    assert "apart from runs" in detente("replay", GAME, "results")[2]
