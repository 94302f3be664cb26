"""What a finished run leaves in its folder beside the blocks: summary, worlds, figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.store.folder import write_json
from sim.store.table import write_csv

if TYPE_CHECKING:
    from sim.runs import Result


def write_results(result: Result, folder: Path) -> None:
    """summary.json, worlds.csv and every figure as PNG and SVG."""
    from sim.report.figures import draw, names
    from sim.report.style import save

    write_json(folder / "summary.json", result.document)
    write_csv(folder / "worlds.csv", result.loaded.scenario, result.blocks)
    figures = folder / "figures"
    figures.mkdir(exist_ok=True)
    for name in names():
        save(draw(name, result.document), figures, name)
