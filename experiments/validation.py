"""What known answers and real data say of the model: `python experiments/validation.py [NAME …]` writes
docs/validation.md (with NAMEs only those are played, and of the others the page keeps what it has).

Each module of experiments/validation/ with a TITLE is one body of data; what it returns is told in validation/check.py.
Data files are read from shared/data beside the checkout, or from the folder that DETENTE_DATA names; where they are
absent that is said and the page keeps what it has. Known answers are read off docs/theory and the tests (so this needs
the `test` extra). `--check` writes nothing and exits 1 if the page is stale.
"""

from __future__ import annotations

import importlib
import re
import sys
from types import ModuleType
from typing import TYPE_CHECKING

from page import ROOT, arguments, keep, table
from validation.check import Absent, Check, data_folder, shown

if TYPE_CHECKING:
    from validation.known_answers import Missed

FOLDER, DOCS = ROOT / "experiments" / "validation", ROOT / "docs"
PAGE = DOCS / "validation.md"
HOLDS, FAILS = "**holds**", "**doesn't hold**"
VERDICT = {True: HOLDS, False: FAILS, None: "–"}
HEADS = ("", "ours, 95 % interval", "theirs", "whose", "verdict", "")
TIGHT = 1e-9  # below it a distance is rounding, which differs between machines


def bodies() -> dict[str, ModuleType]:
    """Every module with a TITLE, by name."""
    names = sorted(f.stem for f in FOLDER.glob("*.py") if "\nTITLE" in f.read_text(encoding="utf-8"))
    return {name: importlib.import_module(f"validation.{name}") for name in names}


def line(check: Check) -> tuple[str, ...]:
    ours = shown(check.ours)
    if check.low is not None and check.high is not None:
        ours += f" [{shown(check.low)}, {shown(check.high)}]"
    return check.name, ours, shown(check.theirs), check.source, VERDICT[check.holds], check.note


def section(module: ModuleType) -> str:
    """Heading, words and table. Raises Absent."""
    lines = [line(c) for c in module.checks(data_folder())]
    return f"## {module.TITLE}\n\n{(module.__doc__ or '').strip()}\n\n{table(HEADS, lines)}"


def kept(title: str) -> str:
    """A section as the page has it."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    found = re.search(rf"^## {re.escape(title)}\n.*?(?=\n\n## |\Z)", text, re.S | re.M)
    return found.group().strip() if found else f"## {title}\n\nNot computed yet: its data weren't there."


def sections(chosen: list[str]) -> dict[str, str]:
    """title -> text of every body of data, played anew if it is chosen."""
    found = {}
    for name, module in bodies().items():
        try:
            found[module.TITLE] = section(module) if name in chosen else kept(module.TITLE)
        except Absent as absent:
            print(f"{name}: not computed, {absent}", file=sys.stderr)
            found[module.TITLE] = kept(module.TITLE)
    return found


# --- known answers ---


FITTED = "Ultimatums: what a responder accepts"


def missed(distance: float) -> str:
    return "none" if distance == 0 else "below 1e-9" if distance < TIGHT else f"{distance:.1e}"


def answers_played() -> tuple[str, list[Missed]]:
    """The simulator beside known answers."""
    from validation import known_answers

    rows = list(known_answers.played())
    heads = ("", "compared", "largest distance", "allowed there", "miss")
    lines = [
        (
            f"[{m.name}](theory/{m.page})",
            str(m.cases),
            f"{m.distance:.4f}",
            f"{m.allowed:.4f}" if m.allowed else "–",
            str(m.missed) if m.judged else "–",
        )
        for m in rows
    ]
    return table(heads, lines), rows


def answers_by_formula() -> tuple[str, list[Missed]]:
    """The closed forms of sim/theory beside the figures that they are tested by."""
    from validation import known_answers

    rows = known_answers.closed_forms()
    heads = ("figures", "cases", "largest distance", "allowed there", "miss")
    lines = [
        (
            f"`{m.name}.json`",
            str(m.cases),
            missed(m.distance),
            f"{m.allowed:.0e}" if m.allowed else "none",
            str(m.missed),
        )
        for m in rows
    ]
    return table(heads, lines), rows


def screening() -> tuple[str, str]:
    """The table, and its worst in words."""
    from validation import known_answers

    rows = list(known_answers.screened())
    name, _, held, grid = max(rows, key=lambda row: row[3])
    others = max(row[2] for row in rows if row[0] != name)
    heads = ("", "games", "held beliefs", "belief grid")
    text = table(heads, [(n, str(k), f"{a:.3f}", f"{b:.3f}") for n, k, a, b in rows])
    return (
        text,
        f"held beliefs are off by up to {others:.2f}, and in “{name}” either kind by up to {max(held, grid):.2f}",
    )


# --- what other pages found ---


def mechanisms() -> str:
    """The headline of docs/mechanisms.md."""
    text = (DOCS / "mechanisms.md").read_text(encoding="utf-8")
    found = re.search(r"^Of \d+ statements.*?reverse\.", text, re.S | re.M)
    return " ".join(found.group().replace("**", "").split()) if found else ""


def expectations() -> str:
    """The scores of docs/expectations.md."""
    text = (DOCS / "expectations.md").read_text(encoding="utf-8")
    asked = re.search(r"^\d+ questions, \d+ of them answered yes", text, re.M)
    scores = re.findall(r"^\| (the model|always \.5|the share of yes[^|]*) \| ([\d.]+) \|", text, re.M)
    return f"{asked.group() if asked else ''}; Brier score of " + "; of ".join(f"{n}: {s}" for n, s in scores)


# --- the page ---


def page(chosen: list[str]) -> str:
    found = sections(chosen)
    (played, games), (formula, figures) = answers_played(), answers_by_formula()
    counts = {title: [text.count(f"| {v} |") for v in (HOLDS, FAILS)] for title, text in found.items()}
    held, lost = (sum(c[k] for c in counts.values()) for k in (0, 1))
    unjudged = sum(m.cases - m.judged for m in games)
    fitted = counts.get(FITTED, [0, 0])
    screened, worst = screening()
    met = f"{judged(games)[0]} of {sum(m.judged for m in games)}"
    parts = [
        f"""# Validation: what known answers and real data say of the model

<!-- Printed by: python experiments/validation.py. Don't edit; the checks are in experiments/validation/. -->

Of {held + lost} comparisons with data that no one here made, **{held} hold and {lost} don't**: of these {fitted[0]} and
{fitted[1]} with the ultimatums, to which the default prior of resolve is fitted, and {held - fitted[0]} and
{lost - fitted[1]} with all the rest, to which nothing is. What is lost is left standing.

The simulator meets {met} known answers that have a bound. That leaves out {unjudged} distances without
one and the games of [screening](#known-answers-played), where {worst}.

A comparison with data holds if the 95 % interval of the difference holds 0, unless its line says another rule; with
more worlds or more data a small difference is told more easily, so look at its
size too. Lines without a verdict inform.""",
        overview(games, figures, counts),
        f"""Two more pages say what follows from the scenarios, and are not repeated here.

- [Mechanisms](mechanisms.md): does what the documents describe come out? {mechanisms()}
- [Expectations](expectations.md): what the authors expected and what happened. {expectations()}. Whoever wrote the
  scenarios knew what had happened.""",
        """## Known answers, played

Games whose answer is known, as scenario files, played as every scenario is; the page that the line links has every
distance. A dash under *allowed* with a number under *miss*: the answer is in words, which must be the same, or the
page has a bound of its own for each.""",
        played,
        """Held beliefs and the belief grid beside the exact equilibria of [screening](theory/screening.md): the largest
gap in the share of games that settle.""",
        screened,
        """What [two tables](theory/two_tables.md) do to one another is told there; `tests/oracles` holds it to answers
by hand.""",
        """## Known answers, by formula

The closed forms of `sim/theory`, which the pages and tests above measure by, beside figures found another way (brute
force, or somebody else's solver; each file in `tests/theory/` names its sources). Distances are those that the tests
of these figures see.""",
        formula,
        *found.values(),
    ]
    return "\n\n".join(parts) + "\n"


def overview(games: list[Missed], figures: list[Missed], counts: dict[str, list[int]]) -> str:
    rows = [("known answers, [played](#known-answers-played)", *judged(games))]
    rows += [("known answers, [by formula](#known-answers-by-formula)", *judged(figures))]
    rows += [(f"[{title}](#{anchor(title)})", *map(str, found)) for title, found in counts.items()]
    return table(("", "hold", "don't"), rows)


def judged(rows: list[Missed]) -> tuple[str, str]:
    """How many with a verdict hold, and how many don't."""
    lost = sum(m.missed for m in rows)
    return str(sum(m.judged for m in rows) - lost), str(lost)


def anchor(title: str) -> str:
    """As GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(bodies()))
    given = parser.parse_args()
    unknown = [n for n in given.names if n not in bodies()]
    if unknown:
        parser.error(f"no {', '.join(unknown)}; there are: {', '.join(bodies())}")
    keep([(PAGE, page(given.names or list(bodies())))], given.check, "validation")


if __name__ == "__main__":
    main()
