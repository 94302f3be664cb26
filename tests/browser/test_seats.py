"""Seats in real browsers: two windows take them and play to the end, one that leaves is taken over, and every address
that is asked for is the server's own."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest

from sim.classroom.hall import Hall
from sim.classroom.room import Room
from sim.classroom.server import serving
from sim.scenario.loader import load, loads
from sim.seat.game import Game
from sim.seat.record import replay

pytest.importorskip("uvicorn", reason="needs the extra `class`")

WIDTHS = (1280, 390)
HOSTILE = "<script>document.title='no'</script><img src=//x.example/i onerror=alert(1)>\" autofocus onfocus='alert(2)"


class Served:
    """A game that is served, and windows on it."""

    def __init__(self, opened, hall: Hall, where: str):
        self.opened, self.hall, self.where = opened, hall, where

    def window(self, width: int = 1280):
        return self.opened(self.where, width, allow=self.where)


@pytest.fixture
def served(opened, tmp_path):
    """served(loaded, seats, …): the game on a page."""
    with ExitStack() as running:

        def serve(loaded, seats, world: int = 0, away: float = 120.0) -> Served:
            hall = Hall(Room(Game(loaded, seats, 1, world)), tmp_path / "game.json", away=away)
            return Served(opened, hall, running.enter_context(serving(hall, "token"))[1])

        yield serve


def veto(scenarios: Path):
    return load(scenarios / "teaching" / "veto.yaml")


def press(page, name: str) -> None:
    """The first button of that name, and the page that it leads to."""
    with page.expect_navigation():
        page.click(f"button:text-is('{name}') >> nth=0", timeout=10_000)


def quiet(*pages) -> None:
    """Nothing was asked for elsewhere, and no script or policy complained."""
    for page in pages:
        assert (page.asked, page.said) == ([], [])


def test_two_windows_play_to_the_end(served, scenarios):
    room = served(veto(scenarios), ("A", "C"))
    one, two, screen = room.window(), room.window(390), room.window()
    press(one, "Take this seat")
    two.wait_for_selector("text=somebody else")
    press(two, "Take this seat")
    press(one, "Start")
    one.wait_for_selector("h2:has-text('What you may put')")
    assert one.title().startswith("Your turn")
    for other in (two, screen):
        other.wait_for_selector("h1:has-text('A decides')")
        assert "+0.200" not in other.content() and "hint" not in other.content()
    one.click("summary:has-text('hint')")
    assert one.is_visible("text=The model would put goods fuel.")
    one.click("[aria-label='Put goods fuel']")
    two.wait_for_selector("button:text-is('Let it pass')")
    assert two.inner_text("#status").startswith("Your turn")  # told to who can't see it
    press(two, "Let it pass")
    for page in (one, two, screen):
        page.wait_for_selector("text=Where value was left", timeout=60_000)
        assert "A: your value is" in page.inner_text("main") and "C: your value is" in page.inner_text("main")
    quiet(one, two, screen)
    assert replay(room.hall.path)["same"]


def test_a_seat_that_is_left_is_taken_over_and_can_be_taken_again(served, scenarios):
    room = served(veto(scenarios), ("A", "C"), away=5)
    one, two = room.window(), room.window()
    press(one, "Take this seat")
    two.wait_for_selector("text=somebody else")
    press(two, "Take this seat")
    press(one, "Start")
    press(one, "Leave your seat")
    two.wait_for_selector("button:text-is('Let it pass')")  # the model has put A's package
    assert "A: the model" in two.inner_text(".seats")
    press(one, "Take this seat")
    two.close()  # and is silent
    one.wait_for_selector("text=played to its end", timeout=20_000)
    assert room.hall.room.game.stood_in == {0, 1}
    quiet(one)


def test_one_screen_passes_the_seat_on_and_takes_back(served, scenarios):
    room = served(load(scenarios / "teaching" / "split_the_dollar.yaml"), ("A", "B"))
    page = room.window()
    press(page, "Take this seat")
    press(page, "Take this seat")
    press(page, "Start")
    page.wait_for_selector("h1:has-text('Pass the seat to A')")
    assert "worth" not in page.inner_text("main").lower()
    press(page, "I am A: show my numbers")
    press(page, "Put this")
    press(page, "I am B: show my numbers")
    assert page.is_visible("text=A proposes")
    press(page, "Take the last decision back")
    press(page, "I am A: show my numbers")
    assert room.hall.room.game.decisions == ()
    quiet(page)


def test_by_keyboard(served, scenarios):
    page = served(veto(scenarios), ("A",)).window()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for button in ("Take this seat", "Start", "Put this"):
        page.wait_for_selector(f"text={button}")
        for _ in range(30):
            page.keyboard.press("Tab")
            if button in page.evaluate("document.activeElement.innerText"):
                break
        with page.expect_navigation():
            page.keyboard.press("Enter")
    page.wait_for_selector("text=played to its end")


@pytest.mark.parametrize("width", WIDTHS)
def test_it_fits_and_nothing_is_serious_for_who_cannot_see_it(served, accessible, scenarios, width):
    """The lobby, a turn of each kind with everything open, the wait, the end."""
    room = served(load(scenarios / "kursk_ceasefire.yaml", ["horizon=3"]), ("DPRK", "RUS"), world=3)
    page, other = room.window(width), room.window(width)

    def good(*pages):
        for p in pages:
            p.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
            assert p.evaluate("document.documentElement.scrollWidth") <= width
            accessible(p)

    good(page)
    press(page, "Take this seat")
    other.wait_for_selector("text=somebody else")
    press(other, "Take this seat")
    press(page, "Start")
    for _ in range(3):
        q = room.hall.room.question
        asked, waits = (page, other) if q.seat == "DPRK" else (other, page)
        asked.wait_for_selector(f"input[name=number][value='{q.number}']", state="attached")
        waits.wait_for_selector("h1:has-text('decides')")
        good(asked, waits)
        if q.menu is not None:
            asked.select_option("select >> nth=0", index=1)
            press(asked, "List only these")
            good(asked)
        with asked.expect_navigation():
            asked.click("button[name=choice] >> nth=-1")
    press(other, "Leave your seat")
    while (q := room.hall.room.question) is not None and not room.hall.room.ended:
        page.wait_for_selector(f"input[name=number][value='{q.number}']", state="attached")
        with page.expect_navigation():
            page.click("button[name=choice][value=no], button[value=nothing]")
    page.wait_for_selector("text=Where value was left", timeout=120_000)
    good(page)
    quiet(page, other)


def test_a_hostile_title_does_nothing(served, accessible, scenarios):
    text = (scenarios / "teaching" / "veto.yaml").read_text(encoding="utf-8")
    words = json.dumps(f"{HOSTILE} \u202ennn {'x' * 10_000}")
    lines = [line for line in text.split("\n") if not line.startswith(("title:", "question:"))]
    loaded = loads("\n".join([f"title: {words}", f"question: {words}", *lines]), overrides=(f"actors.A.name={words}",))
    page = served(loaded, ("A",)).window(390)
    for step in ("Take this seat", "Start", "Put this"):
        accessible(page)
        assert page.evaluate("[document.scripts.length, document.images.length]") == [1, 0]
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        press(page, step)
    page.wait_for_selector("text=Where value was left", timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    quiet(page)
