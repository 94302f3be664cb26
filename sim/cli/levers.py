"""`detente levers`: which single change raises an outcome, or what an actor gets, the most."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from sim.cli.shared import (
    dry_run_option,
    expected,
    into,
    json_option,
    progress_bar,
    runner_options,
    seed_option,
    set_option,
    worlds_option,
)

if TYPE_CHECKING:
    from sim.montecarlo.runners import Runner


@click.command("levers")
@click.argument("file", metavar="SCENARIO")
@click.option("--actor", required=True, help="Whose levers: an actor of the scenario.")
@click.option("--outcome", required=True, help="What is to come about: an outcome of the scenario.")
@worlds_option
@seed_option
@runner_options
@set_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of the results [default: results/levers-SCENARIO-ACTOR-OUTCOME-sSEED].",
)
@json_option
@click.option("--force", is_flag=True, help="Replace a results folder of other levers.")
@dry_run_option
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
    from sim.report.style import save
    from sim.scenario.claims import find_scenario
    from sim.scenario.loader import load
    from sim.store.folder import to_json, write_json
    from sim.store.writing import replacing

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
        write_json(folder / "levers.json", found.document)
        with replacing(folder / "levers.csv") as table:
            found.frame.to_csv(table, index=False, lineterminator="\n")
        save(found.figure(), folder, "levers")
    report = found.document
    compare = f"detente compare {quote(str(folder / 'as_it_is' if overrides else file))}"
    command = f"{compare}{f' --seed {seed}' * (seed != 1)}"
    click.echo(
        to_json(report) if as_json else f"{tell_levers(report, command)}\n\nTable and figure: {folder}", nl=not as_json
    )
