"""An actor: one state, in all N worlds at once. With `model.py` the only home of Mesa."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.arrays import Floats, Ints, of_type
from sim.payoff.terms import Weights, profiles

if TYPE_CHECKING:
    from sim.model import Negotiation


class Actor(mesa.Agent):
    """One state in N worlds.

    kind (N,): its true type · prior_odds (K,) · first_odds (K, N): what the others think of it at the start · weights:
    on the terms of its payoff · delta (N,): discount per period · value (N,): Σ_{t<T} (1−δ) δ^t u(s_t) so far.
    """

    def __init__(self, model: Negotiation, name: str, weights: Weights, kind: Ints, delta: Floats):
        super().__init__(model)
        self.name, self.weights, self.kind, self.delta = name, weights, kind, delta
        self.profiles = profiles(model.spec.actors[name])
        self.prior_odds = np.array([p.probability for p in self.profiles])
        public = model.spec.information == "public"
        known = np.arange(len(self.prior_odds))[:, None] == kind
        self.first_odds = known * 1.0 if public else np.repeat(self.prior_odds[:, None], model.worlds, axis=1)
        self.value = np.zeros(model.worlds)
        self.to_come = np.ones(model.worlds)  # δ^t
        self.flow = np.zeros(model.worlds)

    def step(self) -> None:
        """Take this period's payoff, under the levels just agreed and the stocks after the battle."""
        mine = of_type(self.weights.of_type, self.kind)
        self.flow = np.zeros_like(self.value)
        for c, term in enumerate(self.weights.columns):
            self.flow += mine[:, c] * self.model.term(term)
        self.value += (1 - self.delta) * self.to_come * self.flow
        self.to_come = self.to_come * self.delta

    def payoff(self) -> Floats:
        """Average discounted payoff (N,) once the horizon is reached, the last state staying for ever."""
        return self.value + self.to_come * self.flow
