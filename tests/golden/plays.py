"""The golden playthroughs: which world of which file each one tells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sim
from sim.analysis.story import Story

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Play:
    """One world, seed 1, of `file`.yaml with some fields changed; its text is `name`.txt."""

    name: str
    file: str
    world: int = 0
    sets: tuple[str, ...] = ()

    @property
    def text(self) -> Path:
        return HERE / f"{self.name}.txt"

    @property
    def path(self) -> Path:
        return HERE / f"{self.file}.yaml"

    def told(self) -> str:
        """The file's own explanation, as it stands in its comment, then the story."""
        comment = [line for line in self.path.read_text(encoding="utf-8").splitlines() if line.startswith("# ")]
        changed = [f"# Changed: {', '.join(self.sets)}"] * bool(self.sets)
        return "\n".join([*comment, *changed, "", str(story(self)), ""])


@cache
def story(play: Play) -> Story:
    return sim.explain(play.path, play.world, 1, play.sets)


BIAS = ("interests.M.0.weight=5", "interests.M.1.weight=2.9")

PLAYS = (
    Play("alternating_offers", "alternating_offers", 10),
    Play("ultimatum", "ultimatum", 1),
    Play("random", "random"),
    Play("quota", "quota"),
    Play("salami", "salami"),
    Play("simultaneous", "simultaneous"),
    Play("consent", "consent"),
    Play("mediator_believed", "mediator", 1),
    Play("mediator_not_believed", "mediator", 1, BIAS),
    Play("promise_kept", "guarantor"),
    Play("promise_broken", "guarantor", 17),
    Play("promise_not_made", "guarantor", 0, ("tables.treaty.guarantor.penalty=0",)),
    Play("lapse_renewed", "lapses"),
    Play("secret_revealed", "secret"),
    Play("payment_made", "payments", 7),
    Play("foresees", "foresees"),
    Play("walk_out", "walk_away"),
    Play("breakdown", "breakdown", 10),
    Play("news", "news", 2),
    Play("reopens", "reopens"),
    Play("screening", "screening", 4),
    Play("concession", "concession"),
    Play("stubborn", "stubborn"),
    Play("scripted", "scripted"),
)
