"""An interest: one addend of an actor's utility, weight × form × [when]. Forms: `sim.payoff.forms`, one a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim.scenario.base import Name, Sourced
from sim.scenario.priors import AnyPrior
from sim.scenario.selectors import ALWAYS, Selector, When


@dataclass(frozen=True)
class Factor:
    """One variable's part in a term: `shape` maps its value (array, any shape) to the factor.

    `linear` says that the shape is the value itself: sums along a path then have a closed form.
    """

    variable: str
    shape: Callable[[Any], Any]
    linear: bool = False


@dataclass(frozen=True)
class Decay:
    """A factor that starts at 1 and is multiplied by `ratio` in every period in which `since` holds."""

    since: Selector
    ratio: float


class Interest(Sourced):
    """Base of every form. A form is a product of one-variable factors, so that what depends on a package and what
    depends on the stocks can be told apart."""

    term: Name
    form: str
    weight: AnyPrior
    when: When = ALWAYS

    def factors(self) -> tuple[Factor, ...]:
        """The one-variable factors whose product is the term's shape."""
        raise NotImplementedError

    def decay(self) -> Decay | None:
        return None

    def paid_at(self) -> str | None:
        """The table whose stakes are the term's weight, if it is a side payment."""
        return None

    def regards(self) -> str | None:
        """The actor whose own payoff this term is, if it is one."""
        return None
