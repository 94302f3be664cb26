"""What would last at a table if everyone could leave: its graph model, counted over worlds.

The states and who can move between them are `sim.analysis.states`; what makes a state stable, `sim.analysis.stable`;
what it is worth, `sim.analysis.worths`. Preferences are as uncertain as the payoffs that they come from, so each state
is told with the share of worlds in which it is stable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.intervals import counted
from sim.analysis.stable import CONCEPTS
from sim.analysis.states import Graph, Rules, coalitions, graph
from sim.analysis.tally import Tally
from sim.analysis.worths import worths
from sim.arrays import Array, Floats, Ints
from sim.errors import UserError, did_you_mean
from sim.menu import Menu, menu_of
from sim.montecarlo.draws import ClaimRule, draw
from sim.montecarlo.playing import Progress
from sim.montecarlo.runners import Runner, computed
from sim.payoff.terms import terms_of
from sim.runs import Result, run
from sim.scenario.claims import Claim
from sim.scenario.loader import Loaded, given
from sim.scenario.schema import Scenario
from sim.state import Layout
from sim.streams import BLOCK, shares

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

MOST = 3000  # packages of a table
LED_TO = 400  # … that somebody can move to alone
NO_DEAL, WALK_OUT = "no deal", "walk-out"


@dataclass(frozen=True)
class Task:
    """Blocks of worlds, each valued at one table for some actors: see `sim.analysis.worths`."""

    scenario: Scenario
    claims: Mapping[str, Claim]
    seed: int
    worlds: int
    table: str
    actors: tuple[str, ...]

    def compute(self, block: int) -> dict[str, Array]:
        keep = slice(0, dict(shares(self.worlds))[block])
        draws = draw(self.scenario, self.claims, ClaimRule(), self.seed, block, keep)
        return worths(self.scenario, draws, self.table, self.actors)


@dataclass
class Stability:
    """What is stable at `table`: `tally` over `worlds` in which its talks opened, of `of`; `levels` of the packages."""

    loaded: Loaded
    table: str
    actors: tuple[str, ...]
    owners: dict[str, str]
    seed: int
    of: int
    worlds: int
    menu: Menu
    tally: Tally
    worth: Floats  # (A, S): the mean over the worlds where the state is possible

    @cached_property
    def document(self) -> dict[str, Any]:
        """One JSON document; see docs/how-to/stability.md."""
        t, deals = self.tally, int(self.tally.agreed.sum())
        about = {"title": self.loaded.scenario.title, "file": str(self.loaded.file)}
        return {
            "scenario": about,
            "options": {"set": list(self.loaded.overrides)},
            "table": self.table,
            "actors": list(self.actors),
            "owners": self.owners,
            "worlds": self.of,
            "met": counted(self.worlds, self.of),
            "seed": self.seed,
            "states": [self._state(s) for s in self._order()],
            "moves": [self._move(*move) for move in np.argwhere(t.better > 0)],
            "some_package": {c: counted(n, self.worlds) for c, n in t.some.items()},
            "deals": {c: counted(n, deals) for c, n in t.kept.items()},
        }

    def _order(self) -> list[int]:
        """No deal and the walk-out, then packages: the most often agreed first, then those that last most often."""
        t, packages = self.tally, np.flatnonzero(self.tally.there[:-2])
        rank = sorted(packages, key=lambda s: (-t.agreed[s], -t.lasts[s], -t.all["seq"][s], s))
        return [s for s in (t.states - 2, t.states - 1) if t.there[s]] + [int(s) for s in rank]

    def name(self, state: int) -> str:
        """What a state is called: of a package, what in it isn't as the file starts, and whether it is no deal."""
        if state >= self.tally.states - 2:
            return (NO_DEAL, WALK_OUT)[state - self.tally.states + 2]
        issues, fixed = self.loaded.scenario.issues, self.menu.packages.fixed[state]
        other = [f"{issue}: {level}" for issue, level in fixed.items() if level != issues[issue].start]
        return "no deal, but " * (not self.tally.agreeable[state]) + (", ".join(other) or "all as at the start")

    def _state(self, s: int) -> dict[str, Any]:
        t, there = self.tally, int(self.tally.there[s])
        kind = ("package", NO_DEAL, WALK_OUT)[max(0, s - t.states + 3)]
        return {
            "name": self.name(s),
            "kind": kind,
            "levels": self.menu.packages.fixed[s] if kind == "package" else None,
            "possible": counted(there, self.worlds),
            "agreed": counted(int(t.agreed[s]), self.of),
            "stable": {c: counted(int(t.all[c][s]), there) for c in CONCEPTS},
            "no_better_agreement": counted(int(t.joint[s]), there),
            "lasts": counted(int(t.lasts[s]), there),
            "for": {
                a: {c: counted(int(t.stable[c][i, s]), there) for c in CONCEPTS} for i, a in enumerate(self.actors)
            },
            "worth": {a: float(self.worth[i, s]) for i, a in enumerate(self.actors)},
        }

    def _move(self, i: int, a: int, b: int) -> dict[str, Any]:
        improves = counted(int(self.tally.better[i, a, b]), int(self.tally.there[a]))
        return {"actor": self.actors[i], "from": self.name(int(a)), "to": self.name(int(b)), "improves": improves}

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row a state, actor (or all of them) and concept: in how many worlds it is stable."""
        import pandas as pd

        rows = []
        for s in self.document["states"]:
            for actor, by in (("all", s["stable"]), *s["for"].items()):
                rows += [{"state": s["name"], "actor": actor, "concept": c, **by[c]} for c in CONCEPTS]
        return pd.DataFrame(rows)

    def figure(self) -> Figure:
        """The graph: who would leave what for what, in which share of worlds."""
        from sim.report.state_graph import drawn

        return drawn(self.document)


def stability(
    scenario: Loaded | Path | str,
    table: str | None = None,
    worlds: int = 2000,
    seed: int = 1,
    *,
    owners: Mapping[str, str] | None = None,
    processes: int | Runner = 1,
    out: Path | str | None = None,
    force: bool = False,
    progress: Progress = lambda done, of: None,
) -> Stability:
    """The graph model of one table (by default the first), with the share of worlds in which each state is stable, as
    Nash, GMR, SMR and SEQ define it (Fang, Hipel & Kilgour 1993).

    owners: issue of its agenda -> an actor that sets it alone. The scenario is played too, to say what is agreed; with
    `out` that run is kept there, and the same call goes on from what is finished. `progress(done, of)` counts worlds.

    Raises UserError for a table, issue or actor that there isn't, a table with too many states, and as `sim.run` does.
    """
    loaded, owners = given(scenario), dict(owners or {})
    name = checked(loaded, table, owners)
    layout = Layout(loaded.scenario)
    menu = menu_of(name, loaded.scenario, terms_of(loaded.scenario, layout), layout)
    actors = tuple(dict.fromkeys((*menu.table.parties, *owners.values())))
    folder = None if out is None else Path(out) / "run"
    job = Task(loaded.scenario, loaded.claims, seed, worlds, name, actors)
    result = run(
        loaded,
        worlds,
        seed,
        processes=processes,
        out=folder,
        force=force,
        progress=lambda done, of: progress(done, 2 * of),
    )
    agreed = _agreed(menu, name, result)
    tally, done, met = Tally(len(actors), menu.packages.count + 2), 0, 0
    totals: dict[int, Floats] = {}  # added up in the order of the blocks, whoever computes
    for block, found in computed(job, [b for b, _ in shares(worlds)], processes):
        _check_apart(name, found)
        totals[block] = np.zeros((len(actors), tally.states))
        for rules, those in _alike(menu, found):
            g = graph(menu, layout, actors, owners, rules)
            _check_led_to(name, g)
            tally.add(g, found["worth"][those], agreed[block * BLOCK + those], coalitions(menu))
            totals[block] += found["worth"][those].sum(axis=0) * g.there
        done, met = done + len(found["met"]), met + int(found["met"].sum())
        progress(worlds + done, 2 * worlds)
    mean = sum(totals[b] for b in sorted(totals)) / np.maximum(tally.there, 1)
    return Stability(loaded, name, actors, owners, seed, worlds, met, menu, tally, mean)


def checked(loaded: Loaded, table: str | None, owners: Mapping[str, str]) -> str:
    """The table asked for. Raises UserError where there is none such, or it can't be looked at so."""
    tables = loaded.scenario.tables
    if not tables:
        raise UserError("the scenario has no tables, so that nothing is agreed there that anyone could leave.")
    name = table or next(iter(tables))
    if name not in tables:
        raise UserError(f"no table '{name}'{did_you_mean(name, list(tables), 'tables')}")
    there = tables[name]
    for issue, actor in owners.items():
        if issue not in there.agenda:
            known = did_you_mean(issue, list(there.agenda), "its issues")
            raise UserError(f"'{issue}' isn't on the agenda of {name}{known}")
        if actor not in loaded.scenario.actors:
            raise UserError(f"no actor '{actor}'{did_you_mean(actor, list(loaded.scenario.actors), 'actors')}")
    many = loaded.scenario.packages(name)
    if many > MOST:
        raise UserError(
            f"{name} has {many:,} packages; at most {MOST:,} are compared. Give its issues fewer levels, such as "
            f'--set "issues.{there.agenda[-1]}.levels={{from: 0, to: 1, steps: 11}}".'
        )
    return name


def _check_apart(name: str, found: dict[str, Array]) -> None:
    if found["apart"].any():
        raise UserError(
            f"a broken deal of {name} changes what {name} doesn't bargain over: that is no state of its graph."
        )


def _check_led_to(name: str, g: Graph) -> None:
    many = int((g.moves.any(axis=(0, 1)) & g.there).sum())
    if many > LED_TO:
        raise UserError(
            f"at {name} actors alone can bring about {many:,} states; stability follows at most {LED_TO}. Name fewer "
            "--owner, or give the issues fewer levels."
        )


def _agreed(menu: Menu, name: str, result: Result) -> Ints:
    """Which package (N,) was last agreed in each world of a run; -1 for none."""
    terms = np.column_stack([result.blocks.column(f"table.{name}.terms.{i}") for i in menu.table.agenda])
    found: Ints = np.where((terms >= 0).all(axis=1), menu.lookup[np.maximum(terms, 0) @ menu.radix], -1)
    return found


def _alike(menu: Menu, found: dict[str, Array]) -> Iterator[tuple[Rules, Ints]]:
    """Worlds in which talks opened, those with the same graph together."""
    met = np.flatnonzero(found["met"])
    parts = [found[k].reshape(len(found["met"]), -1)[met] for k in ("now", "allowed", "open", "breakers", "walk")]
    kinds, first, which = np.unique(np.column_stack(parts), axis=0, return_index=True, return_inverse=True)
    names = tuple(menu.table.renege)
    for k in range(len(kinds)):
        w = met[first[k]]
        breakers = frozenset(n for n, may in zip(names, found["breakers"][w], strict=True) if may)
        rules = Rules(int(found["now"][w]), found["allowed"][w], found["open"][w], breakers, bool(found["walk"][w]))
        yield rules, met[which.ravel() == k]
