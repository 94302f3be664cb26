"""`detente reasons`: why an outcome failed, counted."""

from __future__ import annotations

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
    worlds_option,
)

if TYPE_CHECKING:
    from sim.montecarlo.runners import Runner


@click.command("reasons")
@click.argument("scenario")
@click.argument("outcome")
@click.option("--avoid", is_flag=True, help="The outcome is the failure, such as a war.")
@set_option
@worlds_option
@seed_option
@runner_options
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of the results [default: results/reasons-NAME-OUTCOME-sSEED].",
)
@json_option
@click.option("--force", is_flag=True, help="Replace a results folder of other reasons.")
@dry_run_option
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
    from sim.report.style import save
    from sim.scenario.claims import find_scenario
    from sim.scenario.loader import again, load
    from sim.store.folder import to_json, write_json
    from sim.store.writing import replacing
    from sim.twins import twins

    loaded = load(find_scenario(scenario), overrides)
    if dry_run:
        played, _ = twins(loaded, seed)
        seconds = sum(expected(again(loaded, t.changes), worlds, runner) for t in (*played, played[-1]))
        click.echo(f"{1 + len(played)} runs of {worlds:,} worlds, seed {seed}: about {seconds:.0f} s")
        return
    folder = out or Path("results") / f"reasons-{Path(scenario).stem}-{outcome}-s{seed}"
    with into(folder, "runs"), progress_bar() as progress:
        found = reasons(
            loaded, outcome, worlds, seed, avoid=avoid, processes=runner, out=folder, force=force, progress=progress
        )
        write_json(folder / "reasons.json", found.document)
        with replacing(folder / "worlds.csv") as file:
            found.frame.to_csv(file, index=False, lineterminator="\n")
        save(found.figure(), folder, "reasons")
    report = found.document
    click.echo(
        to_json(report) if as_json else f"{tell_reasons(report, str(folder))}\n\nFigure: {folder}", nl=not as_json
    )
