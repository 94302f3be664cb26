"""What is kept of one world as it is played: every meeting with each side's arithmetic, words, promises and news."""

from __future__ import annotations

from dataclasses import dataclass, field

Levels = dict[str, str]  # issue -> level
Odds = dict[str, float]  # type -> probability


@dataclass
class Side:
    """One party at one meeting. `worth`, `no_deal`, `waiting`: values of the offer in force from now, of no deal
    ever, of refusing now; `gain` = (worth − no_deal) / stakes against `resolve` (measured from `waiting` where that is
    less and a quota may bind it; from what lapses as if renewed); `likely`: the others' chance that it accepts (None
    for the proposer); `because`: what adds up to worth − no_deal: terms by their actor and name, and what stands in
    `BESIDES` or is another table's name."""

    party: str
    kind: str
    stakes: float
    resolve: float
    no_deal: float
    waiting: float
    strategy: str = "lookahead"
    aim: float | None = None  # the gain that it asks for, where its strategy has such an aim
    worth: float | None = None
    gain: float | None = None
    likely: float | None = None
    accepts: bool | None = None
    demand: Levels | None = None  # what it puts where all put a package at once
    because: dict[str, float] = field(default_factory=dict)
    low: tuple[float, float] = (-1.0, -1.0)  # the best share known to have been refused by its type, before and after
    odds: tuple[Odds, Odds] = field(default_factory=lambda: ({}, {}))
    unaware: dict[str, tuple[str, str]] = field(default_factory=dict)  # issue -> what it takes it for, and what it is


SEAT = "seat"  # the strategy of a side that a person plays
LAPSE, AGAIN, BREACH, BREAKDOWN = "@lapse", "@again", "@breach", "@breakdown"
BESIDES = {
    LAPSE: "what lapses again",
    AGAIN: "talking again then",
    BREACH: "a promise that may be broken",
    BREAKDOWN: "talks that may break down",
}


@dataclass
class ThirdParty:
    """A third party whose consent was asked: what it loses and tolerates (shares of its stakes), the others' chance
    that it lets the package pass, and whether it refused."""

    actor: str
    loss: float
    tolerance: float
    likely: float
    refuses: bool


@dataclass
class MeetingRecord:
    """`offer`: issue -> level, None where nothing was proposed, and then `nearest` is the package that came nearest to
    being proposed, which `sides` value; `proposer`: None where all demand at once, `offer` then being the package on
    which demands would meet; `status`: how the table stands afterwards; `choices`: packages that were admissible, and
    that the proposer itself would have signed; `deal`: what was agreed, None without a deal."""

    table: str
    number: int  # of the meeting, from 1
    proposer: str | None
    offer: Levels | None
    nearest: Levels | None
    before: Levels  # of the agenda, as it stood
    sides: dict[str, Side]
    status: str
    choices: tuple[int, int]
    deal: Levels | None = None
    asked: list[ThirdParty] = field(default_factory=list)
    mixed: float | None = None  # chance that it was this offer, where the proposer draws one of several
    held: float | None = None  # chance that a deal is never broken, as the parties see it, where somebody may break it
    outside: Levels = field(default_factory=dict)  # what those believe who don't know of a secret deal
    left: str | None = None  # who walked away
    hazard: float = 0.0  # of a breakdown after this meeting


@dataclass
class Word:
    """A mediator's message about a party: what it has seen, whether it is believed when it says so, the odds before and
    after; `lies`: for each thing that it may see, the most tempting thing to say instead, and what that gains it."""

    table: str
    mediator: str
    about: str
    said: str
    believed: bool
    odds: tuple[Odds, Odds]
    lies: list[tuple[str, str, float]]


@dataclass
class Temptation:
    """What breaking a deal would gain a party, its resolve and the price of it, as shares of its stakes."""

    table: str
    party: str
    gain: float
    resolve: float
    price: float
    breaks: bool


@dataclass
class News:
    """How an event or a battle moved what is thought of an actor: its types, or (`resolve`) the half of its prior that
    its resolve lies in. `tables`: where; `odds`: before and after."""

    cause: str
    actor: str
    resolve: bool
    tables: list[str]
    odds: tuple[Odds, Odds]


@dataclass
class PeriodRecord:
    period: int
    meetings: list[MeetingRecord] = field(default_factory=list)
    levels: Levels = field(default_factory=dict)
    stocks: dict[str, float] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    temptations: list[Temptation] = field(default_factory=list)
    news: list[News] = field(default_factory=list)
    lapsed: list[str] = field(default_factory=list)  # tables whose deal lapsed
    revealed: dict[str, Levels] = field(default_factory=dict)  # secret table -> what outsiders believed until then
