"""`detente check`: valid, or every error at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.shared import json_option, set_option

if TYPE_CHECKING:
    from sim.scenario.loader import Loaded


@click.command("check")
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@set_option
@json_option
@click.pass_context
def command(ctx: click.Context, files: tuple[str, ...], overrides: tuple[str, ...], as_json: bool) -> None:
    """Check scenario files, or bundled scenarios by name, and show every error at once.

    Exit code 2 if any of them is wrong.
    """
    reports = [_report(file, overrides) for file in files]
    if as_json:
        click.echo(json.dumps(reports, indent=2, sort_keys=True, ensure_ascii=False))
    else:
        for report in reports:
            _print(report)
    ctx.exit(0 if all(r["ok"] for r in reports) else 2)


def _report(file: str, overrides: tuple[str, ...]) -> dict[str, Any]:
    from sim.errors import ScenarioError
    from sim.scenario.claims import FILE, find_scenario, load_claims
    from sim.scenario.loader import load

    try:
        if Path(file).name == FILE:  # so that `detente check scenarios/*.yaml` checks all that is there
            return {"file": file, "ok": True, "claims": sorted(load_claims(file))}
        return {"file": file, "ok": True, **_summary(load(find_scenario(file), overrides))}
    except ScenarioError as error:
        return {"file": file, "ok": False, "errors": [vars(p) for p in error.problems]}


def _summary(loaded: Loaded) -> dict[str, Any]:
    from sim.scenario.claims import cited

    scenario, rests_on = loaded.scenario, list(cited(loaded.data))
    return {
        "title": scenario.title,
        "actors": list(scenario.actors),
        "issues": list(scenario.issues),
        "stocks": list(scenario.stocks),
        "tables": {
            name: {"parties": list(table.parties), "packages": scenario.packages(name)}
            for name, table in scenario.tables.items()
        },
        "claims": sorted({what for kind, what in rests_on if kind == "claim"}),
        "claims_known": len(loaded.claims),
        "assumptions": sum(kind == "assumption" for kind, _ in rests_on),
    }


def _print(report: dict[str, Any]) -> None:
    from sim.errors import Problem

    if not report["ok"]:
        for error in report["errors"]:
            click.echo(Problem(**error), err=True)
        count = len(report["errors"])
        click.echo(f"{report['file']}: {count} error{'s' if count != 1 else ''}", err=True)
        return
    click.echo(f"{report['file']}: ok")
    if "title" not in report:
        click.echo(f"  claims: {len(report['claims'])}")
        return
    click.echo(f"  {report['title']}")
    for kind in ("actors", "issues", "stocks"):
        if report[kind]:
            click.echo(f"  {kind}: {len(report[kind])} ({', '.join(report[kind])})")
    for name, table in report["tables"].items():
        click.echo(f"  table {name}: {' and '.join(table['parties'])}, {table['packages']:,} packages")
    used = f"claims: {len(report['claims'])} of {report['claims_known']} used"
    click.echo(f"  {used}; assumptions: {report['assumptions']}")
