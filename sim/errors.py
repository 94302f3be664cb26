"""Messages: where, what was given, what is allowed, what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

# what embeds, overrides or isolates a direction, marks one, or can't be seen at all; tabs and line ends stay
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def clean(value: Any) -> Any:
    """Text without signs that can't be seen, or that a terminal obeys."""
    return HIDDEN.sub("", value) if type(value) is str else value


def shown(value: Any) -> str:
    """What was given, short enough for a message: `'settle'`, `0.5`, `a list`."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list | tuple):
        return "a mapping" if isinstance(value, dict) else "a list"
    if isinstance(value, str):
        return f"'{value}'" if len(value) <= 60 else f"'{value[:60]}…'"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


_HINTS: ContextVar[Iterator[int] | None] = ContextVar("hints given so far", default=None)
MOST_HINTS, MOST_NAMES, MOST_TOLD, MOST_SIGNS = 100, 500, 200, 900


@contextmanager
def few_hints() -> Iterator[None]:
    """Within, only the first hundred messages name what is known: finding the nearest name takes time, and of a file
    with thousands of faults nobody reads all."""
    token = _HINTS.set(count())
    try:
        yield
    finally:
        _HINTS.reset(token)


def did_you_mean(given: str, known: Iterable[str], what: str = "known") -> str:
    """`; known: a, b; did you mean 'a'?` — the allowed names, and the nearest one if any is near. A list or tuple
    stays in its order."""
    hints = _HINTS.get()
    if hints is not None and next(hints) >= MOST_HINTS:
        return ""
    everyone = known if isinstance(known, list | tuple) else sorted(known)
    listed = ", ".join(everyone[:20]) + (f", … ({len(everyone)} in all)" if len(everyone) > 20 else "")
    given, names = given[:100], everyone[:MOST_NAMES]
    near = (
        difflib.get_close_matches(given, names, n=1, cutoff=0.6)
        or [n for n in names if n.lower() == given.lower()]
        or [n for n in names if len(given) > 2 and n.startswith(given)]
    )
    return f"; {what}: {listed or 'none'}" + (f"; did you mean '{near[0]}'?" if near else "")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a file: `file:line:column: error: message`. Of a message that a name of the file's makes very
    long the middle is left out."""

    file: str
    line: int
    column: int
    message: str

    def __post_init__(self) -> None:
        half = MOST_SIGNS // 2
        if len(self.message) > MOST_SIGNS:
            object.__setattr__(self, "message", f"{self.message[:half]} … {self.message[-half:]}")

    def __str__(self) -> str:
        return str(clean(f"{self.file}:{self.line}:{self.column}: error: {self.message}"))


class UserError(Exception):
    """A mistake of the user's, told in one message; the command line ends with exit code 2."""


class ScenarioError(UserError):
    """A scenario file that does not hold: every problem found in it."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(sorted(set(problems)))
        told = [str(p) for p in islice(self.problems, MOST_TOLD)]
        told += [f"… and {len(self.problems) - MOST_TOLD:,} more"] * (len(self.problems) > MOST_TOLD)
        super().__init__("\n".join(told))


class RunError(Exception):
    """A run that could not be finished; what was finished is kept. Exit code 1."""


def at_least(least: int, **given: int) -> None:
    """Raises UserError for a number of worlds, a seed … below what is allowed."""
    for name, value in given.items():
        if value < least:
            allowed = f"at least {least}" if least else "0 or more"
            raise UserError(f"{name} must be {allowed}; got {value}")
