"""Salami tactics and red lines: the page's rows."""

from __future__ import annotations

import test_salami as tests
from games import worlds_of
from theory.lines import grid_of, label

from sim.theory import red_line, salami

SHOWN = (1, 2, 3, 5, 8, 12, 20, 40)


def paths(row: dict) -> str:
    last = max(SHOWN)
    lapsing = tests.demanded(tests.file(row, f"horizon={last}"))
    final = tests.demanded(tests.final(row, last))
    lines, share = [], row["x0"]
    for t in range(1, last + 1):
        share = tests.next_if_final(row, share)
        if t in SHOWN:
            exact = salami.path(tests.terms(row), row["x0"], t)
            lines.append([t, exact, lapsing[t - 1], f"{lapsing[t - 1] - exact:+.4f}", share, final[t - 1]])
    heads = ["period", "exact", "truce lapses: simulated", "distance", "final: closed form", "final: simulated"]
    name = f"{label(row, 'a', 'b', 'delta', 'cD', 'x0')}: ends at x* = {row['x_star']:.4f}"
    once = f"If power stayed as it is at x₀, A could get {row['one_shot_if_power_fixed']:.3f} at most."
    return f"### {name}\n\n{once}\n\n{grid_of(heads, lines)}"


def line(row: dict) -> list[object]:
    exact = red_line.solve(10, row["v"], row["C"], row["w"], row["delta"]).actions
    found = tests.done(row)
    stopped = 1 - (1 - row["w"]) ** exact.count("R")
    share = float(worlds_of(tests.line(row), 2000)["outcome.held"].mean())
    return [label(row, "v", "C", "w"), exact, found, "✓" if found == exact else "**no**", float(stopped), share]


def page() -> str:
    heads = ["", "by 1 … 10 slices held", "simulated", "", "Pr(stopped) from 10", "simulated"]
    parts = [f"## The path\n\n{PATHS}", *(paths(row) for row in tests.ROWS["salami"])]
    lines = [line(row) for row in tests.ROWS["red_line"]]
    return "\n\n".join([*parts, f"## A red line\n\n{LINES}\n\n{grid_of(heads, lines)}"])


PATHS = """Shares in thousandths: each demand rounds down, so the path falls behind by at most 1/(1 − ρ) steps, ρ
being what is left of the way after a step, and ends where the next slice would be less than a step. A's own cost
of war is .1 a period, enough for it to prefer what it holds."""
LINES = """D holds up to ten slices worth v a period each, and loses one a period. Resisting costs C and ends that for
good with probability w (the table's `breakdown`). C: it lets the slice go, R: it resists. After Schelling 1966."""
