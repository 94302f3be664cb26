"""Who sits in for an actor at a table: decides as it is told, and asks where it hasn't been told."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import ConfigDict, SkipValidation

from sim.arrays import Bools, Floats, Ints
from sim.scenario.strategy import Strategy
from sim.view import View


class Human(Strategy):
    """A person in the place of `own`, the strategy that the file has the actor play, whose choice is the hint. The
    others take it for one that looks ahead, as they take everyone. One world (n = 1)."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    actor: str
    table: str
    own: Strategy
    session: SkipValidation[Any]  # sim.seat.session.Session, which knows what has been decided

    def propose(self, view: View) -> Ints:
        return np.array([self.session.put(self, "propose", int(self.own.propose(view)[0]), None)])

    def at_once(self, view: View, focal: Ints) -> Ints:
        hint = int(self.own.at_once(view, focal)[0])
        return np.array([self.session.put(self, "demand", hint, int(focal[0]))])

    def assents(self, view: View, package: Ints) -> Bools:
        if package[0] < 0:
            return np.array([False])
        return np.array([self.session.answer(self, int(package[0]), bool(self.own.assents(view, package)[0]))])

    def leaves(self, view: View, would: Bools) -> Bools:
        return np.array([self.session.leave(self, bool(would[0]))])

    def breaks(self, would: Bools, gain: Floats, stakes: Floats, resolve: Floats, price: Floats) -> Bools:
        numbers = (float(gain[0]), float(stakes[0]), float(resolve[0]), float(price[0]))
        return np.array([self.session.break_word(self, bool(would[0]), *numbers)])

    def consents(self, would: Bools, package: Ints, loss: Floats, tolerance: Floats) -> Bools:
        numbers = (float(loss[0]), float(tolerance[0]))
        return np.array([self.session.consent(self, bool(would[0]), int(package[0]), *numbers)])
