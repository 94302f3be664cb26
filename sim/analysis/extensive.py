"""A table's game in one world, told round by round: what each round offers to whom, as the engine itself values it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.watching import Onlooker, watched
from sim.answers import STAKELESS
from sim.arrays import Bools, Floats
from sim.beliefs import TIE
from sim.menu import BREAKDOWN, WALK_AWAY
from sim.outlook import thirds
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from sim.forecast import Forecast
    from sim.meeting import Meeting
    from sim.montecarlo.draws import Draws
    from sim.talks import Talks


@dataclass(frozen=True)
class Rounds:
    """T rounds of a table's talks among P parties over M packages, in the parties' own utilities, average discounted
    from the round on. agreed (T, P, M), no_deal (T + 1, P), flow (T, P) of a period without a deal, broken and out (T,
    P): what a breakdown and a walk-out leave, hazard (T,), open (T, M): what nobody's resolve or veto rules out,
    recognised (T, P): how likely each is to propose, delta (P,), walkers: who may walk out."""

    parties: tuple[str, ...]
    packages: list[dict[str, str]]
    agreed: Floats
    no_deal: Floats
    flow: Floats
    broken: Floats
    out: Floats
    hazard: Floats
    open: Bools
    recognised: Floats
    delta: Floats
    walkers: tuple[int, ...]

    def first(self, many: int) -> Rounds:
        """No more than so many of them."""
        short = {
            k: getattr(self, k)[:many] for k in ("agreed", "flow", "broken", "out", "hazard", "open", "recognised")
        }
        return replace(self, no_deal=self.no_deal[: many + 1], **short)


def rounds(scenario: Scenario, draws: Draws, table: str, many: int) -> Rounds | None:
    """The first `many` rounds, or all there are, in the only world of `draws`; None if the talks never open there."""
    onlooker = _FirstMeeting(table, many)
    watched(scenario, draws, onlooker)
    return onlooker.found


class _FirstMeeting(Onlooker):
    def __init__(self, table: str, many: int):
        self.table, self.many = table, many
        self.found: Rounds | None = None

    def enough(self) -> bool:
        return self.found is not None

    def sits(self, m: Meeting, *_: object) -> None:
        if m.talks.name == self.table and self.found is None:
            self.found = _rounds(m.talks, self.many)


def _rounds(talks: Talks, many: int) -> Rounds:
    world, model, table = np.zeros(1, int), talks.model, talks.table
    fc = talks.look(world, model.known_to_all(talks, world), whole=True)
    seats = [(i, int(model.actor(p).kind[0])) for i, p in enumerate(talks.parties)]
    times, leave = range(min(many, fc.steps)), table.walk_away
    may = leave is not None and bool(talks.backed(leave)[0])

    def left(end: str, there: bool) -> Floats:
        return np.array([[fc.left(end, i)[k, t, 0] if there else 0.0 for i, k in seats] for t in times])

    breaks = BREAKDOWN in talks.menu.leave
    return Rounds(
        talks.parties,
        talks.menu.packages.fixed,
        np.array([[fc.agreed(i, k, t)[0] for i, k in seats] for t in times]),
        np.array([[fc.no_deal[i][0][k, t, 0] for i, k in seats] for t in (*times, len(times))]),
        np.array([[fc.no_deal[i][1][k, t, 0] for i, k in seats] for t in times]),
        left(BREAKDOWN, breaks),
        left(WALK_AWAY, may),
        np.array([fc.hazard[t, 0] * breaks for t in times]),
        np.array([_open(talks, fc, seats, t) for t in times]),
        np.array([talks.rule.recognition(t, talks.parties) for t in times]),
        np.array([float(model.actor(p).delta[0]) for p in talks.parties]),
        tuple(talks.parties.index(w) for w in leave.walkers) if may and leave is not None else (),
    )


def _open(talks: Talks, fc: Forecast, seats: list[tuple[int, int]], t: int) -> Bools:
    """Packages (M,) that may be agreed at t, that give every party its resolve, and that no third party would veto."""
    world, draws = np.zeros(1, int), talks.model.draws
    found = fc.admissible(t)[0].copy()
    for i, kind in seats:
        party = talks.parties[i]
        gain = fc.kept[i].at(kind, t)[0] - fc.no_deal[i][0][kind, t, 0]
        stakes, resolve = float(talks.stakes[party][0]), float(draws.resolve[party, talks.name][0])
        found &= gain >= (resolve - TIE) * stakes - STAKELESS
    for q, third in enumerate(thirds(talks, world, fc), start=len(talks.parties)):
        name = talks.members[q]
        kind = int(talks.model.actor(name).kind[0])
        loss = third.losses(fc.kept[q].at(kind, t), fc.no_deal[q][0][kind, t])[0]
        asked = third.asked[0] & bool(third.holds[0])
        found &= ~asked | (loss <= float(draws.tolerance[name, talks.name][0]) + TIE)
    return found
