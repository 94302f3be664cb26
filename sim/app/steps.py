"""A told world as steps for a page: one a meeting, with the offer, what it gains each side and what the others think,
and the words of `detente explain` for it."""

from __future__ import annotations

import math
from typing import Any

from sim.analysis.records import Levels, MeetingRecord, PeriodRecord, Side
from sim.analysis.story import Part, Story, indented
from sim.analysis.words import likely, percent, plain
from sim.answers import STAKELESS
from sim.beliefs import NOTHING_REFUSED

MOST = 60  # steps of a world
Json = dict[str, Any]


def told(story: Story) -> Json:
    """The world as one JSON document: `private`, what only the actors themselves know; `steps`; and how it ends."""
    actor, steps = story.teller.actor, list[Json]()
    for when, last, parts in story.spans():
        steps += _steps(story, when, last, parts)
    return {
        "world": story.world,
        "seed": story.seed,
        "private": {actor(a): plain(kind) for a, kind in story.private.items()},
        "off": story.claims_off,
        "steps": steps[:MOST],
        "left": len(steps) - len(steps[:MOST]),
        "outcomes": [plain(o) for o, yes in story.outcomes.items() if yes],
    }


def _steps(story: Story, when: str, period: PeriodRecord, parts: list[Part]) -> list[Json]:
    """A step for every meeting; what stands beside the meetings goes with the first, or stands alone."""
    before, after = parts[0][1], parts[-1][1] if len(parts) > 1 else []
    meetings = [(m, lines) for m, lines in parts if m is not None]
    common = {"when": when, "stocks": {n: round(v, 4) for n, v in period.stocks.items()}}
    if not meetings:
        return [{**common, "lines": indented(before + after), "meeting": None}]
    return [
        {
            **common,
            "lines": indented(before * (k == 0) + lines + after * (k == len(meetings) - 1)),
            "meeting": _meeting(story, m),
        }
        for k, (m, lines) in enumerate(meetings)
    ]


def _meeting(story: Story, m: MeetingRecord) -> Json:
    """`offer`: what was proposed, or, with `silent`, what came nearest to it."""
    actor, shown = story.teller.actor, m.offer or m.nearest
    return {
        "table": plain(m.table),
        "proposer": None if m.proposer is None else actor(m.proposer),
        "silent": m.offer is None,
        "offer": None if shown is None else _package(m.before, shown),
        "sides": [_side(story, s, m) for s in m.sides.values()],
        "deal": m.deal is not None,
        "status": plain(m.status),
        "vetoed": [actor(t.actor) for t in m.asked if t.refuses],
    }


def _package(before: Levels, levels: Levels) -> list[Json]:
    return [{"issue": plain(i), "level": plain(v), "from": plain(before[i])} for i, v in levels.items()]


def _side(story: Story, s: Side, m: MeetingRecord) -> Json:
    """`gain` and `resolve`: shares of its stakes; None where nothing is at stake for it."""
    return {
        "name": story.teller.actor(s.party),
        "type": plain(s.kind) if s.kind else None,
        "gain": _share(s.gain) if s.stakes >= STAKELESS else None,
        "resolve": _share(s.resolve),
        "accepts": s.accepts,
        "proposes": m.offer is not None and s.party == m.proposer,
        "demands": None if s.demand is None else _package(m.before, s.demand),
        "thought": _thought(s, m),
    }


def _share(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, 4)


def _thought(s: Side, m: MeetingRecord) -> list[str]:
    """What the others believe of a side before it answers."""
    found = []
    if s.likely is not None:
        found.append(f"{percent(s.likely)} that it {'accepts' if m.proposer is not None else 'asks for no more'}")
    if s.odds[0]:
        found.append(likely({plain(k): v for k, v in s.odds[0].items()}))
    if s.low[0] > NOTHING_REFUSED:
        found.append(f"it asks for more than {percent(s.low[0])} of its stakes")
    return found
