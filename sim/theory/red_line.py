"""A red line against salami tactics: resist while enough is left to defend; after Schelling (1966).

*Arms and Influence*; the toy model is derived after it. D holds n slices, each worth v a period. Each period A demands
one. D concedes it, or resists at cost C: with probability w the demands end for good, otherwise the slice is lost all
the same. Resisting protects what remains, so with little left it doesn't pay, and no line drawn there is believed.
"""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """`values` (N + 1,): D's value by slices held. `actions`: 'C' or 'R' for 1 … N slices held. `resists_from`: the
    fewest slices from which D resists, None if it never does."""

    values: tuple[float, ...]
    actions: str
    resists_from: int | None


def solve(slices: int, worth: float, cost: float, success: float, delta: float) -> Line:
    """D's best reply with up to `slices` N ≥ 1 to lose.

    Concede: v(n − 1) + δ V(n − 1). Resist: −C + w v n / (1 − δ) + (1 − w) times that. worth v ≥ 0 a period and slice;
    cost C ≥ 0; success w in [0, 1]; delta in [0, 1). A tie is conceded. ValueError: outside those ranges.
    """
    if slices < 1 or min(worth, cost) < 0 or not 0 <= success <= 1 or not 0 <= delta < 1:
        raise ValueError(f"{slices} slices, {worth}, {cost}, {success}, {delta}: see the ranges in the docstring")
    values, actions = [0.0], ""
    for n in range(1, slices + 1):
        concede = worth * (n - 1) + delta * values[-1]
        resist = -cost + success * worth * n / (1 - delta) + (1 - success) * concede
        actions += "R" if resist > concede else "C"
        values.append(max(concede, resist))
    first = actions.find("R")
    return Line(tuple(values), actions, first + 1 if first >= 0 else None)
