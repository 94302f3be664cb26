"""Who may import whom: the contracts in pyproject.toml hold, and they catch what breaks them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def lint(folder: Path) -> tuple[int, str]:
    program = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    words = [sys.executable, "-c", program, "--no-cache", "--config", str(folder / "pyproject.toml")]
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=120)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_layers_hold():
    code, said = lint(ROOT)
    assert code == 0, said
    assert "0 broken" in said and "3 kept" in said


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        ("payoff/terms.py", "import sim.talks", "Imports go downwards BROKEN"),
        ("analysis/summary.py", "from sim.report import text", "Imports go downwards BROKEN"),
        ("strategies/lookahead.py", "import sim.protocols.ultimatum", "Imports go downwards BROKEN"),
        ("talks.py", "import mesa", "Mesa has one home BROKEN"),
        ("nowhere.py", "", "nowhere"),
    ],
)
def test_what_breaks_them_is_caught(copy, file, line, said):
    path = copy / "sim" / file
    path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + f"\n{line}\n", encoding="utf-8")
    code, told = lint(copy)
    assert code != 0 and said in told, told
