"""Levers: which single change raises the probability of an outcome, or what an actor gets, the most.

Every change that the scenario's structure allows (`sim.changes`) is played in the same worlds as the scenario as it is
(common random numbers), one at a time: differences are paired, their intervals adjusted for how many are looked at.
An actor's own wants are no levers, for its value would then be measured on another scale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.influence import adjusted, of_shares
from sim.analysis.intervals import averaged, flipped, paired, probability
from sim.arrays import Bools, Floats
from sim.changes import OWN, Tried, changes, measured_with
from sim.comparison import differing
from sim.errors import UserError, did_you_mean
from sim.montecarlo.draws import ClaimRule
from sim.montecarlo.job import Job
from sim.montecarlo.playing import Progress
from sim.montecarlo.runners import Runner, computed
from sim.runs import Result, run
from sim.scenario.loader import Loaded, given
from sim.store.rows import Row, Rows, identity, keeping
from sim.streams import shares

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

HELD = (
    "Held fixed: all else in the file, every random draw, and what {actor} itself wants, so that its values stay on "
    "one scale. One change at a time; changes together may do more or less. Each party knows of the change and plays "
    "its best reply to it. Resolve is a share of what is at stake at a table: where a change alters the stakes, a "
    "resolve is worth more or less with them."
)
RULE = (
    "What has a prior is held at its lower or upper quartile; a number is taken a fifth down and up (of a discount, "
    "the impatience 1 − δ); a private law moves as a whole by as much as its median lies from the quartile."
)


@dataclass(frozen=True)
class Trials:
    """Picklable; sent once to each worker. Piece k is block k % `blocks` of change k // `blocks`."""

    jobs: tuple[Job, ...]
    base: dict[int, tuple[Bools, Floats]]  # block -> the outcome, the actor's value in each world as it is
    actor: str
    outcome: str

    def compute(self, piece: int) -> Row:
        """Sums over the block's worlds of how the change differs from the scenario as it is."""
        change, block = divmod(piece, len(self.base))
        columns = self.jobs[change].compute(block)
        was, worth = self.base[block]
        now, d = columns[f"outcome.{self.outcome}"], columns[f"value.{self.actor}"] - worth
        return {
            "count": int(now.sum()),
            "up": int((now & ~was).sum()),
            "down": int((was & ~now).sum()),
            "sum": float(d.sum()),
            "squares": float((d * d).sum()),
        }


@dataclass(frozen=True)
class Levers:
    """What was found: `document` as in levers.json."""

    document: dict[str, Any]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row a change: what it is, its `--set`, and what it does to the outcome and to the actor's value."""
        import pandas as pd

        from sim.report.levers import table

        return pd.DataFrame(table(self.document))

    def figure(self) -> Figure:
        """What raises the outcome most on either side, and the actor's value beside it."""
        from sim.report.levers import figure

        return figure(self.document)


def levers(
    scenario: Loaded | Path | str,
    actor: str,
    outcome: str,
    worlds: int = 2000,
    seed: int = 1,
    *,
    processes: int | Runner = 1,
    out: Path | str | None = None,
    force: bool = False,
    progress: Progress = lambda done, of: None,
) -> Levers:
    """The scenario as it is, and `changes`, those of `actor` and of the others, each ranked by what it does to
    `outcome`. With `out`, what is finished is kept there, and the same call goes on from it.

    `progress(done, of)` counts worlds. Raises UserError for an unknown actor or outcome, fewer than two worlds, or a
    folder of other levers.
    """
    loaded = given(scenario)
    check(loaded, actor, outcome)
    if worlds < 2:
        raise UserError(f"a difference needs at least 2 worlds; got {worlds}")
    out = None if out is None else Path(out)
    tried = changes(loaded, actor)
    total = worlds * (len(tried) + 1)
    with keeping(out, identity("levers", loaded, actor=actor, outcome=outcome, seed=seed), force) as kept:
        folder, rest = None if out is None else out / "as_it_is", total - worlds
        how: dict[str, Any] = {"processes": processes, "out": folder, "force": force}
        base = run(loaded, worlds, seed, progress=lambda done, of: progress(done, of + rest), **how)
        sums = _played(base, tried, actor, outcome, kept, processes, lambda done: progress(worlds + done, total))
    return Levers(_document(base, tried, actor, outcome, sums))


def check(loaded: Loaded, actor: str, outcome: str) -> None:
    """Raises UserError for an actor or an outcome that the scenario hasn't."""
    scenario = loaded.scenario
    if actor not in scenario.actors:
        raise UserError(f"no actor '{actor}'{did_you_mean(actor, scenario.actors, 'actors')}")
    if outcome not in scenario.outcomes:
        raise UserError(f"no outcome '{outcome}'{did_you_mean(outcome, scenario.outcomes, 'outcomes')}")


def _played(
    base: Result,
    tried: list[Tried],
    actor: str,
    outcome: str,
    kept: Rows,
    processes: int | Runner,
    progress: Callable[[int], None],
) -> list[Row]:
    """Each change's sums over all worlds; blocks are added in their order, so that the bits are always the same."""
    wanted = dict(shares(base.blocks.worlds))
    there = {(*r["sets"], r["block"], r["worlds"]): r for r in kept.rows}
    pieces = [(k, b) for k in range(len(tried)) for b in wanted]
    keys = {k * len(wanted) + b: (*tried[k][0].sets, b, wanted[b]) for k, b in pieces}
    columns = base.blocks.each(f"outcome.{outcome}", f"value.{actor}")
    task = Trials(
        tuple(Job(made.scenario, base.loaded.claims, ClaimRule(), base.seed, base.blocks.worlds) for _, made in tried),
        {b: (c[0].astype(bool), c[1]) for b, c in zip(wanted, columns, strict=True)},
        actor,
        outcome,
    )
    missing = [piece for piece, key in keys.items() if key not in there]
    done = sum(wanted[p % len(wanted)] for p in keys if p not in missing)
    progress(done)
    for piece, row in computed(task, missing, processes):
        change, block = divmod(piece, len(wanted))
        whole = row | {"sets": list(tried[change][0].sets), "block": block, "worlds": wanted[block]}
        kept.add(whole)
        there[keys[piece]] = whole
        progress(done := done + wanted[block])
    return [_added(there[keys[k * len(wanted) + b]] for b in wanted) for k in range(len(tried))]


def _added(rows: Iterable[Row]) -> Row:
    total: Row = dict.fromkeys(("count", "up", "down", "sum", "squares"), 0)
    for row in rows:
        total = {k: v + row[k] for k, v in total.items()}
    return total


def _document(base: Result, tried: list[Tried], actor: str, outcome: str, sums: list[Row]) -> dict[str, Any]:
    scenario, n = base.loaded.scenario, base.blocks.worlds
    mine = measured_with(scenario, actor)
    comparable = [measured_with(made.scenario, actor) == mine for _, made in tried]
    looked = [((s["up"] - s["down"]) / n, *reversed(flipped(s["up"], s["down"], n))) for s in sums]
    worths = [paired(s["sum"], s["squares"], n) for s, same in zip(sums, comparable, strict=True) if same]
    looked += [(mean, error, mean) for mean, error in worths]
    found = [row[0] for row in adjusted(*(np.array(v)[:, None] for v in zip(*looked, strict=True)))] if looked else []
    values = iter(found[len(sums) :])
    held = base.blocks.column(f"outcome.{outcome}")
    worth = base.blocks.column(f"value.{actor}")
    mean, low, high = averaged(worth)
    rows = []
    for (change, made), s, same, effect in zip(tried, sums, comparable, found, strict=False):
        after = mean + s["sum"] / n
        rows.append(
            {
                **{"side": change.side, "change": change.about, "set": list(change.sets), "rests_on": change.rests},
                "touches": differing(base.loaded.data, made.data),
                **probability(s["count"], n),
                "outcome": of_shares(effect) | {"up": s["up"], "down": s["down"]},
                "value": next(values) | {"mean": after} if same else None,
            }
        )
    name = scenario.actors[actor].name or actor
    return {
        "scenario": {"title": scenario.title, "file": str(base.loaded.file)},
        "options": base.document["options"],
        **{"worlds": n, "seed": base.seed, "actor": actor, "name": name, "outcome": outcome},
        "as_it_is": probability(int(held.sum()), n) | {"value": mean, "value_low": low, "value_high": high},
        "held_fixed": HELD.format(actor=name),
        "rule": RULE,
        "changes": sorted(rows, key=_rank),
    }


def _rank(row: Row) -> tuple[Any, ...]:
    """The actor's own changes first; in each list by the outcome's gain, then by the actor's."""
    value = row["value"]["estimate"] if row["value"] else 0.0
    return (row["side"] != OWN, -row["outcome"]["estimate"], -value, row["change"], row["set"])
