"""The engine beside the reference: the same scenario and draws, column by column."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import Any

from random_scenarios import text
from slow_offers import Tied
from slow_play import play

from sim.errors import ScenarioError
from sim.montecarlo.draws import ClaimRule, Draws, draw
from sim.scenario.loader import loads
from sim.simulate import simulate

CLAIMS = Path(__file__).parent / "claims.yaml"
ON, OFF = ClaimRule("all"), ClaimRule("all", without=("memo",))


def drawn(source: str, seed: int, worlds: int, rule: ClaimRule | None = None) -> Draws:
    loaded = loads(source, claims_file=CLAIMS)
    return draw(loaded.scenario, loaded.claims, rule or ClaimRule(), seed, 0, slice(0, worlds))


def first_world(source: str, rule: ClaimRule | None = None) -> dict[str, Any]:
    """What the engine makes of a scenario's first world, having found the reference to agree."""
    draws = drawn(source, 1, 1, rule)
    found, _ = differences(draws, [0])
    assert not found, "\n".join(found)
    return {name: column[0] for name, column in simulate(draws.scenario, draws).items()}


def same(mine: Any, engine: Any) -> bool:
    if not isinstance(mine, float):
        return int(mine) == int(engine)
    return abs(mine - engine) <= 1e-12 * max(1.0, abs(engine)) or (math.isnan(mine) and bool(math.isnan(engine)))


def differences(draws: Draws, worlds: list[int]) -> tuple[list[str], Counter[str]]:
    """Where the engine, which plays all worlds at once, differs from the reference in some of them; and what happened
    in these."""
    columns = simulate(draws.scenario, draws)
    found, happened = [], Counter[str]()
    for world in worlds:
        try:
            mine = play(draws.scenario, draws, world)
        except Tied:
            happened["tied"] += 1
            continue
        happened.update(seen(mine))
        for name, value in mine.items():
            if not same(value, columns[name][world]):
                found.append(f"world {world}, {name}: {value!r} here, {columns[name][world]!r} by the engine")
    return found, happened


def seen(columns: dict[str, Any]) -> Counter[str]:
    """What happened in one world."""
    happened = Counter[str]()
    for name, value in columns.items():
        last = name.split(".")[2:3]
        if last == ["status"]:
            happened[f"status {int(value)}"] += 1
        elif last == ["deals"]:
            happened["another deal"] += value > 1
        elif last and last[0] in ("refusals", "vetoes", "revealed") and value > 0:
            happened[last[0]] += 1
        elif name.startswith("event."):
            happened["event"] += value > 0
    return happened


def compare(seeds: range, worlds: int, played: int, **changed: Any) -> Counter[str]:
    """Play so many worlds of each scenario, changed as `text` says, with the engine, and some of these, another one
    for each seed, here."""
    happened = Counter[str]()
    for seed in seeds:
        try:
            draws = drawn(text(seed, **changed), seed, worlds)
        except ScenarioError as error:
            assert "no package is admissible" in str(error), f"seed {seed}: {error}"  # the one fault that is drawn
            continue
        found, now = differences(draws, [(seed + k) % worlds for k in range(played)])
        assert not found, f"seed {seed}:\n" + "\n".join(found)
        happened += now
    return happened
