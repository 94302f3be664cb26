"""What in a scenario rests on no document: what it says is assumed, and what it doesn't say at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.scenario.loader import Loaded
from sim.scenario.schema import DEFAULT_RESOLVE

COVERED = "no claim stands behind it; the assumption about the whole file covers it"


def assumptions(loaded: Loaded) -> list[tuple[str, str]]:
    """(where, why) of everything without a source: each declared assumption in the file's order, terms that only an
    assumption about the whole file covers, and resolves that no one gave."""
    found = [*assumed(loaded.data)]
    for actor, terms in loaded.scenario.interests.items():
        bare = (t for t in terms if not t.claims and t.assumption is None and t.paid_at() is None)
        found += [(f"interests.{actor}.{t.term}", COVERED) for t in bare]
    given = loaded.data["actors"]
    default = [p for p in _parties(loaded) if "resolve" not in (given[p] or {})]
    prior = f"logistic with mean {DEFAULT_RESOLVE.mean_:g} and scale {DEFAULT_RESOLVE.scale:g}, at least 0"
    found += [(f"actors.{p}.resolve", f"the default prior, {prior}") for p in default]
    return found


def _parties(loaded: Loaded) -> list[str]:
    return list(dict.fromkeys(p for t in loaded.scenario.tables.values() for p in t.parties))


def assumed(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """(where, text) of every assumption in a file's data, in its order."""
    if isinstance(node, dict):
        if isinstance(node.get("assumption"), str):
            yield ".".join(path) or "the whole file", " ".join(node["assumption"].split())
        for key, value in node.items():
            yield from assumed(value, (*path, str(key)))
    elif isinstance(node, list):
        for k, value in enumerate(node):
            name = value.get("term", str(k)) if isinstance(value, dict) else str(k)
            yield from assumed(value, (*path, str(name)))
