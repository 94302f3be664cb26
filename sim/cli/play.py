"""`detente play`: take a seat at the table; the model plays the rest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.serving import Serving, saved, serving_options
from sim.cli.shared import Whole, set_option, show

if TYPE_CHECKING:
    from sim.seat.game import Game

FOLDER = Path("results/games")


@click.command("play")
@click.argument("source", metavar="FILE|RECORD")
@click.option(
    "--as", "seats", metavar="ACTOR", multiple=True, help="The actor that you play; repeatable, for several people."
)
@click.option("--seed", type=Whole(0), help="Same seed and world, same game [default: 1].")
@click.option("--world", type=Whole(0), help="Which world of that seed, counted from 0 [default: 0].")
@set_option
@click.option("--hard", is_flag=True, help="Hide what anything is worth to you.")
@click.option("--record", type=click.Path(path_type=Path), help="The game's file [default: results/games/…json].")
@click.option("--new", is_flag=True, help="Start over where that file holds a game.")
@serving_options
@click.option(
    "--json", "as_json", is_flag=True, help="Print the question (or, at the end, the debrief) as JSON; ask nothing."
)
def command(
    source: str,
    seats: tuple[str, ...],
    seed: int | None,
    world: int | None,
    overrides: tuple[str, ...],
    hard: bool,
    record: Path | None,
    new: bool,
    as_json: bool,
    serving: Serving | None,
) -> None:
    """Take a seat in one world of FILE (or of a bundled scenario by name); the model plays the other actors.

    Every decision is saved in the game's RECORD: the same command, or `detente play RECORD`, goes on from there. With
    --web it is a page, on which several browsers can take the seats.
    """
    from sim.errors import UserError
    from sim.seat.record import read

    if source.endswith(".json"):
        if seats or overrides or seed is not None or world is not None or record is not None:
            raise UserError(
                f"{source} says who plays which world; --as, --seed, --world, --set and --record go with a scenario."
            )
        path = Path(source)
        game, found = read(path)
        game, hard = (game.undo(len(game.decisions)) if new else game), bool(found.get("hard"))
    else:
        game, path, hard = _of_scenario(
            source, seats, 1 if seed is None else seed, world or 0, overrides, record, new, hard
        )
    if as_json and serving is not None:
        raise UserError("--json prints the question and asks nothing; it doesn't go with --web.")
    if as_json:
        _print(game)
    elif serving is not None:
        serving.play(game, path, hard)
    else:
        _play(game, path, hard)


def _of_scenario(
    source: str,
    seats: tuple[str, ...],
    seed: int,
    world: int,
    overrides: tuple[str, ...],
    record: Path | None,
    new: bool,
    hard: bool,
) -> tuple[Game, Path, bool]:
    """The game, the file of its record, and whether it is hard; gone on with where the file holds the same one."""
    from sim.errors import UserError
    from sim.scenario.claims import find_scenario
    from sim.scenario.loader import load
    from sim.seat.game import Game
    from sim.seat.record import read, same_game

    file = find_scenario(source)
    loaded = load(file, overrides)
    seats = tuple(map(loaded.scenario.called, seats))
    game = Game(loaded, seats, seed, world)
    path = record or FOLDER / f"{file.stem}-{'-'.join(seats)}-s{seed}-w{world}.json"
    if new or not path.exists():
        return game, path, hard
    there, found = read(path)
    if not same_game(there, game):
        raise UserError(f"{path} holds another game; --new replaces it, --record names another file.")
    return there, path, bool(found.get("hard"))


def _play(game: Game, path: Path, hard: bool) -> None:
    from sim.cli.conversation import Conversation, Quit
    from sim.seat.record import save
    from sim.seat.words import Words

    words = Words(game.loaded, hard)
    if game.decisions:
        click.echo(f"Going on after {len(game.decisions)} decisions (--new starts over).")
    else:
        title = game.loaded.scenario.title
        click.echo(f"{title}: seed {game.seed}, world {game.world}. Values are average discounted payoffs.")
    save(path, game, hard)
    try:
        game = Conversation(game, words, lambda played: save(path, played, hard)).play()
    except Quit:
        click.echo(saved(path))
        return
    except (KeyboardInterrupt, EOFError):
        click.echo(f"\n{saved(path)}", err=True)
        raise SystemExit(130) from None
    _end(game, path)


def _end(game: Game, path: Path) -> None:
    """The debrief, in words and as a figure beside the record."""
    from sim.report.debrief import draw
    from sim.report.style import save
    from sim.seat.debrief import debrief
    from sim.seat.telling import tell

    found = debrief(game)
    click.echo(f"\n{tell(found, game.loaded)}")
    picture = save(draw(found), path.parent, path.stem)[0]
    click.echo(f"\nYour value over the model's: {picture}\nStep by step: detente explain {path}")


def _print(game: Game) -> None:
    from sim.seat.debrief import debrief
    from sim.seat.questions import Question

    state = game.state
    found: dict[str, Any] = {"decisions": list(game.decisions)}
    if isinstance(state, Question):
        found |= {"role": vars(game.role(state.seat)), "question": state.document()}
    else:
        found |= {"debrief": debrief(game)}
    show(found, "", as_json=True)
