"""Sweeps: which points a design has, what a row holds, and that nothing finished is lost."""

from __future__ import annotations

import json

import numpy as np
import pytest
from known_game import GAME

import sim
from sim.cli.main import main
from sim.errors import ScenarioError, UserError
from sim.experiment import load_experiment
from sim.store.rows import ROWS
from sim.sweeping import sweep

HELP, WANTS, PATIENCE = "interests.B.help.weight", "interests.A.wants.weight", "actors.A.discount"


@pytest.fixture
def experiment(tmp_path):
    (tmp_path / "game.yaml").write_text(GAME, encoding="utf-8")

    def written(text: str):
        path = tmp_path / "mine.yaml"
        path.write_text(f"scenario: game.yaml\n{text}\n", encoding="utf-8")
        return path

    return written


def points(path) -> list[dict]:
    return load_experiment(path).points


def test_a_grid_has_every_combination(experiment):
    found = points(experiment(f"vary: {{{HELP}: {{range: [0, 1]}}, {PATIENCE}: [0.5, 0.9]}}\npoints: 5"))
    assert [p[HELP] for p in found[::2]] == [0, 0.25, 0.5, 0.75, 1] and len(found) == 10
    law = points(experiment(f"vary: {{{HELP}: {{triangular: {{low: 0, mode: 1, high: 1}}}}}}\npoints: 2"))
    assert [p[HELP] for p in law] == pytest.approx([0.25**0.5, 0.75**0.5])  # its quantiles


@pytest.mark.parametrize("design", ["lhs", "sobol"])
def test_a_sampled_design_fills_every_stratum(experiment, design):
    text = f"vary: {{{HELP}: {{range: [0, 1]}}, {PATIENCE}: [0.5, 0.6, 0.7, 0.9]}}\ndesign: {design}\npoints: 16"
    found = points(experiment(text))
    assert sorted(int(16 * p[HELP]) for p in found) == list(range(16))
    assert all([p[PATIENCE] for p in found].count(v) == 4 for v in (0.5, 0.6, 0.7, 0.9))
    assert found == points(experiment(text)) and found != points(experiment(f"{text}\nseed: 2"))


def test_points_may_come_from_a_file(experiment, tmp_path):
    (tmp_path / "p.csv").write_text(f"{HELP},{PATIENCE}\n0.1,0.5\n0.3,0.75\n", encoding="utf-8")
    assert points(experiment("design: {points: p.csv}")) == [{HELP: 0.1, PATIENCE: 0.5}, {HELP: 0.3, PATIENCE: 0.75}]


def test_rows_hold_what_a_run_of_that_point_gives(experiment):
    """B signs where its cost is below the help, so in a share of worlds that is the help itself."""
    path = experiment(f"vary: {{{HELP}: [0, 0.25, 0.5]}}\nworlds: 1000\nmeasure: [outcomes, values, deals]")
    rows = sweep(load_experiment(path)).rows
    for row in rows:
        assert row["outcome.agreed.low"] <= row[HELP] <= row["outcome.agreed.high"]
        run = sim.run(path.parent / "game.yaml", 1000, overrides=(f"{HELP}={row[HELP]}",))
        assert row["outcome.agreed"] == row["deal.talks"] == run.document["outcomes"]["agreed"]["probability"]
        values = run.document["values"]["A"]
        assert row["value.A"] == values["mean"] and row["value.A.low"] <= values["mean"] <= row["value.A.high"]


def test_an_interrupted_sweep_goes_on_and_ends_the_same(experiment, tmp_path):
    path = load_experiment(experiment(f"vary: {{{HELP}: {{range: [0, 1]}}}}\nworlds: 50"))
    whole = sweep(path, out=tmp_path / "whole")
    sweep(path, out=tmp_path / "torn")
    kept = (tmp_path / "torn" / ROWS).read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "torn" / ROWS).write_text("".join(kept[:4]) + kept[4][:20], encoding="utf-8")
    seen: list[int] = []
    again = sweep(path, out=tmp_path / "torn", progress=lambda done, of: seen.append(done))
    assert again.rows == whole.rows
    assert seen[0] == 4
    for name in ("points.csv", "sweep.json"):
        assert (tmp_path / "torn" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    other = load_experiment(experiment(f"vary: {{{HELP}: {{range: [0, 1]}}}}\nworlds: 60"))
    with pytest.raises(UserError, match="another text of the experiment"):
        sweep(other, out=tmp_path / "torn")
    assert sweep(other, out=tmp_path / "torn", force=True).rows == sweep(other).rows


@pytest.mark.slow
def test_processes_change_nothing(experiment):
    path = load_experiment(experiment(f"vary: {{{HELP}: [0.2, 0.4]}}\nworlds: 20"))
    assert sweep(path, processes=2).rows == sweep(path).rows


def test_a_point_that_makes_no_scenario_says_so_and_the_others_stand(experiment, tmp_path):
    (tmp_path / "p.csv").write_text(f"{PATIENCE}\n0.5\n1.5\n0.7\n0.4\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"must stay within \[0, 1"):  # an end of what is varied: seen at once
        sweep(load_experiment(experiment("design: {points: p.csv}\nworlds: 10")))
    law = "interests.B.cost.weight.uniform"  # low may not exceed high: one corner of four
    path = experiment(f"vary: {{{law}.high: [0, -0.8], {law}.low: [-1, -0.5]}}\nworlds: 10")
    found = sweep(path).rows
    assert ["error" in row for row in found] == [False, False, False, True]
    assert "must not exceed high" in found[3]["error"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("varry: {}", "did you mean 'vary'"),
        (f"vary: {{{HELP}: 3}}", "what may it be"),
        (f"vary: {{{HELP}: {{range: [1]}}}}", "a range is"),
        (f"vary: {{{HELP}: [0, 1]}}\ndesign: sobol", "needs `points:`"),
        (f"vary: {{{HELP}: [0, 1]}}\ndesign: sobol\npoints: 100", "64 and 128"),
        ("worlds: 3", "nothing is varied"),
        ("design: {points: none.csv}", "can't be read"),
    ],
)
def test_mistakes_are_told_with_what_to_do(experiment, text, said):
    with pytest.raises(UserError) as error:
        load_experiment(experiment(text))
    assert said in str(error.value)


def test_a_field_that_is_not_there_is_told(experiment):
    with pytest.raises(ScenarioError, match="did you mean 'help'"):
        sweep(load_experiment(experiment("vary: {interests.B.helo.weight: [0, 1]}")))


@pytest.mark.parametrize(
    ("varied", "figures"),
    [
        (f"{HELP}: [0, 0.5]", {"sweep.png"}),
        (f"{HELP}: [0, 0.3, 0.5], {PATIENCE}: [0.1, 0.5, 0.9]", {"sweep_outcome_agreed.png"}),
        (f"{HELP}: [0, 0.5], {PATIENCE}: [0.5, 0.9], {WANTS}: [1, 2]", {"sweep_outcome_agreed.png"}),
    ],
)
def test_the_command_writes_rows_and_figures(experiment, varied, figures, tmp_path, capsys, monkeypatch):
    path = experiment(f"vary: {{{varied}}}\nworlds: 20")
    monkeypatch.chdir(tmp_path)

    def said(*words: str) -> str:
        with pytest.raises(SystemExit) as exit_:
            main(["sweep", str(path), "--processes", "1", *words])
        assert exit_.value.code == 0
        return capsys.readouterr().out

    assert "points of 20 worlds: about" in said("--dry-run") and not (tmp_path / "results").exists()
    assert "Least and greatest" in said()
    folder = tmp_path / "results" / "sweep-mine"
    assert figures <= {p.name for p in folder.glob("*.png")}
    rows = json.loads(said("--json"))["rows"]
    assert len((folder / "points.csv").read_text(encoding="utf-8").splitlines()) == len(rows) + 1
    assert np.ptp([r["outcome.agreed"] for r in rows]) > 0


def test_from_python_a_file_gives_a_table_and_figures(experiment):
    swept = sim.sweep(experiment(f"vary: {{{HELP}: [0, 0.5]}}\nworlds: 20"))
    assert swept.frame["point"].to_list() == [0, 1] and list(swept.figures()) == ["sweep"]
    assert swept.rows == swept.document["rows"] == sweep(swept.experiment).rows
