"""A biased mediator: the page's rows."""

from __future__ import annotations

import math

import test_mediation as tests
from games import told, worlds_of
from theory.lines import grid_of, label


def line(row: dict, bias: float, believed: bool) -> list[object]:
    """One bias: whether it should be believed and is, and how much war there should be and is."""
    game = tests.crisis(row, bias)
    says = told(game).periods[0].words[0].believed
    exact = row["war_with_truthful"] if believed else row["war_without"]
    found = float(worlds_of(game, tests.WORLDS)["outcome.war"].mean())
    good = says == believed and abs(found - exact) <= 4 * math.sqrt(exact * (1 - exact) / tests.WORLDS)
    words = {True: "believed", False: "not believed"}
    return [f"{bias:.3f}", words[believed], words[says], float(exact), found, "✓" if good else "**no**"]


def page() -> str:
    heads = ["bias b", "Kydd", "simulated", "Pr(war), exact", "simulated", ""]
    parts = []
    for row in tests.ROWS:
        high = "∞" if math.isinf(row["b_hi"]) else f"{row['b_hi']:.3f}"
        title = f"{label(row, 'accuracy', 'mu', 'p', 'c1', 'cL', 'cH', 'kM')}: b from {row['b_lo']:.3f} to {high}"
        lines = [line(row, bias, believed) for bias, believed in tests.biases(row)]
        parts.append(f"## {title}\n\n{grid_of(heads, lines)}")
    return "\n\n".join(parts)
