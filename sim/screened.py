"""A meeting under `beliefs: grid`: one informed responder, whose refusals move the proposer's belief in the look-ahead
too (model.md §4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.equilibrium import Proposal, stance
from sim.forecast import Forecast
from sim.meeting import Meeting, Position, Seen
from sim.menu import BREAKDOWN
from sim.outlook import beliefs
from sim.screening import Round, Screening, Waiting, screen
from sim.view import View

if TYPE_CHECKING:
    from sim.talks import Talks


def play_screened(talks: Talks, worlds: Ints) -> Ints:
    """Plays the meeting in those of some worlds, all at the same meeting, in which the types can be ordered by
    eagerness; returns which. In the others beliefs are held as usual."""
    recognition = talks.rule.recognition(int(talks.meetings[worlds[0]]), talks.parties)
    j = recognition.index(1.0)
    i = 1 - j
    fc = talks.look(worlds, talks.model.known_to_all(talks, worlds), whole=True)
    held = beliefs(talks, worlds)

    def at(t: int) -> Round:
        own, types = fc.agreed(j, 0, t), np.array([fc.agreed(i, k, t) for k in range(len(held[i].odds))])
        return Round(own, types, fc.admissible(t), _waiting(fc, j, t, one=True), _waiting(fc, i, t))

    no_deal, ends = fc.no_deal[i][0][:, 0], (fc.no_deal[j][0][0, fc.steps], fc.no_deal[i][0][:, fc.steps])
    slack = np.maximum(held[j].tolerance(), held[i].tolerance())
    screening = screen(at, fc.steps, held[i].odds, no_deal, ends, slack)
    if not screening.skims.all():  # worlds are solved by themselves, so those left come out the same
        ordered = worlds[screening.skims]
        return play_screened(talks, ordered) if len(ordered) else ordered
    stances = []
    for k, belief in enumerate(held):
        agreed = np.array([fc.agreed(k, m, 0) for m in range(len(belief.odds))])
        stances.append(stance(fc, k, 0, np.zeros_like(belief.odds), agreed, agreed))
    ScreenedMeeting(talks, Position(fc, held, stances, fc.admissible(0), [], None), worlds, j, screening).play()
    return worlds


def _waiting(fc: Forecast, place: int, t: int, one: bool = False) -> Waiting:
    """What refusing is worth to a party, as a line in what it expects next."""
    delta, flows = fc.parties[place].delta, fc.no_deal[place][1][:, t]
    add, keep = (1 - delta) * flows, delta
    if BREAKDOWN in fc.menu.leave:
        b = fc.hazard[t]
        add, keep = b * fc.left(BREAKDOWN, place)[:, t] + (1 - b) * add, (1 - b) * keep
    return Waiting(add[0] if one else add, keep)


class ScreenedMeeting(Meeting):
    """A meeting in which proposer j screens the other party's types."""

    def __init__(self, talks: Talks, position: Position, worlds: Ints, j: int, screening: Screening):
        self.screening, i = screening, 1 - j
        falls: list[Floats] = [np.zeros(0)] * 2
        falls[j], falls[i] = screening.proposer_waits[None], screening.types_wait
        answers: list[list[Floats]] = [[], []]
        answers[i] = list(screening.assents)
        offered = [Proposal(screening.score, screening.proposer_waits)]
        super().__init__(talks, [Seen(position, falls, answers, offered)], [0, 0], worlds, j)

    def _one_offer(self, views: list[View]) -> tuple[Ints, dict[int, Bools], Ints]:
        """The proposer may have to mix, and the type at the margin does."""
        talks, s, i = self.talks, self.screening, 1 - self.j
        odds = np.cumsum(s.put(talks.promise[self.worlds]), axis=1)
        u = views[self.j].draw
        offer = np.where(u < odds[:, -1], (odds > u[:, None]).argmax(axis=1), -1)
        package, world = np.maximum(offer, 0), np.arange(len(offer))
        mixing = talks.model.draws.mixing(talks.name, talks.model.period)[self.worlds]
        yes = (offer >= 0) & (mixing < s.assents[self.kinds[i], world, package])
        fall = s.refusing(offer)
        views[i].refuse = fall[self.kinds[i], world]
        self.common.falls[i] = fall
        talks.promise[self.worlds] = s.promise(offer, talks.promise[self.worlds])
        return offer, {i: yes}, np.where(yes, offer, -1)
