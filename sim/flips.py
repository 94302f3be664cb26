"""Paired flips (model.md §7): the same worlds with a claim, or several together, on and off; all else as it was drawn.

A screening (`sim.analysis.influence`) can't tell claims that are too seldom off, nor those that back the same term and
so stand in for one another; a flip can, with a fraction of the worlds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.analysis.influence import moved
from sim.arrays import Floats
from sim.montecarlo.draws import ClaimRule, used_claims
from sim.montecarlo.job import Job
from sim.montecarlo.playing import Progress
from sim.montecarlo.runners import Runner, computed
from sim.scenario.claims import Claim
from sim.scenario.loader import Loaded
from sim.scenario.schema import ContinuousType, Scenario
from sim.store.rows import Rows
from sim.streams import shares


@dataclass(frozen=True)
class Flip:
    """What is flipped together: one claim, those that share a term, or a whole document."""

    kind: str  # "claim", "group", "document"
    name: str
    claims: tuple[str, ...]


def backing(scenario: Scenario) -> dict[str, list[str]]:
    """claim -> what rests on it, in words that stand in the file."""
    found: dict[str, list[str]] = {c: [] for c in used_claims(scenario)}

    def note(what: str, claims: tuple[str, ...]) -> None:
        for c in claims:
            found[c].append(what)

    for actor, terms in scenario.interests.items():
        for i in terms:
            note(f"{actor} {i.term}", i.claims)
    for name, issue in scenario.issues.items():
        note(f"issue {name}", issue.claims)
    for name, stock in scenario.stocks.items():
        note(f"stock {name}", tuple(dict.fromkeys((*stock.claims, *(c for line in stock.change for c in line.claims)))))
    for name, event in scenario.events.items():
        note(f"event {name}", event.claims)
    for name, table in scenario.tables.items():
        for feature in table.features():
            note(f"{name} {type(feature).__name__.lower()}", feature.claims)
    for name, person in scenario.actors.items():
        for kind, values in person.types.items():
            for v in [values] if isinstance(values, ContinuousType) else values.values():
                note(f"{name} type {kind}", v.claims)
    return found


def groups(scenario: Scenario) -> list[tuple[str, ...]]:
    """Claims that stand together behind something, so that one can stand in for another: joined as far as they meet."""
    together: dict[str, set[str]] = {c: {c} for c in used_claims(scenario)}
    behind: dict[str, list[str]] = {}
    for claim, things in backing(scenario).items():
        for thing in things:
            behind.setdefault(thing, []).append(claim)
    for claims in behind.values():
        joined = set().union(*(together[c] for c in claims))
        for c in joined:
            together[c] = joined
    distinct = dict.fromkeys(tuple(c for c in together if c in g) for g in together.values())
    return [g for g in distinct if len(g) > 1]


def documents(scenario: Scenario, claims: dict[str, Claim]) -> dict[str, tuple[str, ...]]:
    """source -> its claims that the scenario rests on."""
    found: dict[str, list[str]] = {}
    for c in used_claims(scenario):
        found.setdefault(claims[c].source, []).append(c)
    return {source: tuple(names) for source, names in found.items()}


def flip(
    loaded: Loaded,
    flips: list[Flip],
    worlds: int,
    seed: int = 1,
    *,
    processes: int | Runner = 1,
    kept: Rows | None = None,
    progress: Progress = lambda done, of: None,
) -> dict[str, dict[str, dict[str, Any]]]:
    """flip's name -> outcome -> {estimate, low, high, q, found, up, down}: by how much, in probability, turning it on
    moves each outcome, in the same worlds; `up` and `down`: in how many worlds it brings the outcome about, or ends it.

    One claim is set against what was drawn, so it costs one run; several together cost two. `kept`: where finished
    flips are, which aren't played again.
    """
    outcomes = list(loaded.scenario.outcomes)
    if not flips or not outcomes:
        return {}
    kept = kept or Rows()
    there = {r["flip"]: r["moves"] for r in kept.rows if r["worlds"] == worlds}
    missing = [f for f in flips if f.name not in there]
    base = {}
    if any(len(f.claims) == 1 for f in missing):
        base = outcomes_under(loaded, ClaimRule(), worlds, seed, processes)
    for done, f in enumerate(missing, start=len(flips) - len(missing)):
        progress(done, len(flips))
        differences = _differences(loaded, f, base, worlds, seed, processes)
        there[f.name] = {o: [int((d > 0).sum()), int((d < 0).sum())] for o, d in differences.items()}
        kept.add({"flip": f.name, "worlds": worlds, "moves": there[f.name]})
    progress(len(flips), len(flips))
    return _estimated([f.name for f in flips], outcomes, there, worlds)


def _estimated(
    names: list[str], outcomes: list[str], moves: dict[str, dict[str, list[int]]], worlds: int
) -> dict[str, dict[str, dict[str, Any]]]:
    """From how many worlds each flip moves up and down, the estimates with their intervals."""
    each = [[moves[n][o] for o in outcomes] for n in names]
    counts = np.array(each)
    intervals = moved(counts[..., 0], counts[..., 1], worlds)
    return {
        n: {o: v | {"up": up, "down": down} for o, v, (up, down) in zip(outcomes, found, row, strict=True)}
        for n, found, row in zip(names, intervals, each, strict=True)
    }


def _differences(
    loaded: Loaded, f: Flip, base: dict[str, Floats], worlds: int, seed: int, processes: int | Runner
) -> dict[str, Floats]:
    """outcome -> on minus off in each world (N,)."""
    outcomes, rule = list(loaded.scenario.outcomes), ClaimRule()
    if len(f.claims) == 1:
        other = outcomes_under(loaded, replace(rule, flipped=frozenset(f.claims)), worlds, seed, processes)
        sign = np.where(base[f"claim.{f.claims[0]}"], 1, -1)
        return {o: (base[o] - other[o]) * sign for o in outcomes}
    on = outcomes_under(loaded, replace(rule, on=frozenset(f.claims)), worlds, seed, processes)
    off = outcomes_under(loaded, replace(rule, off=frozenset(f.claims)), worlds, seed, processes)
    return {o: on[o] - off[o] for o in outcomes}


def outcomes_under(
    loaded: Loaded, rule: ClaimRule, worlds: int, seed: int, processes: int | Runner
) -> dict[str, Floats]:
    """outcome -> whether it holds in each world (N,), as a number; and claim.ID -> whether it is on."""
    job, wanted = Job(loaded.scenario, loaded.claims, rule, seed, worlds), [b for b, _ in shares(worlds)]
    blocks = dict(computed(job, wanted, processes))
    names = [f"outcome.{o}" for o in loaded.scenario.outcomes]
    found = {n.removeprefix("outcome."): np.concatenate([blocks[b][n] for b in wanted]) * 1.0 for n in names}
    claims = [n for n in blocks[wanted[0]] if n.startswith("claim.")]
    return found | {n: np.concatenate([blocks[b][n] for b in wanted]) for n in claims}
