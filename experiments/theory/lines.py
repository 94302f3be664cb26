"""What the pages on theory share: playing a file of a text, and rows of exact beside simulated."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from games import play
from page import table as table_of

Row = dict[str, Any]
Line = tuple[str, float, float, float]  # parameters, closed form, simulated, allowed distance
H, WORLDS = 0.001, 4000
SPELLED = {"d1": "δ₁", "d2": "δ₂", "g1": "g₁", "g2": "g₂", "b1": "b₁", "b2": "b₂", "w1": "w₁", "w2": "w₂"}
SPELLED |= {"cA": "c_A", "cB": "c_B", "cL": "c_L", "cH": "c_H", "pL": "p_L", "pH": "p_H", "r1": "r₁", "r2": "r₂"}
SPELLED |= {
    "lam": "λ",
    "delta": "δ",
    "p1": "p₁",
    "cR": "c_R",
    "cD": "c_D",
    "c1": "c₁",
    "kM": "k",
    "mu": "μ",
    "x0": "x₀",
}


def played(text: str, worlds: int = 8) -> dict[str, Any]:
    """The summary of a run of a scenario's text."""
    with tempfile.TemporaryDirectory() as folder:
        return play(Path(folder), text, worlds)


def table(name: str, rows: list[Line], text: str) -> str:
    heads = "| | closed form | simulated | distance | allowed | |\n|---|---|---|---|---|---|"
    lines = [
        f"| {label} | {exact:.4f} | {found:.4f} | {abs(found - exact):.4f} | {allowed:.4f} | "
        f"{'✓' if abs(found - exact) <= allowed + 1e-9 else '**outside**'} |"
        for label, exact, found, allowed in rows
    ]
    return f"## {name}\n\n{text}\n\n" + "\n".join([heads, *lines])


def label(row: Row, *names: str) -> str:
    return ", ".join(f"{SPELLED.get(n, n)} = {row[n]:g}" for n in names)


def grid_of(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table in Markdown, numbers with four digits."""
    return table_of(heads, [[f"{c:.4f}" if isinstance(c, float) else str(c) for c in row] for row in rows])
