"""Simulated against closed form, as pages: `python experiments/theory_table.py` writes docs/theory/*.md.

The rows are those of tests/oracles/*.json; the games are the files that the oracle tests play (so this needs the
`test` extra). Each page has its words and its program in experiments/theory/. `--check` writes nothing and exits 1 if a
page is stale; `--only NAME` takes one page.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "oracles"))  # where the games are spelled
PAGES = ("rubinstein", "crisis", "legislatures", "shifting_power", "mediation", "salami", "two_tables")
NO_EDIT = "<!-- Printed by: python experiments/theory_table.py. Don't edit; the words are in experiments/theory/. -->"


def printed(name: str) -> str:
    """The page: its title and words, then the tables that its program prints."""
    words = (ROOT / "experiments" / "theory" / f"{name}.md").read_text(encoding="utf-8").strip()
    title, _, text = words.partition("\n\n")
    return f"{title}\n\n{NO_EDIT}\n\n{text}\n\n{importlib.import_module(f'theory.{name}').page()}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="exit 1 if a page in docs/theory differs")
    parser.add_argument("--only", choices=PAGES, help="one page")
    options, stale = parser.parse_args(), []
    for name in (options.only,) if options.only else PAGES:
        page, file = printed(name), ROOT / "docs" / "theory" / f"{name}.md"
        if not options.check:
            file.write_text(page, encoding="utf-8")
        elif not file.exists() or file.read_text(encoding="utf-8") != page:
            stale.append(str(file.relative_to(ROOT)))
    if stale:
        print(f"stale: {', '.join(stale)}; run python experiments/theory_table.py", file=sys.stderr)
        raise SystemExit(1)


if __name__ == "__main__":
    main()
