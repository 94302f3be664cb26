"""Why did it fail, counted (model.md §8): the same worlds played again with one thing changed at a time.

Of each change: the failures that it mends, what had come about and no longer does, and the net. Reasons overlap, so
they don't sum to one: what is told is which sets of changes mend a failure. Beside them stands a placebo, for much of
what any change mends luck would have mended too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.influence import moved
from sim.analysis.intervals import counted
from sim.analysis.typical import nearest
from sim.arrays import Bools, Floats
from sim.errors import UserError, did_you_mean
from sim.montecarlo.playing import Progress
from sim.montecarlo.runners import Runner
from sim.runs import Result, run
from sim.scenario.loader import Loaded, again, given
from sim.status import Status
from sim.twins import LUCK, Twin, twins

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

BASE = "as_it_is"


@dataclass
class Reasons:
    """Who succeeds where: `base` and, by the twin's name, `under`, (worlds,) each; `avoid`: the outcome is the
    failure."""

    loaded: Loaded
    outcome: str
    avoid: bool
    seed: int
    twins: list[Twin]
    idle: dict[str, str]
    base: Bools
    under: dict[str, Bools]
    values: Floats  # (actors, worlds), as it is
    rooms: dict[str, tuple[Bools, Bools, Bools]]  # table -> whether its talks opened; whether some package was then no
    # worse than no deal for every party; and whether one of these gave each its resolve

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row a world: whether the outcome came about as it is, and under each twin."""
        import pandas as pd

        held = {BASE: self.base, **self.under}
        return pd.DataFrame({"world": np.arange(len(self.base)), **{k: v != self.avoid for k, v in held.items()}})

    @cached_property
    def document(self) -> dict[str, Any]:
        """One JSON document; see docs/how-to/reasons.md."""
        failed, worlds = ~self.base, len(self.base)
        names = list(self.under)
        counts = [((failed & self.under[n]).sum(), (self.base & ~self.under[n]).sum()) for n in names]
        up, down = np.array(counts).reshape(-1, 2).T
        nets = moved(up[None], down[None], worlds)[0] if names else []
        rows = [
            {
                "name": twin.name,
                "says": twin.says,
                "set": list(twin.changes),
                "mends": _share(failed & self.under[twin.name], failed),
                "breaks": _share(self.base & ~self.under[twin.name], self.base),
                "net": net,
            }
            for twin, net in zip(self.twins, nets, strict=True)
        ]
        about = {"scenario": {"title": self.loaded.scenario.title, "file": str(self.loaded.file)}}
        return about | {
            "outcome": self.outcome,
            "failure": "it comes about" if self.avoid else "it doesn't come about",
            "worlds": worlds,
            "seed": self.seed,
            "options": {"set": list(self.loaded.overrides)},
            "failures": counted(int(failed.sum()), worlds),
            "never_opened": {t: _share(failed & ~met, failed) for t, (met, _, _) in self.rooms.items()},
            "no_zone": {t: _share(failed & met & ~zone, failed) for t, (met, zone, _) in self.rooms.items()},
            "no_room": {t: _share(failed & met & ~room, failed) for t, (met, _, room) in self.rooms.items()},
            "reasons": [r for r in rows if r["name"] != LUCK],
            "luck": next((r for r in rows if r["name"] == LUCK), None),
            "sets": self._sets(),
            "nothing_to_change": self.idle,
        }

    def _sets(self) -> list[dict[str, Any]]:
        """Failures by which changes mend them, the largest set first, each with a typical world."""
        failed = np.flatnonzero(~self.base)
        if not len(failed):
            return []
        mended = np.array([self.under[n][failed] for n in self.under]).reshape(len(self.under), len(failed))
        kinds, which = np.unique(mended.T, axis=0, return_inverse=True)
        found = []
        for k, kind in enumerate(kinds):
            here = failed[which.ravel() == k]
            names = [n for n, by in zip(self.under, kind, strict=True) if by]
            typical = nearest(self.values, np.isin(np.arange(len(self.base)), here))
            found.append({"mended_by": names, **counted(len(here), len(failed)), "typical": typical})
        return sorted(found, key=lambda s: (-s["count"], s["mended_by"]))

    def figure(self) -> Figure:
        """Which changes mend the failures: what each mends and breaks, and how they overlap (an upset plot)."""
        from sim.report.reasons import upset

        return upset(self.document)


def _share(of: Bools, among: Bools) -> dict[str, Any]:
    return counted(int(of.sum()), int(among.sum()))


def reasons(
    scenario: Loaded | Path | str,
    outcome: str,
    worlds: int = 2000,
    seed: int = 1,
    *,
    avoid: bool = False,
    processes: int | Runner = 1,
    out: Path | str | None = None,
    force: bool = False,
    progress: Progress = lambda done, of: None,
) -> Reasons:
    """Play a scenario and its twins in the same worlds. A failure is a world in which `outcome` doesn't come about, or
    with `avoid` one in which it does. With `out`, every twin is a run in a folder of its own there, to be explained,
    and the same call goes on from what is finished. `progress(done, of)` counts worlds.

    Raises UserError for an outcome that the scenario hasn't, and as `sim.run` does.
    """
    loaded = given(scenario)
    if outcome not in loaded.scenario.outcomes:
        raise UserError(f"no outcome '{outcome}'{did_you_mean(outcome, loaded.scenario.outcomes, 'outcomes')}")
    played, idle = twins(loaded, seed)
    total = worlds * (1 + len(played))

    def result(twin: Twin, done: int) -> Result:
        return run(
            again(loaded, twin.changes) if twin.changes else loaded,
            worlds,
            seed,
            redraw=twin.redraw,
            processes=processes,
            out=None if out is None else Path(out) / twin.name,
            force=force,
            progress=lambda finished, of: progress(done + finished, total),
        )

    base = result(Twin(BASE, ""), 0)
    under = {}
    for k, twin in enumerate(played, start=1):
        under[twin.name] = result(twin, k * worlds).blocks.column(f"outcome.{outcome}") != avoid
    values = np.array([base.blocks.column(f"value.{a}") for a in loaded.scenario.actors])
    held = base.blocks.column(f"outcome.{outcome}") != avoid
    rooms = {}
    for t in loaded.scenario.tables:
        status, zone, room = (base.blocks.column(f"table.{t}.{what}") for what in ("status", "zone", "room"))
        rooms[t] = (status != Status.WAITING, zone, room)
    return Reasons(loaded, outcome, avoid, seed, played, idle, held, under, values, rooms)
