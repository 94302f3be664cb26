"""Breaks the engine's code in one place after another and asks whether a test notices: `python tests/mutation/run.py`
(extra `[mutation]`; an hour or two on two cores), or `… run.py 'sim.beliefs.*'` for some of it.

What is broken, and the tests that are asked, stand in pyproject.toml under [tool.mutmut]. A change that no test notices
must stand in explained.yaml with the reason why it changes nothing; otherwise this ends with 1.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import yaml

HERE = Path(__file__).parent
NOTICED = {"killed": "killed", "timeout": "stopped"}


def mutmut(*words: str, capture: bool = True) -> str:
    """What a mutmut command prints, run where the settings are."""
    program = Path(sys.executable).with_name("mutmut")
    if not program.exists():
        sys.exit("mutation tests need mutmut: pip install 'detente[mutation]'")
    found = subprocess.run([program, *words], cwd=HERE.parents[1], capture_output=capture, text=True, check=True)
    return found.stdout or ""


def checked() -> dict[str, str]:
    """What became of every mutant that was tried, by its name."""
    lines = (line.strip().rsplit(": ", 1) for line in mutmut("results", "--all", "true").splitlines() if ": " in line)
    return {name: status for name, status in lines if status != "not checked"}


def change(name: str) -> tuple[str, str]:
    """The lines that a mutant leaves out and those that it puts there."""
    lines = mutmut("show", name).splitlines()
    return tuple(  # type: ignore[return-value]
        " ".join(line[1:].strip() for line in lines if line.startswith(sign) and not line.startswith(sign * 3))
        for sign in "-+"
    )


def checks_lengths(before: str, after: str) -> bool:
    """Whether only `strict` of a zip differs: it refuses lists of different lengths, which no caller gives."""
    return re.sub(r"strict=(True|False)", "", before) == re.sub(r"strict=(True|False|None)", "", after)


def explained(module: str) -> dict[tuple[str, str], str]:
    """(before, after) -> why it changes nothing."""
    rows = yaml.safe_load((HERE / "explained.yaml").read_text(encoding="utf-8")).get(module, [])
    return {(row["before"], row["after"]): row["why"] for row in rows}


def main(names: list[str]) -> int:
    mutmut("run", *names, capture=False)
    counts: dict[str, Counter[str]] = {}
    unexplained = []
    for name, status in checked().items():
        module = name.rsplit(".", 1)[0]
        outcome = NOTICED.get(status)
        if outcome is None:
            before, after = change(name)
            known = checks_lengths(before, after) or (before, after) in explained(module)
            outcome = "explained" if known else "not explained"
            if not known:
                unexplained.append(f"{name}: {status}\n- {before}\n+ {after}")
        counts.setdefault(module, Counter())[outcome] += 1
    columns = ["mutants", *NOTICED.values(), "explained", "not explained"]
    print(f"\n{'':32}" + "".join(f"{c:>15}" for c in columns))
    for module, one in [*sorted(counts.items()), ("all", sum(counts.values(), Counter()))]:
        print(f"{module:32}" + "".join(f"{one.total() if c == 'mutants' else one[c]:15}" for c in columns))
    print(*unexplained, sep="\n\n")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
