"""`detente demo`: a page for a class, computed here and opened anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.shared import Whole, computing_options, expected, into, progress_bar, seed_option, set_option, show

if TYPE_CHECKING:
    from sim.montecarlo.runners import Runner


@click.command("demo")
@click.argument("file", metavar="SCENARIO")
@click.option(
    "-o", "--output", "page", type=click.Path(path_type=Path), help="The file [default: demo.html in the folder]."
)
@click.option("--worlds", default=1000, show_default=True, type=Whole(20), help="Of each point; in twenties.")
@seed_option
@set_option
@computing_options("demo-NAME", "another demo")
def command(
    file: str,
    page: Path | None,
    worlds: int,
    seed: int,
    overrides: tuple[str, ...],
    runner: Runner,
    out: Path | None,
    as_json: bool,
    force: bool,
    dry_run: bool,
) -> None:
    """One HTML file for a class: predict and reveal what a change does to SCENARIO, and step through its worlds.

    It turns the fields under the scenario's `demo:`, else the three that move its first outcome most. Everything is
    computed beforehand; the page asks for nothing from anywhere. An interrupted command goes on when typed again.
    """
    from sim.app.demo import demo, most_points
    from sim.app.html import write
    from sim.scenario.claims import find_scenario
    from sim.scenario.loader import load

    path = find_scenario(file)
    loaded = load(path, overrides)
    if dry_run:
        count = most_points(loaded, path, worlds, seed)
        seconds = expected(loaded, worlds, 1) * count / min(runner.workers(), count)
        click.echo(f"at most {count:,} times {worlds:,} worlds, seed {seed}: about {seconds:,.0f} s")
        return
    folder = out or Path("results") / f"demo-{path.stem}"
    with into(folder, "points"):
        with progress_bar("points") as progress:
            document = demo(loaded, path, worlds, seed, processes=runner, out=folder, force=force, progress=progress)
        target = page or folder / "demo.html"
        size = write(document, target)
    count = len(document["points"][document["outcome"]])
    text = f"Demo: {target} ({size / 1e6:.2g} MB; {count:,} points of {worlds:,} worlds)\n"
    text += "Open it in a browser; it needs no network. A model of stated wants and assumptions: not a forecast."
    show(document, text, as_json)
