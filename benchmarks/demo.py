"""How fast a demo's page opens and answers, in headless Chromium: python benchmarks/demo.py PAGE

Prints the medians of ten openings and of all places of the first slider. Goals: under 1 s, under 100 ms.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

OPENINGS = 10
# from the input to the frame in which its answer is painted
MOVE = """place => new Promise(done => {
  const slider = document.querySelector('#dial-0'), begun = performance.now();
  slider.value = place; slider.dispatchEvent(new Event('input'));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
})"""


def main(file: Path) -> None:
    import shutil

    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as started:
        browser, opened, moved = started.chromium.launch(executable_path=program, args=["--no-sandbox"]), [], []
        for _ in range(OPENINGS):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            begun = time.perf_counter()
            page.goto(file.resolve().as_uri())
            page.wait_for_selector("html[data-ready=yes]")
            opened.append(time.perf_counter() - begun)
        page.uncheck("#predict")
        for place in range(int(page.get_attribute("#dial-0", "max")) + 1):
            moved.append(page.evaluate(MOVE, place))
        browser.close()
    print(f"{file.name}: {file.stat().st_size / 1e6:.2f} MB")
    print(f"opens in {1000 * statistics.median(opened):.0f} ms (worst {1000 * max(opened):.0f}); goal 1,000")
    print(f"a slider answers in {statistics.median(moved):.0f} ms (worst {max(moved):.0f}); goal 100")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
