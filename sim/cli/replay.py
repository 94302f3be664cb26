"""`detente replay`: compute a run again, and say whether every bit agrees."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.shared import expected, progress_bar, runner_options

if TYPE_CHECKING:
    from sim.montecarlo.runners import Runner


@click.command("replay")
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@runner_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.option("--dry-run", is_flag=True, help="Say how many worlds there are, and about how long they take.")
def command(run: Path, runner: Runner, as_json: bool, dry_run: bool) -> None:
    """Compute the run in the folder RUN again, from the scenario, claims, seed and options kept there, and compare
    every number. Exit code 1 if any differs."""
    from sim.replaying import replay
    from sim.runs import open_run
    from sim.store.folder import to_json

    if dry_run:
        there = open_run(run)
        seconds = expected(there.loaded, there.blocks.worlds, runner)
        click.echo(f"{there.blocks.worlds:,} worlds, seed {there.seed}: about {seconds:,.0f} s")
        return
    with progress_bar("blocks") as progress:
        report = replay(run, processes=runner, progress=progress).document
    click.echo(to_json(report) if as_json else _told(run, report), nl=not as_json)
    if not report["same"]:
        raise SystemExit(1)


def _told(run: Path, report: dict[str, Any]) -> str:
    lines = [f"{run}: {report['worlds']:,} worlds computed again"]
    for d in report["differing"]:
        some = ", ".join(d["columns"][:5]) + (f" and {len(d['columns']) - 5} more" if len(d["columns"]) > 5 else "")
        lines.append(f"  block {d['block']} differs in {some}")
    lines.append("Every bit agrees." if report["same"] else "It does not agree.")
    lines += [f"  {name} was {then}, is {now}" for name, (then, now) in report["versions"].items()]
    return "\n".join(lines)
