"""What once went wrong, or nearly, stays right: every kept input loads or is refused with its place; and the fuzzer
itself sees what it is to see."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import fuzz
import pytest
from from_schema import Drawn
from judging import GAME, MEGABYTES, SECONDS, Hang, judge, limited, play
from mutating import bent, large, scribbled, write

from sim.scenario.reading import read
from sim.scenario.schema import Scenario

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.yaml"))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "game.yaml").write_text(GAME, encoding="utf-8")
    (tmp_path / "claims.yaml").write_text("sources: {}\nclaims: {}\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("kept", CORPUS, ids=lambda p: p.stem)
def test_a_kept_input_loads_or_is_refused_with_its_place(kept, folder):
    found = judge(kept.read_bytes(), folder / "f.yaml", kept.stem.startswith("experiment"))
    assert not found.fault
    if kept.stem.startswith("scenario_played"):
        assert found.scenario is not None and not play(found.scenario)


def many(text: str, times: int, between: str = ", ") -> str:
    return between.join(text.replace("#", str(k)) for k in range(times))


ISSUE = "d: {levels: {no: 0, some: 0.5, yes: 1}, start: no}"
TABLE = "talks: {parties: [A, B], protocol: {ultimatum: {by: A}}, agenda: [d], deadline: 1}"
LARGE = {  # files that took seconds or a gigabyte once; made here, as they are too long to keep
    "values": "a: [" + "1," * 490_000 + "]",
    "a name longer than a page": GAME.replace("by: A", f"by: {'x' * 270_000}"),
    "a key many times": "k: 1\n" * 190_000,
    "no name of the file's": GAME + f"report: [{many('q#', 9_000)}]",
    "no name of its many": GAME.replace(ISSUE, many("i#: {levels: {a: 0}, start: a}", 2_000))
    + f"report: [{many('j#', 4_000)}]",
    "levels of many issues": GAME.replace(ISSUE, many("i#: {levels: {from: 0, to: 1, steps: 100001}, start: 0}", 40)),
    "no level of very many": GAME.replace(ISSUE, "d: {levels: {from: 0, to: 1, steps: 100000}, start: 0}")
    + f"events: {{{many('e#: {at: 1, sets: {d: 0.#1234567}}', 2_500)}}}",
    "a level by its number": GAME.replace(ISSUE, "d: {levels: {from: 0, to: 1, steps: 100000}, start: 0}")
    + f"events: {{{many('e#: {at: 1, sets: {d: 1}}', 2_500)}}}",
    "conditions on many packages": GAME.replace(
        ISSUE, many("i#: {levels: {a: 0, b: 0.3, c: 0.6, d: 1}, start: a}", 8)
    ).replace(
        "agenda: [d]", f"agenda: [{many('i#', 8)}], require: {{any: [{many('{i1: b, i2: c}', 500)}], i3: {{below: a}}}}"
    ),
    "tables in a circle": GAME.replace(
        TABLE, many("t#: {parties: [A, B], protocol: simultaneous, agenda: [d], foresees: [t#, t#1, t1, t2]}", 900)
    ),
    "directives": many("%TAG !a#! !b", 20_000, "\n") + "\n--- a",
    "aliases of aliases": "".join(f"a{k}: &a{k} [{', '.join([f'*a{k - 1}' if k else '1'] * 10)}]\n" for k in range(12)),
}


@pytest.mark.slow
@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_a_large_file_is_refused_soon(text, folder):
    found = judge(text.encode(), folder / "f.yaml")
    assert not found.fault and not found.loaded and found.seconds < SECONDS


@pytest.mark.parametrize(
    "plan",
    [
        "vary: {a: {range: [0, 1]}}\npoints: 1000000000000000\n",
        "vary: {a: {range: [0, 1]}, b: {range: [0, 1]}}\ndesign: sobol\npoints: 1099511627776\n",
        "vary: {a: {range: [0, 1]}}\ndesign: lhs\npoints: 999999999\n",
        "vary: {" + ", ".join(f"p{k}: {{range: [0, 1]}}" for k in range(40)) + "}\n",
        "design: {points: /dev/zero}\n",
        "design: {points: .}\n",
    ],
    ids=["grid", "sobol", "lhs", "product", "device", "folder"],
)
def test_a_design_beyond_all_machines_is_refused_at_its_place(plan, folder):
    found = judge(f"scenario: game.yaml\n{plan}".encode(), folder / "f.yaml", experiment=True)
    assert not found.fault and not found.loaded and found.seconds < SECONDS


def test_a_design_just_below_the_limit_is_laid_out(folder):
    from sim.experiment import load_experiment

    (folder / "f.yaml").write_text("scenario: game.yaml\nvary: {a: {range: [0, 1]}}\npoints: 5000\n")
    assert len(load_experiment(folder / "f.yaml").points) == 5000


def test_the_judge_sees_what_must_not_happen(folder, monkeypatch):
    """A crash, a hang, a gigabyte, a refusal without a place."""
    import judging

    from sim.errors import Problem, ScenarioError, UserError

    def spin(*_):
        while True:
            pass

    def refuse(line: int):
        raise ScenarioError([Problem(str(folder / "f.yaml"), line, 1, "no")])

    for does, told in (
        (lambda *_: {}["no"], "KeyError"),
        (spin, "took more than"),
        (lambda *_: refuse(0), "isn't there"),
        (lambda *_: refuse(999), "isn't there"),
        (lambda *_: (_ for _ in ()).throw(UserError("no")), "without a place"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(judging, "SECONDS", 0.2)
            patched.setattr(judging, "parsed", does)
            assert told in judge(b"title: x", folder / "f.yaml").fault
    grows = iter(range(0, 10**6, 1000))
    monkeypatch.setattr(judging, "peak", lambda: float(next(grows)))
    assert "MB" in judge(GAME.encode(), folder / "f.yaml").fault
    with pytest.raises(Hang), limited(0.05):
        spin()


def test_what_is_drawn_reaches_every_field_of_the_language():
    """A new field of a table, an actor or an event is drawn by itself."""
    drawn = Drawn(Scenario)
    for name in ("Table", "Actor", "Event", "Issue", "Stock", "Scenario"):
        node = drawn.schema["$defs"].get(name, drawn.schema)
        drawn.fields(node)
        assert set(drawn.given[id(node)]) == set(node["properties"]) - set(node.get("required", ()))


def test_what_is_written_reads_back_and_what_is_bent_differs():
    data, r = read(GAME, "f").data, Random(1)
    assert read(write(data, r), "f").data == data
    assert sum(write(bent(data, r), r) != write(data, r) for _ in range(50)) > 40
    assert scribbled("title: x", r) and len(large(data, r)) > 200 and read(GAME, "f").data == data


def test_what_was_seen_is_told(folder, capsys, monkeypatch):
    """Counts by kind, and exit code 1 with the kept input after a fault, or where there were too few."""
    monkeypatch.setattr(fuzz, "CORPUS", folder)
    tally = fuzz.Tally(folder, "one", 0.0)
    tally.take("scenario bytes", b"title: [")
    tally.take("scenario by schema", GAME.encode())
    tally.hand_over()
    seen = json.loads((folder / "one" / "tally.json").read_text()) | {"peak": 100.0}
    assert seen["counts"]["played"] == 1 and fuzz.told([seen], 0, 2, 1.0) == 0
    out = capsys.readouterr().out
    assert "2 inputs in 1 s" in out and "0 loaded         1 refused" in out and "most memory" in out
    assert fuzz.told([seen], 0, 3, 1.0) == fuzz.told([seen], 1, 0, 1.0) == 1
    assert fuzz.told([seen | {"peak": MEGABYTES + 1}], 0, 0, 1.0) == 1
    monkeypatch.setattr("judging.parsed", lambda *_: {}["no"])
    tally.take("scenario bytes", b"title: [")
    (fault, name), *more = tally.faults.values()
    assert not more and "KeyError" in fault and (folder / name).read_bytes() == b"title: ["


@pytest.mark.slow
def test_the_command_as_typed():
    program = [sys.executable, str(Path(fuzz.__file__)), "--seconds", "5", "--processes", "1"]
    done = subprocess.run(program, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "scenario by schema" in done.stdout and "slowest" in done.stdout and "FAULT" not in done.stdout
