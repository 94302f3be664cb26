"""Replay: a run computed again from its folder alone, and compared with what is kept there, bit by bit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.montecarlo.job import Job
from sim.montecarlo.playing import Progress
from sim.montecarlo.runners import Runner, computed
from sim.runs import LIBRARIES, open_run
from sim.store.folder import block_file, manifest_in
from sim.streams import shares

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Replayed:
    """`document`: {worlds, same: whether every bit agrees, differing: [{block, columns}], versions: {name: [then, now]}
    that have changed}."""

    document: dict[str, Any]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row a column of a block that differs; none where every bit agrees."""
        import pandas as pd

        rows = [(d["block"], column) for d in self.document["differing"] for column in d["columns"]]
        return pd.DataFrame(rows, columns=["block", "column"])


def replay(folder: Path | str, *, processes: int | Runner = 1, progress: Progress = lambda done, of: None) -> Replayed:
    """A run computed again from its folder. Raises UserError for a folder that is no run, or isn't whole."""
    folder = Path(folder)
    kept = open_run(folder)
    wanted = dict(shares(kept.blocks.worlds))
    job = Job(kept.loaded.scenario, kept.loaded.claims, kept.rule, kept.seed, kept.blocks.worlds, kept.redraw)
    differing = []
    for done, (block, columns) in enumerate(computed(job, list(wanted), processes), start=1):
        with np.load(block_file(folder, block), allow_pickle=False) as file:
            there = {name: file[name][: wanted[block]] for name in file.files}
        names = [
            n for n in {**there, **columns} if n not in there or n not in columns or not _same(there[n], columns[n])
        ]
        differing += [{"block": block, "columns": names}] if names else []
        progress(done, len(wanted))
    return Replayed(
        {
            "worlds": kept.blocks.worlds,
            "same": not differing,
            "differing": sorted(differing, key=lambda d: d["block"]),
            "versions": _changed(folder),
        }
    )


def _same(a: Any, b: Any) -> bool:
    return bool(a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == np.ascontiguousarray(b).tobytes())


def _changed(folder: Path) -> dict[str, list[str]]:
    """Libraries whose version isn't the one that the run was made with."""
    manifest = manifest_in(folder)
    then = {**manifest.get("versions", {}), "detente": manifest.get("version", "?")}
    now = {name: version(name) for name in (*LIBRARIES, "detente")}
    return {name: [then.get(name, "?"), now[name]] for name in now if then.get(name) != now[name]}
