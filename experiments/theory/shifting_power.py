"""War because power shifts: the page's rows."""

from __future__ import annotations

from itertools import pairwise

import test_commitment as tests
from games import figures, teaching, worlds_of
from theory.lines import Row, grid_of, label

from sim.theory import gradual_shift, shifting_power

SIDES = (-0.01, -0.001, 0.001, 0.01)
VERDICT = {True: "war", False: "peace"}


def one_shift(row: Row) -> list[list[object]]:
    threshold, found = row["p2_star_R_makes_offers"], []
    for side in SIDES:
        war = tests.war(tests.rising(row["p1"], threshold + side, row["delta"], row["cR"], row["cD"]))
        found.append(
            [f"{threshold + side:.4f}", VERDICT[side > 0], VERDICT[war], "✓" if war == (side > 0) else "**no**"]
        )
    name = label(row, "p1", "delta", "cR", "cD")
    return [[f"{name}: p₂* = {threshold:.4f}", *line] for line in found]


def gradual(row: Row) -> list[object]:
    """One path from .2 to .8."""
    steps, delta, cost = row["steps"], row["delta"], row["cD"]
    path = [0.2 + 0.6 * k / steps for k in range(steps + 1)]
    margin = gradual_shift.margin(path, delta, row["cR"], cost)
    largest = max(delta * b - a for a, b in pairwise(path))
    offers = largest > (1 - delta) ** 2 * cost
    war = tests.war(tests.rising(0.2, 0.8, delta, row["cR"], cost, steps))
    any_protocol = "impossible" if margin > 0 else "possible"
    return [
        f"{steps} step{'s' * (steps > 1)}, c = {cost:g}",
        margin,
        any_protocol,
        VERDICT[offers],
        VERDICT[war],
        _mark(war == offers),
    ]


def _mark(good: bool) -> str:
    return "✓" if good else "**no**"


def promise(penalty: float) -> list[object]:
    worlds = worlds_of(teaching("guarantor", f"tables.treaty.guarantor.penalty={penalty}"), 2)
    kept = bool(worlds["outcome.peace"].all())
    exact = penalty >= 1.5
    return [f"{penalty:g}", "signed and kept" if exact else "not signed", "signed and kept" if kept else "not signed"]


def page() -> str:
    rows = figures("commitment")
    shifts = [line for row in rows["one_shift"][:2] for line in one_shift(row)]
    slow = [{"steps": n, "delta": 0.97, "cR": 4.0, "cD": 4.0} for n in (60, 70, 90)]
    paths = [gradual(row) for row in [*rows["gradual"], *slow]]
    assert all(abs(r["p2_star_R_makes_offers"] - _closed(r)) < 1e-12 for r in rows["one_shift"])
    heads = ["", "exact margin", "peace under any protocol", "with R's offers", "simulated", ""]
    return "\n\n".join(
        [
            f"## One shift\n\n{ONE}\n\n{grid_of(['', 'p₂', 'closed form', 'simulated', ''], shifts)}",
            f"## A rise by steps\n\n{STEPS}\n\n{grid_of(heads, paths)}",
            f"## A promise that a stronger self won't keep\n\n{PROMISE}\n\n"
            + grid_of(["guarantor's penalty", "by hand", "simulated"], [promise(p) for p in (0, 0.5, 1.49, 1.51, 3)]),
        ]
    )


def _closed(row: Row) -> float:
    return shifting_power.threshold_rising_offers(row["p1"], row["delta"], row["cD"])


ONE = """R's power is p₁ in the first period and p₂ from then on. Shares in thousandths: within .001 of p₂* the
verdict is exact. Source: Fearon 1995, preventive war; the threshold re-derived. A third row of the figures,
without costs of war, is left out: there the threshold is a knife edge."""
STEPS = """Power rises from .2 to .8, δ = .97, both costs c. The margin is that of the exact condition over all
horizons (above 0 no protocol has a peaceful equilibrium; Powell 2004, 2006). Where R makes the offers war
comes already if a single step is too large: more paths lead to war, and those that don't are peaceful. The
first five are the figures' rows."""
PROMISE = """`scenarios/teaching/guarantor.yaml`: peace lets A rearm, and at full strength A gains 1.5 of its stakes by
attacking. B signs only what will be kept, or what is worth signing though it won't. Worked by hand in the
file's comment; the threshold is a penalty of 1.5."""
