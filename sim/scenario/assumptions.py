"""What in a scenario rests on no document: what it says is assumed, and what it doesn't say at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.scenario.loader import Loaded
from sim.scenario.schema import DEFAULT_RESOLVE

DEFAULT = (
    f"the default prior, logistic with mean {DEFAULT_RESOLVE.mean_:g} and scale {DEFAULT_RESOLVE.scale:g}, at least 0"
)
COVERED = "no claim stands behind it; the assumption about the whole file covers it"


def assumptions(loaded: Loaded) -> list[tuple[str, str]]:
    """(where, why) of everything without a source: each declared assumption in the file's order, terms that only an
    assumption about the whole file covers, and resolves that no one gave."""
    found = [*assumed(loaded.data)]
    for actor, terms in loaded.scenario.interests.items():
        bare = (t for t in terms if not t.claims and t.assumption is None and t.paid_at() is None)
        found += [(f"interests.{actor}.{t.term}", COVERED) for t in bare]
    return found + [(f"actors.{p}.resolve", DEFAULT) for p in without_resolve(loaded)]


def without_resolve(loaded: Loaded) -> list[str]:
    """The parties of tables to which the file gives no resolve."""
    parties = dict.fromkeys(p for t in loaded.scenario.tables.values() for p in t.parties)
    return [p for p in parties if "resolve" not in (loaded.data["actors"][p] or {})]


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
