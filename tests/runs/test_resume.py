"""A run in a folder: interrupted, damaged, extended, of another scenario, or not a run at all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.errors import UserError
from sim.runs import run
from sim.scenario.loader import load, loads
from sim.store.folder import block_file, to_json, whole

TEXT = """\
title: A short run
assumption: a test
horizon: 3
actors: {A: {discount: 0.9}, B: {discount: 0.9}}
issues: {deal: {levels: {no: 0, half: 0.5, yes: 1}, start: no}}
interests:
  A: [{term: deal, form: linear, of: deal, weight: {uniform: {low: -0.5, high: 1}}, claims: [P2]}]
  B: [{term: deal, form: ideal, of: deal, at: 0.5, weight: {uniform: {low: 0, high: 1}}}]
tables: {talks: {parties: [A, B], protocol: {alternating_offers: {first: A}}, agenda: [deal]}}
outcomes: {agreed: {deal: {at_least: half}}}
"""
WORLDS = 2300


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.report.figures.names", list)  # drawing takes longer than all the rest
    (tmp_path / "short.yaml").write_text(TEXT, encoding="utf-8")
    return tmp_path / "out"


def command(folder: Path, *more: str, worlds: int = WORLDS) -> list[str]:
    return ["run", "short.yaml", "--worlds", str(worlds), "--processes", "1", "--out", str(folder), *more]


def stamps(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {f.name: (f.stat().st_mtime_ns, f.read_bytes()) for f in sorted((folder / "blocks").iterdir())}


def test_what_is_missing_is_computed_and_nothing_that_is_whole(folder, detente):
    code, _, err = detente(*command(folder))
    assert (code, err) == (0, "")
    summary, worlds = (folder / "summary.json").read_bytes(), (folder / "worlds.csv").read_bytes()
    before = stamps(folder)
    block_file(folder, 1).unlink()
    (folder / "summary.json").unlink()
    assert detente(*command(folder))[0] == 0
    after = stamps(folder)
    assert list(after) == ["000000.npz", "000001.npz", "000002.npz"]
    assert all(after[b] == before[b] for b in ("000000.npz", "000002.npz"))
    assert (folder / "summary.json").read_bytes() == summary and (folder / "worlds.csv").read_bytes() == worlds


@pytest.mark.parametrize("keep", [0, 1, 100, -1])
def test_a_truncated_block_is_computed_again(folder, detente, keep):
    assert detente(*command(folder))[0] == 0
    summary, file = (folder / "summary.json").read_bytes(), block_file(folder, 2)
    data = file.read_bytes()
    file.write_bytes(data[: len(data) + keep if keep < 0 else keep])
    assert not whole(folder, 2, 300)
    first = stamps(folder)["000000.npz"]
    assert detente(*command(folder))[0] == 0
    assert (folder / "summary.json").read_bytes() == summary
    assert stamps(folder)["000000.npz"] == first and whole(folder, 2, 300)


def test_a_damaged_block_is_computed_again(folder, detente):
    """Some bytes wrong anywhere in the columns."""
    assert detente(*command(folder))[0] == 0
    summary, file = (folder / "summary.json").read_bytes(), block_file(folder, 1)
    good = file.read_bytes()
    for place in (0.2, 0.3, 0.5, 0.7):
        at = int(len(good) * place)
        file.write_bytes(good[:at] + bytes(b ^ 0xFF for b in good[at : at + 20]) + good[at + 20 :])
        assert detente(*command(folder))[0] == 0
        assert (folder / "summary.json").read_bytes() == summary
        assert whole(folder, 1, 1000)


def test_a_half_written_block_is_no_block(folder, detente):
    folder.mkdir()
    (folder / "blocks").mkdir()
    assert detente(*command(folder, "--force"))[0] == 0
    leftover = folder / "blocks" / "000001.4711.tmp"
    leftover.write_bytes(b"half")
    assert detente(*command(folder))[0] == 0
    assert not leftover.exists()


def test_more_worlds_extend_the_run(folder, detente):
    assert detente(*command(folder, worlds=2000))[0] == 0
    before = stamps(folder)
    assert detente(*command(folder))[0] == 0
    after = stamps(folder)
    assert all(after[b] == before[b] for b in before) and len(after) == 3
    assert detente(*command(folder.parent / "fresh"))[0] == 0
    assert (folder / "summary.json").read_bytes() == (folder.parent / "fresh" / "summary.json").read_bytes()


def test_fewer_worlds_are_the_first_ones(folder, detente):
    assert detente(*command(folder))[0] == 0
    before = stamps(folder)
    assert detente(*command(folder, worlds=1500))[0] == 0
    assert stamps(folder) == before
    assert json.loads((folder / "summary.json").read_text(encoding="utf-8"))["worlds"] == 1500


OTHERS = {
    "seed": ("--seed", "2"),
    "scenario": ("--set", "horizon=4"),
    "options": ("--claims", "all"),
    "source": ("--without-source", "pietrewicz"),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_another_run_is_not_overwritten_without_force(folder, detente, other):
    assert detente(*command(folder, worlds=50))[0] == 0
    before, summary = stamps(folder), (folder / "summary.json").read_bytes()
    code, out, err = detente(*command(folder, *other, worlds=50))
    assert (code, out) == (2, "") and "another run" in err and "--force" in err
    assert stamps(folder) == before and (folder / "summary.json").read_bytes() == summary
    assert detente(*command(folder, *other, "--force", worlds=50))[0] == 0
    assert stamps(folder) != before
    assert (folder / "scenario.yaml").read_text(encoding="utf-8").startswith("title: A short run")


def test_a_changed_file_is_another_run(folder, detente):
    assert detente(*command(folder, worlds=50))[0] == 0
    Path("short.yaml").write_text(TEXT.replace("0.9}, B", "0.8}, B"), encoding="utf-8")
    assert detente(*command(folder, worlds=50))[0] == 2


@pytest.mark.parametrize("force", [(), ("--force",)], ids=["", "force"])
@pytest.mark.parametrize("names", [("thesis.docx",), ("manifest.json", "thesis.docx"), ("blocks", "photo.png")])
def test_a_folder_of_other_files_is_never_deleted(folder, detente, names, force):
    folder.mkdir()
    for name in names:
        (folder / name).write_text("mine", encoding="utf-8")
    code, out, err = detente(*command(folder, *force, worlds=20))
    assert (code, out) == (2, "") and str(folder) in err
    assert {f.name for f in folder.iterdir()} == set(names)
    assert all((folder / name).read_text(encoding="utf-8") == "mine" for name in names)


def test_replacing_a_run_keeps_what_else_lies_there(folder, detente):
    assert detente(*command(folder, worlds=20))[0] == 0
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    assert detente(*command(folder, "--seed", "9", "--force", worlds=20))[0] == 0
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_a_file(folder, detente):
    folder.write_text("mine", encoding="utf-8")
    code, _, err = detente(*command(folder, worlds=20))
    assert code == 2 and str(folder) in err and folder.read_text(encoding="utf-8") == "mine"


def test_in_python_too(tmp_path):
    loaded = loads(TEXT)
    first = run(loaded, 1200, out=tmp_path / "out")
    with pytest.raises(UserError, match="another run"):
        run(loaded, 1200, 5, out=tmp_path / "out")
    assert run(loaded, 1200).document == first.document


def heard() -> None:
    """Ctrl-C is heard, even where the tests run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_stopped_by_ctrl_c_it_goes_on_from_the_finished_blocks(tmp_path, scenarios):
    """A real process, stopped in the middle; then the same command again."""
    less = ["horizon=2", "tables.ceasefire_talks.lookahead=2", "tables.arms_for_aid.lookahead=2"]
    small = [word for field in less for word in ("--set", field)]
    file = scenarios / "kursk_ceasefire.yaml"
    words = ["run", str(file), "--worlds", "2500", "--processes", "1", *small]
    detente = [sys.executable, "-c", "from sim.cli.main import main; main()"]
    folder = tmp_path / "stopped"
    process = subprocess.Popen(
        [*detente, *words, "--out", str(folder)], stderr=subprocess.PIPE, text=True, preexec_fn=heard
    )
    deadline = time.monotonic() + 120
    while not block_file(folder, 0).exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGINT)
    err = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert "Traceback" not in err and str(folder) in err and "same command" in err
    before = stamps(folder)
    assert 1 <= len(before) < 3 and not (folder / "summary.json").exists()
    again = [*detente, *words, "--out", str(folder), "--json"]
    printed = subprocess.run(again, capture_output=True, timeout=240, check=True).stdout
    after = stamps(folder)
    assert len(after) == 3 and all(after[b] == before[b] for b in before)
    uninterrupted = to_json(run(load(file, less), 2500).document).encode()
    assert (folder / "summary.json").read_bytes() == printed == uninterrupted


def test_a_run_to_a_precision_goes_on_until_it_has_it(folder, detente):
    """And is then the same run as one of so many worlds from the start."""
    assert detente(*command(folder, "--precision", "0.03", worlds=100))[0] == 0
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["worlds"] > 1000 and summary["worlds"] % 1000 == 0
    assert all(o["high"] - o["low"] <= 0.03 for o in summary["outcomes"].values())
    assert run(load("short.yaml"), summary["worlds"]).document["outcomes"] == summary["outcomes"]
    code, _, err = detente(*command(folder, "--precision", "0"))
    assert code == 2 and "a precision lies above 0" in err
