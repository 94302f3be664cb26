"""What is typed at a seat: a line read as a decision or a wish, and the turns of a game until it ends."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from sim.errors import did_you_mean

if TYPE_CHECKING:
    from sim.seat.game import Game
    from sim.seat.questions import Levels, Question
    from sim.seat.words import Words

PAGE = 8
WISHES = {
    "hint": "what the model would do here, and why",
    "why": "what a package's worth to you is made of: `why 3`",
    "role": "who you are, and what counts for you",
    "wait": "put nothing and stay until something happens",
    "undo": "take the last decision back",
    "quit": "leave; the game is saved",
    "help": "this list",
}
LISTS = {
    "3": "put the package with that number",
    "nothing": "put nothing this time",
    "issue=level": "list only packages that set so (several: with commas); `all` lists all again",
    "more": "list the next ones",
}
YES, NO = ("y", "yes"), ("n", "no")


class Misread(Exception):
    """A line that can't be read: told, and asked again."""


@dataclass
class Listing:
    """The packages that are listed, by their places in the menu; `shown` of them so far."""

    question: Question
    order: list[int]
    shown: int = 0

    @classmethod
    def of(cls, question: Question, hard: bool, wanted: Levels | None = None) -> Listing:
        assert question.menu is not None
        return cls(question, question.menu.listing(hard, wanted or {}))

    def next(self, words: Words) -> list[str]:
        first, self.shown = self.shown, min(self.shown + PAGE, len(self.order))
        left = len(self.order) - self.shown
        lines = words.menu(self.question, self.order[first : self.shown], first + 1)
        return lines + [f"  … and {left:,} more: `more`, or `issue=level`."] * bool(left)

    def numbered(self, text: str) -> Levels:
        """The package with that number. Raises Misread."""
        assert self.question.menu is not None
        if not text.isdecimal() or not 1 <= int(text) <= len(self.order):
            raise Misread(f"'{text}' is no number of a package; there are 1 to {len(self.order)}.")
        return self.question.menu.packages[self.order[int(text) - 1]]


class Quit(Exception):
    """The player leaves."""


class Conversation:
    """A game at the terminal. save: called with the game after every decision."""

    def __init__(self, game: Game, words: Words, save: Callable[[Game], object]):
        self.game, self.words, self.save = game, words, save
        self.seat: str | None = None
        self.told: set[str] = set()  # the seats that know who they are

    def play(self) -> Game:
        """Asks until the world has been played to its end. Raises Quit, or what input() raises."""
        from sim.seat.questions import Question

        while isinstance(question := self.game.state, Question):
            self._seat(question)
            lines = self.words.heard(question.heard)
            self._say("", *["What has happened:", *lines] * bool(lines))
            self._say(self.words.head(question), *self.words.asked(question))
            self._turn(question)
            self.save(self.game)
        return self.game

    def _seat(self, question: Question) -> None:
        """Hands the seat over where several people play, the numbers of the one before out of sight."""
        if question.seat != self.seat and len(self.game.seats) > 1:
            if self.seat is not None and sys.stdout.isatty():
                click.clear()
            input(f"Pass the seat to {self.words.teller.actor(question.seat)}, and press Enter. ")
        if question.seat not in self.told:
            self._say(*self.words.role(self.game.role(question.seat)))
        self.seat = question.seat
        self.told.add(question.seat)

    def _say(self, *lines: str) -> None:
        from sim.analysis.story import wrapped

        for line in lines:
            click.echo("\n".join(wrapped(line)))

    def _turn(self, question: Question) -> None:
        """One decision, or one taken back; wishes are met until then."""
        listing = None
        if question.menu is not None:
            listing = Listing.of(question, self.words.hard)
            self._say(*listing.next(self.words))
        verbs = self.words.verbs(question.kind)
        prompt = (
            "A number, issue=level, nothing, ? for help: "
            if listing
            else f"{verbs[0]} (y), {verbs[1]} (n), ? for help: "
        )
        while True:
            line = input(prompt).strip()
            try:
                if self._meet(line, question, listing):
                    return
            except Misread as told:
                self._say(str(told))

    def _meet(self, line: str, question: Question, listing: Listing | None) -> bool:
        """What is wished is done; whether the game has moved."""
        word, _, rest = line.lower().partition(" ")
        if word in ("?", "h", "help"):
            self._help(listing)
        elif word == "hint":
            self._say(*self.words.hint(question))
        elif word == "role":
            self._say(*self.words.role(self.game.role(question.seat)))
        elif word == "why":
            self._why(rest.strip(), question, listing)
        elif word == "undo":
            if not self.game.decisions:
                raise Misread("nothing has been decided yet.")
            self.game = self.game.undo()
            return True
        elif word == "wait":
            if question.kind in ("answer", "consent"):
                raise Misread("this can't wait: an answer is due.")
            self.game = self.game.wait()
            return True
        elif word in ("q", "quit"):
            raise Quit
        elif listing is None:
            self.game = self.game.decide(self._yes(word, question))
            return True
        else:
            return self._put(line, question, listing)
        return False

    def _yes(self, word: str, question: Question) -> bool:
        """Yes or no, or the first word of what they mean here."""
        yes, no = self.words.verbs(question.kind)
        if word in (*YES, yes.split()[0]):
            return True
        if word in (*NO, no.split()[0]):
            return False
        known = [*YES, *NO, *WISHES]
        raise Misread(f"'{word}' is neither yes nor no{did_you_mean(word, known, 'typed are')}")

    def _put(self, line: str, question: Question, listing: Listing) -> bool:
        word = line.lower()
        if word == "more":
            if listing.shown == len(listing.order):
                raise Misread("all are listed.")
            self._say(*listing.next(self.words))
        elif word == "all" or "=" in line:
            found = Listing.of(question, self.words.hard, self._levels(line, question) if "=" in line else {})
            if not found.order:
                raise Misread("no package that may be put sets so.")
            listing.order, listing.shown = found.order, 0
            self._say(*listing.next(self.words))
        elif word in ("nothing", "n"):
            self.game = self.game.decide(None)
            return True
        elif word.isdecimal():
            self.game = self.game.decide(listing.numbered(word))
            return True
        else:
            raise Misread(
                f"'{line}' can't be read{did_you_mean(word, ['nothing', 'more', 'all', *WISHES], 'typed are')}"
            )
        return False

    def _levels(self, line: str, question: Question) -> Levels:
        """`munitions=surge, aid=full backing` as levels. Raises Misread."""
        found = {}
        issues, agenda = self.words.scenario.issues, list(question.now)
        for part in line.split(","):
            issue, _, level = (t.strip().replace(" ", "_") for t in part.partition("="))
            name = next((a for a in agenda if a.lower() == issue.lower()), None)
            if name is None:
                raise Misread(f"no issue '{issue}' is on the table{did_you_mean(issue, agenda, 'issues')}")
            names = list(issues[name].levels.names)
            there = next((n for n in names if n.lower() == level.lower()), None)
            if there is None:
                raise Misread(f"{name} has no level '{level}'{did_you_mean(level, names, 'levels')}")
            found[name] = there
        return found

    def _why(self, number: str, question: Question, listing: Listing | None) -> None:
        if self.words.hard:
            raise Misread("what anything is worth is hidden in this game (--hard).")
        levels = listing.numbered(number) if listing is not None else question.offer
        lines = self.words.why(question, levels) if levels is not None else []
        self._say(*(lines or ["Nothing adds to it."]))

    def _help(self, listing: Listing | None) -> None:
        rows = (LISTS if listing is not None else {"y, n": "yes or no"}) | WISHES
        self._say(*(f"  {name:12} {about}" for name, about in rows.items()))
