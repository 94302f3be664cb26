"""`detente discover`: the ranges of a sweep's fields in which an outcome is likely."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.shared import Whole, json_option, keep, show


@click.command("discover")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.argument("outcome", metavar="OUTCOME")
@click.option("--above", default=0.5, show_default=True, help="How likely is likely; of a value, how much is much.")
@click.option("--seed", default=1, show_default=True, type=Whole(0), help="Which half of the points is which.")
@json_option
def command(folder: Path, outcome: str, above: float, seed: int, as_json: bool) -> None:
    """The box of ranges in which OUTCOME is likely, found by PRIM in the points of FOLDER, the results of `detente
    sweep` or `detente sensitivity`. Nothing is played again. Needs the extra `ema`.
    """
    from sim.discovery import discover
    from sim.report.discovery import tell_box

    found = discover(folder, outcome, above, seed)
    keep(found, folder, f"box_{found.document['measure'].replace('.', '_')}")
    show(found.document, tell_box(found.document, folder), as_json)
