"""`detente play … --web`: where the game is served, and until when."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.shared import Number, Whole

if TYPE_CHECKING:
    from sim.seat.game import Game

HOST, AWAY = "127.0.0.1", 120.0


def serving_options(command: Callable[..., None]) -> Callable[..., None]:
    """Adds --web and what goes with it; the command is handed `serving`, None without --web."""

    @click.option("--web", is_flag=True, help="On a page of this machine, for one browser or several (extra `class`).")
    @click.option(
        "--host", metavar="ADDRESS", help=f"Where --web listens; read the risk that it prints [default: {HOST}]."
    )
    @click.option("--port", type=Whole(0, 65535), help="Of --web [default: one that is free].")
    @click.option(
        "--open",
        "open_it",
        is_flag=True,
        help="Open the page of --web in this machine's browser (this machine's other users can then see its address).",
    )
    @click.option(
        "--away",
        type=Number(15),
        metavar="SECONDS",
        help=f"With --web: the model takes over a seat not heard of for so long [default: {AWAY:g}].",
    )
    @wraps(command)
    def with_serving(
        *args: Any, web: bool, host: str | None, port: int | None, open_it: bool, away: float | None, **given: Any
    ) -> None:
        from sim.errors import UserError

        if not web and (host is not None or port is not None or open_it or away is not None):
            raise UserError("--host, --port, --open and --away go with --web.")
        serving = Serving(host or HOST, port or 0, open_it, AWAY if away is None else away) if web else None
        command(*args, serving=serving, **given)

    return with_serving


def saved(path: Path, web: bool = False) -> str:
    return f"The game is saved; go on with: detente play {path}{' --web' * web}"


@dataclass(frozen=True)
class Serving:
    """away: seconds without a sign of its browser after which the model takes a seat over."""

    host: str
    port: int
    open_it: bool
    away: float

    def play(self, game: Game, path: Path, hard: bool) -> None:
        """Serves the game until Ctrl-C. Raises UserError where it can't listen there, or without the extra."""
        import secrets

        from sim.classroom.hall import Hall
        from sim.classroom.hosts import address, risk
        from sim.classroom.room import Room
        from sim.classroom.server import listen, server
        from sim.errors import clean

        listening = listen(self.host, self.port)
        port, token = listening.getsockname()[1], secrets.token_urlsafe(24)
        hall = Hall(Room(game), path, hard, self.away, tell=lambda text: click.echo(clean(text), err=True))
        served, where = server(hall, token, self.host, port), address(token, self.host, port)
        if told := risk(self.host):
            click.echo(told, err=True)
        click.echo(f"The game is at {where}\nSeats: {', '.join(game.seats)}. Every decision is saved; Ctrl-C ends it.")
        if self.open_it:
            import webbrowser

            webbrowser.open(where)
        with suppress(KeyboardInterrupt):
            served.run(sockets=[listening])
        if not hall.room.ended:
            click.echo(f"\n{saved(path, web=True)}", err=True)
            raise SystemExit(130)
        click.echo(f"\nStep by step: detente explain {path}")
