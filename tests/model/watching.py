"""Playing a few worlds, and looking on as they are played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from small_worlds import negotiation

from sim.model import Negotiation
from sim.simulate import simulate
from sim.view import View


def columns(text: str, sets: Sequence[str] = (), worlds: int = 200, watch: Any = None) -> dict[str, np.ndarray]:
    """What a run of these worlds hands back, levels and statuses as numbers."""
    model = negotiation(text, worlds, sets=tuple(sets))
    try:
        return simulate(model.spec, model.draws, watch)
    finally:
        model.close()


class Onlooker:
    """Stands where an explanation's trace does, and is told of every step."""

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **more: None


@dataclass
class Seen:
    """One meeting in some worlds (n,): proposer (−1: all at once), what each party sees, the package put (n,), who of
    the others said yes, and what all agreed on (n,), −1 for nothing."""

    period: int
    table: str
    worlds: np.ndarray
    proposer: int
    views: list[View]
    put: np.ndarray
    yes: dict[int, np.ndarray]
    agreed: np.ndarray


class Watch(Onlooker):
    """Every meeting, in the order in which they are played."""

    def __init__(self) -> None:
        self.meetings: list[Seen] = []

    def meeting(self, m: Any, views: Any, put: Any, yes: Any, vetoes: Any, agreed: Any) -> None:
        self.meetings.append(Seen(m.model.period + 1, m.talks.name, m.worlds, m.j, views, put, yes, agreed))


def watched(text: str, sets: Sequence[str] = (), worlds: int = 200) -> tuple[list[Seen], dict[str, np.ndarray]]:
    """Every meeting, and what the run hands back."""
    watch = Watch()
    found = columns(text, sets, worlds, watch)
    return watch.meetings, found


def stepped(text: str, sets: Sequence[str] = (), worlds: int = 200, periods: int = 1) -> tuple[Watch, Negotiation]:
    """Every meeting of the first periods, and the model as it stands then."""
    model, watch = negotiation(text, worlds, sets=tuple(sets)), Watch()
    model.trace = watch
    for _ in range(periods):
        model.step()
    return watch, model
