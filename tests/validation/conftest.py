"""What the programs in experiments/validation/ say of data; they come with the repository only."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
sys.path.append(str(EXPERIMENTS))  # a folder of programs and not a package
collect_ignore_glob = [] if EXPERIMENTS.is_dir() else ["*"]


@pytest.fixture
def data() -> Path:
    """The folder of data files; where it isn't there the test is skipped."""
    from validation.check import data_folder

    if not data_folder().is_dir():
        pytest.skip("no data: shared/data beside the checkout, or the folder that DETENTE_DATA names")
    return data_folder()
