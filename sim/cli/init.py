"""`detente init`: a scenario to start from."""

from __future__ import annotations

import re
from pathlib import Path

import click

TEMPLATE = Path(__file__).with_name("template.yaml")


@click.command("init")
@click.argument("name")
@click.option("--force", is_flag=True, help="Replace NAME.yaml if it exists.")
def command(name: str, force: bool) -> None:
    """Write NAME.yaml here: a small commented scenario that runs, to be made your own."""
    from sim.errors import UserError

    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,63}", name):
        hint = f"; did you mean '{Path(name).stem}'?" if name.endswith((".yaml", ".yml")) else ""
        raise UserError(f"'{name}' is not a plain name: a letter, then letters, digits, _ or -{hint}")
    file = Path(f"{name}.yaml")
    try:
        with open(file, "w" if force else "x", encoding="utf-8") as out:
            out.write(TEMPLATE.read_text(encoding="utf-8"))
    except FileExistsError:
        raise UserError(f"{file} exists; give another name, or --force to replace it") from None
    except OSError as error:
        raise UserError(f"{file} can't be written: {error.strerror}") from None
    click.echo(f"Wrote {file}. Next:")
    click.echo(f"  detente check {file}      every error at once, with line and column")
    click.echo(f"  detente run {file}        what comes out, in 2,000 worlds")
    click.echo(f"  detente explain {file}    one world, step by step")
