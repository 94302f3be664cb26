"""`detente sweep`: an experiment's points, played in the same worlds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.shared import computing_options, expected, into, progress_bar, show

if TYPE_CHECKING:
    from sim.montecarlo.runners import Runner


@click.command("sweep")
@click.argument("file", metavar="EXPERIMENT")
@computing_options("sweep-NAME", "another experiment")
def command(file: str, out: Path | None, runner: Runner, as_json: bool, force: bool, dry_run: bool) -> None:
    """Play a scenario at every point of the EXPERIMENT file's design, in the same worlds, and write one row a point.

    An interrupted sweep goes on with the same command, from the rows that are finished.
    """
    from sim.experiment import load_experiment
    from sim.report.style import save
    from sim.report.sweep import tell_sweep
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
    show(swept.document, tell_sweep(swept.document, folder), as_json)
