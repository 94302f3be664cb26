"""The examples that hand our tables to other tools do what they say."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from known_game import GAME

import sim

EXAMPLES = Path(__file__).parents[2] / "experiments" / "examples"


def example(name: str):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_sweep_as_an_xarray_dataset(tmp_path):
    pytest.importorskip("xarray")
    (tmp_path / "game.yaml").write_text(GAME, encoding="utf-8")
    vary = "vary: {interests.B.help.weight: [0.1, 0.3, 0.5], interests.A.wants.weight: [1, 2]}"
    (tmp_path / "mine.yaml").write_text(f"scenario: game.yaml\n{vary}\nworlds: 100\n", encoding="utf-8")
    swept = sim.sweep(tmp_path / "mine.yaml")
    assert list(swept.figures()) == ["sweep_outcome_agreed"]
    dataset = example("sweep_to_xarray").to_dataset(swept)
    assert dataset.sizes == {"interests.B.help.weight": 3, "interests.A.wants.weight": 2}
    for row in swept.rows:
        at = {k: row[k] for k in ("interests.B.help.weight", "interests.A.wants.weight")}
        assert float(dataset["outcome.agreed"].sel(at)) == row["outcome.agreed"]
    assert dataset.attrs == {"worlds": 100, "seed": 1}


def test_a_scenario_handed_to_salib(tmp_path, monkeypatch):
    """In the known game the share is the help itself: its effect is 1 a unit everywhere, the others have none."""
    pytest.importorskip("SALib")
    (tmp_path / "game.yaml").write_text(GAME, encoding="utf-8")
    module = example("scenario_to_salib")
    names = ["interests.B.help.weight", "interests.A.wants.weight", "actors.A.discount"]
    monkeypatch.setattr(module, "PROBLEM", {"num_vars": 3, "names": names, "bounds": [[0, 1], [1, 2], [0.5, 0.9]]})
    found = module.elementary_effects(tmp_path / "game.yaml", "agreed", paths=2, worlds=200)
    assert found["mu_star"].to_list() == pytest.approx([1, 0, 0], abs=0.12)


def test_salib_finds_the_bundled_scenario():
    pytest.importorskip("SALib")
    module = example("scenario_to_salib")
    assert 0 <= module.share([-0.2, -0.25, 0.98], module.SCENARIO, "own_course", 10) <= 1
