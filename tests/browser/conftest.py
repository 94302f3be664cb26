"""Pages in a real browser: Debian's chromium, driven by Playwright, with no way out.

`browser` is one process for all tests; `opened(file, width)` gives a page on which a file has been opened, and every
address that it then asked for in `page.asked`; nothing but the file itself and data: is ever answered. A test may let
one server through: `opened(url, allow="http://127.0.0.1:8123/")`. `accessible(page)` fails on what axe-core finds
serious.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
WIDTHS = (1280, 390)  # a desk's, a phone's
IMPACTS = ("serious", "critical")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install 'detente[browser]'")
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("no browser: apt-get install chromium, or give its path as CHROMIUM")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    contexts = []

    def open_page(address: Path | str, width: int = WIDTHS[0], height: int = 900, allow: str | None = None) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page, url = context.new_page(), address.as_uri() if isinstance(address, Path) else address
        page.asked, page.said = [], []

        def answer(route: Any) -> None:
            asked = route.request.url
            if asked.split("#")[0] == url or (allow is not None and asked.startswith(allow)):
                route.continue_()
            else:
                page.asked.append(asked)
                route.abort()

        context.route("**/*", answer)
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("dialog", lambda dialog: (page.said.append(dialog.message), dialog.dismiss()))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def accessible() -> Callable[[Any], None]:
    """Fails, naming them, if axe-core finds anything serious on the page as it is."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install 'detente[browser]'")

    def check(page: Any) -> None:
        found = axe.Axe().run(page).response["violations"]
        bad = [f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in IMPACTS]
        assert not bad, "\n".join(bad)

    return check
