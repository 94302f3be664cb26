"""Writes again what pages show as output: `python tests/docs/write.py [PAGE …]`. Read it before you keep it."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path

from pages import PAGES, ROOT, play, refreshed


def rewritten(page: Path) -> str:
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name in ("scenarios", "experiments"):
            Path(name).symlink_to(ROOT / name)
        played = play(page, slow=True)
    lines = page.read_text(encoding="utf-8").splitlines()
    for one in reversed(played):
        lines[one.at : one.at + len(one.shown)] = refreshed(one)
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    for page in [Path(p).resolve() for p in sys.argv[1:]] or PAGES:
        text = rewritten(page)
        if text != page.read_text(encoding="utf-8"):
            page.write_text(text, encoding="utf-8", newline="\n")
            print(f"{page.name}: changed")
