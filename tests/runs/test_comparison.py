"""Two runs side by side, where what differs is known by construction."""

from __future__ import annotations

import json

import pytest
from known_game import GAME

from sim.cli.main import main
from sim.comparison import compare, differing
from sim.errors import UserError
from sim.runs import run
from sim.scenario.loader import load, loads

WORLDS = 1000


def played(*sets: str, text: str = GAME, seed: int = 1, worlds: int = WORLDS):
    return run(loads(text, overrides=sets), worlds, seed)


def row(report, name: str) -> dict:
    return next(r for r in report["differences"] if r["name"] == name)


def test_the_same_twice_differs_in_nothing():
    """So far as this many worlds can tell: of an outcome that flips in none of n, a share of about 1/n may."""
    report = compare(played(), played()).document
    assert report["assumptions"] == []
    assert all(r["estimate"] == r["up"] == r["down"] == 0 and not r["found"] for r in report["differences"])
    for r in report["differences"]:
        assert r["low"] == -r["high"] and (r["kind"] == "value" or 1 / WORLDS < r["high"] < 5 / WORLDS)


def test_a_known_difference_is_found_world_by_world():
    """B signs where its cost is below the help: in a quarter of worlds, then in half, and those of the quarter stay."""
    found = row(compare(played(), played("interests.B.help.weight=0.5")).document, "agreed")
    assert found["low"] <= 0.25 <= found["high"] and found["found"]
    assert found["down"] == 0 and found["up"] == round(WORLDS * (found["two"] - found["one"]))


def test_more_worlds_on_one_side_are_left_out():
    report = compare(played(worlds=300), played("interests.B.help.weight=0.5")).document
    assert report["worlds"] == 300 and row(report, "agreed")["one"] == played(worlds=300).frame["outcome.agreed"].mean()


def test_worlds_of_other_seeds_are_not_the_same_worlds():
    with pytest.raises(UserError, match="seeds 1 and 2"):
        compare(played(worlds=10), played(worlds=10, seed=2))


def test_what_only_one_has_is_named():
    more = GAME.replace("outcomes: {agreed: {deal: yes}}", "outcomes: {agreed: {deal: yes}, failed: {deal: no}}")
    report = compare(played(worlds=10), played(worlds=10, text=more)).document
    assert report["only_in"] == [[], ["failed"]]
    assert report["assumptions"] == [{"where": "outcomes.failed", "one": None, "two": {"deal": "no"}}]


def test_terms_are_found_by_name():
    a = {"interests": {"A": [{"term": "x", "weight": 1}, {"term": "y", "weight": 2}]}, "title": "a"}
    b = {"interests": {"A": [{"term": "y", "weight": 3}, {"term": "x", "weight": 1}]}, "title": "b"}
    assert differing(a, b) == [{"where": "interests.A.y.weight", "one": 2, "two": 3}]


def test_the_command_sets_files_variants_and_runs_side_by_side(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "game.yaml").write_text(GAME, encoding="utf-8")

    def said(*words: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as exit_:
            main(["compare", *words])
        out, err = capsys.readouterr()
        assert exit_.value.code == code, err
        return out + err

    change = ("--set", "interests.B.help.weight=0.5")
    text = said("game.yaml", *change, "--worlds", "200")
    assert "interests.B.help.weight: 0.25 → 0.5" in text and "worlds gain it" in text
    (folder,) = (tmp_path / "results").glob("compare-game-changed-*-s1")
    assert (folder / "compare.png").stat().st_size > 10_000
    document = json.loads(said("game.yaml", *change, "--worlds", "200", "--json"))  # goes on from what is there
    assert document == json.loads((folder / "compare.json").read_text(encoding="utf-8"))
    again = json.loads(said(str(folder / "one"), str(folder / "two"), "--json"))  # two runs that are there
    assert again["differences"] == document["differences"]
    assert "2 runs of 2,000 worlds" in said("game.yaml", *change, "--dry-run")
    assert "compare with what?" in said("game.yaml", code=2)
    assert "not the folder of a run" in said(str(tmp_path), *change, code=2)


@pytest.mark.slow
def test_tables_in_another_order_are_told(scenarios):
    one, two = (
        run(load(scenarios / "kursk_ceasefire.yaml", sets), 2)
        for sets in ((), ["tables=[arms_for_aid, ceasefire_talks]"])
    )
    told = compare(one, two).document["assumptions"]
    assert [r["where"] for r in told] == ["tables (who meets first)"] and told[0]["two"].startswith("arms_for_aid")
