"""Runs of many people, replayed and set beside a lesson: a row each, whatever lies in a folder."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.cli.main import main
from sim.marking import marks
from sim.report.marking import grades
from sim.scenario.claims import find_scenario
from sim.scenario.loader import load
from sim.store.folder import write_block

LESSON = "fearon_private_cost"


def played(folder: Path, *sets: str, worlds: int = 20, seed: int = 1, lesson: str = LESSON, **how) -> Path:
    sim.run(find_scenario(lesson), worlds, seed, overrides=sets, out=folder, **how)
    return folder


def said(capsys, *words: object) -> tuple[int, str]:
    with pytest.raises(SystemExit) as exit_:
        main(["replay", *map(str, words), "--processes", "1"])
    caught = capsys.readouterr()
    return exit_.value.code, caught.out + caught.err


@pytest.fixture
def classroom(tmp_path: Path) -> list[Path]:
    """As given; with another cost; a bit changed by hand; half deleted; nothing; somebody's essay."""
    ann, bo, cy = (tmp_path / name for name in ("ann", "bo", "cy"))
    played(ann)
    played(bo, "interests.A.1.weight=0.3", "title==1+1", seed=7)
    played(cy)
    with np.load(cy / "blocks" / "000000.npz") as file:
        columns = {name: file[name] for name in file.files}
    columns["outcome.war"] = ~columns["outcome.war"].astype(bool)
    write_block(cy, 0, columns)
    shutil.copytree(ann, tmp_path / "dee")
    shutil.rmtree(tmp_path / "dee" / "blocks")
    (tmp_path / "eve").mkdir()
    (tmp_path / "essay.txt").write_text("I ran it at home.", encoding="utf-8")
    return [tmp_path / name for name in ("ann", "bo", "cy", "dee", "eve", "essay.txt")]


def test_a_class_is_a_row_each(classroom, tmp_path, capsys):
    book = tmp_path / "grades.csv"
    code, text = said(capsys, *classroom, "--csv", book, "--lesson", LESSON)
    assert code == 1 and "6 runs: 2 agree to the bit, 1 don't, 3 can't be read." in text
    with book.open(encoding="utf-8", newline="") as file:
        rows = {Path(row["folder"]).stem: row for row in csv.DictReader(file)}
    assert [rows[n]["agrees"] for n in rows] == ["yes", "yes", "no", "", "", ""]
    assert [rows[n]["as_given"] for n in rows] == ["yes", "no", "yes", "", "", ""]
    assert rows["bo"]["changed"] == "interests.A.war.weight: 0.4 → 0.3"
    assert (rows["bo"]["seed"], rows["bo"]["worlds"]) == ("7", "20")
    assert rows["cy"]["differs_in"] == "outcome.war"
    wars = sim.run(find_scenario(LESSON), 20).frame["outcome.war"]
    assert rows["ann"]["outcome.war.count"] == str(wars.sum()) and float(rows["ann"]["outcome.war"]) == wars.mean()
    assert float(rows["ann"]["outcome.war.low"]) < wars.mean() < float(rows["ann"]["outcome.war.high"])
    assert "block 0 is missing or damaged" in rows["dee"]["error"]
    assert all("not the folder of a run" in rows[n]["error"] for n in ("eve", "essay"))


def test_a_title_is_no_formula(classroom):
    (row,) = grades(marks([classroom[1]]))
    assert row["title"] == "'=1+1"


def test_a_class_that_did_as_told(classroom, capsys):
    """JSON, and exit code 0; without a lesson nothing is said of changes."""
    code, text = said(capsys, classroom[0], classroom[1], "--json")
    found = json.loads(text)
    assert code == 0 and found["same"] and [r["changed"] for r in found["runs"]] == [None, None]
    assert found["runs"][0]["means"].keys() == {"A", "B"}


def test_a_dry_run_counts_what_can_be_read(classroom, capsys):
    code, text = said(capsys, *classroom, "--dry-run")
    assert code == 0 and text.startswith("6 runs, 3 of which can't be read, 60 worlds: about")


def test_changed_claims_and_ways_of_counting_them_are_seen(tmp_path):
    """What a student's own claims file says, and a source left out, are changes as much as a weight is."""
    lesson = load(find_scenario("roadmap_2017"), ("horizon=2",))
    scenario = tmp_path / "mine" / "roadmap_2017.yaml"
    scenario.parent.mkdir()
    shutil.copy(find_scenario("roadmap_2017"), scenario)
    text = find_scenario("roadmap_2017").with_name("claims.yaml").read_text(encoding="utf-8")
    head, tail = text.split("  T1:", 1)
    scenario.with_name("claims.yaml").write_text(f"{head}  T1:{tail.replace('strength: 0.9', 'strength: 0.1', 1)}")
    sim.run(scenario, 5, overrides=("horizon=2",), out=tmp_path / "run", without_source=("huisken",))
    (row,) = marks([tmp_path / "run"], lesson)
    assert row["agrees"] and [(c["where"], c["two"]) for c in row["changed"]] == [
        ("(without source)", "huisken"),
        ("claims.T1.strength", 0.1),
    ]


@pytest.mark.parametrize(
    ("file", "text"),
    [("manifest.json", "[1]"), ("manifest.json", "{"), ("claims.yaml", "[1]"), ("claims.yaml", "")],
)
def test_whatever_lies_in_a_folder_the_others_are_marked(tmp_path, file, text):
    broken, good = (played(tmp_path / n, worlds=3) for n in ("broken", "good"))
    (broken / file).write_text(text, encoding="utf-8")
    one, two = marks([broken, good])
    assert one["error"] and one["agrees"] is None and two["agrees"] is True


def test_no_worlds_are_no_agreement(tmp_path):
    manifest = played(tmp_path / "run", worlds=3) / "manifest.json"
    document = json.loads(manifest.read_text(encoding="utf-8")) | {"worlds": 0}
    manifest.write_text(json.dumps(document), encoding="utf-8")
    (row,) = marks([tmp_path / "run"])
    assert row["error"] and row["agrees"] is None


def test_rows_are_kept_when_it_is_stopped(classroom, tmp_path, capsys, monkeypatch):
    from sim import marking

    mark = marking._row

    def stopping(folder, *how):
        if folder == classroom[2]:
            raise KeyboardInterrupt
        return mark(folder, *how)

    monkeypatch.setattr(marking, "_row", stopping)
    code, _ = said(capsys, *classroom, "--csv", tmp_path / "grades.csv")
    lines = (tmp_path / "grades.csv").read_text(encoding="utf-8").splitlines()
    assert code == 130 and len(lines) == 3


def test_a_table_that_cannot_be_written_is_told(classroom, tmp_path, capsys):
    code, text = said(capsys, classroom[0], "--csv", tmp_path / "nowhere" / "grades.csv")
    assert code == 2 and "give another --csv" in text
