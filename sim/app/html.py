"""The demo's page: one HTML file with its data, scripts and styles in it, which asks for nothing from anywhere.

The scripts are ES modules in `page/`, put one after the other into a single one. A policy allows just these by their
hashes; what comes from a scenario is data that scripts only ever put into a page as text.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from sim.errors import clean
from sim.report.html import templates
from sim.store.writing import replacing

PAGE = Path(__file__).parent / "page"
MODULES = ("elements", "grid", "chart", "guesses", "change", "map", "worlds", "claims", "main")
MOST = 3_000_000  # bytes of a page
MOST_TEXT = 300  # letters of one text of a scenario


def write(document: dict[str, Any], target: Path) -> int:
    """Writes the page and returns its size in bytes. The same document is the same bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target, "wb") as file:
        return int(file.write(page(document).encode()))


def page(document: dict[str, Any]) -> str:
    """The page, in at most `MOST` bytes: worlds are left out from the last on where it would be larger."""
    stories = list(document["stories"])
    while len((text := _page({**document, "stories": stories})).encode()) > MOST and stories:
        stories.pop()
    return text


def _page(document: dict[str, Any]) -> str:
    texts = [script("uPlot.iife.min.js"), modules()]
    template = templates("sim.app").get_template("demo.html")
    return template.render(
        title=document["title"],
        data=data(document),
        scripts=texts,
        hashes=" ".join(f"'sha256-{_hash(t)}'" for t in texts),
        licence=script("uPlot.LICENSE.txt"),
        version=document["version"],
    )


def script(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def modules() -> str:
    """All modules as one: each in a scope of its own that gives what it exports, as imports across elements aren't
    possible without loading something."""
    return "\n".join(_scoped(name, script(f"{name}.js")) for name in MODULES)


def _scoped(name: str, text: str) -> str:
    given = ", ".join(re.findall(r"^export (?:function|const) (\w+)", text, flags=re.MULTILINE))
    text = re.sub(r'^import (\{.*\}) from "\./(\w+)\.js";', r"const \1 = $\2;", text, flags=re.MULTILINE)
    text = re.sub(r"^export ", "", text, flags=re.MULTILINE)
    return f"const ${name} = (() => {{\n{text}return {{ {given} }};\n}})();"


def data(document: dict[str, Any]) -> str:
    """JSON that can stand in a script element: no `<`, and texts without signs that can't be seen, cut where they are
    long."""
    text = json.dumps(_shown(document), ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=False)
    return text.replace("<", "\\u003c")


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        text = clean(value)
        return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 1].rstrip() + "…"
    if isinstance(value, dict):
        return {k: _shown(v) for k, v in value.items()}
    return [_shown(v) for v in value] if isinstance(value, list | tuple) else value


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
