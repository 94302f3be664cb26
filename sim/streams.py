"""Random numbers keyed by names, never by order (model.md §9): worlds come in blocks of a fixed size, and every
purpose has a stream of its own, drawn for the whole block whether it is used or not. So a world's numbers don't
depend on how many worlds there are, on other features of the scenario, or on who computes it."""

from __future__ import annotations

import hashlib

import numpy as np

from sim.arrays import Floats
from sim.errors import at_least

BLOCK = 1000  # worlds in a block; part of what makes a run reproducible, so it is recorded in the manifest


def uniforms(seed: int, block: int, purpose: str, periods: int | None = None) -> Floats:
    """Uniform draws in [0, 1): (BLOCK,), or (periods, BLOCK) with `periods`; more periods extend, never change, the
    first."""
    digest = hashlib.sha256(purpose.encode()).digest()
    key = [int.from_bytes(digest[k : k + 4], "little") for k in range(0, 16, 4)]
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, block, *key])))
    return generator.random(BLOCK if periods is None else (periods, BLOCK))


def place_of(world: int) -> tuple[int, slice]:
    """(block, where in it) of one world, as `sim.montecarlo.draws.draw` takes them. Raises UserError below 0."""
    at_least(0, world=world)
    block, place = divmod(world, BLOCK)
    return block, slice(place, place + 1)


def shares(worlds: int) -> list[tuple[int, int]]:
    """(block, how many of its worlds are wanted) for a run of so many worlds. Raises UserError below 1."""
    at_least(1, worlds=worlds)
    return [(b, min(BLOCK, worlds - b * BLOCK)) for b in range(-(-worlds // BLOCK))]
