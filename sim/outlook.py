"""What the members of a table expect of it: the forecast, what is believed of whom, and the game solved.

All functions look at a table (`Talks`) in some of its worlds and change nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.answers import Belief, Onlooker
from sim.arrays import Floats, Ints
from sim.beliefs import Hidden
from sim.conflict import lines_of
from sim.consent import Consent, Consenter
from sim.equilibrium import Game
from sim.forecast import Forecast
from sim.scenario.priors import Along
from sim.state import State
from sim.values import Ahead, Party, Rules

if TYPE_CHECKING:
    from sim.talks import Talks


def forecast(
    talks: Talks,
    worlds: Ints,
    levels: Ints,
    whole: bool,
    *,
    onlookers: Sequence[str] = (),
    kinds: Sequence[Floats] | None = None,
    all_on: bool = False,
) -> Forecast:
    """Values of every package to every member, agreed now (or, if `whole`, at any time of the look-ahead), in some
    worlds (n,) with these levels (n, issues) in force.

    kinds: onlookers are seen from outside, their weights at the mean of their types with these odds (K, n); all_on:
    with every claim on.
    """
    model, table, n = talks.model, talks.table, len(worlds)
    parties = []
    for k, name in enumerate((*talks.members, *onlookers)):
        actor = model.actor(name)
        theta = (actor.weights.all_on if all_on else actor.weights.of_type)[:, worlds]
        if kinds is not None and k >= len(talks.members):  # one who consents and mediates too has two places
            theta = (kinds[k - len(talks.members)][:, :, None] * theta).sum(axis=0)[None]
        columns = {term: c for c, term in enumerate(actor.weights.columns)}
        parties.append(Party(columns, theta, actor.delta[worlds], actor.weights.varying))
    forbid_on = [np.full(n, True) if all_on else model.draws.backed(f.claims)[worlds] for f in table.forbid]
    open_issues = np.full((n, len(model.layout.issues)), True) if all_on else model.open_issues[worlds]
    hazard = table.breakdown.hazard if table.breakdown is not None else None
    drawn: Floats | Along = hazard if isinstance(hazard, Along) else model.draws.hazard.get(talks.name, talks.never)
    rules = Rules(
        forbid_on,
        open_issues,
        talks.backed(table.walk_away)[worlds] | all_on,
        _reach(talks, worlds, levels),
        drawn if isinstance(drawn, Along) else drawn[worlds],
        talks.backed(table.breakdown)[worlds] | (all_on and hazard is not None),
    )
    left = talks.steps(worlds)
    ends = table.deadline is not None and left == table.deadline - int(talks.meetings[worlds[0]])
    ahead = Ahead(left, talks.beyond, ends, left + 1 if whole else 1)
    lines = lines_of(model, worlds, None if all_on else talks.odds_in(worlds), all_on)
    state = State(levels, model.state.stocks[worlds], model.state.decays[worlds])
    return Forecast(talks.menu, model.layout, lines, state, parties, rules, ahead)


def _reach(talks: Talks, worlds: Ints, levels: Ints) -> tuple[Ints, Ints] | None:
    """How far a slice may go: up from the highest level so far, down from what is in force now."""
    most = talks.rule.most
    if most is None:
        return None
    return levels[:, talks.menu.agenda] - most, np.maximum(talks.highest[worlds], levels[:, talks.menu.agenda]) + most


def stakes(fc: Forecast, i: int, odds: Floats) -> Floats:
    """The range (n,) of a member's values over what may be agreed and no deal, averaged over its types (K,)."""
    allowed, total = fc.admissible(0), np.zeros(fc.n)
    for k, odd in enumerate(odds if len(fc.kept[i].still) > 1 else [1.0]):
        a, d = fc.kept[i].at(k, 0), fc.no_deal[i][0][k, 0]
        top = np.maximum(np.where(allowed, a, -np.inf).max(axis=1), d)
        bottom = np.minimum(np.where(allowed, a, np.inf).min(axis=1), d)
        total += odd * (top - bottom)
    return total


def beliefs(talks: Talks, worlds: Ints) -> list[Belief]:
    """What is commonly believed of every party in some worlds (n,), in the table's order."""
    leave = talks.table.walk_away
    walkers = leave.walkers if leave is not None else ()
    return [
        Belief(
            hidden(talks, p, worlds),
            talks.odds[p][:, worlds],
            talks.low[p][:, worlds],
            talks.stakes[p][worlds],
            p in walkers,
            talks.votes.outvoted(i),
        )
        for i, p in enumerate(talks.parties)
    ]


def hidden(talks: Talks, member: str, worlds: Ints) -> Hidden:
    """What is commonly believed of a party's resolve, or a third party's tolerance, in some worlds (n,)."""
    actor, draws = talks.model.spec.actors[member], talks.model.draws
    asked = member in talks.consenters
    prior, true = (actor.tolerance, draws.tolerance) if asked else (actor.resolve, draws.resolve)
    upper = talks.upper[member][worlds] if member in talks.upper else None
    public = talks.model.spec.information == "public"
    return Hidden(prior, upper, true[member, talks.name][worlds] if public else None)


def thirds(talks: Talks, worlds: Ints, fc: Forecast) -> list[Consenter]:
    """What is known of every third party, and where it is asked."""
    found = []
    for name, consent in talks.table.consent.items():
        asked = np.zeros((len(worlds), talks.menu.packages.count), bool)
        for issue in consent.on:
            now = fc.state.levels[:, [talks.model.layout.issues[issue]]]
            asked |= talks.menu.levels[:, talks.table.agenda.index(issue)] != now
        found.append(
            Consenter(
                hidden(talks, name, worlds),
                talks.odds[name][:, worlds],
                talks.high[name][:, worlds],
                talks.stakes[name][worlds],
                talks.backed(consent)[worlds],
                asked,
            )
        )
    return found


def game(talks: Talks, worlds: Ints, fc: Forecast, onlookers: Sequence[Onlooker] = ()) -> Game:
    """The table's game from now on, in worlds at the same meeting."""
    first = int(talks.meetings[worlds[0]])
    return Game(
        fc,
        beliefs(talks, worlds),
        talks.votes,
        Consent(fc, thirds(talks, worlds, fc), len(talks.parties)),
        lambda t: talks.rule.recognition(first + t, talks.parties),
        talks.rule.shares(talks.parties),
        talks.rule.joint,
        talks.lapse,
        None if talks.table.deadline is None else talks.table.deadline - first,
        list(onlookers),
    )
