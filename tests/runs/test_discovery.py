"""Scenario discovery: a box that is known by construction is found, and counted in points that it wasn't found from."""

from __future__ import annotations

import builtins
import json

import numpy as np
import pandas as pd
import pytest

from sim.cli.main import main
from sim.discovery import discover, within
from sim.errors import UserError

HELP, WANTS, KIND = "interests.B.help.weight", "interests.A.wants.weight", "tables.talks.protocol"


@pytest.fixture
def folder(tmp_path):
    """A sweep's folder in which `agreed` is likely exactly where help > .6, wants < .5 and the kind is x."""
    rng = np.random.default_rng(1)
    points = pd.DataFrame({HELP: rng.random(600), WANTS: rng.random(600), KIND: rng.choice(["x", "y", "z"], 600)})
    likely = (points[HELP] > 0.6) & (points[WANTS] < 0.5) & (points[KIND] == "x")
    points = points.assign(**{"outcome.agreed": 0.2 + 0.6 * likely, "outcome.agreed.low": 0, "outcome.agreed.high": 1})
    points.to_csv(tmp_path / "points.csv", index=False)
    about = {"varied": [HELP, WANTS, KIND], "labels": {HELP: "help"}, "worlds": 10, "seed": 1, "experiment": "known"}
    (tmp_path / "sweep.json").write_text(json.dumps(about), encoding="utf-8")
    return tmp_path


def test_a_known_box_is_found(folder):
    pytest.importorskip("ema_workbench")
    box = discover(folder, "agreed")
    found = box.document
    assert box.frame["field"].to_list() == list(found["limits"]) and box.figure().axes
    assert found["limits"][HELP][0] == pytest.approx(0.6, abs=0.1)
    assert found["limits"][WANTS][1] == pytest.approx(0.5, abs=0.1)
    assert found["limits"][KIND] == ["x"]
    assert found["density"]["share"] > 0.8 and found["coverage"]["share"] > 0.8
    points = pd.read_csv(folder / "points.csv")
    inside, likely = within(points, found["limits"]), points["outcome.agreed"] >= 0.5
    assert found["density"]["of"] < inside.sum() and found["coverage"]["of"] < likely.sum()  # the other half only
    assert found["density"]["count"] == found["coverage"]["count"] <= (inside & likely).sum()
    assert found["base"]["of"] == 300


def test_the_command(folder, capsys):
    pytest.importorskip("ema_workbench")
    for words, told in ((("--json",), '"coverage"'), ((), "above 0.")):
        with pytest.raises(SystemExit) as exit_:
            main(["discover", str(folder), "agreed", *words])
        assert exit_.value.code == 0 and told in capsys.readouterr().out
    assert (folder / "box_outcome_agreed.png").is_file()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("sweep.json", "{"),
        ("sweep.json", "[]"),
        ("sweep.json", '{"varied": ["gone"]}'),
        ("points.csv", ""),
        ("points.csv", "a,b\n1"),
    ],
)
def test_damaged_files_are_named(folder, file, text):
    (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match="isn't as it was written; compute them again"):
        discover(folder, "agreed")


def test_a_measure_is_a_number(folder):
    points = pd.read_csv(folder / "points.csv").astype({"outcome.agreed": str})
    points.loc[0, "outcome.agreed"] = "many"
    points.to_csv(folder / "points.csv", index=False)
    with pytest.raises(UserError, match="no outcome 'agreed'"):
        discover(folder, "agreed")


def test_no_box_is_made_of_chance(folder):
    """An outcome that hangs on nothing: any box of it holds no more of it than all points do."""
    pytest.importorskip("ema_workbench")
    points = pd.read_csv(folder / "points.csv")
    points["outcome.agreed"] = np.random.default_rng(2).random(len(points)) < 0.3
    points.to_csv(folder / "points.csv", index=False)
    found = discover(folder, "agreed").document
    assert found["density"]["low"] <= found["base"]["share"] <= found["density"]["high"]


@pytest.mark.parametrize(
    ("outcome", "above", "told"),
    [("agred", 0.5, "did you mean 'agreed'"), ("agreed", 0.1, "choose another --above"), ("agreed", 0.9, "0 of 300")],
)
def test_mistakes_are_told_with_what_to_do(folder, outcome, above, told):
    with pytest.raises(UserError, match=told):
        discover(folder, outcome, above)


def test_a_folder_without_points(tmp_path):
    with pytest.raises(UserError, match="detente sweep"):
        discover(tmp_path, "agreed")


def test_without_the_workbench_it_says_what_to_install(folder, monkeypatch):
    there = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("ema_workbench"):
            raise ImportError(name)
        return there(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UserError, match=r"pip install 'detente\[ema\]'"):
        discover(folder, "agreed")
