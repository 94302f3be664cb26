"""Détente: bargaining over a ceasefire, simulated and explained.

import sim
result = sim.run("scenarios/kursk_ceasefire.yaml", worlds=2000, seed=1)
result.document["outcomes"]     # counts, shares, 95 % intervals
result.frame                    # a DataFrame, one row a world
result.figure("outcomes")       # a matplotlib figure
print(sim.explain("scenarios/kursk_ceasefire.yaml", world=3))

Whatever is asked, what comes back has `.document`, the JSON document that the command prints, and `.frame`, one tidy
table; where there are pictures, `.figure()` for one and `.figures()` for several. docs/reference/python.md lists
them all.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what a type checker sees of the names below
    from sim.claims_report import claims as claims
    from sim.comparison import compare as compare
    from sim.discovery import discover as discover
    from sim.exporting import export as export
    from sim.graph_model import stability as stability
    from sim.layers import variance as variance
    from sim.leverage import levers as levers
    from sim.reasoning import reasons as reasons
    from sim.replaying import replay as replay
    from sim.reporting import report_page as report_page
    from sim.rivalry import compare_rivals as compare_rivals
    from sim.runs import explain as explain
    from sim.runs import run as run
    from sim.scenario.loader import load as load
    from sim.sobol import sensitivity as sensitivity
    from sim.sweeping import sweep as sweep

_HOMES = {
    "claims": "sim.claims_report",
    "compare": "sim.comparison",
    "compare_rivals": "sim.rivalry",
    "discover": "sim.discovery",
    "explain": "sim.runs",
    "export": "sim.exporting",
    "levers": "sim.leverage",
    "load": "sim.scenario.loader",
    "reasons": "sim.reasoning",
    "replay": "sim.replaying",
    "report_page": "sim.reporting",
    "run": "sim.runs",
    "sensitivity": "sim.sobol",
    "stability": "sim.graph_model",
    "sweep": "sim.sweeping",
    "variance": "sim.layers",
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    """The public functions are imported when first asked for, so that `import sim` stays fast."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'; public: {', '.join(sorted(_HOMES))}")
    return getattr(importlib.import_module(_HOMES[name]), name)
