"""`detente sweep`: an experiment's points, played in the same worlds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.shared import dry_run_option, expected, into, json_option, progress_bar, runner_options

if TYPE_CHECKING:
    from sim.montecarlo.runners import Runner


@click.command("sweep")
@click.argument("file", metavar="EXPERIMENT")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the results [default: results/sweep-NAME].")
@runner_options
@json_option
@click.option("--force", is_flag=True, help="Replace a results folder of another experiment.")
@dry_run_option
def command(file: str, out: Path | None, runner: Runner, as_json: bool, force: bool, dry_run: bool) -> None:
    """Play a scenario at every point of the EXPERIMENT file's design, in the same worlds, and write one row a point.

    An interrupted sweep goes on with the same command, from the rows that are finished.
    """
    from sim.experiment import load_experiment
    from sim.report.style import save
    from sim.report.sweep import tell_sweep
    from sim.store.folder import to_json
    from sim.sweeping import Sweep, check, sweep

    experiment = load_experiment(file)
    count = len(experiment.points)
    if dry_run:
        job = Sweep(experiment)
        check(job)
        seconds = expected(job.loaded(0), experiment.file.worlds, 1) * count / min(runner.workers(), count)
        click.echo(f"{count:,} points of {experiment.file.worlds:,} worlds: about {seconds:,.0f} s")
        return
    folder = out or Path("results") / f"sweep-{experiment.name}"
    with into(folder, "rows"):
        with progress_bar("points") as progress:
            swept = sweep(experiment, processes=runner, out=folder, force=force, progress=progress)
        for name, figure in swept.figures().items():
            save(figure, folder, name)
    report = swept.document
    click.echo(to_json(report) if as_json else tell_sweep(report, folder), nl=not as_json)
