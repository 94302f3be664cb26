"""What everything that could be in force at a table is worth to some actors as its talks open, world by world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.watching import Onlooker, watched
from sim.answers import STAKELESS
from sim.arrays import Array, Floats, Ints, of_type
from sim.foresight import foresee
from sim.menu import WALK_AWAY
from sim.outlook import forecast
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from sim.forecast import Forecast
    from sim.meeting import Meeting
    from sim.model import Negotiation
    from sim.montecarlo.draws import Draws
    from sim.talks import Talks


def worths(scenario: Scenario, draws: Draws, table: str, actors: tuple[str, ...]) -> dict[str, Array]:
    """Plays the worlds of `draws` until a table has met in all of them, or to the end.

    worth (N, A, M + 2): of every package in force for good from then on, of no deal ever, and of walking out (0 where
    nobody may), as gains over no deal in shares of the actor's stakes, with its true type, as the table's members know
    things: other tables stay as they are, but for those it foresees · stakes (N, A) · met (N,): whether talks opened;
    else all is 0 · now (N,): the package that is in force as they open · allowed (N, M), open (N, agenda), breakers (N,
    of `renege`), walk (N,): see `sim.analysis.states.Rules` · apart (N,): whether a broken deal would change an issue
    that isn't on the agenda.
    """
    onlooker = _FirstMeetings(table, actors)
    watched(scenario, draws, onlooker)
    return onlooker.found


class _FirstMeetings(Onlooker):
    def __init__(self, table: str, actors: tuple[str, ...]) -> None:
        self.table, self.actors = table, actors
        self.found: dict[str, Array] = {}

    def enough(self) -> bool:
        return bool(self.found["met"].all())

    def begins(self, model: Negotiation) -> None:
        talks, n = model.tables[self.table], model.worlds
        many = talks.menu.packages.count
        self.found = {
            "worth": np.zeros((n, len(self.actors), many + 2)),
            "stakes": np.zeros((n, len(self.actors))),
            "met": np.zeros(n, bool),
            "now": np.zeros(n, int),
            "allowed": np.zeros((n, many), bool),
            "open": model.open_issues[:, talks.menu.agenda],
            "breakers": np.array([talks.backed(r) for r in talks.table.renege.values()], bool).reshape(-1, n).T,
            "walk": talks.backed(talks.table.walk_away),
            "apart": np.zeros(n, bool),
        }

    def sits(self, m: Meeting, *_: object) -> None:
        worlds = m.worlds[~self.found["met"][m.worlds]] if m.talks.name == self.table else m.worlds[:0]
        if len(worlds):
            self._look(m.talks, worlds)

    def _look(self, talks: Talks, worlds: Ints) -> None:
        outside = [a for a in self.actors if a not in talks.members]
        fc = forecast(talks, worlds, talks.model.known_to_all(talks, worlds), whole=False, onlookers=outside)
        if talks.table.foresees:
            foresee(talks, worlds, fc)
        allowed, places = fc.admissible(0), [*talks.members, *outside]
        for k, actor in enumerate(self.actors):
            worth, no_deal = _worth(fc, places.index(actor), talks.model.actor(actor).kind[worlds])
            gains = np.where(allowed, worth[:, :-2] - no_deal[:, None], 0.0)
            stakes = talks.stakes[actor][worlds] if actor in talks.members else gains.max(axis=1) - gains.min(axis=1)
            scale = np.where(stakes < STAKELESS, 1.0, stakes)
            self.found["worth"][worlds, k] = (worth - no_deal[:, None]) / scale[:, None]
            self.found["stakes"][worlds, k] = stakes
        self.found["allowed"][worlds], self.found["now"][worlds] = allowed, fc.now
        for breach in talks.table.renege.values():
            off = {issue: level for issue, level in breach.sets.items() if issue not in talks.table.agenda}
            self.found["apart"][worlds] |= (fc.changed(off).levels != fc.state.levels).any(axis=1)
        self.found["met"][worlds] = True


def _worth(fc: Forecast, place: int, kind: Ints) -> tuple[Floats, Floats]:
    """What the M + 2 states (n, M + 2) are worth to one member, of its true type, and no deal alone (n,)."""
    packages = of_type(np.array([fc.kept[place].at(k, 0) for k in range(len(fc.kept[place].still))]), kind)
    no_deal = of_type(fc.no_deal[place][0][:, 0], kind)
    out = of_type(fc.left(WALK_AWAY, place)[:, 0], kind) if WALK_AWAY in fc.menu.leave else no_deal
    out = np.where(np.isfinite(out), out, no_deal)
    return np.column_stack([packages, no_deal, out]), no_deal
