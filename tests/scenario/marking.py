"""Faults put into a valid file: what is replaced by what, with « before the place that must be told."""

import pytest

from sim.errors import ScenarioError
from sim.scenario.loader import loads


def problems(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        loads(text, "f.yaml")
    return str(caught.value).splitlines()


def is_told(valid: str, old: str, new: str, fragments: list[str], *, alone: bool = True) -> None:
    """The fault is told at its line and column, in those words, and by itself unless it brings others with it."""
    assert valid.count(old) == 1, "what is replaced must stand there once"
    before, after = valid.replace(old, new).split("«")
    place = f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
    lines = problems(before + after)
    told = [line for line in lines if line.startswith(f"f.yaml:{place}: error: ")]
    assert told, f"nothing at {place}: {lines}"
    assert any(all(f in line for f in fragments) for line in told), told
    assert len(lines) == 1 or not alone, lines
