"""`detente claims`: what a scenario rests on, and which sentence moves its outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.shared import (
    Whole,
    computing_options,
    expected,
    into,
    progress_bar,
    seed_option,
    set_option,
    show,
    worlds_option,
)

if TYPE_CHECKING:
    from sim.montecarlo.runners import Runner


@click.command("claims")
@click.argument("file", metavar="FILE")
@worlds_option("Worlds screened.", least=1)
@click.option("--flip", "top", default=10, show_default=True, type=Whole(0), help="How many to flip; 0: none.")
@click.option("--flip-worlds", default=1000, show_default=True, type=Whole(2), help="Worlds of each flip.")
@seed_option
@set_option
@computing_options("claims-SCENARIO-sSEED", "another report")
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
    from sim.store.folder import write_json

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
    show(found.document, f"{tell_claims(found.document)}\n\nFigures: {folder}", as_json)
