"""The figures of a run. Each file here is one: `draw(summary) -> matplotlib.figure.Figure`, found by its file's name.

`summary` is the run's JSON document. matplotlib is imported only when something is drawn.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

from sim.errors import UserError, did_you_mean

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def names() -> list[str]:
    """Every figure that can be drawn, in alphabetical order."""
    return sorted(m.name for m in pkgutil.iter_modules(__path__))


def draw(name: str, summary: dict[str, Any]) -> Figure:
    """The figure called `name`, drawn from a run's summary. Raises UserError for a name that isn't in the folder."""
    if name not in names():
        raise UserError(f"unknown figure '{name}'{did_you_mean(name, names(), 'figures')}")
    from sim.report.style import styled

    module = importlib.import_module(f"{__name__}.{name}")
    with styled():
        return module.draw(summary)
