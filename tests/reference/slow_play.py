"""The calendar of a period in one world: what lapses, events, tables in file order, battle, payoffs; and what was seen
in the end."""

from __future__ import annotations

from typing import Any

from slow_beliefs import all_see, halves_move
from slow_table import Table
from slow_talks import back_to_start, turn
from slow_world import Now, World

from sim.scenario.selectors import ALWAYS


def play(scenario: Any, draws: Any, index: int) -> dict[str, Any]:
    """The columns of world `index` of the draws, as `sim.simulate.simulate` names them."""
    world = World(scenario, draws, index)
    tables: dict[str, Table] = {}
    tables |= {name: Table.new(world, name, tables) for name in scenario.tables}
    state, occurred = world.start(), dict.fromkeys(scenario.events, 0)
    value, weight, flow = dict.fromkeys(scenario.actors, 0.0), dict.fromkeys(scenario.actors, 1.0), {}
    path = [state]
    for t in range(scenario.horizon):
        for table in tables.values():
            state = back_to_start(table, state, t)
        for name in scenario.events:
            state, happened = _event(world, tables, name, state, t)
            occurred[name] += happened
        for table in tables.values():
            state = turn(table, state, t)
        state = _battle(world, tables, state, t)
        path.append(state)
        for a in scenario.actors:
            d = world.discount[a]
            flow[a] = world.flow(a, state)[world.kind[a]]
            value[a] += (1 - d) * weight[a] * flow[a]
            weight[a] *= d
    columns: dict[str, Any] = {f"value.{a}": value[a] + weight[a] * flow[a] for a in scenario.actors}
    columns |= {f"level.{i}": state.levels[k] for k, i in enumerate(scenario.issues)}
    columns |= {f"stock.{s}": state.stocks[k] for k, s in enumerate(scenario.stocks)}
    columns |= {f"event.{name}": count for name, count in occurred.items()}
    for name, outcome in scenario.outcomes.items():
        columns[f"outcome.{name}"], columns[f"outcome.{name}.since"] = _outcome(world, outcome, path)
    for table in tables.values():
        columns |= _columns(table, state)
    return columns


def _event(world: World, tables: dict[str, Table], name: str, state: Now, t: int) -> tuple[Now, bool]:
    """One event, if it is due: everyone sees whether it comes, and learns where it is a signal."""
    event = world.scenario.events[name]
    signals = event.signals
    if not (world.backed(event.claims) and world.holds(event.when, state)):
        return state, False
    if event.at is not None:
        due = event.at == t + 1
    else:
        along = hasattr(event.hazard, "along")
        hazard = world.along(event.hazard, state) if along else float(world.draws.event_hazard[name][world.index])
        due = world.uniform(f"event {name}", t) < hazard
    if not due:
        return state, False
    if signals is None:
        return world.imposed(state, event.sets), True
    drawn, actor = world.uniform(f"signal {name}", t), signals.actor
    if signals.type is not None:
        likely = [signals.likelihood[p.values[signals.type]] for p in world.profiles[actor]]
        comes = drawn < likely[world.kind[actor]]
        all_see(tables.values(), actor, [x if comes else 1 - x for x in likely])
    else:
        where = signals.table or next(n for n, table in tables.items() if actor in table.parties)
        halves = signals.resolve.below_median, signals.resolve.above_median
        comes = drawn < halves[world.uniform(f"resolve {actor} {where}") >= 0.5]
        halves_move(tables[where], actor, *(x if comes else 1 - x for x in halves))
    return (world.imposed(state, event.sets) if comes else state), comes


def _battle(world: World, tables: dict[str, Table], state: Now, t: int) -> Now:
    """The stocks move; a line that hangs on a type tells of it."""
    amounts, seen = {}, []
    for stock, k, line in world.lines:
        u = world.uniform(f"battle {stock} {k}", t)
        if line.by is not None:
            amounts[stock, k] = float(line.by.ppf(u))
            continue
        actor = line.by_type.actor
        laws = [line.by_type.by[p.values[line.by_type.type]] for p in world.profiles[actor]]
        amounts[stock, k] = float(laws[world.kind[actor]].ppf(u))
        if world.active(line, state):
            seen.append((actor, _likely(laws, amounts[stock, k])))
    for actor, likely in seen:
        all_see(tables.values(), actor, likely)
    return world.battle(state, amounts)


def _likely(laws: list[Any], x: float) -> list[float]:
    """How likely each law is to bring x: the slope of its cdf, unless some have an atom there, whose mass counts."""
    mass = [0.0] * len(laws)
    for k, law in enumerate(laws):
        if law.name == "choice":
            mass[k] = sum(p for v, p in zip(law.values, law.probabilities, strict=True) if v == x)
        elif law.name == "fixed":
            mass[k] = float(law.value == x)
    return mass if any(mass) else [0.0 if law.name in ("choice", "fixed") else float(law.pdf(x)) for law in laws]


def _columns(table: Table, state: Now) -> dict[str, Any]:
    start = f"table.{table.name}."
    found: dict[str, Any] = {f"{start}status": table.status, f"{start}deal_period": table.deal_period}
    for k, issue in enumerate(table.rules.agenda):
        found[f"{start}terms.{issue}"] = -1 if table.terms is None else table.terms[k]
    found[f"{start}zone"], found[f"{start}room"] = table.zone, table.room
    for subject, believed in table.believed.items():
        found[f"{start}believed.{subject}"] = believed
    for p in table.parties:
        found[f"{start}refusals.{p}"] = table.refusals[p]
        found[f"{start}shortfall.{p}"] = table.shortfall[p]
    for c in table.rules.consent:
        found[f"{start}vetoes.{c}"] = table.refusals[c]
    found[f"{start}deals"] = table.deals
    if table.rules.secret:
        found[f"{start}revealed"] = table.revealed
        for i in table.rules.agenda:
            found[f"announced.{i}"] = table.world.of(i, state) if table.announced is None else table.announced[i]
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
