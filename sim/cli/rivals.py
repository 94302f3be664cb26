"""`detente rivals`: what other people's models say of the same scenario."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

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


@click.command("rivals")
@click.argument("scenario")
@click.option(
    "--capability",
    "declared",
    metavar="ACTOR=NUMBER",
    multiple=True,
    help="An actor's weight [default: 1]; repeatable.",
)
@set_option
@worlds_option()
@seed_option
@computing_options("rivals-NAME-sSEED", "something else")
def command(
    scenario: str,
    declared: tuple[str, ...],
    overrides: tuple[str, ...],
    worlds: int,
    seed: int,
    runner: Runner,
    out: Path | None,
    as_json: bool,
    force: bool,
    dry_run: bool,
) -> None:
    """Show what rival models forecast for every issue of SCENARIO beside what comes out here, in the same worlds.

    Positions and saliences are worked out from the actors' own payoffs in each world, with their true aims. `detente
    list rivals` names the models. An interrupted command goes on when it is typed again.
    """
    from sim.report.rivals import tell_rivals
    from sim.rivalry import capabilities, compare_rivals
    from sim.scenario.claims import find_scenario
    from sim.scenario.loader import load

    path = find_scenario(scenario)
    loaded = load(path, overrides)
    weights = capabilities(loaded, dict(_weight(text) for text in declared))
    if dry_run:
        seconds = expected(loaded, worlds, runner)
        click.echo(f"1 run of {worlds:,} worlds, seed {seed}: about {seconds:.0f} s; then the rivals, usually quicker")
        return
    folder = out or Path("results") / f"rivals-{path.stem}-s{seed}"
    how: dict[str, Any] = {"capability": weights, "processes": runner, "out": folder / "run", "force": force}
    with into(folder), progress_bar() as progress:
        found = compare_rivals(loaded, worlds, seed, progress=progress, **how)
        keep(found, folder, "rivals", table="rivals")
    where = f"Figure: {folder / 'rivals.png'}; all of it: rivals.csv, rivals.json beside it"
    show(found.document, f"{tell_rivals(found.document)}\n\n{where}", as_json)


def _weight(text: str) -> tuple[str, float]:
    """`CHN=0.5` as a name and a number."""
    name, sign, number = text.partition("=")
    try:
        return name, float(number)
    except ValueError:
        what = f"'{text}' is no ACTOR=NUMBER" if not sign else f"'{number}' is no number"
        raise click.UsageError(f"--capability: {what}; type it as --capability CHN=0.5") from None
