"""`detente stability`: what would last at a table if everyone could leave."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.shared import (
    Whole,
    computing_options,
    expected,
    into,
    keep,
    progress_bar,
    seed_option,
    set_option,
    show,
    worlds_option,
)

if TYPE_CHECKING:
    from sim.montecarlo.runners import Runner


@click.command("stability")
@click.argument("scenario")
@click.option("--table", metavar="NAME", help="Which table [default: the scenario's first].")
@click.option(
    "--owner", "owned", metavar="ISSUE=ACTOR", multiple=True, help="Who sets an issue alone, at any time; repeatable."
)
@click.option("--states", default=10, show_default=True, type=Whole(1), help="How many packages to tell of.")
@set_option
@worlds_option("How many worlds.", least=1)
@seed_option
@computing_options("stability-NAME-TABLE-sSEED", "something else")
def command(
    scenario: str,
    table: str | None,
    owned: tuple[str, ...],
    states: int,
    overrides: tuple[str, ...],
    worlds: int,
    seed: int,
    runner: Runner,
    out: Path | None,
    as_json: bool,
    force: bool,
    dry_run: bool,
) -> None:
    """Which agreements at a table of SCENARIO would last if everyone could leave them at no price.

    The table as a graph model for conflict resolution: what could be in force, and who could leave it for what, alone.
    A state is stable in the sense of Nash, of general or symmetric metarationality (GMR, SMR), or sequentially (SEQ);
    each is told with the share of worlds in which it is. Who needs to be asked takes its assent back, breaks its word
    as the table says, or walks away; --owner names who sets an issue alone. The same command goes on after Ctrl-C.
    """
    from sim.graph_model import checked, stability
    from sim.report.stability import tell_stability
    from sim.scenario.claims import find_scenario
    from sim.scenario.loader import load

    path = find_scenario(scenario)
    loaded, owners = load(path, overrides), _owners(owned)
    name = checked(loaded, table, owners)
    if dry_run:
        seconds = expected(loaded, worlds, runner, lambda few: stability(loaded, name, few, owners=owners))
        click.echo(f"{worlds:,} worlds, seed {seed}, valued at {name}: about {seconds:,.0f} s")
        return
    alone = "".join(f"-{issue}-{actor}" for issue, actor in owners.items())
    folder = out or Path("results") / f"stability-{path.stem}-{name}{alone}-s{seed}"
    with into(folder):
        with progress_bar() as progress:
            found = stability(
                loaded, name, worlds, seed, owners=owners, processes=runner, out=folder, force=force, progress=progress
            )
        keep(found, folder, "stability", table="stability")
    others = [t for t in loaded.scenario.tables if t != name]
    more = f"\nOther tables: --table {' or '.join(others)}" * bool(others and table is None)
    show(found.document, f"{tell_stability(found.document, states)}{more}\n\nTable and figure: {folder}", as_json)


def _owners(owned: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in owned:
        issue, equals, actor = text.partition("=")
        if not (issue and equals and actor):
            raise click.UsageError(f"--owner takes ISSUE=ACTOR, such as troops=RUS; got '{text}'")
        found[issue] = actor
    return found
