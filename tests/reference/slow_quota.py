"""Assent by quota without a deadline (model.md §3): play on the last forecast state, each round against a mean of what
rounds before were worth (fictitious play), the later half counting."""

from __future__ import annotations

from slow_forecast import Game, Values, refusing
from slow_meeting import best, meeting, passes, scored, worth
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
        value, dealt = {p: [0.0] * len(row) for p, row in mean.items()}, 0.0
        for j, rho in table.recognition(end + k).items():
            if not rho:
                continue
            m = meeting(table, game, end, j)
            puts = [best(table, m, scored(table, game, m, kappa)) for kappa in range(len(table.odds[j]))]
            for mu, tied in zip(table.odds[j], puts, strict=True):
                for a in tied if k >= warming else ():
                    habit[j][a] += rho * mu / len(tied)
            for kappa, mu in enumerate(table.odds[j]):
                chances = [m.chance[j][kappa][a] * passes(table, m, a, {}) for a in puts[kappa]]
                dealt += rho * mu * sum(chances) / max(len(chances), 1)
            for p, row in value.items():
                value[p] = [v + rho * worth(table, game, m, p, i, puts) for i, v in enumerate(row)]
        steps = 2 if k < warming else k - warming + 2
        for p, row in mean.items():  # as if this round's play went on for ever
            again = (1 - dealt) * (1 - game.hazard[end]) * table.world.discount[p]
            mean[p] = [v + (w - v) / (1 - again) / steps for v, w in zip(row, value[p], strict=True)]
    talks = {p: [v - n for v, n in zip(mean[p], game.none[end][p], strict=True)] for p in mean}
    game.value[game.now + 1] = {
        p: [n + v for n, v in zip(game.none[game.now + 1][p], row, strict=True)] for p, row in talks.items()
    }
    game.refuse[game.now] = refusing(table, game, game.now, game.value[game.now + 1])
    game.habit = habit


def _start(table: Table, game: Game) -> Values:
    """Everyone's share of the proposals, of the most that any package gains it."""
    end, found = game.end, {}
    for p in table.members:
        share = table.share(p) if p in table.parties else 0.0
        found[p] = []
        for row, n in zip(game.kept[end][p], game.none[end][p], strict=True):
            most = max((v - n for v, may in zip(row, game.allowed[end], strict=True) if may), default=0.0)
            found[p].append(n + share * max(most, 0.0))
    return found
