"""The room as a server keeps it: one change after the other, each saved; who was heard of when; and the debrief."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.analysis.story import indented
from sim.classroom.room import Room
from sim.errors import RunError
from sim.seat.game import Game, Role
from sim.seat.record import save
from sim.seat.words import Words

MOST = 200  # browsers
SILENCE = 5.0  # seconds that no browser at all is heard of: more of it is a network that is down, and nobody's absence


@dataclass
class Hall:
    """path: the game's record. away: after how many seconds without a sign of its browser a seat is free again. clock:
    seconds. tell: whoever runs it is told what can't be written. now: seconds of it so far, of any silence of all no
    more than SILENCE. heard: at which of them each browser was heard of last."""

    room: Room
    path: Path
    hard: bool = False
    away: float = 120.0
    clock: Callable[[], float] = time.monotonic
    tell: Callable[[str], object] = lambda text: None
    now: float = 0.0
    heard: dict[str, float] = field(default_factory=dict)
    trouble: str = ""  # why the record isn't saved
    kept: str = ""  # the record as it was saved last
    closing: dict[str, Any] | None = None  # the debrief, once it is computed; empty where it can't be

    def __post_init__(self) -> None:
        self._last = self.clock()
        game = self.room.game
        self.words = Words(game.loaded, self.hard)
        self.roles: dict[str, Role] = {seat: game.role(seat) for seat in game.seats}
        self._keep(game)
        if self.room.ended:
            self._conclude()

    def hear(self, browser: str) -> bool:
        """A sign of a browser; False where there is no room for another one."""
        last, self._last = self._last, self.clock()
        self.now += min(self._last - last, SILENCE)
        if browser not in self.heard and len(self.heard) >= MOST:
            for old in [b for b in self._silent() if not self.room.seats(b)]:
                del self.heard[old]
        if browser not in self.heard and len(self.heard) >= MOST:
            return False
        self.heard[browser] = self.now
        return True

    def left(self) -> set[str]:
        """The browsers that hold a seat and haven't been heard of for too long."""
        return self._silent() & set(self.room.held.values())

    def _silent(self) -> set[str]:
        # of a copy: another thread may add to it
        return {b for b, at in list(self.heard.items()) if self.now - at > self.away}

    def change(self, act: Callable[[Room], Room]) -> None:
        """One change, with what follows from it; not to be called while another one is made. Raises UserError, and
        nothing has changed."""
        room = act(self.room)
        _ = room.game.state  # played before anyone is shown it
        moved = room.game is not self.room.game
        self.room = room
        if moved:
            self._keep(room.game)
            if room.ended:
                self._conclude()

    def _keep(self, game: Game) -> None:
        try:
            if self._replaced():
                raise RunError(
                    f"{self.path} isn't what was saved last: is this game played elsewhere, too? Here it isn't saved "
                    "any more; stop (Ctrl-C) the one that isn't wanted."
                )
            self.kept = save(self.path, game, self.hard)
            self.trouble = ""
        except RunError as error:
            self.trouble = str(error)
            self.tell(self.trouble)

    def _replaced(self) -> bool:
        """Whether something else has written the record since."""
        try:
            return bool(self.kept) and self.path.read_text(encoding="utf-8") != self.kept
        except OSError:  # saving it will tell
            return False
        except ValueError:
            return True

    def _conclude(self) -> None:
        threading.Thread(target=self._debriefed, daemon=True).start()

    def _debriefed(self) -> None:
        try:
            self._debrief()
        except Exception as error:
            self.closing = {}
            self.tell(f"the debrief can't be computed: {type(error).__name__}: {error}; the game is saved.")

    def _debrief(self) -> None:
        from sim.report import style
        from sim.report.debrief import draw
        from sim.report.html import svg
        from sim.seat.debrief import debrief, story
        from sim.seat.telling import told

        game = self.room.game
        found = debrief(game)
        figure = draw(found)
        try:
            style.save(figure, self.path.parent, self.path.stem)
        except OSError as error:
            self.tell(f"can't write the figure beside {self.path}: {error.strerror}")
        self.closing = {
            "document": found,
            "figures": {"debrief": svg(figure, "debrief")},
            "told": [indented(lines) for lines in told(found, game.loaded)],
            "story": story(game).parts(),
        }
