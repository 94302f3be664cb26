"""What is installed here, held against published vulnerabilities by pip-audit: `python .ci/audit.py`.

A new environment has the newest versions that are allowed. So a vulnerability of which a fixed version is out fails: a
bound keeps the fix from everybody, and it is ours to raise, or to explain in IGNORED. One without a fix is told, as
there is nothing to do but to know of it. What can't be asked about, for want of the service, is told too, and fails
nothing: that says nothing of the code.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

IGNORED: dict[str, str] = {}  # id: why it doesn't concern us


def told(found: dict[str, Any]) -> tuple[list[str], bool]:
    """Lines to print of pip-audit's document, and whether it fails."""
    lines, fails = [], False
    for package in found["dependencies"]:
        for hole in package.get("vulns", []):
            fixed = ", ".join(hole["fix_versions"])
            why = IGNORED.get(hole["id"])
            fails = fails or (bool(fixed) and why is None)
            says = f"let it in: fixed in {fixed}" if fixed else "no fixed version yet"
            lines.append(f"{package['name']} {package['version']}: {hole['id']}; {f'ignored: {why}' if why else says}")
    of = len(found["dependencies"])
    asked = sum("skip_reason" not in package for package in found["dependencies"])
    lines.append(
        f"{'WARNING: ' if asked < of else ''}{asked} of {of} packages could be asked about, {len(lines)} findings."
    )
    return lines, fails


def main() -> int:
    frozen = subprocess.run([sys.executable, "-m", "pip", "freeze"], capture_output=True, text=True, check=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        pins = Path(folder) / "pins.txt"
        pins.write_text("\n".join(line for line in frozen.splitlines() if "==" in line), encoding="utf-8")
        asking = [sys.executable, "-m", "pip_audit", "-r", pins, "--no-deps", "--disable-pip", "--format", "json"]
        made = subprocess.run(asking, capture_output=True, text=True, check=False)
    try:
        lines, fails = told(json.loads(made.stdout))
    except ValueError:
        print(f"WARNING: no audit, the service can't be asked: {made.stderr.strip().splitlines()[-1:]}")
        return 0
    print("\n".join(lines))
    return int(fails)


if __name__ == "__main__":
    sys.exit(main())
