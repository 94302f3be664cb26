"""`detente report`: a run as one page to look at, print or send."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.shared import dry_run_option, expected, expected_reasons, into, progress_bar, runner_options, show

if TYPE_CHECKING:
    from sim.montecarlo.runners import Runner
    from sim.reporting import Asked
    from sim.runs import Result


@click.command("report")
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file [default: report.html in RUN].")
@click.option("--outcome", metavar="NAME", help="Count why this one fails [default: the scenario's first].")
@click.option("--avoid", is_flag=True, help="The outcome is the failure, such as a war.")
@click.option("--no-reasons", is_flag=True, help="Don't count why it fails, which takes most of the time.")
@runner_options
@click.option(
    "--json", "as_json", is_flag=True, help="Print what the page says as one JSON document, and nothing else."
)
@dry_run_option
def command(
    run: Path,
    output: Path | None,
    outcome: str | None,
    avoid: bool,
    no_reasons: bool,
    runner: Runner,
    as_json: bool,
    dry_run: bool,
) -> None:
    """Write the run in the folder RUN as one HTML file that needs nothing else, to open, print or send.

    Why it failed is counted in the first 500 worlds, each played again with one thing changed, unless it has been
    counted before; what is counted is kept in RUN, and an interrupted command goes on when it is typed again.
    """
    from sim.reporting import FILE, asked, count_reasons, countable, document, kept_reasons, write_page
    from sim.runs import open_run

    result = open_run(run)
    what = asked(result, outcome, avoid)
    found = kept_reasons(result, what)
    missing = what if found is None and not no_reasons and countable(result) else None
    if dry_run:
        click.echo(_expected(result, missing, runner))
        return
    if missing is not None:
        with into(run, "runs"), progress_bar() as progress:
            found = count_reasons(result, missing, runner, progress)
    file, told = output or run / FILE, document(result, found)
    write_page(told, file)
    show(told, f"Report: {file} (open it in a browser)", as_json)


def _expected(result: Result, missing: Asked | None, runner: Runner) -> str:
    from sim.reporting import FEWER, sample

    worlds, few = min(result.blocks.worlds, FEWER), sample(result)
    seconds = expected(result.loaded, few, 1) * bool(few)
    text = f"the textbook in {few:,} worlds"
    if missing is not None:
        runs, more = expected_reasons(result.loaded, result.seed, worlds, runner)
        seconds, text = seconds + more, f"{runs} runs of {worlds:,} worlds, and {text}"
    return f"{text}: about {seconds:,.0f} s"
