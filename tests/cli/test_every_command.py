"""What every command promises: JSON and nothing else, a dry run that plays nothing, and going on after Ctrl-C."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from sim.cli.main import COMMANDS, cli
from sim.montecarlo.runners import serial

GAME = """\
title: A bridge
period: round
horizon: 2
assumption: a test
actors: {A: {discount: 0.9}, B: {discount: 0.9}}
issues: {bridge: {levels: {none: 0, wood: 0.5, stone: 1}, start: none}}
interests:
  A: [{term: trade, form: linear, of: bridge, weight: {uniform: {low: -0.2, high: 1}}, claims: [P2]}]
  B: [{term: trade, form: linear, of: bridge, weight: {uniform: {low: -1, high: 1}}, claims: [D3, D2]}]
tables: {council: {parties: [A, B], protocol: {alternating_offers: {first: A}}, agenda: [bridge], deadline: 2}}
outcomes: {built: {bridge: {at_least: wood}}}
demo: {vary: {actors.A.discount: [0.5, 0.9]}, outcome: built}
"""
SWEEP = "scenario: bridge.yaml\nvary: {actors.A.discount: [0.5, 0.9]}\nworlds: 20\n"
FEW = ("--worlds", "20", "--processes", "1")
COMPUTE = {  # what computes: a command as it is typed
    "run": ("bridge.yaml", *FEW),
    "compare": ("bridge.yaml", "--set", "actors.A.discount=0.5", *FEW),
    "levers": ("bridge.yaml", "--actor", "A", "--outcome", "built", *FEW),
    "reasons": ("bridge.yaml", "built", *FEW),
    "rivals": ("bridge.yaml", *FEW),
    "stability": ("bridge.yaml", *FEW),
    "demo": ("bridge.yaml", *FEW),
    "sweep": ("mine.yaml", "--processes", "1"),
    "sensitivity": ("bridge.yaml", *FEW),
    "replay": ("results/bridge-s1", "--processes", "1"),
    "report": ("results/bridge-s1", "--processes", "1"),
    "claims": ("bridge.yaml", *FEW, "--flip-worlds", "10"),
}
PRINT = COMPUTE | {
    "explain": ("bridge.yaml",),
    "check": ("bridge.yaml",),
    "export": ("bridge.yaml", "--format", "csv", "-o", "bridge.csv"),
    "list": ("scenarios",),
    "schema": (),
    "play": ("bridge.yaml", "--as", "A"),
}


@pytest.fixture
def detente(detente, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.report.figures.names", list)
    Path("bridge.yaml").write_text(GAME, encoding="utf-8")
    Path("mine.yaml").write_text(SWEEP, encoding="utf-8")
    return detente


def options(name: str) -> set[str]:
    command = cli.get_command(click.Context(cli), name)
    return {o for p in command.params for o in p.opts}


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"init", "schema"}))
def test_what_prints_results_prints_json(name):
    assert "--json" in options(name)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_what_computes_says_beforehand_how_long(name):
    """Whoever takes --processes computes enough for it to matter."""
    assert ("--processes" in options(name)) <= ("--dry-run" in options(name))
    assert ("--out" in options(name)) <= ("--force" in options(name))


@pytest.mark.parametrize("name", PRINT)
def test_json_is_one_document_and_nothing_else(detente, name):
    if name in ("replay", "report"):
        detente("run", *COMPUTE["run"])
    code, out, err = detente(name, *PRINT[name], *["--json"] * (name != "schema"))
    assert (code, err) == (0, "") and json.loads(out)


@pytest.mark.parametrize("name", COMPUTE)
def test_a_dry_run_counts_and_times_and_writes_nothing(detente, name):
    if name in ("replay", "report"):
        detente("run", *COMPUTE["run"])
    before = sorted(Path().rglob("*"))
    code, out, err = detente(name, *COMPUTE[name], "--dry-run")
    assert (code, err) == (0, "") and sorted(Path().rglob("*")) == before
    assert re.search(r"\d.*(worlds|runs|points|changes|flips|replays).*about [\d,]+ s", out), out


@pytest.mark.parametrize("name", ["run", "compare", "levers", "sweep", "claims"])
def test_what_is_stopped_goes_on_with_the_same_command(detente, name, monkeypatch):
    """Ctrl-C once something is finished: it says where that is kept, and the same command ends as if nothing was."""
    whole = detente(name, *COMPUTE[name], "--json", "--out", "whole")[1]
    done = []

    compute = serial.compute

    def stopping(task, pieces):
        for found in compute(task, pieces):
            if len(done) == 2:
                raise KeyboardInterrupt
            done.append(found)
            yield found

    with monkeypatch.context() as patched:
        patched.setattr(serial, "compute", stopping)
        code, _, err = detente(name, *COMPUTE[name], "--out", "partly")
    if name not in ("run", "compare"):  # whose one block each was all there was to do
        assert code == 130 and "the same command goes on" in err and "partly" in err
    again = detente(name, *COMPUTE[name], "--json", "--out", "partly")
    assert again[0] == 0 and again[1].replace('"partly', '"whole') == whole
