"""The blocks of a run, computed and kept: in memory, or in a folder, going on from what is whole there."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from sim.arrays import Array
from sim.montecarlo.job import Blockwise
from sim.montecarlo.runners import Runner, computed
from sim.store.folder import MANIFEST, prepare, whole, write_block, write_json, write_text
from sim.store.writing import writing
from sim.streams import shares

Progress = Callable[[int, int], None]


def in_memory(job: Blockwise, where: int | Runner, progress: Progress) -> dict[int, dict[str, Array]]:
    """Columns by block."""
    found: dict[int, dict[str, Array]] = {}
    _play(job, dict(shares(job.worlds)), where, found.__setitem__, progress)
    return found


def in_folder(
    folder: Path,
    job: Blockwise,
    manifest: dict[str, Any],
    texts: dict[str, str],
    force: bool,
    where: int | Runner,
    progress: Progress,
) -> None:
    """`texts`: what is kept beside the blocks, by file name. Nobody else writes to the folder meanwhile.

    Raises UserError for a folder of another run (without `force`) or that another process writes to, RunError when it
    can no longer be written to.
    """
    started = time.monotonic()
    with writing(folder):
        prepare(folder, manifest, force)
        for name, text in texts.items():
            write_text(folder / name, text)
        missing = {b: count for b, count in shares(job.worlds) if not whole(folder, b, count)}
        _play(job, missing, where, partial(write_block, folder), progress)
        write_json(folder / MANIFEST, manifest | {"duration_seconds": round(time.monotonic() - started, 3)})


def _play(
    job: Blockwise,
    missing: dict[int, int],
    where: int | Runner,
    keep: Callable[[int, dict[str, Array]], None],
    progress: Progress,
) -> None:
    finished = job.worlds - sum(missing.values())
    progress(finished, job.worlds)
    for block, columns in computed(job, list(missing), where):
        keep(block, columns)
        finished += missing[block]
        progress(finished, job.worlds)
