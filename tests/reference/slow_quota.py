"""Assent by quota without a deadline (model.md §3): play on the last forecast state, each round against a mean of what
rounds before were worth (fictitious play), the later half counting."""

from __future__ import annotations

from slow_forecast import Game, Values, refusing
from slow_meeting import best, meeting, scored, worth
from slow_table import Table

WITH_VETO, WITHOUT = 100, 28  # rounds, of which the first half only lead up to the rest


def iterate(table: Table, game: Game) -> None:
    """V of the next period, W now, and how often each package was best for each proposer."""
    end, habit = game.end, {p: [0.0] * len(game.packages) for p in table.parties}
    mean = _start(table, game)
    rounds = WITHOUT if len(table.imposed_on) == len(table.parties) else WITH_VETO
    warming = rounds // 2
    for k in range(rounds):
        game.refuse[end] = refusing(table, game, end, mean)
        value = {p: [0.0] * len(row) for p, row in mean.items()}
        for j, rho in table.recognition(end + k).items():
            if not rho:
                continue
            m = meeting(table, game, end, j)
            puts = [best(table, m, scored(table, game, m, kappa)) for kappa in range(len(table.odds[j]))]
            for mu, tied in zip(table.odds[j], puts, strict=True):
                for a in tied if k >= warming else ():
                    habit[j][a] += rho * mu / len(tied)
            for p, row in value.items():
                value[p] = [v + rho * worth(table, game, m, p, i, puts) for i, v in enumerate(row)]
        steps = 2 if k < warming else k - warming + 2
        mean = {p: [v + (w - v) / steps for v, w in zip(mean[p], value[p], strict=True)] for p in mean}
    talks = {p: [v - n for v, n in zip(mean[p], game.none[end][p], strict=True)] for p in mean}
    game.value[game.now + 1] = {
        p: [n + v for n, v in zip(game.none[game.now + 1][p], row, strict=True)] for p, row in talks.items()
    }
    game.refuse[game.now] = refusing(table, game, game.now, game.value[game.now + 1])
    game.habit = habit


def _start(table: Table, game: Game) -> Values:
    """Everyone's share of the proposals, of the most that any package gains the parties together."""
    end, most = game.end, 0.0
    for a, may in enumerate(game.allowed[end]):
        total = 0.0
        for p in table.parties:
            rows = zip(table.odds[p], game.kept[end][p], game.none[end][p], strict=True)
            total += sum(mu * max(row[a] - n, 0.0) for mu, row, n in rows)
        most = max(most, total) if may else most
    found = {}
    for p in table.members:
        share = table.share(p) if p in table.parties else 0.0
        found[p] = [n + share * most for n in game.none[end][p]]
    return found
