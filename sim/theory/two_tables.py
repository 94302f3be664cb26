"""Two tables that share a state, solved jointly by backward induction; after Stahl (1972), by subgame perfection.

*Bargaining Theory*. Everyone knows every payoff. In each period table 1 meets, then table 2, then the flow of the
levels in force is received. At a table one party proposes a package, the others of that table accept or refuse; a deal
is in force at once and closes the table. Each answers with the rest of *both* tables' talks in view. The game is
finite, so its value is the only subgame-perfect one where no player is indifferent between two packages.

`apart` plays the same game with blinkers: each table is solved anew at every meeting as if the levels agreed at the
other stayed as they are now. The difference is what it costs not to look across.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

TIE = 1e-12
MEETINGS = 100  # enough for a far horizon; a longer one would be too deep to recurse into
WAITING = -1  # meetings held at a table that has not opened
Values = NDArray[np.float64]  # (P,), average discounted
Deal = tuple[int, int]  # period, counted from 1, and package


class Table(NamedTuple):
    """`parties`: the players who must agree. `proposers`: who proposes at its first, second, … meeting; then again
    from the first. `meetings`: how many it may hold. `opens_on`: the packages of the other table (0: none) under which
    it opens, looked at whenever its turn comes; None: it is open from the start."""

    parties: tuple[int, ...]
    proposers: tuple[int, ...]
    meetings: int
    opens_on: tuple[int, ...] | None = None


class Game(NamedTuple):
    """`flows` (M₁, M₂, P): what each player receives a period, by the packages in force at both tables; package 0 is
    the status quo and never proposed. `deltas` (P,): discount factors in [0, 1)."""

    flows: NDArray[np.float64]
    deltas: NDArray[np.float64]
    tables: tuple[Table, Table]


class Path(NamedTuple):
    """What happens: the deal at each table, None without one, and what the players get in all (P,)."""

    deals: tuple[Deal | None, Deal | None]
    values: Values


class State(NamedTuple):
    """`turn`: the table about to meet; 2 is the end of the period. `held`: packages in force. `met`: meetings held,
    or WAITING; a table is closed once it has held as many as it may, or agreed, which counts as the same."""

    turn: int
    held: tuple[int, int]
    met: tuple[int, int]


def game(flows: ArrayLike, deltas: ArrayLike, tables: tuple[Table, Table]) -> Game:
    """The game, checked. ValueError: shapes that don't fit, discount factors outside [0, 1), a proposer who is no
    party, a table without a meeting, an opening package that isn't there."""
    worth, patience = np.asarray(flows, dtype=float), np.asarray(deltas, dtype=float)
    if worth.ndim != 3 or patience.shape != worth.shape[2:]:
        raise ValueError(f"flows {worth.shape}, deltas {patience.shape}: expected (M₁, M₂, P) and (P,)")
    if not ((patience >= 0) & (patience < 1)).all():
        raise ValueError(f"deltas {patience}: allowed are numbers from 0 to below 1")
    for k, table in enumerate(tables):
        if not 1 <= table.meetings <= MEETINGS or not table.proposers or not set(table.proposers) <= set(table.parties):
            raise ValueError(f"table {k + 1}: {table}: 1 to {MEETINGS} meetings, and proposers that are parties")
        if not set(table.parties) <= set(range(len(patience))):
            raise ValueError(f"table {k + 1}: parties {table.parties}, players are 0 to {len(patience) - 1}")
        if not set(table.opens_on or ()) <= set(range(worth.shape[1 - k])):
            raise ValueError(f"table {k + 1}: opens on {table.opens_on}; the other has {worth.shape[1 - k]} packages")
    return Game(worth, patience, tables)


Solver = Callable[[State], tuple[Values, int]]


def jointly(g: Game) -> Path:
    """The subgame-perfect path. A refusal is worth what both tables still bring; ties are accepted, a proposer who
    gains nothing waits, and of equally good packages it takes the first."""
    value = _induction(g)
    return _follow(g, lambda s: value(s)[1])


def apart(g: Game) -> Path:
    """The path where each meeting is decided as if the other table were closed, its levels staying as they are."""
    value = _induction(g)
    return _follow(g, lambda s: value(s._replace(met=_put(s.met, 1 - s.turn, g.tables[1 - s.turn].meetings)))[1])


def _induction(g: Game) -> Solver:
    """Backward induction from any state: the values from this turn on, and the package agreed at it (0: none)."""

    @cache
    def value(s: State) -> tuple[Values, int]:
        if s.turn == 2:
            flow = g.flows[s.held]
            return (flow if _over(g, s) else (1 - g.deltas) * flow + g.deltas * value(s._replace(turn=0))[0]), 0
        s = _opened(g, s)
        return _meeting(g, s, value) if _meets(g, s) else (value(s._replace(turn=s.turn + 1))[0], 0)

    return value


def _meeting(g: Game, s: State, value: Solver) -> tuple[Values, int]:
    table = g.tables[s.turn]
    proposer = table.proposers[s.met[s.turn] % len(table.proposers)]
    refused = value(_after(g, s, 0))[0]
    best, package, values = refused[proposer] + TIE, 0, refused
    for a in range(1, g.flows.shape[s.turn]):
        agreed = value(_after(g, s, a))[0]
        if agreed[proposer] > best and all(agreed[i] >= refused[i] - TIE for i in table.parties if i != proposer):
            best, package, values = agreed[proposer], a, agreed
    return values, package


def _follow(g: Game, decide: Callable[[State], int]) -> Path:
    """Play the game out, `decide` saying what is agreed at every meeting."""
    s, period, discount, total = _start(g), 1, np.ones(len(g.deltas)), np.zeros(len(g.deltas))
    deals: list[Deal | None] = [None, None]
    while s.turn < 2 or not _over(g, s):
        if s.turn == 2:
            total, discount = total + discount * (1 - g.deltas) * g.flows[s.held], discount * g.deltas
            s, period = s._replace(turn=0), period + 1
            continue
        s = _opened(g, s)
        package = decide(s) if _meets(g, s) else 0
        if package:
            deals[s.turn] = (period, package)
        s = _after(g, s, package) if _meets(g, s) else s._replace(turn=s.turn + 1)
    return Path((deals[0], deals[1]), total + discount * g.flows[s.held])


# --- states ---


def _start(g: Game) -> State:
    first, second = (0 if table.opens_on is None else WAITING for table in g.tables)
    return State(0, (0, 0), (first, second))


def _opened(g: Game, s: State) -> State:
    """The table whose turn it is opens if it waits for what is in force."""
    return s._replace(met=_put(s.met, s.turn, 0)) if _may_open(g, s, s.turn) else s


def _may_open(g: Game, s: State, k: int) -> bool:
    return s.met[k] == WAITING and s.held[1 - k] in (g.tables[k].opens_on or ())


def _meets(g: Game, s: State) -> bool:
    return 0 <= s.met[s.turn] < g.tables[s.turn].meetings


def _after(g: Game, s: State, package: int) -> State:
    """After a meeting: of a deal (package > 0), which closes the table, or of none."""
    k = s.turn
    met = g.tables[k].meetings if package else s.met[k] + 1
    held = _put(s.held, k, package) if package else s.held
    return State(k + 1, held, _put(s.met, k, met))


def _over(g: Game, s: State) -> bool:
    """Nobody will meet any more; a table that waits for what nobody can agree on any more waits for ever."""
    return not any(0 <= s.met[k] < g.tables[k].meetings or _may_open(g, s, k) for k in range(2))


def _put(pair: tuple[int, int], k: int, value: int) -> tuple[int, int]:
    return (value, pair[1]) if k == 0 else (pair[0], value)
