"""`detente sensitivity`: what drives the outcomes: an experiment's fields, or a scenario's layers of draws."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.shared import Whole, computing_options, expected, into, progress_bar, show

if TYPE_CHECKING:
    from sim.montecarlo.runners import Runner
    from sim.report.sensitivity import Indices


@click.command("sensitivity")
@click.argument("file", metavar="EXPERIMENT|SCENARIO")
@click.option("--screen", is_flag=True, help="Of an experiment: try each field first; leave out what moves nothing.")
@click.option("--worlds", type=Whole(2), help="Of a scenario: how many worlds [default: 2000].")
@click.option("--seed", type=Whole(0), help="Of a scenario: same seed, same worlds [default: 1].")
@click.option("--set", "overrides", metavar="PATH=VALUE", multiple=True, help="Of a scenario: change one field first.")
@computing_options("sensitivity-NAME", "something else")
def command(
    file: str,
    screen: bool,
    worlds: int | None,
    seed: int | None,
    overrides: tuple[str, ...],
    runner: Runner,
    out: Path | None,
    as_json: bool,
    force: bool,
    dry_run: bool,
) -> None:
    """What drives the outcomes, as Sobol indices with 95 % intervals.

    Of an EXPERIMENT file, how much of what differs between points each varied field explains, alone and with what it
    interacts with. Of a SCENARIO, how much of what differs between its worlds is what nobody knows (claims, weights),
    what one actor knows (types, resolve), and chance. An interrupted command goes on when typed again.
    """
    from sim.layers import is_scenario
    from sim.report.sensitivity import tell_indices

    if is_scenario(file):
        if screen:
            raise click.UsageError("--screen is for experiments: a scenario has three layers, and all are compared.")
        play, plan, name = _of_scenario(file, worlds or 2000, 1 if seed is None else seed, overrides)
    else:
        if worlds or seed is not None or overrides:
            raise click.UsageError(
                "an experiment's file says its worlds, seed and changes (`set:`); change them there."
            )
        play, plan, name = _of_experiment(file, screen)
    if dry_run:
        click.echo(plan(runner))
        return
    folder = out or Path("results") / f"sensitivity-{name}"
    with into(folder):
        result: Indices = play(out=folder, processes=runner, force=force)
    show(result.document, tell_indices(result.document, folder), as_json)


def _of_experiment(file: str, screen: bool) -> tuple[Any, Any, str]:
    from sim.sobol import design, load_sensitivity, sensitivity
    from sim.sweeping import Sweep, check

    experiment = load_sensitivity(file)

    def play(**how: Any) -> Indices:
        with progress_bar("points") as progress:
            return sensitivity(experiment, screen=screen, progress=progress, **how)

    def plan(runner: Runner) -> str:
        count, job = len(design(experiment, list(experiment.points[0]))), Sweep(experiment)
        check(job)
        seconds = expected(job.loaded(0), experiment.file.worlds, 1) * count / min(runner.workers(), count)
        most = "at most " * screen
        return f"{most}{count:,} points of {experiment.file.worlds:,} worlds: about {seconds:,.0f} s"

    return play, plan, experiment.name


def _of_scenario(file: str, worlds: int, seed: int, overrides: tuple[str, ...]) -> tuple[Any, Any, str]:
    from sim.layers import CORNERS, variance
    from sim.scenario.claims import find_scenario
    from sim.scenario.loader import load

    path = find_scenario(file)
    loaded = load(path, overrides)

    def play(**how: Any) -> Indices:
        with progress_bar("worlds") as progress:
            return variance(loaded, worlds, seed, progress=progress, **how)

    def plan(runner: Runner) -> str:
        seconds = expected(loaded, worlds * len(CORNERS), runner)
        return f"{len(CORNERS)} times {worlds:,} worlds, seed {seed}: about {seconds:,.0f} s"

    return play, plan, f"{path.stem}-s{seed}"
