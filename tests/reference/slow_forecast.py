"""What a table's alternatives are worth along the forecast (model.md §3, §5), for one world in plain loops."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from slow_beliefs import beyond, strictly_below
from slow_paths import Outlook
from slow_table import STAKELESS, TALKING, Table
from slow_world import MONTHS, Now

BREACHES = (1, 2, 3, 4, 6, 9, 12, 18, 24, 36, 48, 72)  # months after signing at which a breach is reckoned with

Values = dict[str, list[float]]  # by member and profile
Gains = Callable[[Now, list[str] | None], Values]


@dataclass
class Game:
    """A table's game as it looks at period `now`: by period, member and profile, `kept` and `agreed` by package too.

    kept: a package for good, from which gains and the Nash solution are taken; agreed: A, which differs if it lapses.
    """

    now: int
    end: int
    over: bool
    packages: list[tuple[int, ...]]
    path: dict[int, Now] = field(default_factory=dict)
    hazard: dict[int, float] = field(default_factory=dict)
    allowed: dict[int, list[bool]] = field(default_factory=dict)
    kept: dict[int, dict[str, list[list[float]]]] = field(default_factory=dict)
    agreed: dict[int, dict[str, list[list[float]]]] = field(default_factory=dict)
    lapsed: dict[int, dict[str, list[list[float]]]] = field(default_factory=dict)
    none: dict[int, Values] = field(default_factory=dict)  # N
    quiet: dict[int, Values] = field(default_factory=dict)  # the status quo kept for ever, no breakdown
    refuse: dict[int, Values] = field(default_factory=dict)  # W
    left: dict[int, Values] = field(default_factory=dict)  # what walking away leaves
    broken: dict[int, Values] = field(default_factory=dict)
    flow: dict[int, Values] = field(default_factory=dict)
    value: dict[int, Values] = field(default_factory=dict)  # V
    habit: dict[str, list[float]] = field(default_factory=dict)  # how often each package was best, by proposer


def forecast(table: Table, state: Now, now: int, gains: Gains | None = None, all_on: bool = False) -> Game:
    """Everything but W and V, for every period of the look-ahead. `gains`: what a state is worth at tables foreseen.
    With `all_on` every claim is true and deals are kept for ever, as for the stakes."""
    end, over = table.horizon(now)
    game, view = Game(now, end, over, table.packages()), table.outlook(all_on)
    extra = {a: gains(table.world.put(state, table.given(a)), None) for a in game.packages} if gains else None
    lost = {a: _undone(table, table.world.put(state, table.given(a)), gains) for a in game.packages} if gains else {}
    stays = gains(state, None) if gains else None
    here = state
    for t in range(now, end + table.followed):
        game.path[t], after = here, view.battle(here)
        game.hazard[t] = 0.0 if over and t >= end else table.hazard(here, all_on)
        game.flow[t] = _plus({p: table.world.flow(p, after, all_on) for p in table.members}, stays)
        if t <= end:
            periods = end + table.followed - t
            game.quiet[t] = _plus({p: view.stay(p, here, periods) for p in table.members}, stays)
            _alternatives(table, game, view, t, periods, extra, lost)
        here = after
    for store, ending in ((game.broken, table.rules.breakdown), (game.left, table.rules.walk_away)):
        more = gains(table.world.imposed(state, ending.sets), None) if gains and ending else stays
        store.update({t: _plus(values, more) for t, values in store.items()})
    _no_deal(table, game)
    game.agreed = dict(game.kept)
    return game


def _alternatives(
    table: Table,
    game: Game,
    view: Outlook,
    t: int,
    periods: int,
    extra: dict[tuple[int, ...], Values] | None,
    lost: dict[tuple[int, ...], dict[str, Values]],
) -> None:
    world, rules, state, on = table.world, table.rules, game.path[t], view.all_on
    game.allowed[t] = [table.admissible(a, state, on) for a in game.packages]
    worth: list[Values] = []
    lapsed: list[Values] = []
    for a in game.packages:
        then = world.put(state, table.given(a), on)
        values = {p: view.stay(p, then, periods) for p in table.members}
        if table.penalty and not on:
            values = _with_breaches(table, view, then, periods, values, lost.get(a, {}))
        back = values
        if table.lapse and not on:
            back = {p: view.lapsing(p, then, periods, table.lapse, table.starts()) for p in table.members}
        worth.append(_plus(values, extra and extra[a]))
        lapsed.append(_plus(back, extra and extra[a]))
    for store, found in ((game.kept, worth), (game.lapsed, lapsed)):
        store[t] = {p: [list(row) for row in zip(*(v[p] for v in found), strict=True)] for p in table.members}
    for store, ending in ((game.broken, rules.breakdown), (game.left, rules.walk_away)):
        left = world.imposed(state, ending.sets, on) if ending else state
        store[t] = {p: view.stay(p, left, periods) for p in table.members}


def _plus(values: Values, more: Values | None) -> Values:
    return {p: [v + g for v, g in zip(row, more[p], strict=True)] for p, row in values.items()} if more else values


def _no_deal(table: Table, game: Game) -> None:
    """N by backward recursion from where the path freezes; after a deadline nothing breaks down any more."""
    last = game.end + table.followed - 1
    for t in range(last, game.now - 1, -1):
        b, game.none[t] = game.hazard[t], {}
        for p in table.members:
            d, row = table.world.discount[p], []
            for k, u in enumerate(game.flow[t][p]):
                o = game.broken[min(t, game.end)][p][k]
                if t == last:
                    row.append((b * o + (1 - b) * (1 - d) * u) / (1 - (1 - b) * d))
                else:
                    row.append(b * o + (1 - b) * ((1 - d) * u + d * game.none[t + 1][p][k]))
            game.none[t][p] = row


def refusing(table: Table, game: Game, t: int, value: Values) -> Values:
    """W of a period that is followed by `value`, for those whose value is given."""
    b, found = game.hazard[t], {}
    for p, later in value.items():
        d = table.world.discount[p]
        rows = zip(game.broken[t][p], game.flow[t][p], later, strict=True)
        found[p] = [b * o + (1 - b) * ((1 - d) * u + d * v) for o, u, v in rows]
    return found


def stakes(table: Table, state: Now, now: int) -> dict[str, float]:
    """R: the range of each member's values over the packages and no deal, all claims on, mean over its types."""
    helpers = [f.by for f in (table.rules.mediator, table.rules.guarantor) if f]
    table = table.seated(helpers)
    game, found = forecast(table, state, now, all_on=True), {}
    for p in table.members:
        total = 0.0
        for k, profile in enumerate(table.world.profiles[p]):
            open_to_all = zip(game.kept[now][p][k], game.allowed[now], strict=True)
            values = [game.none[now][p][k], *(v for v, may in open_to_all if may)]
            total += profile.odds * (max(values) - min(values))
        found[p] = total
    return found


def opening(table: Table, state: Now, now: int) -> Table:
    """The table as it is once it opens in this state."""
    table = replace(table, status=TALKING, opened=now)
    table.raise_peak(state)
    found = stakes(table, state, now)
    table.world.pay_by(table.name, found)
    return replace(table, stakes=found)


# --- promises (model.md §5) ---------------------------------------------------------------------------------------


def temptation(table: Table, who: str, k: int, broken: float, kept: float) -> float:
    """(D − C) / R."""
    return (broken - kept) / table.stakes[who] if table.stakes[who] >= STAKELESS else 0.0


def _undone(table: Table, then: Now, gains: Gains) -> dict[str, Values]:
    """What foreseen tables add to a package that everybody's breach would undo there: by who breaks it."""
    found = {}
    for j in table.penalty:
        sets = set(table.rules.renege[j].sets)
        tables = [n for n in table.rules.foresees if sets & set(table.peers[n].rules.agenda)]
        if tables:
            found[j] = gains(then, tables)
    return found


def _with_breaches(
    table: Table, view: Outlook, then: Now, periods: int, kept: Values, lost: dict[str, Values]
) -> Values:
    """A deal's values once everyone reckons with who may break it first, and when."""
    world, profiles = table.world, table.world.profiles
    months = MONTHS[world.scenario.period]
    dates = sorted({max(1, round(m / months)) for m in BREACHES})
    worst = {j: [-1e300] * len(profiles[j]) for j in table.penalty}
    before = {j: [0.0] * len(profiles[j]) for j in table.penalty}  # H of the date before
    found = {p: list(row) for p, row in kept.items()}
    for date in (k for k in dates if k <= periods):
        state, left = view.later(then, date), max(periods - date, 1)  # a breach is followed by a battle, if the last
        C = {p: view.stay(p, state, left) for p in table.members}
        D = {}
        for j in table.penalty:
            after = world.imposed(state, table.rules.renege[j].sets)
            D[j] = {p: view.stay(p, after, left) for p in table.members}
            for p, row in lost[j].items() if j in lost else ():
                D[j][p] = [d - g for d, g in zip(D[j][p], row, strict=True)]
            worst[j] = [max(w, temptation(table, j, k, D[j][j][k], C[j][k])) for k, w in enumerate(worst[j])]
        broken = {j: [_broken(table, j, k, w) for k, w in enumerate(worst[j])] for j in table.penalty}
        for p in table.members:
            for k in range(len(profiles[p])):
                for j, first in _first(table, before, broken, p, k).items():
                    found[p][k] += first * world.discount[p] ** date * (D[j][p][k] - C[p][k])
        before = broken
    return found


def _broken(table: Table, j: str, k: int, worst: float) -> float:
    """H: chance that a profile has met a temptation above its resolve and the price of breaking."""
    y = worst - table.penalty[j]
    chance, low = strictly_below(table, j, y), table.low[j][k]
    return max(beyond(table, j, k, chance), 0.0) if low is None or y > low else 0.0


def _first(table: Table, before: Values, broken: Values, p: str, k: int) -> dict[str, float]:
    """Pr(first breach at this date by j), as profile k of p sees it; at one date the file's earlier comes first."""

    def chance(H: Values, j: str) -> float:
        return H[j][k] if j == p else sum(mu * h for mu, h in zip(table.odds[j], H[j], strict=True))

    order, found = list(table.penalty), {}
    for n, j in enumerate(order):
        first = chance(broken, j) - chance(before, j)
        for m in order[:n]:
            first *= 1 - chance(broken, m)
        for m in order[n + 1 :]:
            first *= 1 - chance(before, m)
        found[j] = first
    return found
