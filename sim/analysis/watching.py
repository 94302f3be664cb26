"""Worlds that are played for somebody who looks on, until enough has been seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.model import Negotiation
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from sim.montecarlo.draws import Draws


class Onlooker:
    """Stands where a trace does (`sim.analysis.trace`), and defines what it wants to be told of."""

    def begins(self, model: Negotiation) -> None:
        """Called before the first period."""

    def enough(self) -> bool:
        """Whether it has seen what it wants."""
        raise NotImplementedError

    def _ignored(self, *_: Any, **__: Any) -> None:
        pass

    sits = meeting = messages = temptation = happened = met = period = _ignored


def watched(scenario: Scenario, draws: Draws, onlooker: Onlooker) -> None:
    """Plays the worlds of `draws`, as `sim.simulate` does, until the onlooker has seen enough, or to the end."""
    model = Negotiation(scenario, draws, onlooker)
    try:
        onlooker.begins(model)
        for _ in range(scenario.horizon):
            model.step()
            if onlooker.enough():
                break
    finally:
        model.close()
