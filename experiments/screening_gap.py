"""What held beliefs cost: `python experiments/screening_gap.py` writes docs/theory/screening.md.

The screening games of tests/theory/fighting.json as scenario files, played with `beliefs: naive` and `beliefs: grid`,
beside the exact perfect Bayesian equilibrium. The words, with a section for each table, are in
experiments/theory/screening.md. `--check` writes nothing and exits 1 if the page is stale; `--show KIND` prints a file.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from page import ROOT, arguments, keep, table
from theory.screening_games import Game, battles, costs, sale

import sim
from sim.analysis.intervals import wilson
from sim.arrays import Floats
from sim.scenario.loader import loads
from sim.screening import Round, Screening, Waiting, screen
from sim.theory import screening

FIGURES = json.loads((ROOT / "tests" / "theory" / "fighting.json").read_text(encoding="utf-8"))
SEED, WORLDS, POINTS = 1, 2000, 50
SIZES = ((10, 101), (20, 101), (50, 201), (50, 1001), (100, 5001), (200, 20001))
NO_EDIT = "<!-- Printed by: python experiments/screening_gap.py. Don't edit; the words are in experiments/theory/. -->"


def games(kind: str) -> list[Game]:
    """The games of one section."""
    if kind == "sale":
        return [sale(row["T"], row["delta"], POINTS, 501) for row in sorted(FIGURES["sobel_takahashi"], key=offers_of)]
    if kind == "costs":
        return [costs(row, POINTS, 501) for row in FIGURES["modelP"]]
    if kind == "battles":
        return [battles(row, 1001) for row in FIGURES["modelF"] if row["units"] != [1, 1]]
    near = [
        row | {"units": [1, 1], "mu0": row["mu_star"] + side}
        for row in FIGURES["modelF_mustar_11"]
        for side in (-0.03, 0.03)
    ]
    return [battles(row, 1001) for row in [*near, *(r for r in FIGURES["modelF"] if r["units"] == [1, 1])]]


def offers_of(row: dict[str, Any]) -> int:
    return row["T"]


# --- played ---


class Played(NamedTuple):
    """Worlds that settled at the first offer and at any, of how many; the first offer where it was accepted."""

    at_once: int
    ever: int
    worlds: int
    offer: float | None


def play(game: Game, beliefs: str, worlds: int = WORLDS) -> Played:
    found = sim.run(loads(game.spelled(beliefs)), worlds, SEED).frame
    period = found["table.talks.deal_period"]
    offers = found.loc[period == 1, "table.talks.terms.share"].astype(float)
    return Played(int((period == 1).sum()), int((period > 0).sum()), worlds, None if offers.empty else offers.mean())


def chance(count: int, worlds: int, exact: float) -> list[str]:
    low, high = wilson(count, worlds)
    return [f"{count / worlds:.3f} [{low:.3f}, {high:.3f}]", f"{count / worlds - exact:+.3f}"]


def rows(game: Game) -> list[list[str]]:
    """Settled at once, settled at all, and the first offer: exact, and each simulation with its gap."""
    played = [play(game, beliefs) for beliefs in ("naive", "grid")]
    found = [[game.name, "settled at once", f"{game.settles[0]:.3f}"], ["", "settled", f"{sum(game.settles):.3f}"]]
    found = found[: len(game.settles)]  # with one offer both are the same
    for k, exact in enumerate((game.settles[0], sum(game.settles))[: len(found)]):
        found[k] += [cell for p in played for cell in chance(p[k], p.worlds, exact)]
    offer = ["", "first offer", f"{game.offer:.3f}"]
    for p in played:
        offer += ["none accepted", ""] if p.offer is None else [f"{p.offer:.3f}", f"{p.offer - game.offer:+.3f}"]
    return [*found, offer]


def gaps(kind: str) -> str:
    heads = ("", "", "exact", "`naive`", "gap", "`grid`", "gap")
    return table(heads, [row for game in games(kind) for row in rows(game)])


# --- what points and steps cost ---


def sold(offers: int, delta: float, points: int, steps: int) -> tuple[float, float]:
    """With so many values and prices: the share of sales, the equilibrium followed offer by offer (no sampling), and
    the seller's payoff."""
    price, value, one = np.linspace(0, 1, steps), (np.arange(points) + 0.5) / points, np.ones(1)
    nothing, odds = np.zeros((points, 1)), np.full((points, 1), 1 / points)
    waits = Waiting(0 * one, delta * one), Waiting(nothing, delta * one)
    now = Round(price[None], (value[:, None] - price)[:, None], np.ones((1, steps), bool), *waits)

    def solved(odds: Floats, left: int) -> Screening:
        return screen(lambda t: now, left, odds, nothing, (0 * one, nothing), 1e-9 * one)

    def unsold(odds: Floats, left: int, promise: Floats) -> float:
        found = solved(odds, left)
        put = found.put(promise)[0]
        total = float(1 - put.sum())
        for a in np.flatnonzero(put):
            rest = odds * (1 - found.assents[:, :, a])
            kept = float(rest.sum())
            if left > 1 and kept > 1e-9:
                kept *= unsold(rest / kept, left - 1, found.promise(np.array([a]), promise))
            total += put[a] * kept
        return total

    first = solved(odds, offers)
    return 1 - unsold(odds, offers, np.full(1, np.nan)), float(first.proposer_waits[0] + first.score.max())


def sizes() -> str:
    heads, cells = ["", "", "exact", *(f"{k} values, {m} prices" for k, m in SIZES)], []
    for offers, delta in ((2, 0.5), (3, 0.9), (6, 0.8)):
        exact = sum(sale(offers, delta, 2, 2).settles), screening.steps(offers, delta)[-1].alpha
        found = [sold(offers, delta, k, m) for k, m in SIZES]
        for k, name in enumerate((f"T = {offers}, δ = {delta:g}", "")):
            each = (f"{f[k]:.3f} ({f[k] - exact[k]:+.3f})" for f in found)
            cells.append([name, ("sold", "seller's payoff")[k], f"{exact[k]:.3f}", *each])
    return table(heads, cells)


# --- the page ---

KINDS = ("sale", "costs", "lottery", "battles")
TABLES: tuple[Callable[[], str], ...] = (*((lambda k=k: gaps(k)) for k in KINDS), sizes)  # type: ignore[misc]


def page() -> str:
    """The words, and after each section its table."""
    words = (ROOT / "experiments" / "theory" / "screening.md").read_text(encoding="utf-8").strip()
    intro, *sections = words.split("\n\n## ")
    title, _, text = intro.partition("\n\n")
    how = f"Seed {SEED}; {WORLDS:,} worlds; a continuous secret is held at {POINTS} points."
    parts = [f"## {words}\n\n{show()}" for words, show in zip(sections, TABLES, strict=True)]
    return "\n\n".join([title, NO_EDIT, text, how, *parts]) + "\n"


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--show", choices=KINDS, help="print the first file of a kind, and nothing else")
    given = parser.parse_args()
    if given.show:
        print(games(given.show)[0].spelled("grid"), end="")
    else:
        keep([(ROOT / "docs" / "theory" / "screening.md", page())], given.check, "screening_gap")


if __name__ == "__main__":
    main()
