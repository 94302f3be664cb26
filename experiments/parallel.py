"""A function called on many arguments, in worker processes where there are cores for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.cli.shared import cores
from sim.montecarlo.runners import computed


@dataclass(frozen=True)
class Calls:
    """Picklable: the function stands at the top of its file."""

    function: Callable[..., Any]
    arguments: Sequence[tuple[Any, ...]]

    def compute(self, k: int) -> Any:
        return self.function(*self.arguments[k])


def each(function: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
    """What it returns for each, in their order."""
    found = dict(computed(Calls(function, arguments), list(range(len(arguments))), cores()))
    return [found[k] for k in range(len(arguments))]
