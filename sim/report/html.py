"""Self-contained HTML pages: templates in `page/`, styles written into the page, figures as SVG in it.

All that comes from a scenario is text: it is escaped, and signs that would turn the direction of the text around are
taken out. A page asks for nothing from anywhere, and its policy forbids it.
"""

from __future__ import annotations

import io
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from sim.errors import clean
from sim.report import figures
from sim.report.answer import of_hundred
from sim.report.style import METADATA, interval, minus, percent, plain, rounded, styled
from sim.report.text import differs

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup
    from matplotlib.figure import Figure

SHOWN = ("outcomes", "timing", "terms", "values")


def page(document: dict[str, Any]) -> str:
    """The page of a report's document (`sim.reporting.document`). The same document is the same bytes."""
    from sim.report.reasons import WORDS, upset

    summary, why = document["summary"], document["reasons"]
    drawn = {name: svg(figures.draw(name, summary), name) for name in SHOWN if name in figures.names()}
    if why is not None and drawn:
        drawn["reasons"] = svg(upset(why), "reasons")
    moved, still = _moved(document)
    more = {"words": WORDS, "differs": differs(summary), "moved": moved, "still": still}
    return render("report.html", **document, figures=drawn, **more)


def _moved(document: dict[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """Claims with the effects of theirs that stand out, the greatest first: those that move the first outcome, then
    the others; and the claims that move nothing."""
    first = next(iter(document["summary"]["outcomes"]), "")
    groups: list[dict[str, Any]] = [
        {"head": f"What moves “{plain(first)}”", "claims": []},
        {"head": "What moves other outcomes", "claims": []},
    ]
    still = []
    for claim, c in document["claims"].items():
        found = [(o, e) for o, e in c["influence"].items() if e is not None and e["found"]]
        found.sort(key=lambda oe: (oe[0] != first, -abs(oe[1]["estimate"])))
        if found:
            groups[found[0][0] != first]["claims"].append((claim, found))
        else:
            still.append(claim)
    for group in groups:
        group["claims"].sort(key=lambda cf: -abs(cf[1][0][1]["estimate"]))
    return groups, still


def render(template: str, **data: Any) -> str:
    """A template of `page/` filled in; `base.html` there is what every page shares."""
    return environment().get_template(template).render(**data)


@cache
def environment() -> Environment:
    """Escapes whatever is put into a page."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    found = Environment(
        loader=PackageLoader("sim.report", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "cut": cut,
        "interval": interval,
        "of_hundred": of_hundred,
        "percent": percent,
        "signed": signed,
        "plain": plain,
        "rounded": rounded,
        "points": points,
    }
    return found


def templates(package: str) -> Environment:
    """The same with the templates in the package's own `page/` before these."""
    from jinja2 import ChoiceLoader, PackageLoader

    shared = environment()
    assert shared.loader is not None
    return shared.overlay(loader=ChoiceLoader([PackageLoader(package, "page"), shared.loader]))


def cut(text: str, most: int = 300) -> str:
    """The text, or its beginning and an ellipsis."""
    text = " ".join(clean(text).split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def signed(value: float) -> str:
    """`+0.12`, with a true minus sign."""
    return minus(f"{round(value, 3) + 0.0:+.3f}")


def points(effect: dict[str, Any]) -> str:
    """`+12 of 100 [8, 16]`: by how much a share differs, in worlds of a hundred."""
    digits = 0 if max(abs(100 * effect[k]) for k in ("low", "high")) >= 2 else 1
    told = [f"{round(100 * effect[k], digits) + 0.0:+.{digits}f}" for k in ("estimate", "low", "high")]
    return minus("{} of 100 [{}, {}]".format(*told))


def svg(figure: Figure, name: str) -> Markup:
    """A figure as an element of a page, without its headline and the line that names the run, which the page has:
    nothing outside of it is named, and no id of it is another figure's. To be put into an element that says in words
    what is seen."""
    import matplotlib as mpl
    from markupsafe import Markup

    text = io.StringIO()
    for told in figure.texts[:2]:
        told.remove()
    with styled():
        mpl.rcParams["svg.hashsalt"] = name
        figure.savefig(text, format="svg", metadata=METADATA["svg"], bbox_inches="tight", pad_inches=0.05)
    found = text.getvalue()[text.getvalue().index("<svg") :]
    found = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", found, flags=re.DOTALL)
    found = re.sub(r' (xmlns(:\w+)?|version)="[^"]*"', "", found).replace("xlink:href", "href")
    found = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", found, count=1)
    found = re.sub(r'(<svg[^>]*?) height="[^"]*"', r'\1 aria-hidden="true" focusable="false"', found, count=1)
    found = re.sub(r'id="', f'id="{name}-', found)
    found = re.sub(r'href="#', f'href="#{name}-', found)
    found = re.sub(r"url\(#", f"url(#{name}-", found)
    return Markup(re.sub(r"\n\s*", "\n", found))
