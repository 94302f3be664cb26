"""Détente: bargaining over a ceasefire, simulated and explained.

import sim
result = sim.run(sim.load("scenarios/kursk_ceasefire.yaml"), worlds=2000, seed=1)
result.summary["outcomes"]      # counts, shares, 95 % intervals
result.worlds                   # a DataFrame, one row a world
result.figure("outcomes")       # a matplotlib figure
print(sim.explain("scenarios/kursk_ceasefire.yaml", world=3))
sim.sweep("experiments/front_speed.yaml").frame    # a DataFrame, one row a point; .figures()
sim.sensitivity("experiments/two_patrons.yaml").frame  # Sobol indices; .figures()
sim.variance("scenarios/kursk_ceasefire.yaml").frame   # what nobody knows, what one actor knows, and chance
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "compare": "sim.comparison",
    "explain": "sim.runs",
    "load": "sim.scenario.loader",
    "reasons": "sim.reasoning",
    "report_page": "sim.reporting",
    "run": "sim.runs",
    "sensitivity": "sim.sobol",
    "sweep": "sim.sweeping",
    "variance": "sim.layers",
}
__all__ = ["compare", "explain", "load", "reasons", "report_page", "run", "sensitivity", "sweep", "variance"]


def __getattr__(name: str) -> Any:
    """The public functions are imported when first asked for, so that `import sim` stays fast."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'; public: {', '.join(sorted(_HOMES))}")
    return getattr(importlib.import_module(_HOMES[name]), name)
