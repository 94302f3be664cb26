"""docs/claims.md, where every claim is used or why it isn't, and docs/disagreements.md, what outcomes become under each
side of a dispute: `python experiments/claims_pages.py [claims] [disagreements] [--check]`, both unless named.

Reasons for claims that stay background are in experiments/background.yaml, disputes in experiments/disagreements.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import yaml
from page import ROOT, arguments, keep, table, words
from parallel import each

import sim
from sim.analysis.influence import moved
from sim.flips import backing, outcomes_under
from sim.montecarlo.draws import ClaimRule, used_claims
from sim.scenario.claims import Claim, load_claims
from sim.scenario.loader import Loaded

WORLDS, SEED = 1000, 1
DONT = "<!-- Printed by: python experiments/claims_pages.py. Don't edit. -->"


def library() -> dict[str, Loaded]:
    """Every scenario but the teaching ones, by name."""
    files = (f for f in sorted((ROOT / "scenarios").glob("*.yaml")) if f.stem != "claims")
    return {f.stem: sim.load(f) for f in files}


def uses(scenarios: dict[str, Loaded]) -> dict[str, dict[str, list[str]]]:
    """claim -> scenario -> what rests on it there, or the outcome that states it."""
    found: dict[str, dict[str, list[str]]] = {}
    for name, loaded in scenarios.items():
        for claim, things in backing(loaded.scenario).items():
            found.setdefault(claim, {}).setdefault(name, []).extend(things)
        for outcome, o in loaded.scenario.outcomes.items():
            for claim in o.claims:
                found.setdefault(claim, {}).setdefault(name, []).append(f"outcome {outcome}")
    return found


def claims_page(scenarios: dict[str, Loaded], claims: dict[str, Claim], background: dict[str, str]) -> str:
    used, parts = uses(scenarios), []
    for author in dict.fromkeys(c.author for c in claims.values()):
        rows = []
        for c in (c for c in claims.values() if c.author == author):
            where = "; ".join(
                f"{words(s)}: {', '.join(map(words, things))}" for s, things in used.get(c.id, {}).items()
            )
            rows.append((c.id, c.kind, f"{c.strength:g}", c.says, where or f"background: {background.get(c.id, '')}"))
        parts.append(
            f"## {author}\n\n" + table(("claim", "kind", "strength", "says (paraphrased)", "where it is used"), rows)
        )
    count = f"{len(claims)} claims, {sum(c in used for c in claims)} used in {len(scenarios)} scenarios."
    head = f"# What the documents say, and where it is used\n\n{DONT}\n\n{documents(claims)}\n\n{count}\n\n"
    return head + "\n\n".join(parts) + "\n"


def documents(claims: dict[str, Claim]) -> str:
    """A table of them. Sources in one file are authors of one document."""
    sources = yaml.safe_load((ROOT / "scenarios" / "claims.yaml").read_text(encoding="utf-8"))["sources"]
    rows = []
    for file in dict.fromkeys(s["file"] for s in sources.values()):
        mine = {name: s for name, s in sources.items() if s["file"] == file}
        one, names = next(iter(mine.values())), ", ".join(f"`{name}`" for name in mine)
        many = sum(c.source in mine for c in claims.values())
        rows.append(
            (", ".join(s["author"] for s in mine.values()), one["title"], one["form"], one["date"], names, many)
        )
    heads = ("author", "title", "form", "date", "name for `--without-source`", "claims")
    text = (
        f"{len(rows)} documents. Every claim below is a paraphrase; the documents themselves aren't in this repository."
    )
    return f"{text}\n\n{table(heads, [tuple(map(str, r)) for r in rows])}"


def disagreements_page(scenarios: dict[str, Loaded], claims: dict[str, Claim], disputes: list[dict[str, Any]]) -> str:
    parts = [
        f"""# Where the documents disagree, and what hangs on it

{DONT}

Both sides of every dispute stand in the scenarios as claims that can be switched. Here the claims of one side are taken
as true and those of the other as false, and the other way round; everything else is drawn as usual, in the same
{WORLDS:,} worlds (seed {SEED}). Differences are in percentage points, first side minus second, with intervals adjusted
for how many outcomes of the dispute are looked at; bold: told from nothing at a false-discovery rate of 5 %."""
    ]
    asked = [
        (scenarios[name], *ways) for d in disputes for name in d["scenarios"] for ways in readings(d, scenarios[name])
    ]
    under = iter(each(outcomes, asked))
    parts += [dispute(d, scenarios, claims, under) for d in disputes]
    return "\n\n".join(parts) + "\n"


def readings(d: dict[str, Any], loaded: Loaded) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(claims taken as true, as false) under each side of a dispute, as far as they stand in a scenario."""
    one, two = (tuple(c for c in side["claims"] if c in used_claims(loaded.scenario)) for side in d["sides"])
    return [(one, two), (two, one)]


def outcomes(loaded: Loaded, on: tuple[str, ...], off: tuple[str, ...]) -> dict[str, Any]:
    return outcomes_under(loaded, ClaimRule(on=frozenset(on), off=frozenset(off)), WORLDS, SEED, 1)


def dispute(
    d: dict[str, Any], scenarios: dict[str, Loaded], claims: dict[str, Claim], under: Iterator[dict[str, Any]]
) -> str:
    """One dispute's part of the page; `under`: the outcomes of its readings, in turn."""
    one, two = d["sides"]
    lines = [f"## {d['dispute']}"]
    for side in (one, two):
        said = "; ".join(f"{c} ({claims[c].author}): {claims[c].says}" for c in side["claims"])
        lines.append(f"- **{side['says']}** {said}.")
    text = ["\n".join([lines[0], "", *lines[1:]]), *([d["note"]] if "note" in d else [])]
    for name in d["scenarios"]:
        loaded = scenarios[name]
        here, first, second = readings(d, loaded)[0], next(under), next(under)
        names = list(loaded.scenario.outcomes)
        differences = np.array([first[o] - second[o] for o in names])
        effects = moved((differences > 0).sum(axis=1)[None], (differences < 0).sum(axis=1)[None], WORLDS)[0]
        rows = []
        for o, e in zip(names, effects, strict=True):
            interval = f"{100 * e['estimate']:+.0f} [{100 * e['low']:+.0f}, {100 * e['high']:+.0f}]"
            shares = (f"{100 * first[o].mean():.0f} %", f"{100 * second[o].mean():.0f} %")
            rows.append((words(o), *shares, f"**{interval}**" if e["found"] else interval))
        switched = " v ".join(", ".join(side) or "–" for side in here)
        heads = (f"{words(name)} ({switched})", one["says"].rstrip("."), two["says"].rstrip("."), "difference")
        text.append(table(heads, rows))
    return "\n\n".join(text)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="claims (takes a moment), disagreements (minutes)")
    given = parser.parse_args()
    scenarios, claims = library(), load_claims(ROOT / "scenarios" / "claims.yaml")
    pages = {
        "claims": lambda: claims_page(scenarios, claims, listed("background") or {}),
        "disagreements": lambda: disagreements_page(scenarios, claims, listed("disagreements") or []),
    }
    if unknown := set(given.names) - set(pages):
        parser.error(f"no such page: {', '.join(sorted(unknown))}; there are {', '.join(pages)}")
    made = ((ROOT / "docs" / f"{name}.md", pages[name]()) for name in given.names or pages)
    keep(made, given.check, "claims_pages")


def listed(name: str) -> Any:
    return yaml.safe_load((ROOT / "experiments" / f"{name}.yaml").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
