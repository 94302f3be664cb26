"""Dated questions about the very events of the scenarios, put and answered by somebody else. Which outcome of which
scenario answers which question was written down from their wording and dates alone (story.yaml, with its rules) and
kept as it was. The model says how often that comes about by the deadline, in the worlds where it hasn't by the day of
asking; half of the questions are about things that no scenario has, or that it has too late. The scenarios were drafted
by people who knew what had happened, so a good score proves little and a bad one something.

The Brier score is the mean squared distance of what was said and what happened (Brier 1950); the log score minus the
mean log of the probability given to what happened; less is better in both. The *type's frequency* is how often the
other questions of its type were answered yes (all others, where it is alone). That is a hard rival and known only
afterwards: here all questions of a type have the same answer. Intervals of scores are by the bootstrap of questions
(Efron 1987), as if these were independent, which they aren't quite.

What came out: a Brier score below that of always .5 by less than can be told from nothing, a log score above it, and
both far above the type's frequency. What cost most: a concession and a treaty that the model took for unlikely came
about. Of the questions whose scenario came late it had all three wrong.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml

import sim
from sim.analysis.intervals import ratios
from sim.scenario.overrides import override
from sim.scenario.schema import MONTHS
from validation.check import ROOT, Check, Estimate, needed, rate

TITLE = "The story's dated questions"
MAPPING = Path(__file__).with_suffix(".yaml")
WORLDS, SEED = 500, 1
DAYS = 365.25 / 12  # a month's
SOURCE = "21 dated questions, 2017 to 2025, answered from press reports"
FREQUENCY = 0.217  # recorded with the data as the leave-one-out frequency of the type
CROWD = 0.116  # the crowd's on its 65 questions of war and diplomacy (ForecastBench, CC BY-SA 4.0)


ASKED = {  # in our words; their wording stands with the data
    "E01": "large exercises suspended as the freeze for freeze asks, by the end of 2017",
    "E03": "the US calls off a large exercise, by August 2018",
    "E05": "something signed in Hanoi, February 2019",
    "E07": "something signed or stated together in Vladivostok, April 2019",
    "E09": "working talks bring an agreement, by October 2019",
    "E23": "a treaty with military assistance is signed, by June 2024",
    "E25": "that treaty is in force by the end of 2024",
    "E27": "Russia says that all of Kursk is retaken, by April 2025",
    "E29": "Russia takes the thirty days' ceasefire without conditions, by March 2025",
    "E35": "a ceasefire is announced in Alaska, August 2025",
    "E39": "a general ceasefire holds at the end of 2025",
    "E41": "the Council eases its economic sanctions, by the end of 2025",
}

Rule = Callable[[Sequence[float], Sequence[bool]], np.ndarray]


@dataclass(frozen=True)
class Answer:
    """One question with what the model says (`count` of the `of` worlds where it is still open; None where no scenario
    can say), what happened, and how often the others of its type were answered yes."""

    id: str
    asked: str
    happened: bool
    often: float
    count: int | None = None
    of: int = 0
    late: bool = False

    @property
    def said(self) -> float:
        """Half a world is added on each side, so that no count is taken for certainty."""
        return 0.5 if self.count is None else (self.count + 0.5) / (self.of + 1)


def mapping() -> dict[str, dict[str, Any]]:
    return {q["id"]: q for q in yaml.safe_load(MAPPING.read_text(encoding="utf-8"))}


def periods(as_of: str, day: str, period: str) -> int:
    """Whole periods from one date to another, rounded."""
    days = (date.fromisoformat(day) - date.fromisoformat(as_of)).days
    return round(days / (DAYS * MONTHS[period]))


def frequencies(rows: list[dict[str, str]], yes: list[bool]) -> list[float]:
    """For each question the share of yes among the others of its type, or among all others where it is alone."""
    found = []
    for k, row in enumerate(rows):
        others = [j for j in range(len(rows)) if j != k]
        alike = [j for j in others if rows[j]["type"] == row["type"]] or others
        found.append(sum(yes[j] for j in alike) / len(alike))
    return found


def counted(rows: dict[str, dict[str, str]], mapped: dict[str, dict[str, Any]], worlds: int) -> dict[str, Any]:
    """id -> (worlds in which it comes about between asking and deadline, worlds in which it is open at the asking);
    every scenario is played once for all its questions."""
    by: dict[tuple[str, ...], list[str]] = {}
    for name, q in mapped.items():
        if "scenario" in q:
            by.setdefault((q["scenario"], *q.get("set", ())), []).append(name)
    found = {}
    for (scenario, *sets), names in by.items():
        asked = [override(f"outcomes.{n}", {"ever": mapped[n]["ever"]}) for n in names]
        loaded = sim.load(ROOT / "scenarios" / f"{scenario}.yaml", (*sets, *asked))
        blocks, s = sim.run(loaded, worlds, SEED).blocks, loaded.scenario
        for n in names:
            start, end = (periods(str(s.as_of), rows[n][d], s.period) for d in ("asof_proposed", "resolve_by"))
            start, end = max(start, 0), max(end, 1)
            since = np.where(blocks.column(f"outcome.{n}"), blocks.column(f"outcome.{n}.since"), s.horizon + 1)
            found[n] = int(((since > start) & (since <= end)).sum()), int((since > start).sum())
    return found


def answers(data: Path, worlds: int = WORLDS) -> list[Answer]:
    with needed(data, "story_questions.csv").open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    mapped, yes = mapping(), [r["outcome"].strip().lower() in ("1", "yes", "true") for r in rows]
    counts = counted({r["id"]: r for r in rows}, mapped, worlds)
    found = []
    for row, happened, often in zip(rows, yes, frequencies(rows, yes), strict=True):
        q = mapped[row["id"]]
        asked = f"{q['scenario']}, {spelled(q['ever'])}" if "scenario" in q else ""
        count, of = counts.get(row["id"], (None, 0))
        found.append(Answer(row["id"], asked, happened, often, count, of, q.get("late", False)))
    return found


def spelled(ever: dict[str, Any]) -> str:
    return yaml.safe_dump(ever, default_flow_style=True, width=1000).strip()[1:-1]


def brier(said: Sequence[float], happened: Sequence[bool]) -> np.ndarray:
    """Squared distance of each probability and answer."""
    return (np.array(said) - np.array(happened)) ** 2


def log_loss(said: Sequence[float], happened: Sequence[bool]) -> np.ndarray:
    p, y = np.array(said), np.array(happened)
    return -np.log(np.where(y, p, 1 - p))


def mean(values: np.ndarray) -> Estimate:
    found, low, high = ratios(values[None], np.ones(len(values)), SEED)
    return Estimate(float(found[0]), float(low[0]), float(high[0]))


def scored(name: str, some: list[Answer], rule: Rule) -> Iterator[Check]:
    """The model's score over some questions against always .5 and against the frequency of the type."""
    happened = [a.happened for a in some]
    ours = rule([a.said for a in some], happened)
    for rival, said in (("always .5", [0.5] * len(some)), ("the type's frequency", [a.often for a in some])):
        theirs = rule(said, happened)
        less = mean(ours - theirs)
        holds = False if less.value >= 0 else True if less.high < 0 else None
        note = f"{sum(happened)} of {len(some)} answered yes; difference {less}; holds if all of it is below 0, "
        note += "no verdict if only its middle is"
        yield Check(f"{name}, against {rival}", *mean(ours), float(theirs.mean()), SOURCE, holds, note)


def asked(a: Answer) -> Check:
    assert a.count is not None
    note = f"`{a.asked}`: {a.count} of {a.of} worlds where it is open, seed {SEED}"
    note += "; dated after the asking" if a.late else ""
    return Check(f"{a.id}, {ASKED[a.id]}", *rate(a.count, a.of), "yes" if a.happened else "no", SOURCE, None, note)


def given(name: str, some: list[Answer], theirs: float, source: str, holds: bool | None, note: str) -> Check:
    """The model's Brier score beside a figure."""
    ours = mean(brier([a.said for a in some], [a.happened for a in some]))
    return Check(name, *ours, theirs, source, None if holds is None else ours.value < theirs, note)


def checks(data: Path, worlds: int = WORLDS) -> list[Check]:
    """Every mapped question, then the scores: of those mapped, of all (the rest counted as .5), of the late ones."""
    found = answers(data, worlds)
    mapped, late = ([a for a in found if a.count is not None and a.late == after] for after in (False, True))
    whole = [a if a in mapped else replace(a, count=None) for a in found]
    rest = f"all {len(whole)} with .5 for the rest"
    return [
        *(asked(a) for a in (*mapped, *late)),
        *scored(f"Brier score, {len(mapped)} mapped", mapped, brier),
        *scored(f"log score, {len(mapped)} mapped", mapped, log_loss),
        *scored(f"Brier score, {rest}", whole, brier),
        given(f"Brier score, {rest}, against the recorded type frequency", whole, FREQUENCY, SOURCE, True,
              "recorded with the data and not found again from them; holds if ours is less"),
        *scored(f"Brier score, {len(late)} whose scenario is dated after the asking", late, brier),
        given("Brier score, beside a crowd's on other questions", mapped, CROWD, "ForecastBench, 65 questions", None,
              "four in five of theirs were answered no; it compares nothing"),
    ]  # fmt: skip
