"""The class demo in a browser: predict and reveal, dials by keyboard, steps forth and back, claims on and off; nothing
is asked for, and nothing from a scenario does anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.app.demo import demo
from sim.app.html import write
from sim.scenario.loader import loads

WIDTHS = (1280, 390)
HOSTILE = "<script>document.title='no'</script><img src=//x.example/i onerror=alert(1)>\" autofocus onfocus='alert(2)"
GAME = """\
title: TITLE
question: Will it be built?
period: round
horizon: 4
assumption: a test
actors: {A: {discount: 0.9, name: TITLE}, B: {discount: 0.9, resolve: {uniform: {low: 0, high: 0.4}}}}
issues: {bridge: {levels: {none: 0, wood: 0.5, stone: 1}, start: none}}
stocks: {river: {start: 0.3, about: TITLE, change: [{by: {normal: {mean: 0.05, sd: 0.05}}}]}}
interests:
  A: [{term: trade, form: linear, of: bridge, weight: {uniform: {low: -0.2, high: 1}}, claims: [P2]}]
  B: [{term: trade, form: linear, of: bridge, weight: {uniform: {low: -1, high: 1}}, claims: [D3, D2]}]
tables: {council: {parties: [A, B], protocol: {alternating_offers: {first: A}}, agenda: [bridge], deadline: 3}}
outcomes: {built: {bridge: {at_least: wood}}, stone: {bridge: stone}}
demo:
  vary: {interests.B.trade.weight: {range: [-0.5, 1]}, actors.A.discount: [0.5, 0.9]}
  outcome: built
  labels: {interests.B.trade.weight: TITLE}
  map: river
"""


def written(folder: Path, title: str) -> tuple[Path, dict]:
    text = GAME.replace("TITLE", json.dumps(title))
    found = demo(loads(text), Path("bridge.yaml"), 60)
    write(found, folder / "demo.html")
    return folder / "demo.html", found


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return written(tmp_path_factory.mktemp("demo"), "A bridge")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    return written(tmp_path_factory.mktemp("hostile"), f"{HOSTILE} \u202ennn {'x' * 10_000}")


def used(page):
    """Everything on the page once."""
    page.click("#reveal")
    page.focus("#dial-0")
    page.keyboard.press("ArrowRight")
    page.click("#reveal")
    for button in ("#failure", "#secrets", "#why", "#forward", "#back"):
        if page.is_enabled(button):
            page.click(button)
    page.select_option("#way", index=1)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("which", ["plain", "hostile"])
def test_it_asks_for_nothing_fits_and_is_accessible(opened, accessible, request, which, width):
    page = opened(request.getfixturevalue(which)[0], width)
    page.wait_for_selector("html[data-ready=yes]")
    used(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (page.asked, page.said) == ([], [])
    accessible(page)


def test_answers_are_hidden_until_guessed_and_guesses_are_kept(opened, plain):
    page, base = opened(plain[0]), plain[1]["base"]["built"]
    assert "?" in page.inner_text("#numbers") and f"{base['count']} of" not in page.inner_text("#numbers")
    page.focus("#guess")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.click("#reveal")
    assert f"({base['count']} of 60)" in page.inner_text("#numbers")
    row = page.inner_text("#guesses tbody tr")
    assert "99 %" in row and f"{100 * base['share']:.0f} %" in row and not page.is_visible("#ask")
    page.uncheck("#asis-0")
    assert page.is_visible("#ask") and page.inner_text("#numbers .new .big") == "?"
    page.click("#reveal")
    assert len(page.query_selector_all("#guesses tbody tr")) == 2


def test_dials_show_computed_points_and_mark_what_is_between(opened, plain):
    page, found = opened(plain[0]), plain[1]
    page.uncheck("#predict")
    page.focus("#dial-0")
    page.keyboard.press("Home")
    rows = found["points"]["built"]
    first, second = rows[1 * 2 + 1], rows[2 * 2 + 1]  # its lowest value and the next, the other dial as it is
    assert page.inner_text("#numbers .new .big") == f"{100 * first[0]:.0f} %"
    assert "interpolated" not in page.inner_text("#said")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    middle = 100 * (first[0] + second[0]) / 2
    assert abs(float(page.inner_text("#numbers .new .big").strip("≈ %")) - middle) <= 0.51
    assert "interpolated" in page.inner_text("#said")
    page.click("#reset")
    assert page.is_checked("#asis-0") and f"({found['base']['built']['count']} of 60)" in page.inner_text("#numbers")


def test_a_world_is_stepped_through_by_keyboard(opened, plain):
    page, story = opened(plain[0]), plain[1]["stories"][0]
    assert page.inner_text("#where").startswith(f"Step 1 of {len(story['steps'])}")
    page.focus("#why")
    for _ in story["steps"]:
        page.keyboard.press("ArrowRight")
    assert page.inner_text("#where").startswith(f"Step {len(story['steps'])} of") and page.is_disabled("#forward")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#where").startswith(f"Step {max(len(story['steps']) - 1, 1)} of")


def answered(meeting):
    return meeting and any(side["accepts"] is not None for side in meeting["sides"])


def test_resolve_and_answers_are_hidden_until_shown_and_why_is_told(opened, plain):
    page, stories = opened(plain[0]), plain[1]["stories"]
    failed = [k for k, s in enumerate(stories) if s["kind"]]
    page.click("#failure")
    assert page.input_value("#story") == str(failed[0])
    story, step = next(
        (k, i) for k, s in enumerate(stories) for i, m in enumerate(s["steps"]) if answered(m["meeting"])
    )
    page.select_option("#story", str(story))
    for _ in range(step):
        page.click("#forward")
    text = page.inner_text("#step")
    assert "hidden" in text and "Will it accept?" in text and "refuses" not in text and "accepts\n" not in text
    page.click("#secrets")
    text = page.inner_text("#step")
    assert "hidden" not in text and ("✓ accepts" in text or "✗ refuses" in text) and page.is_visible("#fate")
    page.click("#why")
    for line in stories[story]["steps"][step]["lines"]:
        assert line["text"] in page.inner_text("#telling")


def test_claims_are_switched(opened, plain):
    page, found = opened(plain[0]), plain[1]
    for way in found["claims"]:
        page.select_option("#way", way)
        share = found["claims"][way]["built"]["share"]
        assert f"{100 * share:.0f} %" in page.inner_text("#ways tbody tr:first-child td:nth-child(3)")
