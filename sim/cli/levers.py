"""`detente levers`: which single change raises an outcome, or what an actor gets, the most."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from sim.cli.shared import (
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


@click.command("levers")
@click.argument("file", metavar="SCENARIO")
@click.option("--actor", required=True, help="Whose levers: an actor of the scenario.")
@click.option("--outcome", required=True, help="What is to come about: an outcome of the scenario.")
@worlds_option()
@seed_option
@set_option
@computing_options("levers-SCENARIO-ACTOR-OUTCOME-sSEED", "other levers")
def command(
    file: str,
    actor: str,
    outcome: str,
    worlds: int,
    seed: int,
    runner: Runner,
    overrides: tuple[str, ...],
    out: Path | None,
    as_json: bool,
    force: bool,
    dry_run: bool,
) -> None:
    """Which single change raises OUTCOME, or what ACTOR gets, the most: what it could do otherwise at its tables, and
    what the others would have to want.

    Every change that SCENARIO's tables, features, strategies and priors allow is played in the same worlds. Each comes
    as a --set that `detente compare` takes. An interrupted search goes on with the same command.
    """
    from sim.changes import changes
    from sim.leverage import check, levers
    from sim.report.levers import tell_levers
    from sim.scenario.claims import find_scenario
    from sim.scenario.loader import load

    path = find_scenario(file)
    loaded = load(path, overrides)
    actor = loaded.scenario.called(actor)
    check(loaded, actor, outcome)
    if dry_run:
        count = len(changes(loaded, actor)) + 1
        seconds = expected(loaded, worlds * count, runner)
        click.echo(f"{count - 1} changes and the scenario as it is, {worlds:,} worlds each: about {seconds:,.0f} s")
        return
    folder = out or Path("results") / f"levers-{path.stem}-{actor}-{outcome}-s{seed}"
    with into(folder):
        with progress_bar() as progress:
            found = levers(
                loaded, actor, outcome, worlds, seed, processes=runner, out=folder, force=force, progress=progress
            )
        keep(found, folder, "levers", table="levers")
    compare = f"detente compare {quote(str(folder / 'as_it_is' if overrides else file))}"
    compare += f" --seed {seed}" * (seed != 1)
    show(found.document, f"{tell_levers(found.document, compare)}\n\nTable and figure: {folder}", as_json)
