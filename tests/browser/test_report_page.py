"""The report in a browser: asks for nothing, fits a desk and a phone, by keyboard and for a screen reader, in print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim
from sim.reporting import count_reasons
from sim.runs import open_run
from sim.scenario.loader import loads

WIDTHS = (1280, 390)
HOSTILE = "<script>document.title='no'</script><img src=//x.example/i onerror=alert(1)>\" autofocus onfocus='alert(2)"
SCENARIO = Path("scenarios/kursk_ceasefire.yaml")


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    sim.run(sim.load(SCENARIO, ["horizon=8"]), 60, out=folder / "run")
    found = count_reasons(open_run(folder / "run"), ("ceasefire", False))
    assert found["failures"]["count"]
    (folder / "report.html").write_text(sim.report_page(folder / "run"), encoding="utf-8")
    return folder / "report.html"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("hostile") / "report.html"
    words = f"{HOSTILE} \u202ennn {'x' * 10_000}"
    text = SCENARIO.read_text(encoding="utf-8").split("\n")
    changed = [line for line in text if not line.startswith(("title:", "question:", "about:"))]
    scenario = "\n".join([f"title: {json.dumps(words)}", f"question: {json.dumps(words)}", *changed])
    loaded = loads(scenario, overrides=("horizon=8", f"actors.US.name={json.dumps(words)}"))
    file.write_text(sim.report_page(sim.run(loaded, 12)), encoding="utf-8")
    return file


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("which", ["report", "hostile"])
def test_it_asks_for_nothing_and_fits(opened, request, which, width):
    page = opened(request.getfixturevalue(which), width)
    assert (page.asked, page.said) == ([], [])
    for details in page.query_selector_all("details"):
        details.evaluate("d => d.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    inside = page.evaluate("""() => [...document.querySelectorAll('h1, h2, h3, p, li, summary, figcaption')].filter(
        e => { const r = e.getBoundingClientRect(); return r.width && (r.left < 0 || r.right > innerWidth + 1); }
    ).map(e => e.outerHTML.slice(0, 200))""")
    assert inside == []
    assert (page.asked, page.said) == ([], [])


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_serious_for_who_cannot_see_it(opened, accessible, report, width):
    page = opened(report, width)
    accessible(page)
    for details in page.query_selector_all("details"):
        details.evaluate("d => d.open = true")
    accessible(page)


def test_a_hostile_title_does_nothing(opened, accessible, hostile):
    page = opened(hostile)
    page.wait_for_timeout(200)
    assert (page.asked, page.said) == ([], [])
    assert page.title().startswith("<script>") and len(page.title()) < 140
    assert page.evaluate("document.scripts.length + document.images.length") == 0
    assert page.inner_text("h1").startswith(HOSTILE[:60])
    accessible(page)


def test_by_keyboard(opened, report):
    page = opened(report)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.focus("summary:has-text('P')")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open") is True


def test_a_phone_can_read_it(opened, report):
    """No text of the page itself is smaller than 14 px, and figures scroll within themselves."""
    page = opened(report, 390)
    sizes = page.evaluate("""() => [...document.querySelectorAll('p, li, td, th, summary, figcaption, caption')]
        .map(e => parseFloat(getComputedStyle(e).fontSize))""")
    assert min(sizes) >= 14
    wide = page.evaluate("[...document.querySelectorAll('figure .wide')].map(e => [e.clientWidth, e.scrollWidth])")
    assert wide and all(shown <= 390 < of for shown, of in wide)


def test_in_print_everything_is_open_and_fits(opened, report):
    page = opened(report)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    pages = page.pdf(format="A4")
    assert pages.startswith(b"%PDF")
    told = page.locator("details:not([open]) > p").first
    assert told.evaluate("e => e.getBoundingClientRect().height") > 0
