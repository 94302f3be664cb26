"""`detente replay`: compute runs again, say whether every bit agrees, and write a row each for a grade book."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.shared import dry_run_option, expected, json_option, progress_bar, runner_options, show

if TYPE_CHECKING:
    from sim.montecarlo.runners import Runner


@click.command("replay")
@click.argument("runs", metavar="RUN|RECORD...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--csv", "table", type=click.Path(path_type=Path), help="Write one row a run (or a seat) to this file.")
@click.option("--lesson", metavar="FILE", help="Say what each run changed in this scenario.")
@runner_options
@json_option
@dry_run_option
def command(
    runs: tuple[Path, ...], table: Path | None, lesson: str | None, runner: Runner, as_json: bool, dry_run: bool
) -> None:
    """Compute the runs in the folders RUN again, from the scenario, claims, seed and options kept in each, and compare
    every number; or play games again from the decisions in their RECORDs. Exit code 1 if any differs.

    With several folders, --csv or --lesson, each is a row, and one that can't be read is a row with its error.
    """
    games = [run.suffix == ".json" for run in runs]
    if dry_run:
        click.echo(f"{len(runs)} games: about {4 * len(runs)} s" if all(games) else _planned(runs, runner))
        return
    if any(games):
        report, text = _games(runs, table, all(games) and lesson is None)
    elif len(runs) > 1 or table or lesson:
        report, text = _marked(runs, table, lesson, runner)
    else:
        report, text = _replayed(runs[0], runner)
    show(report, text, as_json)
    if not report["same"]:
        raise SystemExit(1)


def _replayed(run: Path, runner: Runner) -> tuple[dict[str, Any], str]:
    from sim.replaying import replay

    with progress_bar("blocks") as progress:
        report = replay(run, processes=runner, progress=progress).document
    return report, _told(run, report)


def _marked(
    runs: tuple[Path, ...], table: Path | None, lesson: str | None, runner: Runner
) -> tuple[dict[str, Any], str]:
    """Rows are written as they come: a stopped command leaves those that are finished."""
    from sim.marking import marks
    from sim.report.marking import grades, tell_marks
    from sim.scenario.claims import find_scenario
    from sim.scenario.loader import load

    given = load(find_scenario(lesson)) if lesson else None
    with progress_bar("runs") as progress:

        def finished(rows: list[dict[str, Any]]) -> None:
            if table:
                _write(table, grades(rows))
            progress(len(rows), len(runs))

        rows = marks(runs, given, processes=runner, finished=finished)
    return {"runs": rows, "same": all(r["agrees"] for r in rows)}, tell_marks(rows)


def _games(records: tuple[Path, ...], table: Path | None, alone: bool) -> tuple[dict[str, Any], str]:
    """Games played again; of several, one that can't be read is a row with its error."""
    from sim.errors import UserError
    from sim.seat.record import replay
    from sim.seat.telling import mark, marks

    if not alone:
        raise UserError("games are marked apart from runs, and without --lesson: give the records alone.")
    found: list[dict[str, Any]] = []
    for path in records:
        try:
            found.append({"record": str(path)} | replay(path))
        except UserError as error:
            if len(records) == 1:
                raise
            found.append({"record": str(path), "same": False, "error": str(error)})
        if table:
            _write(table, marks(found))
    return {"games": found, "same": all(f["same"] for f in found)}, "\n".join(mark(f) for f in found)


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    import pandas as pd

    from sim.errors import UserError
    from sim.store.writing import write_frame

    try:
        write_frame(path, pd.DataFrame(rows, dtype=object))
    except OSError as error:
        raise UserError(f"can't write {path}: {error.strerror}; give another --csv.") from None


def _planned(runs: tuple[Path, ...], runner: Runner) -> str:
    from sim.errors import UserError
    from sim.runs import open_run

    worlds, seconds, unread = 0, 0.0, 0
    for run in runs:
        try:
            there = open_run(run)
        except UserError:
            if len(runs) == 1:
                raise
            unread += 1
            continue
        worlds, seconds = worlds + there.blocks.worlds, seconds + expected(there.loaded, there.blocks.worlds, runner)
    which = f"{len(runs)} runs, {unread} of which can't be read, " if len(runs) > 1 else ""
    return f"{which}{worlds:,} worlds: about {seconds:,.0f} s"


def _told(run: Path, report: dict[str, Any]) -> str:
    lines = [f"{run}: {report['worlds']:,} worlds computed again"]
    for d in report["differing"]:
        some = ", ".join(d["columns"][:5]) + (f" and {len(d['columns']) - 5} more" if len(d["columns"]) > 5 else "")
        lines.append(f"  block {d['block']} differs in {some}")
    lines.append("Every bit agrees." if report["same"] else "It does not agree.")
    lines += [f"  {name} was {then}, is {now}" for name, (then, now) in report["versions"].items()]
    return "\n".join(lines)
