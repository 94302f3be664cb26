"""`detente export`: a table's payoffs and games for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.shared import Whole, seed_option, set_option, show


@click.command("export")
@click.argument("scenario")
@click.option("--format", "form", type=click.Choice(["csv", "gambit"]), required=True, help="What kind of file.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="The file; for Gambit ending in .nfg or .efg.",
)
@click.option("--table", metavar="NAME", help="Which table [default: the scenario's first].")
@click.option("--world", type=Whole(0), help="Which world, counted from 0 [default for Gambit: 0].")
@click.option("--worlds", type=Whole(1), help="Of csv: how many worlds [default: 200].")
@seed_option
@click.option("--rounds", type=Whole(1), help="Of .efg: how many [default: to the deadline, or what is small].")
@set_option
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else: what was written.")
def command(
    scenario: str,
    form: str,
    output: Path,
    table: str | None,
    world: int | None,
    worlds: int | None,
    seed: int,
    rounds: int | None,
    overrides: tuple[str, ...],
    force: bool,
    as_json: bool,
) -> None:
    """Write what one table of SCENARIO offers whom as a file for other programs.

    csv: what every state is worth to every party, a row a world, state and party. Gambit: of one world, in which
    everything is known to all, the strategic game of naming a package (.nfg), or the tree of offers and answers (.efg).
    """
    from sim.exporting import export
    from sim.graph_model import checked
    from sim.scenario.claims import find_scenario
    from sim.scenario.loader import load

    kind = _kind(form, output, world, worlds, rounds)
    _vacant(output, force)
    path = find_scenario(scenario)
    loaded = load(path, overrides)
    name = checked(loaded, table, {})
    text = export(loaded, kind, name, world=world, worlds=worlds or 200, seed=seed, rounds=rounds)
    _write(output, text)
    about = {"file": str(output), "format": kind, "table": name, "seed": seed, "lines": text.count("\n")}
    about |= {"worlds": worlds or 200} if kind == "csv" and world is None else {"world": world or 0}
    others = [t for t in loaded.scenario.tables if t != name] if table is None else []
    more = f" Other tables: --table {' or '.join(others)}" * bool(others)
    show(about, f"Wrote {output}: table {name}, seed {seed}.{more}", as_json)


def _kind(form: str, output: Path, world: int | None, worlds: int | None, rounds: int | None) -> str:
    """The kind of file, by the format and the file's name; options that go with another are an error."""
    kind = "csv" if form == "csv" else output.suffix.removeprefix(".").lower()
    if kind not in ("csv", "nfg", "efg"):
        raise click.UsageError(f"a file for Gambit ends in .nfg (strategic game) or .efg (tree); got '{output}'")
    if worlds is not None and (kind != "csv" or world is not None):
        raise click.UsageError("--worlds goes with --format csv and without --world: a game is of one world.")
    if rounds is not None and kind != "efg":
        raise click.UsageError("--rounds goes with a tree of offers: -o FILE.efg")
    return kind


def _vacant(output: Path, force: bool) -> None:
    """Raises UserError where the file is there already, or can't be: before anything is computed."""
    from sim.errors import UserError

    if output.is_dir() or not output.parent.is_dir():
        raise UserError(f"can't write {output}: {'it is a folder' if output.is_dir() else 'no such folder'}")
    if output.exists() and not force:
        raise UserError(f"{output} exists; give another -o, or --force to replace it")


def _write(output: Path, text: str) -> None:
    from sim.errors import UserError
    from sim.store.folder import write_text

    try:
        write_text(output, text)
    except OSError as error:
        raise UserError(f"can't write {output}: {error.strerror}; give another -o.") from None
