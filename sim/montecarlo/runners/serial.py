"""Serial: one block after another, in this process."""

from __future__ import annotations

from collections.abc import Iterator

from sim.arrays import Array
from sim.montecarlo.job import Job


def compute(job: Job, blocks: list[int], processes: int = 1) -> Iterator[tuple[int, dict[str, Array]]]:
    for block in blocks:
        yield block, job.compute(block)
