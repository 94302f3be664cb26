"""regard: another actor's own payoff counts for this one (goodwill or spite), without the other's own regards."""

from __future__ import annotations

from typing import Literal

from sim.scenario.base import ActorName
from sim.scenario.interest import Factor, Interest


class Regard(Interest):
    """φ = flow utility of `actor`, its types at their prior mean, its own regards left out, so there are no circles."""

    form: Literal["regard"]
    actor: ActorName

    def factors(self) -> tuple[Factor, ...]:
        return ()

    def regards(self) -> str:
        return self.actor
