"""A run computed again from its folder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.cli.main import main
from sim.scenario.claims import find_scenario
from sim.store.folder import write_block


def said(capsys, *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as exit_:
        main(["replay", *words])
    caught = capsys.readouterr()
    return exit_.value.code, caught.out + caught.err


def test_a_run_is_replayed_to_the_bit_and_any_other_bit_is_seen(tmp_path: Path, capsys):
    folder = tmp_path / "run"
    without = ("huisken",)
    sim.run(find_scenario("kursk_ceasefire"), 30, seed=3, without_source=without, overrides=("horizon=6",), out=folder)
    assert said(capsys, str(folder), "--processes", "1") == (
        0,
        f"{folder}: 30 worlds computed again\nEvery bit agrees.\n",
    )
    block = folder / "blocks" / "000000.npz"
    with np.load(block) as file:
        columns = {name: file[name] for name in file.files}
    columns["value.RUS"][7] = np.nextafter(columns["value.RUS"][7], 1)
    write_block(folder, 0, columns)  # with a checksum that fits
    code, text = said(capsys, str(folder), "--processes", "1", "--json")
    assert code == 1 and json.loads(text)["differing"] == [{"block": 0, "columns": ["value.RUS"]}]


def test_what_is_no_run_is_told(tmp_path: Path, capsys):
    code, text = said(capsys, str(tmp_path))
    assert code == 2 and "not the folder of a run" in text
