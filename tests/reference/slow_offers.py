"""What is put at a meeting, who says yes, and what everyone learns from it."""

from __future__ import annotations

from typing import Any

from slow_beliefs import all_see, audience, refused
from slow_demands import compatible, demand, focal
from slow_meeting import Meeting, accepts, best, carries, scored
from slow_table import STAKELESS, TIE, Table
from slow_views import Views


class Tied(Exception):
    """Packages are equally good at a table where they are sorted by how they move the stocks: any may be drawn."""


def in_turn(table: Table, views: Views, t: int) -> tuple[int | None, str]:
    """Someone proposes, the others answer: the package agreed, if one is, and who put it."""
    j = _drawn(table.recognition(t), table.world.uniform(f"recognition {table.name}", t))
    package = _proposal(table, views, j)
    if package is None:
        return None, j
    votes = {p: p == j or _answer(table, views, j, p, package) for p in table.parties}
    if not carries(table, votes):
        return None, j
    return (package if _let_pass(table, views, j, package) else None), j


def _let_pass(table: Table, views: Views, j: str | None, package: int) -> bool:
    """Whether every third party consents to what the parties agree on; all are asked."""
    return all([_answer(table, views, j, c, package) for c in table.asked])


def _answer(table: Table, views: Views, j: str | None, p: str, package: int) -> bool:
    yes = accepts(table, views.game(p), views.meeting(p, j), p, package)
    _answered(table, views, views.meeting(None, j), p, package, yes)
    return yes


def _proposal(table: Table, views: Views, j: str) -> int | None:
    game, m = views.game(j), views.meeting(j, j)
    scores = scored(table, game, m, table.world.kind[j], truly=True)
    drawn, tied = table.world.uniform(f"tie {table.name}", views.t), best(table, m, scores)
    if game.habit:
        good = TIE * table.stakes[j] + STAKELESS
        habits = {a: game.habit[j][a] for a, s in enumerate(scores) if s > good and game.habit[j][a] > 0}
        if habits:
            if len(habits) > 1 and table.sorted_by_drift():
                raise Tied
            return _drawn(habits, drawn * sum(habits.values()))
    return _one_of(table, tied, drawn)


def _drawn(weights: dict[Any, float], u: float) -> Any:
    """The thing whose share of the weights, laid end to end, holds u."""
    for thing, weight in weights.items():
        u -= weight
        if u < 0:
            return thing
    return thing


def _one_of(table: Table, tied: list[int], drawn: float) -> int | None:
    if len(tied) > 1 and table.sorted_by_drift():
        raise Tied
    return tied[min(int(drawn * len(tied)), len(tied) - 1)] if tied else None


def _answered(table: Table, views: Views, m: Meeting, p: str, a: int, yes: bool) -> None:
    """What an answer shows is learnt, as whoever knows least sees it."""
    t, game = views.t, views.game(None)
    likely = [row[a] if yes else 1 - row[a] for row in m.chance[p]]
    if not yes:
        table.refusals[p] += 1
        k, own, seen = table.world.kind[p], views.game(p), views.meeting(p, m.proposer)
        if p in table.parties and table.stakes[p] >= STAKELESS:
            x = (own.kept[t][p][k][a] - seen.base[p][k]) / table.stakes[p]
            table.shortfall[p] = table.resolve[p] - x
        gains = [row[a] - n for row, n in zip(game.kept[t][p], m.base[p], strict=True)]
        agreed = zip(game.agreed[t][p], m.threshold[p], strict=True)
        refused(table, p, gains, [row[a] < wanted - table.slack(p) for row, wanted in agreed])
    all_see(audience(table), p, likely)


def together(table: Table, views: Views, t: int) -> tuple[int | None, None]:
    """All demand at once: the package that gives everyone what it demands, if one does."""
    drawn, demands, hoped = table.world.uniform(f"tie {table.name}", t), {}, {}
    common, m = views.game(None), views.meeting(None, None)
    wanted = _one_of(table, focal(table, common, m), drawn)
    for p in table.parties:
        game, mine = views.game(p), views.meeting(p, None)
        hoped[p] = _one_of(table, focal(table, game, mine), drawn)
        would = [accepts(table, game, mine, p, a) for a in range(len(game.packages))]
        demands[p] = demand(table, game, mine, p, hoped[p], would)
    one = demands[table.parties[0]]
    if one is not None and all(a == one and hoped[p] == one for p, a in demands.items()):
        package: int | None = one
    else:
        tied = compatible(
            table, {p: views.game(p) for p in demands}, {p: views.meeting(p, None) for p in demands}, demands
        )
        if len(tied) > 1 and table.sorted_by_drift():
            raise Tied
        package = tied[0] if tied else None
    for p in table.parties if wanted is not None else ():
        k, asked = table.world.kind[p], demands[p]
        own = common.agreed[t][p][k]
        yes = asked is not None and own[asked] <= own[wanted] + table.slack(p)
        _answered(table, views, m, p, wanted, yes)
    if package is not None and not _let_pass(table, views, None, package):
        package = None
    return package, None
