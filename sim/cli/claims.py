"""`detente claims`: what a scenario rests on, and which sentence moves its outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.shared import progress_bar, runner_options

if TYPE_CHECKING:
    from sim.montecarlo.runners import Runner


@click.command("claims")
@click.argument("file", metavar="FILE")
@click.option("--worlds", default=2000, show_default=True, type=click.IntRange(1, 100_000_000), help="Worlds screened.")
@click.option("--flip", "top", default=10, show_default=True, type=click.IntRange(0), help="How many to flip; 0: none.")
@click.option("--flip-worlds", default=1000, show_default=True, type=click.IntRange(2), help="Worlds of each flip.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Same seed, same worlds.")
@runner_options
@click.option("--set", "overrides", metavar="PATH=VALUE", multiple=True, help="Change one field first; repeatable.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder of the results [default: results/claims-SCENARIO-sSEED]."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
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
) -> None:
    """The claims that FILE rests on, with author, paraphrase and what rests on each; then how much each moves the
    outcomes: screened all at once, and flipped on and off in the same worlds, alone, in groups and by document."""
    from sim.claims_report import claims_report
    from sim.report.claims import tell_claims, tornado
    from sim.report.style import save
    from sim.scenario.claims import find_scenario
    from sim.scenario.loader import load
    from sim.store.folder import to_json, write_json
    from sim.store.writing import writing

    path = find_scenario(file)
    loaded = load(path, overrides)
    with progress_bar("flips") as progress:
        report = claims_report(
            loaded,
            worlds,
            seed,
            top=top,
            flip_worlds=flip_worlds,
            processes=runner,
            progress=progress,
        )
    folder = out or Path("results") / f"claims-{path.stem}-s{seed}"
    with writing(folder):
        write_json(folder / "claims.json", report)
        for outcome in report["outcomes"]:
            save(tornado(report, outcome), folder, f"claims_{outcome}")
    click.echo(to_json(report) if as_json else f"{tell_claims(report)}\n\nFigures: {folder}", nl=not as_json)
