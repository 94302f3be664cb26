"""What parties had before them when their talks opened, in many worlds at once: what every package gained each, as the
engine itself valued it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.answers import STAKELESS
from sim.arrays import Bools, Floats, Ints, of_type
from sim.model import Negotiation
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


class _Recorder:
    """Stands where a trace does (`sim.analysis.trace`), and keeps first meetings."""

    def __init__(self) -> None:
        self.tables: dict[str, Opening] = {}

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

    def happened(self, *_: object) -> None:
        pass

    sits = met = period = messages = temptation = happened


def openings(scenario: Scenario, draws: Draws) -> dict[str, Opening]:
    """Play the worlds of `draws` until every table has met in all of them, or to the end; what never met is left
    out. The worlds come out as in `sim.simulate`."""
    recorder = _Recorder()
    model = Negotiation(scenario, draws, recorder)
    try:
        for _ in range(scenario.horizon):
            model.step()
            if set(recorder.tables) == set(scenario.tables) and all(t.met.all() for t in recorder.tables.values()):
                break
        return recorder.tables
    finally:
        model.close()
