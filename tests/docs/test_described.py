"""Pages that are made from the schema and the code are those of today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_model_is_described_as_it_is():
    told = subprocess.run(
        [sys.executable, "experiments/odd.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
