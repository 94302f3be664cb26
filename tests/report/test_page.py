"""The page of a run: the same bytes, nothing fetched, nothing of a scenario's own markup, and the summary's numbers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

import sim
from sim.analysis.intervals import wilson
from sim.errors import HIDDEN
from sim.report.answer import often
from sim.reporting import count_reasons, document, kept_reasons
from sim.runs import open_run
from sim.scenario.loader import loads

GAME = """\
title: TITLE
question: QUESTION
horizon: 3
assumption: ASSUMED
actors: {A: {discount: 0.9, name: Anna}, B: {discount: 0.9}}
issues: {bridge: {levels: {none: 0, wood: 0.5, stone: 1}, start: none}}
interests:
  A: [{term: trade, form: linear, of: bridge, weight: {uniform: {low: -0.2, high: 1}}, claims: [P2]}]
  B: [{term: trade, form: linear, of: bridge, weight: {uniform: {low: -1, high: 1}}}]
tables: {council: {parties: [A, B], protocol: {alternating_offers: {first: A}}, agenda: [bridge]}}
outcomes: {built: {bridge: {at_least: wood}}, stone: {bridge: stone}}
"""
HOSTILE = (
    "<script>document.title='no'</script>\" onload='x' &lt; </style></title><img src=x onerror=alert(1)> {{ 7*7 }}"
)
TURNED = "\u202egnihton\u202c \u2067rtl\u2069 \u200f"
VOID = {"meta", "br", "img", "input", "link", "hr", "path", "use", "rect", "circle"}


class Page(HTMLParser):
    """What a page holds: every element with its attributes, the text, headings in order, and whether tags nest."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.html, self.elements, self.open, self.texts, self.headings = html, [], [], [], []
        self.feed(html)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [a for t, a in self.elements if t in tags]


def game(title="A bridge", question="Is it built?", assumed="a test", **changes) -> sim.scenario.loader.Loaded:
    quoted = (json.dumps(t) for t in (title, question, assumed))
    text = GAME
    for word, value in zip(("TITLE", "QUESTION", "ASSUMED"), quoted, strict=True):
        text = text.replace(word, value)
    for old, new in changes.items():
        text = "\n".join(new if line.startswith(old) else line for line in text.splitlines())
    return loads(text)


def sound(page: Page) -> None:
    """What holds of every page."""
    assert page.html.startswith("<!DOCTYPE html>") and page.all("html")[0]["lang"] == "en"
    assert "http:" not in page.html and "https:" not in page.html and "//" not in re.sub(r"\s//\s", "", page.html)
    assert not page.all("link", "script", "iframe", "object", "embed", "img", "base", "form")
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    for tag, attributes in page.elements:
        assert not {"src", "srcset", "action", "data", "poster"} & set(attributes), (tag, attributes)
        assert not [a for a in attributes if a.startswith("on")], (tag, attributes)
        for target in (attributes.get("href"), *re.findall(r"url\(([^)]*)\)", str(attributes))):
            assert target is None or (target.startswith("#") and target[1:] in ids), (tag, target)
        for label in (attributes.get("aria-labelledby"),):
            assert label is None or label in ids
    assert [len(page.all(t)) for t in ("main", "header", "footer", "nav", "h1", "title")] == [1] * 6
    assert page.headings[0] == 1 and all(b <= a + 1 for a, b in zip(page.headings, page.headings[1:], strict=False))
    assert page.all("a")[0] == {"class": "skip", "href": "#main"} and "default-src 'none'" in page.html
    drawn = [a for a in page.all("div") if a.get("role") == "img"]
    assert len(drawn) == len(page.all("svg")) and all(len(a["aria-label"]) > 40 for a in drawn)
    assert all(a["aria-hidden"] == "true" for a in page.all("svg"))
    assert len(page.html.encode()) < 2_000_000
    assert not HIDDEN.search(page.html)


@pytest.fixture(scope="module")
def bridge():
    return sim.run(game(), 300, 4)


@pytest.fixture(scope="module")
def page(bridge):
    return Page(sim.report_page(bridge))


def test_a_page_is_sound(page):
    sound(page)
    assert len(page.all("svg")) == 4


def test_the_same_run_is_the_same_bytes_in_memory_and_from_its_folder(page, tmp_path):
    sim.run(game(), 300, 4, out=tmp_path / "run")
    assert sim.report_page(tmp_path / "run") == sim.report_page(tmp_path / "run") == page.html


def test_the_numbers_are_the_summarys(bridge, page):
    o, built = bridge.document["outcomes"]["built"], int(bridge.frame["outcome.built"].sum())
    low, high = (round(100 * float(v)) for v in wilson(built, 300))
    assert 0 < built < 300 and o["count"] == built
    first = (
        f"“built” comes about in {round(built / 3)} of 100 worlds (95 % interval: {low} to {high}): {built} of the 300"
    )
    assert first in page.text
    stone = int((bridge.frame["outcome.stone"]).sum())
    assert re.search(rf"stone {round(stone / 3)} \d+ to \d+ {stone} of 300", page.text)
    deals = bridge.frame["table.council.deal_period"]
    assert f"a deal in {int((deals > 0).sum())} of 300 worlds" in page.text
    assert f"half of them by month {np.median(deals[deals > 0]):g}" in page.text
    values = bridge.frame["value.A"]
    assert f"Anna {values.median():+.3f}".replace("-", "−") in page.text


def test_assumptions_stand_up_front_and_are_counted(page):
    head = page.html[: page.html.index("<main")]
    assert "4 assumptions without a source" in page.text and "1 claim of documents" in page.text
    for said in ("the whole file", "a test", "interests.B.trade", "actors.A.resolve", "actors.B.resolve"):
        assert said in head
    assert "interests.A.trade" not in head


def test_claims_are_told_with_author_and_paraphrase(bridge, page):
    claim = bridge.loaded.claims["P2"]
    assert f"{claim.author} ({claim.source}): {claim.says}" in page.text
    everything = sim.run(game(), 20, claims="all")
    assert "all claims are true" in Page(sim.report_page(everything)).text


def test_three_worlds_are_told_with_their_arithmetic(bridge, page):
    worlds = bridge.frame
    none = int(re.search(r"No deal: world (\d+)", page.text)[1])
    assert worlds["table.council.deal_period"][none] == 0
    early = int(re.search(r"An early deal: world (\d+)", page.text)[1])
    deals = worlds["table.council.deal_period"]
    assert deals[early] == deals[deals > 0].min()
    typical = int(re.search(r"A typical world: world (\d+)", page.text)[1])
    assert worlds["outcome.built"][typical] == (worlds["outcome.built"].mean() >= 0.5)
    for line in str(sim.explain(bridge.loaded, none, 4)).splitlines():
        if "gains" in line and "resolve" in line and len(line) < 100:
            assert line.strip() in page.text
            break
    else:
        pytest.fail("no arithmetic to look for")


@pytest.mark.slow
def test_where_there_is_no_such_world_it_says_so():
    always = Page(sim.report_page(sim.run(sim.load("scenarios/teaching/split_the_dollar.yaml"), 20)))
    sound(always)
    assert "every world has a deal" in always.text and "It is the typical one above" in always.text
    never = Page(sim.report_page(sim.run(loads(game().written, overrides=("interests.B.0.weight=-1",)), 10)))
    sound(never)
    assert "No world has a deal" in never.text and "No deal in any world" in never.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outcomes": ""}, "The table council reaches a deal"),
        ({"tables": ""}, "nobody bargains"),
        ({"outcomes": "", "tables": ""}, "Nobody bargains here and no outcome is named"),
    ],
)
def test_what_there_is_nothing_to_tell_of(changes, said):
    page = Page(sim.report_page(sim.run(game(**changes), 30)))
    sound(page)
    assert said in page.text


@pytest.mark.parametrize("text", [HOSTILE, "x" * 10_000, TURNED + "'\"`<!-- ]]> -->&#60;"])
def test_a_scenario_is_text_and_nothing_else(text):
    loaded = game(f"T {text}", f"Q {text}", f"A {text}")
    page = Page(sim.report_page(sim.run(loaded, 12)))
    sound(page)
    shown = " ".join(HIDDEN.sub("", text).split())
    assert f"A {shown}" in page.text and f"T {shown[:100]}" in page.text
    title = page.text.split("–")[0]
    assert len(title) < 130


def test_hostile_claims(bridge):
    claim = bridge.loaded.claims["P2"]
    odd = {**bridge.loaded.claims, "P2": replace(claim, author=HOSTILE, says=HOSTILE)}
    result = sim.run(replace(bridge.loaded, claims=odd), 80)
    page = Page(sim.report_page(result))
    sound(page)
    assert " ".join(HOSTILE.split()) in page.text


@pytest.mark.slow
def test_reasons_are_counted_kept_and_shown(tmp_path):
    sim.run(game(), 60, 4, out=tmp_path / "run")
    result = open_run(tmp_path / "run")
    assert kept_reasons(result, ("built", False)) is None
    before = Page(sim.report_page(result))
    assert "type detente report RUN" in before.text.replace("`", "")
    why = count_reasons(result, ("built", False))
    assert kept_reasons(result, ("built", False)) == json.loads(json.dumps(why))
    assert kept_reasons(result, ("built", True)) is None and kept_reasons(result, ("stone", False)) is None
    page = Page(sim.report_page(result))
    sound(page)
    failed = 60 - result.document["outcomes"]["built"]["count"]
    assert why["failures"]["count"] == failed and f"{failed} of 60" in page.text
    assert len(page.all("svg")) == 5 and "luck (placebo)" in page.text
    sim.run(game(), 60, 5, out=tmp_path / "run", force=True)
    assert kept_reasons(open_run(tmp_path / "run"), ("built", False)) is None


def test_reasons_beside_the_run_are_found(tmp_path):
    sim.run(game(), 40, 4, out=tmp_path / "run")
    sim.run(game(), 40, 5, out=tmp_path / "other")
    found = sim.reasons(game(), "built", 40, 4, out=tmp_path / "reasons-mine")
    (tmp_path / "reasons-mine" / "reasons.json").write_text(json.dumps(found.document), encoding="utf-8")
    assert kept_reasons(open_run(tmp_path / "run"), ("built", False)) is not None
    assert kept_reasons(open_run(tmp_path / "other"), ("built", False)) is None


def test_how_a_run_differs_is_told(tmp_path):
    loaded = loads(game().written, overrides=("horizon=2",))
    sim.run(loaded, 20, out=tmp_path / "run", without_source=("dailynk",))
    page = Page(sim.report_page(tmp_path / "run"))
    assert "changed: horizon=2, without dailynk" in page.text
    assert "Reasons aren't counted" in page.text


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0 of 100"), (1.0, "100 of 100"), (0.56, "56 of 100"), (0.004, "4 of 1,000"), (0.9996, "9,996 of 10,000")],
)
def test_natural_frequencies_never_claim_never(share, said):
    assert often(share, share, share).startswith(f"in {said} worlds")


def test_a_document_is_json(bridge):
    told = document(bridge)
    assert json.loads(json.dumps(told, allow_nan=False)) == json.loads(json.dumps(told))


@pytest.mark.slow
def test_every_bundled_scenario_has_a_sound_page(scenarios, tmp_path):
    for file in sorted(scenarios.rglob("*.yaml")):
        if file.name != "claims.yaml":
            sound(Page(sim.report_page(sim.run(sim.load(file), 30))))
