"""Theory is independent, cited, and every figure has a source."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest
from theory_cases import HERE, figures

import sim.theory

FOLDER = Path(sim.theory.__file__).parent
FILES = sorted(p for p in FOLDER.glob("*.py") if p.name != "__init__.py")
TABLES = sorted(p.stem for p in HERE.glob("*.json"))


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_file_imports_arrays_and_theory_only(path):
    allowed = {"numpy", "scipy", *sys.stdlib_module_names}
    for name in imported(path):
        assert name == "sim.theory" or name.startswith("sim.theory.") or name.split(".")[0] in allowed, name


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_file_cites_its_source_and_is_listed(path):
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert re.search(r"\b(19|20)\d\d\b", text), "no year in the docstring"
    assert re.search(rf"\b{path.stem}\b", sim.theory.__doc__ or ""), "not listed in sim/theory/__init__.py"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_public_functions_are_documented(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_a_source(name):
    tables = figures(name)
    assert set(tables.pop("sources")) == set(tables)
