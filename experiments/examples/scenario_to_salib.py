"""A scenario handed to SALib: here Morris's (1991) elementary effects of three fields on one outcome.

pip install SALib
python experiments/examples/scenario_to_salib.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from SALib.analyze import morris as analysis
from SALib.sample import morris as sample

import sim

SCENARIO = Path(__file__).parents[2] / "scenarios" / "hedging.yaml"
PROBLEM = {
    "num_vars": 3,
    "names": ["interests.CHN.outlay.weight", "interests.DPRK.falls_in.weight", "actors.CHN.discount"],
    "bounds": [[-0.4, -0.05], [-0.5, -0.05], [0.95, 0.99]],
}


def share(point: np.ndarray, scenario: Path, outcome: str, worlds: int) -> float:
    """The share of worlds with the outcome at one point; the same worlds at every point."""
    changes = tuple(f"{name}={value}" for name, value in zip(PROBLEM["names"], point, strict=True))
    result = sim.run(sim.load(scenario, changes), worlds=worlds, seed=1)
    return result.document["outcomes"][outcome]["probability"]


def elementary_effects(scenario: Path = SCENARIO, outcome: str = "own_course", paths: int = 4, worlds: int = 100):
    """SALib's table: `mu_star` the mean size of an effect, `sigma` how much it differs from place to place."""
    points = sample.sample(PROBLEM, N=paths, num_levels=4, seed=1)
    shares = np.array([share(p, scenario, outcome, worlds) for p in points])
    return analysis.analyze(PROBLEM, points, shares, num_levels=4, seed=1).to_df()


if __name__ == "__main__":
    print(elementary_effects())
