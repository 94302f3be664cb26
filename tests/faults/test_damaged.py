"""Blocks and rows with any byte altered or missing: seen, and computed again; folders of another version: refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.cli.main import main
from sim.errors import UserError
from sim.experiment import load_experiment
from sim.runs import explain, open_run, run
from sim.scenario.loader import load
from sim.store.folder import block_file, whole
from sim.store.rows import ROWS
from sim.sweeping import sweep

GAME = """\
title: A quick game
assumption: a test
horizon: 1
actors: {A: {discount: 0.5, resolve: 0}, B: {discount: 0.5, resolve: 0}}
issues: {deal: {levels: {no: 0, yes: 1}, start: no}}
interests:
  A: [{term: wants, form: linear, of: deal, weight: 1}]
  B: [{term: cost, form: linear, of: deal, weight: {uniform: {low: -0.5, high: 0.5}}}]
tables: {talks: {parties: [A, B], protocol: {ultimatum: {by: A}}, agenda: [deal], deadline: 1}}
outcomes: {agreed: {deal: yes}}
"""
EXPERIMENT = "scenario: game.yaml\nvary: {actors.A.discount: {range: [0.1, 0.9]}}\npoints: 6\nworlds: 20\n"
damages = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def here(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "game.yaml").write_text(GAME, encoding="utf-8")
    (folder / "mine.yaml").write_text(EXPERIMENT, encoding="utf-8")
    run(load(folder / "game.yaml"), 300, out=folder / "run")
    sweep(load_experiment(folder / "mine.yaml"), out=folder / "sweep")
    return folder


def altered(data: bytes, damage: list[tuple[float, int]]) -> bytes:
    """Bytes at some shares of the length, each made another."""
    places = {int(share * len(data)): mask for share, mask in damage}
    return bytes(b ^ places.get(k, 0) for k, b in enumerate(data))


@settings(deadline=None)
@given(damages)
def test_no_altered_byte_of_a_block_passes(here, damage):
    file = block_file(here / "run", 0)
    good = file.read_bytes()
    try:
        file.write_bytes(altered(good, damage))
        assert not whole(here / "run", 0, 300)
    finally:
        file.write_bytes(good)
    assert whole(here / "run", 0, 300)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.binary(max_size=8))
def test_no_shorter_or_longer_block_passes(here, length, more):
    file = block_file(here / "run", 0)
    good = file.read_bytes()
    wrong = good[: length % len(good)] + more
    try:
        file.write_bytes(wrong)
        assert not whole(here / "run", 0, 300)
        file.write_bytes(good + more)
        assert whole(here / "run", 0, 300) == (not more)
    finally:
        file.write_bytes(good)


@settings(max_examples=10, deadline=None)
@given(damages)
def test_an_altered_block_is_told_and_computed_again_to_the_bit(here, damage):
    file, game = block_file(here / "run", 0), load(here / "game.yaml")
    good = file.read_bytes()
    file.write_bytes(altered(good, damage))
    with pytest.raises(UserError, match="block 0 is missing or damaged; the same `detente run` mends it"):
        open_run(here / "run")
    run(game, 300, out=here / "run")
    assert file.read_bytes() == good


@settings(max_examples=10, deadline=None)
@given(damages)
def test_altered_rows_are_played_again(here, damage):
    folder, played = here / "sweep", []
    kept, points = (folder / ROWS).read_bytes(), (folder / "points.csv").read_bytes()
    (folder / ROWS).write_bytes(altered(kept, damage))
    sweep(load_experiment(here / "mine.yaml"), out=folder, progress=lambda done, of: played.append(done))
    assert played[0] < 6 and (folder / "points.csv").read_bytes() == points
    assert sorted((folder / ROWS).read_bytes().splitlines()) == sorted(kept.splitlines())


def test_an_altered_blank_is_seen_too(here):
    """A tab for a blank says the same, but is not what was written."""
    folder, played = here / "sweep", []
    kept = (folder / ROWS).read_bytes()
    (folder / ROWS).write_bytes(kept.replace(b" ", b"\t", 1))
    sweep(load_experiment(here / "mine.yaml"), out=folder, progress=lambda done, of: played.append(done))
    assert played[0] == 5 and sorted((folder / ROWS).read_bytes().splitlines()) == sorted(kept.splitlines())


def test_an_altered_scenario_in_the_folder_is_told(here, tmp_path):
    run(load(here / "game.yaml"), 20, out=tmp_path / "run")
    (tmp_path / "run" / "scenario.yaml").write_text(GAME.replace("0.5", "0.6"), encoding="utf-8")
    with pytest.raises(UserError, match="isn't what the run played"):
        open_run(tmp_path / "run")


@pytest.mark.parametrize("what", ["run", "sweep"])
def test_a_folder_of_another_form_is_refused_with_advice(here, tmp_path, what, capsys, monkeypatch):
    monkeypatch.setattr("sim.report.figures.names", list)  # drawing takes longer than all the rest
    folder, manifest = tmp_path / "old", tmp_path / "old" / "manifest.json"
    file = here / ("game.yaml" if what == "run" else "mine.yaml")
    more = ("--worlds", "20") if what == "run" else ()

    def typed(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as stopped:
            main([what, str(file), "--out", str(folder), "--processes", "1", "--json", *more, *words])
        return stopped.value.code, capsys.readouterr().err

    assert typed() == (0, "")
    older = json.loads(manifest.read_text(encoding="utf-8")) | {"format": 2, "version": "0.0.9"}
    manifest.write_text(json.dumps(older), encoding="utf-8")
    code, err = typed()
    assert code == 2 and "was made by détente 0.0.9 in form 2" in err and "--force" in err
    if what == "run":
        for read in (open_run, explain):
            with pytest.raises(UserError, match=r"détente 0\.0\.9"):
                read(folder)
    assert typed("--force") == (0, "")
    assert typed() == (0, "")
