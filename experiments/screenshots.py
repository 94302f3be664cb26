"""Pictures of the pages in docs/figures: the report, the class demo and a seat, as a desk (1280) and a phone (390) show
them.

    python experiments/screenshots.py            # all; or some of: report demo play

Needs the extras `browser` and `class`, and chromium (its path as CHROMIUM where it isn't found). What is computed for
it goes to a folder of its own and is not kept. Fonts are the machine's, so two machines don't give the same bytes.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

import sim
from sim.app.demo import demo
from sim.app.html import write
from sim.classroom.hall import Hall
from sim.classroom.room import Room
from sim.classroom.server import serving
from sim.scenario.claims import find_scenario
from sim.scenario.loader import load
from sim.seat.game import Game

FIGURES = Path(__file__).parents[1] / "docs" / "figures"
SIZES = {1280: 900, 390: 844}  # width and height in pixels
COLOURS, MOST = 64, 120_000  # of a picture: its palette, and bytes
MAIN, CLASS = "kursk_ceasefire", "fearon_private_cost"


@contextmanager
def report(folder: Path) -> Iterator[str]:
    """The main scenario's run, as the README has it."""
    sim.run(MAIN, 2000, 1, out=folder / "run", processes=2)
    page = folder / "report.html"
    page.write_text(sim.report_page(folder / "run"), encoding="utf-8")
    yield page.as_uri()


@contextmanager
def class_demo(folder: Path) -> Iterator[str]:
    """The demo of how-to/demo.md."""
    file = find_scenario(CLASS)
    write(demo(load(file), file, 1000, 1, processes=2), folder / "demo.html")
    yield (folder / "demo.html").as_uri()


@contextmanager
def seat(folder: Path) -> Iterator[str]:
    """North Korea in world 3 of the main scenario, as in how-to/play.md."""
    hall = Hall(Room(Game(load(find_scenario(MAIN)), ("DPRK", "RUS"), 1, 3)), folder / "game.json")
    with serving(hall, "token") as (_, where):
        yield where


def guessed(page: Any) -> None:
    """One dial is turned, a guess is made, and the answer revealed."""
    page.click("#reveal")
    for keys in (["Home"], ["ArrowRight"] * 8):  # two computed points
        page.focus("#dial-0")
        for key in keys:
            page.keyboard.press(key)
        page.click("#reveal")
    page.evaluate("document.activeElement.blur()")
    if page.viewport_size["width"] == min(SIZES):
        page.evaluate("document.querySelector('#said').scrollIntoView()")


def seated(page: Any) -> None:
    """What Russia offers in month 2, where that is still to be decided; whoever comes second finds it so."""
    for name in ("Take this seat", "Start", "Wait until something happens"):
        button = page.locator(f"button:text-is('{name}')").first
        if button.count():
            button.click()
            page.wait_for_load_state()
    page.wait_for_selector("button:text-is('Refuse')")


def shoot(browser: Any, where: str, name: str, prepare: Callable[[Any], None]) -> None:
    for width, height in SIZES.items():
        context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=1)
        page = context.new_page()
        page.goto(where)
        prepare(page)
        target = FIGURES / f"{name}_{width}.png"
        page.screenshot(path=target)
        small(target)
        leave = page.locator("button:text-is('Leave your seat')")
        if leave.count():
            leave.click()
        context.close()


def small(file: Path) -> None:
    """The picture with a palette; raises where it is larger than pictures are kept."""
    with Image.open(file) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(file, optimize=True)
    size = file.stat().st_size
    print(f"{file.relative_to(FIGURES.parents[1])}: {size / 1000:.0f} kB")
    if size > MOST:
        raise SystemExit(f"{file} has {size:,} bytes; pictures are kept below {MOST:,}")


PAGES = {
    "report": (report, lambda page: None),
    "demo": (class_demo, guessed),
    "play": (seat, seated),
}


def main(names: list[str]) -> None:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name in names or PAGES:
            page, prepare = PAGES[name]
            with tempfile.TemporaryDirectory() as folder, page(Path(folder)) as where:
                shoot(browser, where, name, prepare)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
