"""Compromise: the mean of all positions, weighted by capability and salience."""

from __future__ import annotations

from sim.arrays import Floats
from sim.rivals import Rival


class Compromise(Rival):
    """Σ c s x / Σ c s (Van den Bos 1991; Achen 2006). The plain forecast that is hard to beat: Thomson et al.
    (2006)."""

    def on_issue(self, positions: Floats, capability: Floats, salience: Floats, span: float) -> Floats:
        weight = capability * salience
        found: Floats = (weight * positions).sum(axis=1) / weight.sum(axis=1)
        return found.clip(positions.min(axis=1), positions.max(axis=1))  # but for rounding it is there already
