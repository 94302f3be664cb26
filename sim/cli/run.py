"""`detente run`: play a scenario in many worlds and show what came out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
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
)

if TYPE_CHECKING:
    from sim.montecarlo.runners import Runner
    from sim.runs import Result


@click.command("run")
@click.argument("file", metavar="FILE")
@click.option("--worlds", default=2000, show_default=True, type=click.IntRange(1, 100_000_000), help="How many worlds.")
@seed_option
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the results [default: results/SCENARIO-sSEED].")
@runner_options
@set_option
@click.option(
    "--claims",
    type=click.Choice(["drawn", "all"]),
    default="drawn",
    show_default=True,
    help="Draw each claim true by its strength, or take all as true.",
)
@click.option(
    "--only-source", metavar="NAME", multiple=True, help="Only this source's claims (see `detente list claims`)."
)
@click.option(
    "--without-source", metavar="NAME", multiple=True, help="All but this source's claims (see `detente list claims`)."
)
@click.option("--precision", type=float, help="Go on until no outcome's 95 % interval spans more, such as 0.02.")
@json_option
@click.option("--no-report", is_flag=True, help="Don't write the page, report.html.")
@click.option("--force", is_flag=True, help="Replace a results folder of another run.")
@dry_run_option
def command(
    file: str,
    worlds: int,
    seed: int,
    out: Path | None,
    runner: Runner,
    overrides: tuple[str, ...],
    claims: str,
    only_source: tuple[str, ...],
    without_source: tuple[str, ...],
    precision: float | None,
    as_json: bool,
    no_report: bool,
    force: bool,
    dry_run: bool,
) -> None:
    """Play FILE (or a bundled scenario by name) in many worlds and show what came out.

    Results go to a folder; an interrupted run goes on with the same command, and more --worlds extend it.
    """
    from sim.scenario.claims import find_scenario
    from sim.scenario.loader import load

    path = find_scenario(file)
    loaded = load(path, overrides)
    from sim.report.results import write_results
    from sim.runs import ClaimRule, check_sources, run, run_until
    from sim.store.folder import to_json

    if dry_run:
        check_sources(loaded, ClaimRule(claims, only_source, without_source))
        least, seconds = "at least " * (precision is not None), expected(loaded, worlds, runner)
        click.echo(f"{least}{worlds:,} worlds, seed {seed}: {least}about {seconds:,.0f} s")
        return
    folder = out or Path("results") / f"{path.stem}-s{seed}"
    play = run if precision is None else partial(run_until, precision=precision)
    with into(folder):
        with progress_bar() as progress:
            result = play(
                loaded,
                worlds=worlds,
                seed=seed,
                claims=claims,
                only_source=only_source,
                without_source=without_source,
                processes=runner,
                out=folder,
                force=force,
                progress=progress,
            )
        write_results(result, folder)
        if not no_report:
            _report(result, folder)
    if as_json:
        click.echo(to_json(result.document), nl=False)
    else:
        _tell(result, folder)
        if not no_report:
            click.echo(f"The same as a page, to open in a browser: {folder / 'report.html'}")


def _report(result: Result, folder: Path) -> None:
    from sim.reporting import FILE, asked, document, kept_reasons, write_page

    write_page(document(result, kept_reasons(result, asked(result, None, False))), folder / FILE)


def _tell(result: Result, folder: Path) -> None:
    from sim.report.text import tell
    from sim.streams import BLOCK

    click.echo(tell(result.document, folder, result.telling_world()))
    there = len(list((folder / "blocks").glob("*.npz"))) * BLOCK
    if there >= result.blocks.worlds + BLOCK:
        click.echo(
            f"These are the first {result.blocks.worlds:,} worlds; the folder has more, and --worlds shows them."
        )
