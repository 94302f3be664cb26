"""What several commands need: options, where they compute, a folder to write to, a bar of progress, what a run would
take, and what came out, kept and shown."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sim.montecarlo.runners import Runner
    from sim.scenario.loader import Loaded


class Whole(click.IntRange):
    name = "integer"  # what something else is said not to be; click would say "integer range"


class Number(click.FloatRange):
    name = "number"


# Options that mean the same wherever they stand.
set_option = click.option(
    "--set", "overrides", metavar="PATH=VALUE", multiple=True, help="Change one field first; repeatable."
)
seed_option = click.option("--seed", default=1, show_default=True, type=Whole(0), help="Same seed, same worlds.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Say what would be played, and about how long it takes.")


def worlds_option(about: str = "Worlds of each.", least: int = 2) -> Callable[..., Any]:
    return click.option("--worlds", default=2000, show_default=True, type=Whole(least, 100_000_000), help=about)


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def runner_options(command: Callable[..., None]) -> Callable[..., None]:
    """Adds --processes, --runner and --scheduler; the command is handed one `runner`, for `processes=` of any function
    that computes."""

    @click.option("--processes", type=Whole(1, 512), help="Worker processes [default: one a core].")
    @click.option(
        "--runner",
        "name",
        type=click.Choice(["serial", "processes", "dask"]),
        help="Who computes; the numbers are the same [default: processes].",
    )
    @click.option(
        "--scheduler", metavar="ADDRESS", help="Of dask, such as tcp://host:8786 [default: a cluster on this machine]."
    )
    @wraps(command)
    def with_runner(*args: Any, processes: int | None, name: str | None, scheduler: str | None, **given: Any) -> None:
        from sim.montecarlo.runners import Runner

        runner = Runner(name or ("dask" if scheduler else "processes"), processes or cores(), scheduler)
        command(*args, runner=runner, **given)

    return with_runner


def computing_options(default: str, another: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Adds the runner's, --out, --json, --force and --dry-run. default: folder of the results. another: what --force
    replaces there."""

    def with_options(command: Callable[..., None]) -> Callable[..., None]:
        about = f"Folder of the results [default: results/{default}]."
        out_option = click.option("--out", type=click.Path(path_type=Path), help=about)
        force_option = click.option("--force", is_flag=True, help=f"Replace a results folder of {another}.")
        return runner_options(out_option(json_option(force_option(dry_run_option(command)))))

    return with_options


@contextmanager
def into(folder: Path, what: str = "blocks") -> Iterator[None]:
    """A folder that only this command writes to meanwhile. Ctrl-C says what is kept there."""
    from sim.store.writing import writing

    with writing(folder):
        try:
            yield
        except KeyboardInterrupt:
            click.echo(
                f"\nStopped; finished {what} are kept in {folder}: the same command goes on from there.", err=True
            )
            raise SystemExit(130) from None


@contextmanager
def progress_bar(what: str = "worlds") -> Iterator[Callable[[int, int], None]]:
    """A bar with the time left, on a terminal; silence elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def expected(
    loaded: Loaded, worlds: int, processes: int | Runner, play: Callable[[int], object] | None = None
) -> float:
    """About how many seconds so many worlds take, from a few of them: a part is once a block, the rest by world.
    `play`: plays so many worlds, where that isn't a run."""
    from sim.runs import run
    from sim.streams import BLOCK

    times = []
    for few in (8, 8, 48):  # the first warms up
        started = time.perf_counter()
        play(few) if play else run(loaded, few)
        times.append(time.perf_counter() - started)
    each = max(times[2] - times[1], 0.0) / 40
    blocks = -(-worlds // BLOCK)
    workers = processes if isinstance(processes, int) else processes.workers()
    return (max(times[1] - 8 * each, 0.0) * blocks + each * worlds) / min(workers, blocks)


def expected_reasons(loaded: Loaded, seed: int, worlds: int, runner: Runner) -> tuple[int, float]:
    """How many runs are counted for why an outcome fails, and about how many seconds they take."""
    from sim.scenario.loader import again
    from sim.twins import twins

    played = [loaded, *(again(loaded, twin.changes) for twin in twins(loaded, seed)[0])]
    return len(played), sum(expected(one, worlds, runner) for one in played)


def keep(found: Any, folder: Path, name: str, table: str = "") -> None:
    """What came out as files in its folder: document and figure by `name`, and its frame by that of the `table`."""
    from sim.report.style import save
    from sim.store.folder import write_json
    from sim.store.writing import write_frame

    write_json(folder / f"{name}.json", found.document)
    if table:
        write_frame(folder / f"{table}.csv", found.frame)
    save(found.figure(), folder, name)


def show(document: Any, text: str, as_json: bool) -> None:
    """With --json the document and nothing else."""
    from sim.store.folder import to_json

    click.echo(to_json(document) if as_json else text, nl=not as_json)
