"""Every benchmark still finds what it measures."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"


HELPERS = {"measuring", "machine", "rivals"}  # which the others import


@pytest.mark.slow
@pytest.mark.parametrize("file", sorted(f for f in FOLDER.glob("*.py") if f.stem not in HELPERS), ids=lambda f: f.stem)
def test_a_benchmark_can_be_read(file, monkeypatch):
    if file.stem == "demo":
        pytest.importorskip("playwright", reason="it measures in a browser (extra [browser])")
    monkeypatch.syspath_prepend(str(FOLDER))
    assert callable(runpy.run_path(str(file), run_name="read")["main"])
