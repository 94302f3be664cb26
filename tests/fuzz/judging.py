"""One input, as a user would give it: it loads or is refused with a place, soon and in little memory."""

from __future__ import annotations

import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from math import prod
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from sim.errors import RunError, ScenarioError, UserError
from sim.experiment import load_experiment
from sim.scenario.claims import Claim, claims_for, load_claims
from sim.scenario.loader import Loaded, changed, parsed
from sim.scenario.reading import read_file
from sim.sweeping import Sweep, check

SECONDS, MEGABYTES, MORE, MOST_TEXT = 2.0, 500, 300, 200_000  # MORE: what one input may add to the megabytes
GAME = """\
title: A small game
assumption: for experiments to change
period: round
horizon: 2
actors: {A: {discount: 0.9}, B: {discount: 0.9, resolve: 0}}
issues: {d: {levels: {no: 0, some: 0.5, yes: 1}, start: no}}
interests: {A: [{term: x, form: linear, of: d, weight: 1}], B: [{term: x, form: linear, of: d, weight: 0.5}]}
tables: {talks: {parties: [A, B], protocol: {ultimatum: {by: A}}, agenda: [d], deadline: 1}}
outcomes: {agreed: {d: yes}}
"""


class Hang(BaseException):
    """Not an Exception, so that nothing catches it."""


@dataclass
class Verdict:
    """What came of an input; `fault`: what must not happen, if it did."""

    loaded: bool
    seconds: float
    fault: str = ""
    scenario: Loaded | None = None


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raises Hang after so many seconds of this process's own time, whatever else the machine does."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Hang(f"took more than {seconds:g} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def peak() -> float:
    """The most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


@cache
def _claims() -> dict[str, Claim]:
    return load_claims(claims_for(None))


def judge(raw: bytes, file: Path, experiment: bool = False) -> Verdict:
    """Write a file and load it. An experiment's scenario is `game.yaml` beside it; its ends are loaded, as
    `detente sweep` does."""
    file.write_bytes(raw)
    before = peak()
    started, fault, scenario, loaded = time.process_time(), "", None, False
    try:
        with limited(SECONDS):
            if experiment:
                _experiment(file)
            else:
                text = read_file(file)
                scenario = changed(parsed(text, str(file)), _claims(), text, ())
        loaded = True
    except ScenarioError as error:
        fault = _misplaced(error, str(file), raw)
    except UserError as error:
        fault = f"refused without a place: {error}"
    except (Exception, Hang) as error:
        fault = _where(error)
    seconds = time.process_time() - started
    if not fault and peak() - before > MORE:
        fault = f"took {peak() - before:.0f} MB"
    return Verdict(loaded, seconds, fault, scenario)


def _experiment(file: Path) -> None:
    experiment = load_experiment(file)
    if len(experiment.points) * len(experiment.file.vary) <= 64:
        check(Sweep(experiment))


def _misplaced(error: ScenarioError, file: str, raw: bytes) -> str:
    ends = (raw.count(end.encode()) for end in ("\n", "\r", "\x85", "\u2028", "\u2029"))
    lines = 2 + sum(ends)  # the parser's end of a text may be a line further
    for p in error.problems:
        if p.line < 1 or p.column < 1 or (p.file == file and p.line > lines) or not p.message:
            return f"refused at a place that isn't there: {str(p)[:200]}"
    if len(str(error)) > MOST_TEXT or "Traceback" in str(error) or not error.problems:
        return f"refused with {len(error.problems)} problems in {len(str(error)):,} characters"
    return ""


def _where(error: BaseException) -> str:
    """The exception and the line of ours that it came from."""
    ours = [f for f in traceback.extract_tb(error.__traceback__) if "/sim/" in f.filename] or [None]
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours[-1] else "?"
    return f"{type(error).__name__} at {place}: {str(error)[:200]}"


def small(loaded: Loaded) -> bool:
    """Whether two worlds of it are played at once."""
    s = loaded.scenario
    packages = [prod(len(s.issues[i].levels.names) for i in t.agenda) for t in s.tables.values()]
    points = [
        getattr(kind, "points", len(kind) if isinstance(kind, dict) else 1)
        for a in s.actors.values()
        for kind in a.types.values()
    ]
    return s.horizon <= 12 and sum(packages) <= 60 and len(packages) <= 2 and prod(points) <= 9


def play(loaded: Loaded) -> str:
    """What must not happen when two worlds are played, if it does; a game that takes long is left."""
    from sim.runs import run
    from sim.store.folder import to_json

    try:
        with limited(10.0), np.errstate(all="ignore"):
            result = run(loaded, 2)
            to_json(result.document)  # no NaN in it
            columns: dict[str, Any] = {n: result.blocks.column(n) for n in result.blocks.names()}
    except (UserError, RunError, Hang):
        return ""
    except Exception as error:
        return f"played: {_where(error)}"
    bad = [n for n, c in columns.items() if c.dtype.kind == "f" and ".shortfall." not in n and not np.isfinite(c).all()]
    return f"played: not finite: {', '.join(bad)}" if bad else ""
