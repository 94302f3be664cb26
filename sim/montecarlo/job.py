"""A job: everything that a worker needs to compute any block of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sim.arrays import Array
from sim.errors import at_least
from sim.montecarlo.draws import AS_IT_IS, ClaimRule, Redraw, draw
from sim.scenario.claims import Claim
from sim.scenario.schema import Scenario
from sim.simulate import simulate
from sim.streams import shares

T = TypeVar("T", covariant=True)


class Task(Protocol[T]):
    """What runners share out: picklable, sent once to each worker, computed piece by piece by number."""

    def compute(self, piece: int, /) -> T: ...


class Blockwise(Task[dict[str, Array]], Protocol):
    """A task whose pieces are the blocks of so many worlds."""

    @property
    def worlds(self) -> int: ...


@dataclass(frozen=True)
class Job:
    """Picklable; sent once to each worker. `worlds`: of the whole run, from which a block's share follows. `redraw`:
    for twins of a run that differ from it in one layer of draws alone. Raises UserError for no worlds, or a seed below
    0."""

    scenario: Scenario
    claims: Mapping[str, Claim]
    rule: ClaimRule
    seed: int
    worlds: int
    redraw: Redraw = AS_IT_IS

    def __post_init__(self) -> None:
        at_least(1, worlds=self.worlds)
        at_least(0, seed=self.seed)

    def compute(self, block: int) -> dict[str, Array]:
        """Columns of the block's worlds, as many as the run asks for."""
        keep = slice(0, dict(shares(self.worlds))[block])
        drawn = draw(self.scenario, self.claims, self.rule, self.seed, block, keep, self.redraw)
        return simulate(self.scenario, drawn)
