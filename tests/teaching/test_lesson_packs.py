"""Lesson packs: whole, printable without the answers, and fair to the documents they cite.

That the answer keys print what they show is checked with the other pages that are typed in.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.montecarlo.draws import used_claims
from sim.scenario.claims import find_scenario
from sim.scenario.loader import load

TEACHING = Path(__file__).parents[2] / "docs" / "teaching"
PACKS = {  # and the scenario that its roles cite
    "split_the_dollar": None,
    "bargaining_failure": None,
    "broker_and_guarantor": "broker",
    "retake_kursk_first": "kursk_ceasefire",
}
KEPT = ("README.md", "answers.md")
SHEETS = [p for p in sorted(TEACHING.glob("*/*.md")) if p.name not in KEPT]
ROLES = {"united_states": "US", "russia": "RUS", "north_korea": "DPRK", "south_korea": "ROK"}
CITED = re.compile(r"\(([^()]*)\)")
CLAIM, AUTHOR = re.compile(r"[A-Z]\d+"), re.compile(r"[A-Z][A-Za-z]*[a-zK]")


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_has_all_its_parts(pack):
    plan = (TEACHING / pack / "README.md").read_text(encoding="utf-8")
    parts = ("Goals", "To hand out", "Scenario files", "Debrief", "Common misunderstandings", "Sources")
    assert [p for p in parts if f"**{p}.**" not in plan] == []
    minutes = [int(m) for m in re.findall(r"^\| (\d+) \|", plan, flags=re.MULTILINE)]
    assert minutes[0] == 0 and minutes == sorted(set(minutes)) and 40 < minutes[-1] < 50
    handed = [p.name for p in SHEETS if p.parent.name == pack]
    assert "prediction.md" in handed and [s for s in handed if f"]({s})" not in plan] == []


@pytest.mark.parametrize("pack", PACKS)
def test_the_files_of_a_pack_are_there(pack):
    line = (TEACHING / pack / "README.md").read_text(encoding="utf-8").split("**Scenario files.**")[1].split("\n\n")[0]
    files = re.findall(r"`([\w/.]+)`", line)
    names = [Path(f).stem for f in files if not f.endswith("/")]
    assert len(names) >= 2 and all(find_scenario(n).is_file() for n in names)


@pytest.mark.parametrize("sheet", SHEETS, ids=name)
def test_a_sheet_is_a_page_and_gives_no_answer_away(sheet):
    text = sheet.read_text(encoding="utf-8")
    assert 60 < len(text.split()) < 420
    assert "```" not in text and "](" not in text and "answers" not in text.lower()


@pytest.mark.parametrize("sheet", [s for s in SHEETS if s.stem in ROLES], ids=name)
def test_what_a_role_is_said_to_want_is_in_the_scenario(sheet):
    """Every claim is one that the scenario rests on and is by the author named; every want has a claim or is said to be
    assumed."""
    loaded = load(find_scenario(PACKS[sheet.parent.name]))
    used, text = set(used_claims(loaded.scenario)), " ".join(sheet.read_text(encoding="utf-8").split())
    cited = [c for c in CITED.findall(text) if CLAIM.search(c)]
    assert cited or sheet.stem == "south_korea"
    for group in (part for c in cited for part in c.split(";")):
        claims = CLAIM.findall(group)
        (author,) = [a for a in AUTHOR.findall(CLAIM.sub("", group)) if a != "UN"]
        for claim in claims:
            assert claim in used, f"{sheet.name}: {claim} is not in the scenario"
            assert author in loaded.claims[claim].author, f"{sheet.name}: {claim} is by {loaded.claims[claim].author}"
    wants = sheet.read_text(encoding="utf-8").split("**What you want**")[1].split("**")[0]
    for want in re.split(r"\n- ", wants)[1:]:
        assert CLAIM.search(want) or "assumed" in want, want


@pytest.mark.parametrize("page", sorted(TEACHING.rglob("*.md")), ids=name)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), link
