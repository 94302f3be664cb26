"""A table's round of a period: the worlds in which it is open, taken together as far as they are alike; for each the
game as every member sees it, and the meeting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.consent import Asked
from sim.equilibrium import stance
from sim.forecast import Forecast
from sim.meeting import Meeting, Position, seen
from sim.memory import Solved
from sim.outlook import beliefs, game, hidden, thirds
from sim.screened import play_screened
from sim.solution import Solution, renewal, solve

if TYPE_CHECKING:
    from sim.talks import Talks

Insight = frozenset[str]  # the secret tables that somebody is inside of


def play_round(talks: Talks, worlds: Ints) -> None:
    """One meeting in each of some worlds where the table is open."""
    if talks.table.beliefs == "grid":
        for meeting in np.unique(talks.meetings[worlds]):
            for some in list(talks.portions(worlds[talks.meetings[worlds] == meeting])):
                worlds = np.setdiff1d(worlds, play_screened(talks, some))
    for some, phase, insights, changed in list(_alike(talks, worlds)):
        _play(talks, some, phase, insights, changed)


def _alike(talks: Talks, worlds: Ints) -> Iterator[tuple[Ints, int, list[Insight], bool]]:
    """Worlds split so that each part is at the same phase of the talks, its members know the same or different things,
    and it has or hasn't changed since that was last solved.

    A phase is a meeting of the protocol's cycle; where a deadline comes nearer, every meeting is its own.
    """
    phases = talks.meetings[worlds]
    if talks.table.deadline is None:
        phases = phases % talks.rule.cycle(talks.parties)
    every = talks.model.insights(talks)
    for phase in np.unique(phases):
        part = worlds[phases == phase]
        two_faced = _differ(talks, part, every)
        for insights, here in ((every[:1], part[~two_faced]), (every, part[two_faced])):
            changed = np.zeros(len(here), bool)
            for insight in insights:
                changed |= talks.memory.changed((int(phase), insight), here, basis(talks, here, insight))
            for new in (True, False):
                for some in talks.portions(here[changed == new]):
                    yield some, int(phase), insights, new


def _differ(talks: Talks, worlds: Ints, insights: list[Insight]) -> Bools:
    common = talks.model.known_by(insights[0], worlds)
    different = np.zeros(len(worlds), bool)
    for insight in insights[1:]:
        different |= (talks.model.known_by(insight, worlds) != common).any(axis=1)
    return different


def basis(talks: Talks, worlds: Ints, insight: Insight) -> Floats:
    """Everything that a solution depends on and that can change: (things, n)."""
    state = talks.model.state
    held = [odds[:, worlds] for odds in talks.odds.values() if len(odds) > 1]
    held += [b[:, worlds] for b in (*talks.low.values(), *talks.high.values())]
    held += [talks.half(p)[None, worlds] for p in talks.parties]  # told of or not, it has a place
    held += [talks.highest[worlds].T] if talks.rule.most is not None else []
    for name in talks.table.foresees:
        other = talks.model.tables[name]
        held += [basis(other, worlds, insight), other.status[None, worlds], other.meetings[None, worlds]]
    levels = talks.model.known_by(insight, worlds)
    return np.concatenate([levels.T, state.stocks[worlds].T, state.decays[worlds].T, *held])


def _play(talks: Talks, worlds: Ints, phase: int, insights: list[Insight], changed: bool) -> None:
    """One meeting in worlds that are alike: solve, propose, answer, and what follows from it."""
    memos = talks.memory.memos
    if not changed and talks.model.trace is None:
        silent = np.logical_and.reduce([memos[phase, insight].silent[worlds] for insight in insights])
        talks.risk_breakdown(worlds[silent])
        worlds = worlds[~silent]
        if not len(worlds):
            return
    positions = [_position(talks, worlds, phase, insight, changed) for insight in insights]
    seats = [insights.index(i) if (i := talks.model.inside(p)) in insights else 0 for p in talks.members]
    if talks.rule.joint:
        groups = [(-1, np.arange(len(worlds)))]
    else:
        recognition = talks.rule.recognition(int(talks.meetings[worlds[0]]), talks.parties)
        u = talks.model.draws.recognition(talks.name, talks.model.period)[worlds]
        proposer = np.searchsorted(np.cumsum(recognition)[:-1], u, side="right")
        groups = [(int(j), np.flatnonzero(proposer == j)) for j in np.unique(proposer)]
    sure = talks.settled and not talks.rule.joint and max(recognition) == 1  # demands may fit without a focal package
    for j, who in groups:
        offer = Meeting(talks, [seen(talks.votes, p.take(who), j) for p in positions], seats, worlds[who], j).play()
        for insight in insights:
            memos[phase, insight].silent[worlds[who]] = (offer < 0) & sure


def _position(talks: Talks, worlds: Ints, phase: int, insight: Insight, changed: bool) -> Position:
    """The table as those see it who know so much."""
    levels = talks.model.known_by(insight, worlds)
    fc = talks.look(worlds, levels, whole=changed)
    if changed:
        solved = _solve(talks, worlds, fc)
        talks.memory.keep((phase, insight), worlds, basis(talks, worlds, insight), solved)
    solved = talks.memory.memos[phase, insight].solved.take(worlds)
    stances = []
    for i, later in enumerate(solved.values):
        kept = np.array([fc.kept[i].at(k, 0) for k in range(len(later))])
        agreed = kept
        if fc.signed is not fc.kept:
            again = 0.0 if solved.again is None else solved.again[i][:, :, None]
            agreed = np.array([fc.agreed(i, k, 0) for k in range(len(later))]) + again
        stances.append(stance(fc, i, 0, later, agreed, kept))
    asked = []
    for q, third in enumerate(thirds(talks, worlds, fc), start=len(talks.parties)):
        values = np.array([fc.kept[q].at(k, 0) for k in range(len(third.odds))])
        asked.append(Asked(talks.members[q], third, values, fc.no_deal[q][0][:, 0]))
    return Position(fc, beliefs(talks, worlds), stances, fc.admissible(0), asked, solved.often)


def _solve(talks: Talks, worlds: Ints, fc: Forecast) -> Solved:
    """Solve the look-ahead, worlds that are the same in every respect only once."""
    told = game(talks, worlds, fc)
    reps, inverse = _distinct(fc, talks, worlds)
    if 2 * len(reps) <= len(worlds):
        levels = fc.state.levels[reps]
        return _solve(talks, worlds[reps], talks.look(worlds[reps], levels, whole=True)).take(inverse)
    talks.model.solved[talks.name] += len(worlds) * fc.steps
    solution = solve(told)
    members = range(len(talks.parties))
    again = None
    if talks.lapse is not None:
        again = [renewal(told, i, 0, solution.values) for i in members]
    return Solved([solution.values[1][i] for i in members], again, _often(solution, len(worlds)))


def _often(solution: Solution, n: int) -> list[list[tuple[Ints, Floats]]] | None:
    """For each proposer and world, the packages that were ever best, and how often."""
    if solution.often is None:
        return None
    found = []
    for count in solution.often:
        ever = np.flatnonzero(count)
        ends = np.searchsorted(solution.cells.row[ever], np.arange(1, n))
        found.append(list(zip(np.split(solution.cells.package[ever], ends), np.split(count[ever], ends), strict=True)))
    return found


def _distinct(fc: Forecast, talks: Talks, worlds: Ints) -> tuple[Ints, Ints]:
    """The first of each kind of world (m,), and which kind every world is of (n,)."""
    if talks.table.foresees:  # other tables' private draws would have to be compared too
        return np.arange(fc.n), np.arange(fc.n)
    parts = [fc.state.levels, fc.state.stocks, fc.state.decays, fc.rules.open_issues, fc.rules.may_leave[:, None]]
    parts += [fc.rules.exposed[:, None], *(on[:, None] for on in fc.rules.forbid_on)]
    parts += [fc.rules.hazard[:, None]] if isinstance(fc.rules.hazard, np.ndarray) else []
    parts += [p.weights.transpose(1, 0, 2).reshape(fc.n, -1) for p in fc.parties]
    parts += [p.delta[:, None] for p in fc.parties]
    parts += [line.mean[:, None] for line in fc.lines] + [line.on[:, None] for line in fc.lines]
    parts += [talks.stakes[p][worlds, None] for p in talks.members]
    parts += [talks.backed(c)[worlds, None] for c in talks.table.consent.values()]
    parts += [talks.price_of(r)[worlds, None] * talks.backed(c)[worlds, None] for r, c in talks.table.renege.items()]
    parts += [basis(talks, worlds, talks.model.insights(talks)[0]).T]
    private = [hidden(talks, m, worlds).known for m in talks.members]
    parts += [known[:, None] for known in private if known is not None]
    rows = [row.tobytes() for row in np.concatenate(parts, axis=1, dtype=float) + 0.0]  # + 0.0: −0 is 0
    first: dict[bytes, int] = {}
    for k, row in enumerate(rows):
        first.setdefault(row, k)
    kind = {row: k for k, row in enumerate(first)}
    return np.array([*first.values()]), np.array([kind[row] for row in rows])
