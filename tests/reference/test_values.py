"""What the look-ahead is worth at random tables, by the engine and by plain loops."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator

import pytest
from look_ahead import compared, told
from random_scenarios import text

from sim.errors import ScenarioError


def with_all(features: str) -> Iterator[str]:
    """Random scenarios that have all of some features and no other; of any, where none is named."""
    words = features.split()
    for seed in itertools.count():
        source = text(seed, frozenset(words) or None)
        if all(word in source for word in words):
            yield source


ALONE = [
    "quota",
    "lapses",
    "simultaneous",
    "simultaneous consent",
    "random consent",
    "foresees consent",
    "simultaneous foresees consent",
]


@pytest.mark.parametrize("features", ["", *ALONE])
def test_values_of_random_scenarios(features):
    count = 0
    for source in itertools.islice(with_all(features), 8 if features else 20):
        with contextlib.suppress(ScenarioError):  # nothing is admissible
            count += compared(source)
    assert count > 20


@pytest.mark.parametrize(
    "features",
    ["mediator", "mediator consent", "mediator simultaneous", "mediator simultaneous consent", "mediator walk_away"],
)
def test_what_a_word_is_worth_to_a_mediator(features):
    count = 0
    for source in itertools.islice(with_all(features), 8):
        with contextlib.suppress(ScenarioError):
            count += told(source)
    assert count > 4
