"""What a person at a table is asked, with all that its actor knows and nothing that is private to anyone else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np

from sim.arrays import Bools, Floats, Ints

Levels = dict[str, str]  # issue -> level
Decision = Levels | bool | None  # a package that is put (None: nothing), or yes or no
Kind = Literal["propose", "demand", "answer", "consent", "leave", "break"]  # after the first two, yes or no


@dataclass(frozen=True)
class Menu:
    """The m packages that may be put. worth: own value of each in force from now · gain: share of one's stakes over no
    deal · signed: whether the look-ahead would sign it itself, being worth waiting and its resolve · likely: the
    others' chance that it comes about, by what the seat knows of them · expected: expected gain of putting it over
    putting nothing; None where all put one at once: all (m,)."""

    packages: list[Levels]
    worth: Floats
    gain: Floats
    signed: Bools
    likely: Floats | None
    expected: Floats | None

    @cached_property
    def best(self) -> Ints:
        """Indices, what is best to put first; by own gain where all put one at once."""
        score = self.gain if self.expected is None else self.expected
        return np.lexsort((-self.gain, -np.round(score, 12)))

    def listing(self, hard: bool, wanted: Levels) -> list[int]:
        """Indices of the packages that set what is wanted; the best first, or as they come where worth is hidden."""
        order = range(len(self.packages)) if hard else (int(k) for k in self.best)
        return [k for k in order if wanted.items() <= self.packages[k].items()]

    def index(self, package: Levels) -> int | None:
        return next((k for k, p in enumerate(self.packages) if p == package), None)


@dataclass(frozen=True)
class Heard:
    """Something that has happened in public, or in the seat's presence. what: "meeting", "word", "broken", "lapsed",
    "revealed" or "event"; `levels`: the package put, or what a secret deal was taken for."""

    period: int
    what: str
    name: str  # of the table, or of the event
    actor: str | None = None  # the proposer, the mediator, who broke its word
    levels: Levels | None = None
    demands: dict[str, Levels | None] = field(default_factory=dict)  # where all put a package at once
    refused: tuple[str, ...] = ()
    vetoed: tuple[str, ...] = ()
    status: str = ""
    deal: Levels | None = None
    about: tuple[str, str] = ("", "")  # of whom a mediator spoke, and what it said

    @property
    def quiet(self) -> bool:
        """Whether it is a meeting at which nothing was put, and after which the talks go on."""
        return (
            self.what == "meeting"
            and self.levels is None
            and not any(self.demands.values())
            and self.status == "talking"
        )


@dataclass(frozen=True)
class Question:
    """One decision of one seat. `offer`: the package that it is about; `worth`, `waiting`, `no_deal`: own values of the
    offer (or of leaving), of waiting, of no deal ever; `gain`, `resolve`, `price`: shares of its stakes (for consent:
    minus the loss, and minus the loss tolerated); `hint`: what the model would do here; `heard`: since the seat's last
    decision; `public`: all that everyone has heard so far."""

    number: int  # decisions made before
    seat: str
    kind: Kind
    table: str
    period: int
    meeting: int
    deadline: int | None
    proposer: str | None
    now: Levels  # the agenda, as the seat knows it
    stocks: dict[str, float]
    offer: Levels | None
    worth: float | None
    waiting: float
    no_deal: float
    gain: float | None
    resolve: float
    stakes: float
    hint: Decision
    discount: float  # of this period's values to the start
    heard: list[Heard] = field(default_factory=list)
    public: list[Heard] = field(default_factory=list)
    price: float = 0.0
    menu: Menu | None = None
    parts: Callable[[Levels], dict[str, float]] | None = None  # what adds up to the worth of a package over no deal

    def expects(self, decision: Decision) -> float | None:
        """What a decision is expected to add to one's value, over putting nothing or saying no; None where the demands
        of all decide together."""
        if self.kind == "demand":
            return None
        if self.menu is not None:
            k = None if decision is None else self.menu.index(decision)  # type: ignore[arg-type]
            return 0.0 if k is None or self.menu.expected is None else float(self.menu.expected[k])
        return (self.worth or 0.0) - self.waiting if decision else 0.0

    @property
    def quiet(self) -> bool:
        """Whether nothing has been put or has happened since the seat's last decision."""
        return all(h.quiet for h in self.heard)

    def allows(self, decision: Any) -> bool:
        """Whether that can be decided here."""
        if self.menu is None:
            return isinstance(decision, bool)
        return decision is None or (isinstance(decision, dict) and self.menu.index(decision) is not None)

    def document(self, most: int = 50) -> dict[str, Any]:
        """The question as JSON: of the packages that may be put only so many, the best first."""
        parts = {k: v for k, v in vars(self).items() if k not in ("menu", "parts", "heard", "public", "best")}
        parts["heard"] = [vars(h) for h in self.heard]
        if self.menu is not None:
            menu = self.menu
            parts["may_put"] = len(menu.packages)
            parts["packages"] = [
                {
                    "package": menu.packages[k],
                    "worth": float(menu.worth[k]),
                    "gain": finite(menu.gain[k]),
                    "likely": None if menu.likely is None else float(menu.likely[k]),
                    "expected": None if menu.expected is None else float(menu.expected[k]),
                }
                for k in menu.best[:most]
            ]
        return {**parts, "gain": finite(self.gain)}


def finite(value: Any) -> float | None:
    """For JSON: a gain without stakes is infinite, and told as None."""
    return float(value) if value is not None and np.isfinite(value) else None
