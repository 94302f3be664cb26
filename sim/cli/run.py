"""`detente run`: play a scenario in many worlds and show what came out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.shared import computing_options, expected, into, progress_bar, seed_option, set_option, show, worlds_option

if TYPE_CHECKING:
    from sim.montecarlo.runners import Runner
    from sim.runs import Result


@click.command("run")
@click.argument("file", metavar="FILE")
@worlds_option("How many worlds.", least=1)
@seed_option
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
@click.option("--no-report", is_flag=True, help="Don't write the page, report.html.")
@computing_options("SCENARIO-sSEED", "another run")
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

    if dry_run:
        check_sources(loaded, ClaimRule(claims, only_source, without_source))
        least, seconds = "at least " * (precision is not None), expected(loaded, worlds, runner)
        click.echo(f"{least}{worlds:,} worlds, seed {seed}: {least}about {seconds:,.0f} s")
        return
    folder = out or Path("results") / f"{path.stem}-s{seed}"
    play = run if precision is None else partial(run_until, precision=precision)
    how: dict[str, Any] = {"claims": claims, "only_source": only_source, "without_source": without_source}
    how |= {"worlds": worlds, "seed": seed, "processes": runner, "out": folder, "force": force}
    with into(folder):
        with progress_bar() as progress:
            result = play(loaded, progress=progress, **how)
        write_results(result, folder)
        if not no_report:
            _report(result, folder)
    show(result.document, _told(result, folder, not no_report), as_json)


def _report(result: Result, folder: Path) -> None:
    from sim.reporting import FILE, asked, document, kept_reasons, write_page

    write_page(document(result, kept_reasons(result, asked(result, None, False))), folder / FILE)


def _told(result: Result, folder: Path, as_a_page: bool) -> str:
    from sim.report.text import tell
    from sim.streams import BLOCK

    played, there = result.blocks.worlds, len(list((folder / "blocks").glob("*.npz"))) * BLOCK
    lines = [tell(result.document, folder, result.telling_world())]
    if there >= played + BLOCK:
        lines.append(f"These are the first {played:,} worlds; the folder has more, and --worlds shows them.")
    if as_a_page:
        lines.append(f"The same as a page, to open in a browser: {folder / 'report.html'}")
    return "\n".join(lines)
