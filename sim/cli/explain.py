"""`detente explain`: one world told step by step."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("explain")
@click.argument("source", metavar="FILE|RUN")
@click.option("--world", default=0, show_default=True, type=click.IntRange(0), help="Which world, counted from 0.")
@click.option("--seed", type=click.IntRange(0), help="Seed [default: the run's, or 1].")
@click.option("--set", "overrides", metavar="PATH=VALUE", multiple=True, help="Change one field first; repeatable.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document and nothing else: every number of the telling."
)
def command(source: str, world: int, seed: int | None, overrides: tuple[str, ...], as_json: bool) -> None:
    """Tell one world step by step: who offered what, each side's arithmetic, who said no and by how much.

    FILE is a scenario (or a bundled one's name), RUN the folder of a run.
    """
    from sim.scenario.claims import find_scenario

    path = Path(source) if Path(source).is_dir() else find_scenario(source)
    from sim.runs import explain
    from sim.store.folder import to_json

    story = explain(path, world, seed, overrides)
    click.echo(to_json(story.document) if as_json else str(story), nl=not as_json)
