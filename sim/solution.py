"""Solving a table's game backwards from the end of its look-ahead; or, under a quota, for the running mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from sim.answers import AssentRule, Onlooker, Stance
from sim.arrays import Floats
from sim.cells import Cells, Flat, Winners, admitted, individually_rational
from sim.equilibrium import Game, meeting, stance
from sim.menu import BREAKDOWN, KEPT
from sim.nash_end import nash_end, rows
from sim.pruning import undominated

ROUNDS, ROUNDS_WITH_VETO = 28, 100


@dataclass
class Solution:
    """values[t]: V_i (K, n) of every member t periods from now, before that period's meeting; often: for each proposer
    how often each cell was best, under a quota."""

    values: list[list[Floats]]
    cells: Cells
    often: list[Floats] | None = None


def solve(game: Game, first: int = 1) -> Solution:
    """V_i(t) from t = `first` to the end of the look-ahead."""
    if not game.votes.unanimous and not game.fc.ahead.talks_end:
        return _running_mean(game, first)
    return backwards(game, prepared(game), first)


@dataclass
class Prepared:
    """What of a look-ahead stays the same at all its periods: the cells that can matter, how each party answers, and
    the values of the members, as they are and as they were `signed`."""

    cells: Cells
    rules: list[AssentRule]
    flats: list[Flat]
    signed: list[Flat]


def prepared(game: Game) -> Prepared:
    """A look-ahead, ready to be solved backwards."""
    fc, places = game.fc, game.places
    kept = individually_rational(fc, [m.tolerance() for m in game.beliefs]) if game.votes.unanimous else admitted(fc)
    cells = undominated(game, Cells.of(kept), fc.steps)
    flats = [Flat.of(fc.kept[p], cells) for p in places]
    signed = flats if fc.signed is fc.kept else [Flat.of(fc.signed[p], cells) for p in places]
    return Prepared(cells, [AssentRule.of(m, cells.spread) for m in game.beliefs], flats, signed)


def backwards(game: Game, ready: Prepared, first: int) -> Solution:
    """V_i(t) from the end of the look-ahead down to t = `first`."""
    fc, places, cells, rules, flats = game.fc, game.places, ready.cells, ready.rules, ready.flats
    if fc.ahead.talks_end:
        values = [rows(fc.no_deal[p][0][:, fc.steps], r) for p, r in zip(places, game.rows, strict=True)]
    else:
        values = nash_end(fc, flats, cells, rules, game.shares, game.consent, game.onlookers)
    found = [values] * (fc.steps + 1)
    for t in range(fc.steps - 1, first - 1, -1):
        stances = []
        for i, p in enumerate(places):
            stay = agreed = rows(flats[i].at(t), game.rows[i])
            if ready.signed is not flats:
                again = np.array([cells.spread(v) for v in renewal(game, i, t, found)])
                agreed = rows(ready.signed[i].at(t), game.rows[i]) + again
            stances.append(stance(fc, p, t, found[t + 1][i], agreed, stay))
        found[t] = meeting(game, t, rules, stances, cells)
    return Solution(found, cells)


def renewal(game: Game, i: int, t: int, values: list[list[Floats]]) -> Floats:
    """δ^n [V_i(t+n) − what no deal is worth then if the talks don't break down either] (K, n): what talking again
    once a deal has lapsed is expected to add."""
    fc, n, place = game.fc, game.lapse, game.places[i]
    assert n is not None
    if game.left is not None and t + n >= game.left:
        return np.zeros_like(values[-1][i])
    then = min(t + n, fc.steps)
    idle = fc.left(KEPT, place) if BREAKDOWN in fc.menu.leave else fc.no_deal[place][0]
    return fc.parties[place].delta ** n * (values[then][i] - idle[:, then])


def _running_mean(game: Game, first: int) -> Solution:
    """Under a quota cheap partners make V cycle; parties then expect the running mean of their values, as in
    fictitious play, on the last state of the forecast (model.md §3; after Baron & Ferejohn 1989).

    A round's value is that of its play for ever, V* = V̄ + (V − V̄)/(1 − (1 − P) e), P being the chance of a deal in it:
    it has the same fixed points, and where nothing is carried V alone would come near by 1 − e a round only. The first
    half of the rounds moves halfway each time: where V answers with a slope near 1 (a veto player) the mean alone would
    take thousands of rounds to come near. Without one a third of the rounds comes as near."""
    fc, places, rounds = game.fc, game.places, ROUNDS_WITH_VETO if game.votes.pivotal else ROUNDS
    t, cells = fc.steps, undominated(game, Cells.of(admitted(fc)), rounds)
    rules = [AssentRule.of(m, cells.spread) for m in game.beliefs]
    agreed = [Flat.of(fc.kept[p], cells).at(t) for p in places]
    no_deal = [fc.no_deal[p][0][:, t] for p in places]
    often: list[Floats] = [np.zeros(len(cells.row)) for _ in rules]

    def note(j: int, odds: Floats, chosen: Winners) -> None:
        often[j][chosen.cell] += (odds / np.maximum(chosen.count, 1))[chosen.row]

    shares = [*game.shares, *([0.0] * len(game.onlookers))]
    best = [np.array([cells.most(one) for one in a]) for a in agreed]
    expected = [n + s * np.maximum(b - n, 0.0) for s, b, n in zip(shares, best, no_deal, strict=True)]
    patience = [(1 - fc.hazard[t] * (BREAKDOWN in fc.menu.leave)) * fc.parties[p].delta for p in places]
    nothing = np.zeros((1, fc.n))  # a witness, to whom any deal is worth 1: its value is the chance of a deal
    witness = Stance(np.ones((1, len(cells.row))), np.ones((1, len(cells.row))), nothing, nothing, None)
    for k in range(rounds):
        stances = [stance(fc, p, t, expected[i], agreed[i], agreed[i]) for i, p in enumerate(places)]
        round_ = replace(game, recognition=_shifted(game, k), onlookers=[*game.onlookers, Onlooker(-1)])
        settled = k >= rounds // 2
        *values, dealt = meeting(round_, t, rules, [*stances, witness], cells, note if settled else None)
        step = 1 / (k - rounds // 2 + 2) if settled else 0.5
        expected = [
            e + step * (v - e) / (1 - (1 - dealt[0]) * q) for e, v, q in zip(expected, values, patience, strict=True)
        ]
    gain = [e - n for e, n in zip(expected, no_deal, strict=True)]
    path: list[list[Floats]] = [
        [fc.no_deal[p][0][:, s] + g for p, g in zip(places, gain, strict=True)] for s in range(t + 1)
    ]
    if first == 0:  # the meeting now has a known proposer, or known odds of one
        now = [Flat.of(fc.kept[p], cells).at(0) for p in places]
        stances = [stance(fc, p, 0, path[1][i], now[i], now[i]) for i, p in enumerate(places)]
        path[0] = meeting(game, 0, rules, stances, cells)
    return Solution(path, cells, often)


def _shifted(game: Game, rounds: int) -> Callable[[int], tuple[float, ...]]:
    return lambda t: game.recognition(t + rounds)
