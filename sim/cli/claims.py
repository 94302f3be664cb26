"""`detente claims`: what a scenario rests on, and which sentence moves its outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

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
)

if TYPE_CHECKING:
    from sim.montecarlo.runners import Runner


@click.command("claims")
@click.argument("file", metavar="FILE")
@click.option("--worlds", default=2000, show_default=True, type=click.IntRange(1, 100_000_000), help="Worlds screened.")
@click.option("--flip", "top", default=10, show_default=True, type=click.IntRange(0), help="How many to flip; 0: none.")
@click.option("--flip-worlds", default=1000, show_default=True, type=click.IntRange(2), help="Worlds of each flip.")
@seed_option
@runner_options
@set_option
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder of the results [default: results/claims-SCENARIO-sSEED]."
)
@json_option
@click.option("--force", is_flag=True, help="Replace a results folder of another report.")
@dry_run_option
def command(
    file: str,
    worlds: int,
    top: int,
    flip_worlds: int,
    seed: int,
    runner: Runner,
    overrides: tuple[str, ...],
    out: Path | None,
    as_json: bool,
    force: bool,
    dry_run: bool,
) -> None:
    """The claims that FILE rests on, with author, paraphrase and what rests on each; then how much each moves the
    outcomes: screened all at once, and flipped on and off in the same worlds, alone, in groups and by document.

    An interrupted report goes on with the same command, from the flips that are finished.
    """
    from sim.claims_report import claims, planned
    from sim.report.claims import tell_claims
    from sim.report.style import save
    from sim.scenario.claims import find_scenario
    from sim.scenario.loader import load
    from sim.store.folder import to_json, write_json

    path = find_scenario(file)
    loaded = load(path, overrides)
    if dry_run:
        flips, runs = planned(loaded, worlds, top)
        seconds = expected(loaded, worlds, runner) + runs * expected(loaded, flip_worlds, runner)
        click.echo(f"{worlds:,} worlds screened, about {flips} flips in {flip_worlds:,}: about {seconds:,.0f} s")
        return
    folder = out or Path("results") / f"claims-{path.stem}-s{seed}"
    how: dict[str, Any] = {"top": top, "flip_worlds": flip_worlds, "processes": runner, "out": folder, "force": force}
    with into(folder, "flips"):
        with progress_bar() as progress:
            found = claims(loaded, worlds, seed, progress=progress, **how)
        write_json(folder / "claims.json", found.document)
        for name, figure in found.figures().items():
            save(figure, folder, name)
    report = found.document
    click.echo(to_json(report) if as_json else f"{tell_claims(report)}\n\nFigures: {folder}", nl=not as_json)
