"""Dropping a file in is the registration: a copy of the package with one file more, and no other change, knows it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.plugins import find
from sim.rivals import Rival
from sim.scenario.interest import Interest
from sim.scenario.protocol import Protocol
from sim.scenario.strategy import Strategy

SQUARE = '''"""square: grows with the square of a level."""

from typing import Literal

from sim.scenario.base import VariableName
from sim.scenario.interest import Factor, Interest


class Square(Interest):
    """φ = v²."""

    form: Literal["square"]
    of: VariableName

    def factors(self):
        return (Factor(self.of, lambda v: v * v),)
'''
LAST = '''"""Backwards: the parties propose in reverse order."""

from sim.scenario.protocol import Protocol


class Backwards(Protocol):
    """A test's own (2025)."""

    def recognition(self, meeting, parties):
        k = len(parties) - 1 - meeting % len(parties)
        return tuple(float(i == k) for i in range(len(parties)))

    def cycle(self, parties):
        return len(parties)
'''
GENEROUS = '''"""Generous: puts what is worst for itself, and takes anything."""

from sim.scenario.strategy import Strategy


class Generous(Strategy):
    """A test's own (2025)."""

    def propose(self, view):
        return view.pick(-view.gain, view.allowed)

    def assents(self, view, package):
        return package >= 0
'''
CONTRARY = '''"""Contrary: the level farthest from what most want."""

from sim.rivals import Rival


class Contrary(Rival):
    """A test's own (2025)."""

    def on_issue(self, positions, capability, salience, span):
        return 1.0 - positions.mean(axis=1)
'''
TEXT = """\
title: New
assumption: a test
horizon: 3
normalise: false
actors: {A: {discount: 0.5, resolve: 0}, B: {discount: 0.5, resolve: 0}}
issues: {deal: {levels: {no: 0, half: 0.5, yes: 1}, start: no}}
interests:
  A: [{term: one, form: square, of: deal, weight: 1}]
  B: [{term: half, form: ideal, of: deal, at: 0.5, weight: 1}]
tables: {talks: {parties: [A, B], protocol: {backwards: {}}, agenda: [deal], deadline: 1}}
report: [A]
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A folder with the package, four files added, and a scenario that uses them."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(Path(sim.__file__).parent, folder / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(Path(__file__).parents[2] / "scenarios", folder / "scenarios")
    (folder / "sim" / "payoff" / "forms" / "square.py").write_text(SQUARE, encoding="utf-8")
    (folder / "sim" / "protocols" / "backwards.py").write_text(LAST, encoding="utf-8")
    (folder / "sim" / "strategies" / "generous.py").write_text(GENEROUS, encoding="utf-8")
    (folder / "sim" / "rivals" / "contrary.py").write_text(CONTRARY, encoding="utf-8")
    (folder / "new.yaml").write_text(TEXT, encoding="utf-8")
    return folder


def python(folder: Path, program: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8"}
    words = [sys.executable, "-c", program]
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, timeout=120, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_new_form_and_a_new_protocol_play(copy):
    """B proposes first, and its best level is the middle one, worth 0.5² to A."""
    program = "import sim; print(sim.__file__, sim.run(sim.load('new.yaml'), 20).document['report']['A']['mean'])"
    file, value = python(copy, program).rsplit(maxsplit=1)
    assert Path(file).is_relative_to(copy) and float(value) == pytest.approx(0.25)


def test_a_new_strategy_plays(copy):
    """B puts first, and now gives A all that there is."""
    given = TEXT.replace("deadline: 1", "deadline: 1, strategies: {B: generous}")
    (copy / "given.yaml").write_text(given, encoding="utf-8")
    program = "import sim; print(sim.run(sim.load('given.yaml'), 20).document['report']['A']['mean'])"
    assert float(python(copy, program)) == pytest.approx(1)


def test_a_new_rival_is_asked(copy):
    """A wants `yes` (1) and B `half` (0.5): the contrary of their mean."""
    program = "import sim; d = sim.compare_rivals('new.yaml', 10).document['issues']['deal']['rivals']; "
    assert float(python(copy, program + "print(d['contrary']['mean'])")) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("forms", "square"), ("protocols", "backwards"), ("strategies", "generous"), ("rivals", "contrary")],
)
def test_they_are_listed(copy, kind, name):
    assert name in python(copy, f"from sim.cli.main import main; main(['list', '{kind}'])")


def test_they_are_in_the_schema(copy):
    schema = python(copy, "from sim.cli.main import main; main(['schema'])")
    assert "square" in schema and "backwards" in schema and "generous" in schema


def test_a_file_without_a_plug_in_is_named(copy):
    broken = copy / "sim" / "protocols" / "empty.py"
    broken.write_text('"""Nothing here."""\n', encoding="utf-8")
    try:
        program = "\ntry:\n    import sim.scenario.schema\nexcept Exception as error:\n    print(error)"
        assert "empty.py" in python(copy, program)
    finally:
        broken.unlink()


def test_a_file_here_defines_one_thing_named_as_the_file():
    kinds: tuple[tuple[str, type], ...] = (
        ("sim.payoff.forms", Interest),
        ("sim.protocols", Protocol),
        ("sim.strategies", Strategy),
        ("sim.rivals", Rival),
    )
    for package, base in kinds:
        for name, one in find(package, base).items():
            assert one.__module__ == f"{package}.{name}"
            assert one.__name__.lower() == name.replace("_", "")
