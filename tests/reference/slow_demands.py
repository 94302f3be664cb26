"""Simultaneous demands: Nash's (1953) demand game, smoothed by private resolve, for one world in plain loops."""

from __future__ import annotations

import math

from slow_forecast import Game, Values
from slow_meeting import Meeting, gain, meeting
from slow_table import STAKELESS, TIE, Table


def staked(table: Table) -> list[str]:
    return [p for p in table.parties if table.stakes[p] >= STAKELESS]


def width(table: Table) -> float:
    """Products of gains nearer than this are the same."""
    return TIE * math.prod(table.stakes[p] for p in staked(table))


def focal(table: Table, game: Game, m: Meeting) -> list[int]:
    """The packages with the greatest product of what everyone can expect from them, all within a tie; of those without
    stakes, and of third parties, the chance that they let it pass."""
    scores, others = {}, [p for p in table.answering if p not in staked(table)]
    for a, may in enumerate(game.allowed[m.t]):
        if may:
            scores[a] = math.prod(_expected(table, game, m, p, a) for p in staked(table))
            for p in others:
                scores[a] *= sum(mu * row[a] for mu, row in zip(m.odds[p], m.chance[p], strict=True))
    top = max(scores.values(), default=0.0)
    return [a for a, s in scores.items() if s >= top - width(table)] if top > width(table) else []


def _expected(table: Table, game: Game, m: Meeting, p: str, a: int) -> float:
    total = 0.0
    for k, mu in enumerate(m.odds[p]):
        total += mu * m.chance[p][k][a] * (game.agreed[m.t][p][k][a] - m.threshold[p][k])
    return total


def demanded(table: Table, game: Game, t: int) -> Values:
    """V of every profile at a meeting where all demand at once."""
    m = meeting(table, game, t, None)
    tied, found = focal(table, game, m), {}
    for p in table.members:
        found[p] = list(m.threshold[p])
        for k in range(len(found[p])):
            for a in tied:
                mine = m.chance[p][k][a] if p in table.answering else 1.0
                found[p][k] += gain(table, game, m, p, k, a, 1.0, mine) / len(tied)
    return found


def demand(table: Table, game: Game, m: Meeting, p: str, wanted: int | None, would: list[bool]) -> int | None:
    """What a party demands: the focal package if it `would` assent to it, else the best of those it would."""
    if wanted is not None and would[wanted]:
        return wanted
    own = game.agreed[m.t][p][table.world.kind[p]]
    mine = [a for a, yes in enumerate(would) if yes and game.allowed[m.t][a]]
    return max(mine, key=lambda a: own[a]) if mine else None


def compatible(
    table: Table, games: dict[str, Game], meetings: dict[str, Meeting], demands: dict[str, int | None]
) -> list[int]:
    """The packages that give everyone what it demands, those with the greatest product of gains, each as its own game
    and meeting have it."""
    scores = {}
    for a in range(len(table.packages())):
        product, may = 1.0, True
        for p, asked in demands.items():
            k, t = table.world.kind[p], meetings[p].t
            own = games[p].agreed[t][p][k]
            good = asked is not None and own[a] >= own[asked] - table.slack(p)
            may = may and good and games[p].allowed[t][a]
            if p in staked(table):
                product *= own[a] - meetings[p].threshold[p][k]
        if may:
            scores[a] = product
    return [a for a, s in scores.items() if s >= max(scores.values()) - width(table)]
