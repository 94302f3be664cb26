"""`detente discover`: the ranges of a sweep's fields in which an outcome is likely."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.shared import json_option


@click.command("discover")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.argument("outcome", metavar="OUTCOME")
@click.option("--above", default=0.5, show_default=True, help="How likely is likely; of a value, how much is much.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Which half of the points is which.")
@json_option
def command(folder: Path, outcome: str, above: float, seed: int, as_json: bool) -> None:
    """The box of ranges in which OUTCOME is likely, found by PRIM in the points of FOLDER, the results of `detente
    sweep` or `detente sensitivity`. Nothing is played again. Needs the extra `ema`.
    """
    from sim.discovery import discover
    from sim.report.discovery import tell_box
    from sim.report.style import save
    from sim.store.folder import to_json, write_json

    found = discover(folder, outcome, above, seed)
    document = found.document
    name = f"box_{document['measure'].replace('.', '_')}"
    write_json(folder / f"{name}.json", document)
    save(found.figure(), folder, name)
    click.echo(to_json(document) if as_json else tell_box(document, folder), nl=not as_json)
