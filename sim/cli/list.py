"""`detente list`: what there is to choose from."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path

import click

from sim.cli.shared import json_option
from sim.errors import did_you_mean

Rows = list[dict[str, str | float]]


@click.command("list")
@click.argument("what", metavar="scenarios|protocols|forms|strategies|rivals|claims")
@json_option
def command(what: str, as_json: bool) -> None:
    """List bundled scenarios, a table's protocols, the forms of an interest, strategies, rival models, or claims."""
    if what not in SOURCES:
        raise click.UsageError(f"no list of '{what}'{did_you_mean(what, list(SOURCES), 'lists')}")
    rows = SOURCES[what]()
    if as_json:
        click.echo(json.dumps(rows, indent=2, sort_keys=True, ensure_ascii=False))
        return
    if not rows:
        click.echo(f"no {what}", err=True)
        return
    cells = [[str(v) for v in row.values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        click.echo("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip())


def _modules(folder: str) -> Rows:
    """Name and first line of every file in a folder of plug-ins, read without importing them."""
    import sim

    files = sorted((Path(sim.__file__).parent / folder).glob("[!_]*.py"))
    return [{"name": f.stem, "about": _about(f)} for f in files]


def _about(file: Path) -> str:
    """The first line of a file's docstring without the name that it begins with, such as `Alternating offers: `."""
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    first = text.split("\n", 1)[0]
    name, _, rest = first.partition(": ")
    same = re.sub(r"[\W_]", "", name.lower()) == file.stem.replace("_", "")
    return rest if same else first


def _scenarios() -> Rows:
    from sim.errors import ScenarioError
    from sim.scenario.claims import scenarios
    from sim.scenario.reading import read, read_file

    rows: Rows = []
    for name, path in sorted(scenarios().items(), key=lambda item: (item[1].parent.name == "teaching", item[0])):
        try:
            data = read(read_file(path), str(path)).data
            title = str(data.get("title", "")) if isinstance(data, dict) else ""
        except ScenarioError:
            title = f"(can't be read; detente check {name} says why)"
        rows.append({"name": name, "title": title})
    return rows


def _claims() -> Rows:
    from sim.scenario.claims import claims_for, load_claims

    keys = ("id", "source", "author", "kind", "strength", "says")
    return [{k: getattr(c, k) for k in keys} for c in load_claims(claims_for(None)).values()]


SOURCES: dict[str, Callable[[], Rows]] = {
    "scenarios": _scenarios,
    "protocols": lambda: _modules("protocols"),
    "forms": lambda: _modules("payoff/forms"),
    "strategies": lambda: _modules("strategies"),
    "rivals": lambda: _modules("rivals"),
    "claims": _claims,
}
