"""The tutorials and the page on Python do what they say: everything in them is typed in, and prints what they show."""

from __future__ import annotations

import os

import pytest
from pages import ANSWERS, PAGES, ROOT, Told, fault, play, refreshed

PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A folder that looks like a clone of the repository."""
    for name in ("scenarios", "experiments"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.environ["PATH"])  # which a page changes


def faults(page, slow):
    found = [(one, fault(one)) for one in play(page, slow)]
    assert found, f"{page.name} holds nothing to type"
    return "\n\n".join(f"{page.name}:{one.at}: {what}" for one, what in found if what)


@pytest.mark.slow  # as long as a tenth of all other tests
@PAGE
def test_a_page_prints_what_it_shows(page, clone):
    told = faults(page, slow=False)
    assert not told, f"{told}\n\nIf this was meant: python tests/docs/write.py, and read what changes."


@pytest.mark.slow
@pytest.mark.parametrize("page", [*PAGES, *ANSWERS], ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_a_page_with_its_slow_parts_prints_what_it_shows(page, clone):
    assert not faults(page, slow=True)


PRINTED = ["A title", "", "peace  61 of 100", "war    39 of 100", "", "Results: here"]


@pytest.mark.parametrize(
    ("shown", "holds"),
    [
        (PRINTED, True),
        (PRINTED[:3], False),  # something is left out and no gap says so
        (["A title", "…"], True),
        (["…", "war    39 of 100", "…"], True),
        (["…", "peace  61 of 100", "…", "war    39 of 100", "…"], True),
        (["…", "war    39 of 100", "…", "peace  61 of 100", "…"], False),  # another order
        (["…", "A title", "war    39 of 100", "…"], False),  # not one below the other
        (["…", "war    40 of 100", "…"], False),
        (["…", "war    … of 100", "…"], True),
        (["…", "Results: here"], True),
        (["…", "war    39 of 100"], False),  # not the last line
        ([], True),
    ],
)
def test_what_is_shown_is_compared_line_by_line(shown, holds):
    one = Told("detente", shown, 0, PRINTED)
    assert (fault(one) == "") == holds
    new = refreshed(Told("detente", ["…", "war    40 of 100", "…"], 0, PRINTED))
    assert new == ["…", "war    39 of 100", "…"]


def test_refreshed_lines_hold():
    old = (["A titel", "…", "peace  50 of 100", "…"], ["B", "C"], ["…", "Results: there"], ["A title", "x … y", "…"])
    for shown in old:
        one = Told("detente", shown, 0, PRINTED)
        assert fault(one) and not fault(Told("detente", refreshed(one), 0, PRINTED))
