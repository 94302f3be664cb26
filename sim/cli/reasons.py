"""`detente reasons`: why an outcome failed, counted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.shared import (
    computing_options,
    expected_reasons,
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


@click.command("reasons")
@click.argument("scenario")
@click.argument("outcome")
@click.option("--avoid", is_flag=True, help="The outcome is the failure, such as a war.")
@set_option
@worlds_option()
@seed_option
@computing_options("reasons-NAME-OUTCOME-sSEED", "other reasons")
def command(
    scenario: str,
    outcome: str,
    avoid: bool,
    overrides: tuple[str, ...],
    worlds: int,
    seed: int,
    runner: Runner,
    out: Path | None,
    as_json: bool,
    force: bool,
    dry_run: bool,
) -> None:
    """Count why OUTCOME fails to come about in SCENARIO: the same worlds are played again with one thing changed.

    Nothing is private; promises are kept; deals last; no third party is asked; parties may pay one another; there is
    more time. Beside these a placebo: private draws are drawn anew, and nothing else. Each is a run in a folder of its
    own, to be explained; an interrupted command goes on when it is typed again.
    """
    from sim.reasoning import reasons
    from sim.report.reasons import tell_reasons
    from sim.scenario.claims import find_scenario
    from sim.scenario.loader import load

    loaded = load(find_scenario(scenario), overrides)
    if dry_run:
        runs, seconds = expected_reasons(loaded, seed, worlds, runner)
        click.echo(f"{runs} runs of {worlds:,} worlds, seed {seed}: about {seconds:.0f} s")
        return
    folder = out or Path("results") / f"reasons-{Path(scenario).stem}-{outcome}-s{seed}"
    with into(folder, "runs"), progress_bar() as progress:
        found = reasons(
            loaded, outcome, worlds, seed, avoid=avoid, processes=runner, out=folder, force=force, progress=progress
        )
        keep(found, folder, "reasons", table="worlds")
    show(found.document, f"{tell_reasons(found.document, str(folder))}\n\nFigure: {folder}", as_json)
