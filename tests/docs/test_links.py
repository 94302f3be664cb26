"""Every link of the documentation to a file or a heading of this repository leads there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("docs", "scenarios", "benchmarks")
PAGES = [ROOT / "README.md", ROOT / "results" / "README.md", *(p for f in FOLDERS for p in (ROOT / f).rglob("*.md"))]
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)")


@cache
def headings(page: Path) -> set[str]:
    """Anchors as GitHub makes them of a page's headings: lower case, blanks to hyphens, other signs left out."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    found, counts = set(), dict[str, int]()
    for title in re.findall(r"^#+ (.+)$", text, re.M):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title)
        anchor = re.sub(r"[^\w\- ]", "", plain.lower()).strip().replace(" ", "-")
        counts[anchor] = counts.get(anchor, -1) + 1
        found.add(anchor if counts[anchor] == 0 else f"{anchor}-{counts[anchor]}")
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = link.partition("#")
        there = (page.parent / place).resolve() if place else page
        assert there.exists(), f"{link}: no such file"
        if anchor:
            assert anchor in headings(there), f"{link}: no such heading; there are {sorted(headings(there))}"
