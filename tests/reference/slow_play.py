"""The calendar of a period in one world: tables in file order, battle, payoffs; and what was seen in the end.

Where model.md leaves a choice: a table whose `opens` rests on false claims never opens; who has no stakes falls short
of nothing (NaN); who may walk away does so only where leaving is worth more than a tie's width.
"""

from __future__ import annotations

from typing import Any

from slow_forecast import BROKEN_DOWN, DEAL, EXPIRED, TALKING, WAITING, WALKED_AWAY, Game
from slow_reference import Bargaining, Meeting
from slow_world import Now, World

from sim.scenario.selectors import ALWAYS


class Tied(Exception):
    """Packages are equally good at a table where they are sorted by how they move the stocks: any may be drawn."""


def play(scenario: Any, draws: Any, index: int) -> dict[str, Any]:
    """The columns of world `index` of the draws, as `sim.simulate.simulate` names them."""
    world = World(scenario, draws, index)
    odds = {a: [p.odds for p in world.profiles[a]] for a in scenario.actors}
    tables = [Bargaining(world, name, odds) for name in scenario.tables]
    state = world.start()
    value, weight, flow = dict.fromkeys(scenario.actors, 0.0), dict.fromkeys(scenario.actors, 1.0), {}
    path = [state]
    for t in range(scenario.horizon):
        for table in tables:
            state = meet(table, state, t)
        uniforms = iter(draws.battle(t))
        amounts = {
            (s, k): float(line.by.ppf(next(uniforms))[index])
            for s, stock in scenario.stocks.items()
            for k, line in enumerate(stock.change)
        }
        state = world.battle(state, amounts)
        path.append(state)
        for a in scenario.actors:
            d = world.discount[a]
            flow[a] = world.flow(a, state)[world.kind[a]]
            value[a] += (1 - d) * weight[a] * flow[a]
            weight[a] *= d
    columns = {f"value.{a}": value[a] + weight[a] * flow[a] for a in scenario.actors}
    columns |= {f"level.{i}": state.levels[k] for k, i in enumerate(scenario.issues)}
    columns |= {f"stock.{s}": state.stocks[k] for k, s in enumerate(scenario.stocks)}
    for name, outcome in scenario.outcomes.items():
        columns[f"outcome.{name}"], columns[f"outcome.{name}.since"] = _outcome(world, outcome, path)
    for table in tables:
        columns |= _columns(table)
    return columns


def _columns(game: Bargaining) -> dict[str, Any]:
    table, start = game.table, f"table.{game.name}."
    found: dict[str, Any] = {f"{start}status": table.status, f"{start}deal_period": table.deal_period}
    for k, issue in enumerate(game.rules.agenda):
        found[f"{start}terms.{issue}"] = -1 if table.terms is None else table.terms[k]
    for p in game.parties:
        found[f"{start}refusals.{p}"] = table.refusals[p]
        found[f"{start}shortfall.{p}"] = table.shortfall[p]
    return found


def _first(world: World, when: Any, seen: list[Now]) -> int | None:
    return next((t for t, state in enumerate(seen) if world.holds(when, state)), None)


def _outcome(world: World, outcome: Any, path: list[Now]) -> tuple[bool, int]:
    """Whether it holds at the end, and since which period without a break."""
    spell: list[bool] = []
    for end in range(len(path)):
        seen = path[: end + 1]
        asked = outcome.at_end if outcome.ever is None else outcome.ever
        first = _first(world, asked, seen)
        rival = None if outcome.before is None else _first(world, outcome.before, seen)
        now = outcome.ever is None or first is not None
        if outcome.ever is None or outcome.at_end != ALWAYS:
            now = now and world.holds(outcome.at_end, seen[-1])
        if outcome.before is not None:
            now = now and first is not None and (rival is None or first < rival)
        spell.append(now)
    since = len(path) - 1
    while since > 0 and spell[since - 1]:
        since -= 1
    return (True, since) if spell[-1] else (False, 0)


def meet(b: Bargaining, state: Now, t: int) -> Now:
    """One table's meeting in period t: the state that it leaves."""
    world, table, rules = b.world, b.table, b.rules
    if table.status == WAITING:
        opens = rules.opens
        if opens is None or (world.backed(opens.claims) and world.holds(opens.when, state)):
            table.status, table.opened = TALKING, t
            b.set_stakes(state, t)
    if table.status != TALKING:
        return state
    if rules.deadline is not None and t >= table.opened + rules.deadline:
        table.status = EXPIRED
        return state
    game = b.solve(state, t)
    m = b.meeting(game, t, b.proposer(t))
    package = _proposal(b, game, t, m)
    if package is not None and _answers(b, game, t, m, package):
        table.status, table.deal_period, table.terms = DEAL, t + 1, game.packages[package]
        return world.put(state, dict(zip(rules.agenda, table.terms, strict=True)))
    return _failed(b, game, t, m, state)


def _proposal(b: Bargaining, game: Game, t: int, m: Meeting) -> int | None:
    j = m.proposer
    tied = b.best(game, t, m, b.world.kind[j], b.resolve[j])
    if len(tied) > 1 and b.sorted_by_drift():
        raise Tied
    drawn = float(b.world.draws.ties(b.name, t)[b.world.index])
    return tied[min(int(drawn * len(tied)), len(tied) - 1)] if tied else None


def _answers(b: Bargaining, game: Game, t: int, m: Meeting, a: int) -> bool:
    """Whether all assent; what each answer shows of its party is learnt."""
    assent = True
    for p in b.parties:
        if p == m.proposer:
            continue
        k = b.world.kind[p]
        yes = b.accepts(game, t, m, p, k, a, b.resolve[p])
        if not yes:
            assent = False
            b.table.refusals[p] += 1
            stakes = b.table.stakes[p]
            if stakes > 0:
                b.table.shortfall[p] = b.resolve[p] - (game.agreed[t][p][k][a] - game.none[t][p][k]) / stakes
        _learn(b, game, t, m, p, a, yes)
    return assent


def _learn(b: Bargaining, game: Game, t: int, m: Meeting, p: str, a: int, yes: bool) -> None:
    """Bayes on the types, in place as tables share them; skimming on the resolve where refusing wasn't strategic."""
    mu = b.odds[p]
    likely = [c[a] if yes else 1 - c[a] for c in m.chance[p]]
    total = sum(x * y for x, y in zip(mu, likely, strict=True))
    if total > 1e-12:
        mu[:] = [x * y / total for x, y in zip(mu, likely, strict=True)]
    stakes = b.table.stakes[p]
    if yes or stakes < 1e-12:
        return
    for k in range(len(mu)):
        agreed = game.agreed[t][p][k][a]
        x, low = (agreed - game.none[t][p][k]) / stakes, b.table.low[p][k]
        if agreed < m.threshold[p][k] - b.slack(p) or 1 - b.below(p, x) < 1e-12:
            continue
        if low is None or x > low:
            b.table.low[p][k] = x


def _failed(b: Bargaining, game: Game, t: int, m: Meeting, state: Now) -> Now:
    table, world = b.table, b.world
    if m.walker is not None:
        k = world.kind[m.walker]
        if game.left[t][m.walker][k] > game.refuse[t][m.walker][k] + b.slack(m.walker):
            table.status = WALKED_AWAY
            return world.imposed(state, b.rules.walk_away.sets)
    if float(world.draws.breakdown(b.name, t)[world.index]) < b.hazard:
        table.status = BROKEN_DOWN
        return world.imposed(state, b.rules.breakdown.sets)
    if b.rules.deadline is not None and t + 1 >= table.opened + b.rules.deadline:
        table.status = EXPIRED
    return state
