"""Simulated against closed form, as pages: `python experiments/theory_table.py` writes docs/theory/*.md.

The rows are those of tests/oracles/*.json; the games are the files that the oracle tests play (so this needs the
`test` extra). Each page has its words and its program in experiments/theory/. `--check` writes nothing and exits 1 if a
page is stale; `--only NAME` takes one page.
"""

from __future__ import annotations

import importlib
import sys

from page import ROOT, arguments, keep

sys.path.insert(0, str(ROOT / "tests" / "oracles"))  # where the games are spelled
PAGES = ("rubinstein", "crisis", "legislatures", "shifting_power", "mediation", "salami", "two_tables")
NO_EDIT = "<!-- Printed by: python experiments/theory_table.py. Don't edit; the words are in experiments/theory/. -->"


def printed(name: str) -> str:
    """The page: its title and words, then the tables that its program prints."""
    words = (ROOT / "experiments" / "theory" / f"{name}.md").read_text(encoding="utf-8").strip()
    title, _, text = words.partition("\n\n")
    return f"{title}\n\n{NO_EDIT}\n\n{text}\n\n{importlib.import_module(f'theory.{name}').page()}\n"


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--only", choices=PAGES, help="one page")
    given = parser.parse_args()
    names = (given.only,) if given.only else PAGES
    keep(((ROOT / "docs" / "theory" / f"{name}.md", printed(name)) for name in names), given.check, "theory_table")


if __name__ == "__main__":
    main()
