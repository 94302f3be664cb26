"""The audit of what we depend on: what fails, and what is only told."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

AUDIT = Path(__file__).parents[2] / ".ci" / "audit.py"
FIXED = {"id": "PYSEC-1", "fix_versions": ["1.2", "2.0"]}
OPEN = {"id": "PYSEC-2", "fix_versions": []}


@pytest.mark.parametrize(
    ("packages", "fails", "says"),
    [
        ([{"vulns": []}], False, "1 of 1 packages could be asked about, 0 findings"),
        ([{"vulns": [OPEN]}, {"vulns": []}], False, "PYSEC-2; no fixed version yet"),
        ([{"vulns": [OPEN, FIXED]}], True, "PYSEC-1; let it in: fixed in 1.2, 2.0"),
        ([{"vulns": [{**FIXED, "id": "PYSEC-3"}]}], False, "PYSEC-3; ignored: we never call it"),
        ([{"skip_reason": "not found"}, {"vulns": []}], False, "WARNING: 1 of 2 packages could be asked about"),
    ],
)
def test_what_can_be_mended_fails(packages, fails, says):
    if not AUDIT.is_file():
        pytest.skip("comes with the repository only")
    program = runpy.run_path(str(AUDIT))
    program["IGNORED"]["PYSEC-3"] = "we never call it"
    lines, failed = program["told"]({"dependencies": [{"name": "one", "version": "1.1", **p} for p in packages]})
    assert failed == fails and says in "\n".join(lines)
