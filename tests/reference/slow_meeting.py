"""One meeting of a table's game in plain loops: who would assent to what, and what may be put (model.md §3)."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

from slow_beliefs import tolerant, willing
from slow_forecast import Game, Values
from slow_table import STAKELESS, TIE, Table


@dataclass
class Meeting:
    """chance[member][profile][package] of assent, fallback[member][profile][of the walker's profiles], its mean
    `threshold`, and `base`, from which gains count; leaves[walker's profile]. No proposer where all demand at once."""

    t: int
    proposer: str | None
    walker: str | None
    leaves: list[bool]
    odds: dict[str, list[float]]
    chance: dict[str, list[list[float]]] = field(default_factory=dict)
    fallback: dict[str, list[list[float]]] = field(default_factory=dict)
    threshold: Values = field(default_factory=dict)
    base: Values = field(default_factory=dict)


def meeting(table: Table, game: Game, t: int, proposer: str | None) -> Meeting:
    W, walker = game.refuse[t], next((p for p in table.walkers if p != proposer), None)
    leaves = [True]
    if walker:
        slack = table.slack(walker)
        leaves = [o > w + slack for o, w in zip(game.left[t][walker], W[walker], strict=True)]
    m = Meeting(t, proposer, walker, leaves, table.odds)
    for p in table.members:
        fallbacks(table, game, m, p)
        m.base[p] = list(game.none[t][p])
        if p in table.imposed_on:  # something worse than no deal can be
            m.base[p] = [min(n, w) for n, w in zip(game.none[t][p], m.threshold[p], strict=True)]
        if p in table.answering:
            m.chance[p] = chances(table, game, m, p)
    return m


def fallbacks(table: Table, game: Game, m: Meeting, p: str) -> None:
    """What a failed meeting is worth to a member, by the walker's profile, and on average."""
    m.fallback[p] = []
    for o, w in zip(game.left[m.t][p], game.refuse[m.t][p], strict=True):
        if m.walker is None:
            m.fallback[p].append([w])
        elif p == m.walker:
            m.fallback[p].append([max(o, w)] * len(m.leaves))
        else:
            m.fallback[p].append([o if gone else w for gone in m.leaves])
    share = table.odds[m.walker] if m.walker else [1.0]
    m.threshold[p] = [sum(s * v for s, v in zip(share, row, strict=True)) for row in m.fallback[p]]


def chances(table: Table, game: Game, m: Meeting, p: str) -> list[list[float]]:
    profiles, packages = range(len(m.threshold[p])), range(len(game.packages))
    return [[_chance(table, game, m, p, k, a) for a in packages] for k in profiles]


def _chance(table: Table, game: Game, m: Meeting, p: str, k: int, a: int) -> float:
    """The others' view of whether a profile assents."""
    gain = game.kept[m.t][p][k][a] - m.base[p][k]
    if p in table.asked:
        idle = table.unasked(p, game.packages[a], game.path[m.t])
        return 1.0 if idle else tolerant(table, p, k, gain)
    waits = game.agreed[m.t][p][k][a] < m.threshold[p][k] - table.slack(p)
    return 0.0 if waits else willing(table, p, k, gain)


def accepts(table: Table, game: Game, m: Meeting, p: str, a: int) -> bool:
    """Whether its true type assents, knowing its own resolve or tolerance."""
    k, stakes = table.world.kind[p], table.stakes[p]
    gain = game.kept[m.t][p][k][a] - m.base[p][k]
    if p in table.asked:
        if table.unasked(p, game.packages[a], game.path[m.t]):
            return True
        return gain >= -STAKELESS if stakes < STAKELESS else gain / stakes >= -table.tolerance[p] - TIE
    if game.agreed[m.t][p][k][a] < m.threshold[p][k] - table.slack(p):
        return False
    return gain >= -STAKELESS if stakes < STAKELESS else gain / stakes >= table.resolve[p] - TIE


def passes(table: Table, m: Meeting, a: int, known: dict[str, float]) -> float:
    """Chance that a carries once it is put: the proposer says yes, those `known` with this chance, the others with
    the mean over their types."""
    chance = {m.proposer: 1.0} if m.proposer else {}
    for p in table.answering:
        if p not in chance:
            mean = zip(m.odds[p], m.chance[p], strict=True)
            chance[p] = known[p] if p in known else sum(mu * row[a] for mu, row in mean)
    if table.quota is None:
        return math.prod(chance.values())
    total = 0.0
    for votes in itertools.product((True, False), repeat=len(table.parties)):
        if carries(table, dict(zip(table.parties, votes, strict=True))):
            ways = zip(table.parties, votes, strict=True)
            total += math.prod(chance[p] if yes else 1 - chance[p] for p, yes in ways)
    return total * math.prod(chance[c] for c in table.asked)


def carries(table: Table, votes: dict[str, bool]) -> bool:
    """Whether those who say yes are enough, third parties apart."""
    if table.quota is None:
        return all(votes.values())
    weight = sum(table.quota.weights.get(p, 1.0) for p, yes in votes.items() if yes)
    return weight >= table.quota.quota - 1e-9 and all(votes[p] for p in table.quota.veto)


def gain(table: Table, game: Game, m: Meeting, p: str, k: int, a: int, put: float, mine: float) -> float:
    """Expected gain of a profile over a failed meeting from a being put with chance `put`, its own chance of assent
    being `mine`."""
    agreed = game.agreed[m.t][p][k][a]
    if m.walker is None or m.walker == p:
        return put * passes(table, m, a, {p: mine}) * (agreed - m.fallback[p][k][0])
    total = 0.0
    for s, mu in enumerate(m.odds[m.walker]):
        chance = passes(table, m, a, {p: mine, m.walker: m.chance[m.walker][s][a]})
        total += mu * chance * (agreed - m.fallback[p][k][s])
    return put * total


def best(table: Table, m: Meeting, scores: list[float]) -> list[int]:
    """The packages within a tie of the best score, none where nothing gains."""
    assert m.proposer is not None
    top, tie = max(scores), TIE * table.stakes[m.proposer]
    return [a for a, s in enumerate(scores) if s >= top - tie] if top > tie + STAKELESS else []


def scored(table: Table, game: Game, m: Meeting, k: int, truly: bool = False) -> list[float]:
    """What each package gains the proposer's profile k over proposing nothing, where it may put it. `truly`: knowing
    its own resolve, it puts only what it would assent to; else its own chance of assent counts too."""
    j, found = m.proposer, []
    assert j is not None
    for a in range(len(game.packages)):
        own = float(accepts(table, game, m, j, a)) if truly else m.chance[j][k][a]
        may = own > 0 and game.allowed[m.t][a]
        found.append(gain(table, game, m, j, k, a, own, 1.0) if may else -math.inf)
    return found


def worth(table: Table, game: Game, m: Meeting, p: str, k: int, puts: list[list[int]]) -> float:
    """V of a member's profile at this meeting, `puts` being what each of the proposer's profiles may put."""
    j, total = m.proposer, m.threshold[p][k]
    assert j is not None
    for kappa, mu in [(k, 1.0)] if p == j else enumerate(m.odds[j]):
        for a in puts[kappa]:
            mine = m.chance[p][k][a] if p in table.answering else 1.0
            total += mu * gain(table, game, m, p, k, a, m.chance[j][kappa][a], mine) / len(puts[kappa])
    return total
