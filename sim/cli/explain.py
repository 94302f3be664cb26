"""`detente explain`: one world told step by step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.shared import Whole, set_option, show

if TYPE_CHECKING:
    from sim.analysis.story import Story


@click.command("explain")
@click.argument("source", metavar="FILE|RUN|RECORD")
@click.option("--world", type=Whole(0), help="Which world, counted from 0 [default: 0].")
@click.option("--seed", type=Whole(0), help="Seed [default: the run's, or 1].")
@set_option
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document and nothing else: every number of the telling."
)
def command(source: str, world: int | None, seed: int | None, overrides: tuple[str, ...], as_json: bool) -> None:
    """Tell one world step by step: who offered what, each side's arithmetic, who said no and by how much.

    FILE is a scenario (or a bundled one's name), RUN the folder of a run, RECORD a game that `detente play` saved.
    """
    from sim.scenario.claims import find_scenario

    if source.endswith(".json"):
        story = _of_game(Path(source), world is not None or seed is not None or bool(overrides))
    else:
        path = Path(source) if Path(source).is_dir() else find_scenario(source)
        from sim.runs import explain

        story = explain(path, world or 0, seed, overrides)
    show(story.document, str(story), as_json)


def _of_game(path: Path, more: bool) -> Story:
    from sim.errors import UserError
    from sim.seat.debrief import story
    from sim.seat.game import Ended
    from sim.seat.record import read

    if more:
        raise UserError(f"{path} says which world was played; --world, --seed and --set go with a scenario.")
    game, _ = read(path)
    if not isinstance(game.state, Ended):
        raise UserError(f"{path} isn't played to its end; go on with `detente play {path}`.")
    return story(game)
