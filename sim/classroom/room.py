"""Who holds which seat of a game, and what a browser may do. Every change gives a new room."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sim.errors import UserError
from sim.seat.game import Ended, Game
from sim.seat.questions import Decision, Question


@dataclass(frozen=True)
class Room:
    """held: seat -> the browser that holds it · facing: a browser with several seats -> the one whose numbers it shows
    · moves: how often the game has moved · sat: who has played which seat · by: the number of a decision -> the browser
    that made it. The model decides for seats that nobody holds, if somebody holds another."""

    game: Game
    started: bool = False
    held: Mapping[str, str] = field(default_factory=dict)
    facing: Mapping[str, str] = field(default_factory=dict)
    moves: int = 0
    sat: frozenset[tuple[str, str]] = frozenset()
    by: Mapping[int, str] = field(default_factory=dict)

    # --- what is so ---

    @property
    def ended(self) -> bool:
        return isinstance(self.game.state, Ended)

    @property
    def question(self) -> Question | None:
        """What the game waits for, once it has started."""
        state = self.game.state
        return state if self.started and isinstance(state, Question) else None

    def seats(self, browser: str) -> list[str]:
        """The seats that a browser holds."""
        return [s for s in self.game.seats if self.held.get(s) == browser]

    def may_take(self, browser: str, seat: str) -> bool:
        """Whether it wouldn't see a second seat's numbers: who played together at one screen may do so again."""
        played = {s for b, s in self.sat if b == browser}
        return not played or seat in played

    def free(self) -> list[str]:
        return [s for s in self.game.seats if s not in self.held]

    def asked(self, browser: str) -> Question | None:
        """The question that this browser is to decide."""
        q = self.question
        return q if q is not None and self.held.get(q.seat) == browser else None

    def passing(self, browser: str) -> bool:
        """Whether a browser with several seats still has to say that the right person sits in front of it."""
        q = self.asked(browser)
        return q is not None and len(self.seats(browser)) > 1 and self.facing.get(browser) != q.seat

    def may_undo(self, browser: str) -> bool:
        """Whether it plays alone, and the last decision is its own (or from before the server was started: nobody knows
        whose)."""
        last = max(self.game.people, default=None)
        alone = self.question is not None and set(self.held.values()) == {browser}
        return alone and last is not None and self.by.get(last, browser) == browser

    def stamp(self, browser: str) -> str:
        """Another one when what this browser is shown has changed. While it is asked, who comes and goes doesn't count:
        nothing moves under the hands of who decides."""
        if self.asked(browser) is not None:
            return f"{self.moves} {self.facing.get(browser)}"
        who = "".join("-" if s not in self.held else "m" if self.held[s] == browser else "o" for s in self.game.seats)
        return f"{self.moves} {self.started} {who}"

    # --- what changes it ---

    def take(self, browser: str, seat: str) -> Room:
        """Raises UserError where the seat isn't free, or its numbers would be another seat's to see."""
        if seat not in self.game.seats:
            raise UserError(f"there is no seat '{seat[:60]}' in this game.")
        if self.held.get(seat) == browser:
            return self
        if seat in self.held:
            raise UserError("somebody else has just taken that seat.")
        if not self.ended and not self.may_take(browser, seat):
            raise UserError("this browser has played another seat; until the game ends it can't look into this one.")
        return replace(self, held={**self.held, seat: browser})._onward()

    def leave(self, browsers: Collection[str]) -> Room:
        """Without these browsers at the table; the model goes on in their place. Where nobody is left the game waits in
        the lobby until somebody starts it again."""
        held = {s: b for s, b in self.held.items() if b not in browsers}
        if len(held) == len(self.held):
            return self
        return replace(self, held=held, started=self.started and bool(held))._onward()

    def start(self, browser: str) -> Room:
        if not self.seats(browser):
            raise UserError("take a seat first.")
        return replace(self, started=True)._onward()

    def face(self, browser: str, number: int) -> Room:
        """The person in whose seat a question is put says that they sit there now."""
        q = self._due(browser, number)
        return self if q is None else replace(self, facing={**self.facing, browser: q.seat})

    def decide(self, browser: str, number: int, decision: Decision) -> Room:
        """Nothing changes where that question is decided already, or isn't this browser's to decide. Raises UserError
        for what can't be decided."""
        return self if self._due(browser, number) is None else self._decided(browser, self.game.decide(decision))

    def wait(self, browser: str, number: int) -> Room:
        """Until something new happens, or somebody else is asked."""
        q = self._due(browser, number)
        return self if q is None else self._decided(browser, self.game.onward(self.free(), [q.seat]))

    def undo(self, browser: str, number: int) -> Room:
        """Without the last decision that a person made. number: of the question now; a second click comes too late."""
        due = self._due(browser, number) is not None and self.may_undo(browser)
        return self._moved(self.game.undo()) if due else self

    def _due(self, browser: str, number: int) -> Question | None:
        q = self.asked(browser)
        return q if q is not None and q.number == number else None

    def _decided(self, browser: str, game: Game) -> Room:
        new = range(len(self.game.decisions), len(game.decisions))
        return replace(self, by={**self.by, **dict.fromkeys(new, browser)})._moved(game)

    def _moved(self, game: Game) -> Room:
        return replace(self, game=game, moves=self.moves + 1)._onward()

    def _onward(self) -> Room:
        """Played on to the next question to somebody who is there."""
        q = self.question
        if q is None:
            return self
        room = replace(self, sat=self.sat | {(b, s) for s, b in self.held.items()})
        if q.seat in self.held:
            return room
        return replace(room, game=self.game.onward(self.free()), moves=self.moves + 1)


def chosen(question: Question, text: Any) -> Decision:
    """A decision as a page names it: yes, no, nothing, or a package by its place in the menu. Raises UserError."""
    menu = question.menu
    if menu is None and text in ("yes", "no"):
        return bool(text == "yes")
    if menu is not None and text == "nothing":
        return None
    if menu is not None and str(text).isdecimal() and len(str(text)) < 9 and int(text) < len(menu.packages):
        return menu.packages[int(text)]
    raise UserError("that can't be decided here.")
