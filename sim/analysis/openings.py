"""What parties had before them when their talks opened, in many worlds at once: what every package gained each, as the
engine itself valued it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.watching import Onlooker, watched
from sim.answers import STAKELESS
from sim.arrays import Bools, Floats, Ints, of_type
from sim.scenario.schema import Scenario
from sim.view import View

if TYPE_CHECKING:
    from sim.meeting import Meeting
    from sim.montecarlo.draws import Draws


@dataclass
class Opening:
    """One table in N worlds. gains (N, P, M): of every package over no deal at the first meeting, as a share of the
    party's stakes, with its true type; allowed (N, M): what could be agreed; met (N,): whether talks opened at all;
    levels (M, agenda): of every package, as indices."""

    gains: Floats
    allowed: Bools
    met: Bools
    levels: Ints


class _FirstMeetings(Onlooker):
    def __init__(self, scenario: Scenario) -> None:
        self.all, self.tables = set(scenario.tables), dict[str, Opening]()

    def enough(self) -> bool:
        return set(self.tables) == self.all and all(t.met.all() for t in self.tables.values())

    def meeting(self, m: Meeting, views: list[View], *_: object) -> None:
        talks, worlds = m.talks, m.worlds
        shape = (talks.model.worlds, len(talks.parties), talks.menu.packages.count)
        if talks.name not in self.tables:
            empty = np.zeros(shape), np.zeros((shape[0], shape[2]), bool), np.zeros(shape[0], bool)
            self.tables[talks.name] = Opening(*empty, talks.menu.levels)
        there, first = self.tables[talks.name], talks.meetings[worlds] == 0
        for i, kind in enumerate(m.kinds):
            s, stakes = m.seen[i].position.stances[i], views[i].stakes
            over = of_type(s.agreed, kind) - of_type(s.no_deal, kind)[:, None]
            there.gains[worlds[first], i] = (over / np.where(stakes < STAKELESS, 1.0, stakes)[:, None])[first]
        there.allowed[worlds[first]] = m.allowed[first]
        there.met[worlds[first]] = True


def openings(scenario: Scenario, draws: Draws) -> dict[str, Opening]:
    """Play the worlds of `draws` until every table has met in all of them, or to the end; what never met is left
    out."""
    onlooker = _FirstMeetings(scenario)
    watched(scenario, draws, onlooker)
    return onlooker.tables
