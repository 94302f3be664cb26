"""Draws: everything about a block of worlds that the scenario leaves uncertain, arrays with worlds first.

Three layers, told apart (model.md §4): *epistemic* (weights, discounts, hazards, starts, which claims are true),
*private* (types, resolve, tolerance), *chance* (battles, breakdowns, ties), the last read period by period.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeGuard

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.conflict import line_names
from sim.errors import at_least
from sim.scenario.claims import Claim
from sim.scenario.laws import Prior
from sim.scenario.priors import Along
from sim.scenario.schema import Actor, ContinuousType, Scenario
from sim.streams import BLOCK, uniforms


@dataclass(frozen=True)
class ClaimRule:
    """Which claims count: each drawn true by its strength (`drawn`) or all true; only some sources, or without some;
    some forced on or off; some flipped, against what they would be in each world."""

    mode: str = "drawn"  # or "all"
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    on: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()
    flipped: frozenset[str] = frozenset()

    def dropped(self, claim: Claim) -> bool:
        return bool(self.only and claim.source not in self.only) or claim.source in self.without


LAYERS = {  # the first word of every stream's name
    "epistemic": ("claim", "weight", "discount", "hazard", "start"),
    "private": ("type", "resolve", "tolerance"),
    "chance": ("battle", "breakdown", "event", "signal", "mediator", "reveal", "recognition", "mixing", "tie"),
}
LAYER_OF = {word: layer for layer, words in LAYERS.items() for word in words}


@dataclass(frozen=True)
class Redraw:
    """Layers drawn from another seed than the run's; every other draw stays as it is, to the bit. `Redraw(private=2)`:
    the types, resolve and tolerance of seed 2 in worlds that are else those of the run."""

    epistemic: int | None = None
    private: int | None = None
    chance: int | None = None

    def seed(self, seed: int, purpose: str) -> int:
        """The seed of one stream in a run of `seed`."""
        other: int | None = getattr(self, LAYER_OF[purpose.split()[0]])
        return seed if other is None else other


AS_IT_IS = Redraw()


@dataclass
class Draws:
    """One block of worlds, or the part `keep` of it. See the module's text for the three layers."""

    scenario: Scenario
    seed: int
    redraw: Redraw
    block: int
    keep: slice
    claims: dict[str, Bools]
    weights: dict[tuple[str, str], Floats]
    discount: dict[str, Floats]
    hazard: dict[str, Floats]
    event_hazard: dict[str, Floats]
    revealed: dict[str, Floats]
    start: dict[str, Floats]
    kind: dict[str, Ints]
    resolve: dict[tuple[str, str], Floats]
    upper: dict[tuple[str, str], Bools]  # whether that resolve lies in the upper half of its prior
    seen: dict[tuple[str, str], Floats]  # uniforms for what the mediator of a table sees of an actor
    tolerance: dict[tuple[str, str], Floats]
    periods: dict[str, Floats] = field(default_factory=dict)

    @property
    def worlds(self) -> int:
        return len(range(BLOCK)[self.keep])

    def backed(self, claims: tuple[str, ...]) -> Bools:
        """Worlds (N,) in which something resting on these claims holds: any of them is true there; always without
        claims."""
        if not claims:
            return np.ones(self.worlds, bool)
        return np.logical_or.reduce([self.claims[c] for c in claims])

    def _at(self, purpose: str, period: int) -> Floats:
        """Uniforms (N,) for one purpose in one period, drawn for the whole horizon when first asked for."""
        if purpose not in self.periods:
            seed = self.redraw.seed(self.seed, purpose)
            self.periods[purpose] = uniforms(seed, self.block, purpose, self.scenario.horizon)[:, self.keep]
        return self.periods[purpose][period]

    def battle(self, period: int) -> list[Floats]:
        """Uniforms for every line of every stock's change: list of (N,)."""
        return [self._at(f"battle {s} {k}", period) for s, k in line_names(self.scenario)]

    def breakdown(self, table: str, period: int) -> Floats:
        return self._at(f"breakdown {table}", period)

    def event(self, name: str, period: int) -> Floats:
        return self._at(f"event {name}", period)

    def signal(self, name: str, period: int) -> Floats:
        return self._at(f"signal {name}", period)

    def ties(self, table: str, period: int) -> Floats:
        return self._at(f"tie {table}", period)

    def mixing(self, table: str, period: int) -> Floats:
        return self._at(f"mixing {table}", period)

    def reveal(self, table: str, period: int) -> Floats:
        return self._at(f"reveal {table}", period)

    def recognition(self, table: str, period: int) -> Floats:
        return self._at(f"recognition {table}", period)


def alike(draws: Draws, world: int) -> Draws:
    """As many worlds, which all have the epistemic and private draws of one of them (by its place among the kept), and
    each the chance that it had: what may become of one world."""

    def same(values: dict[Any, Any]) -> dict[Any, Any]:
        return {k: np.full_like(v, v[world]) for k, v in values.items()}

    epistemic = ("claims", "weights", "discount", "hazard", "event_hazard", "revealed", "start")
    private = ("kind", "resolve", "upper", "tolerance")
    held: dict[str, Any] = {name: same(getattr(draws, name)) for name in (*epistemic, *private)}
    return replace(draws, **held, periods={})


def used_claims(scenario: Scenario) -> list[str]:
    """Every claim that something in the scenario rests on, in the order of the file."""
    backed: list[Any] = [i for terms in scenario.interests.values() for i in terms]
    backed += [c for s in scenario.stocks.values() for c in (s, *s.change)]
    backed += scenario.issues.values()
    backed += scenario.events.values()
    for table in scenario.tables.values():
        backed += table.features()
    for actor in scenario.actors.values():
        for kinds in actor.types.values():
            backed += [kinds] if isinstance(kinds, ContinuousType) else kinds.values()
    return list(dict.fromkeys(c for b in backed for c in b.claims))


def draw(
    scenario: Scenario,
    claims: Mapping[str, Claim],
    rule: ClaimRule,
    seed: int,
    block: int,
    keep: slice = slice(None),
    redraw: Redraw = AS_IT_IS,
) -> Draws:
    """All draws of one block (or of the worlds `keep` of it), each purpose from its own stream. Raises UserError for a
    seed below 0."""
    at_least(0, seed=seed)

    def u(purpose: str) -> Floats:
        return uniforms(redraw.seed(seed, purpose), block, purpose)[keep]

    worlds = len(range(BLOCK)[keep])
    actors, tables, interests = scenario.actors, scenario.tables, scenario.interests.items()
    asked = [(c, t) for t, table in tables.items() for c in table.consent]
    ranks = {(p, t): u(f"resolve {p} {t}") for t, table in tables.items() for p in table.parties}
    breakdown = {t: table.breakdown.hazard for t, table in tables.items() if table.breakdown is not None}
    events = {e: event.hazard for e, event in scenario.events.items()}
    secrets = {t: table.secret.revealed.hazard for t, table in tables.items() if table.secret is not None}
    return Draws(
        scenario,
        seed,
        redraw,
        block,
        keep,
        claims={c: _claim(c, claims[c], rule, u(f"claim {c}")) for c in used_claims(scenario)},
        weights={(a, i.term): i.weight.ppf(u(f"weight {a} {i.term}")) for a, terms in interests for i in terms},
        discount={a: actor.discount.ppf(u(f"discount {a}")) for a, actor in actors.items()},
        hazard={t: hazard.ppf(u(f"hazard {t}")) for t, hazard in breakdown.items() if drawn(hazard)},
        event_hazard={e: hazard.ppf(u(f"hazard of {e}")) for e, hazard in events.items() if drawn(hazard)},
        revealed={t: hazard.ppf(u(f"hazard of revealing {t}")) for t, hazard in secrets.items()},
        start={s: stock.start.ppf(u(f"start {s}")) for s, stock in scenario.stocks.items()},
        kind={a: _kind(a, actor, u, worlds) for a, actor in actors.items()},
        resolve={(p, t): np.maximum(actors[p].resolve.ppf(rank), 0.0) for (p, t), rank in ranks.items()},
        upper={seat: rank >= 0.5 for seat, rank in ranks.items()},
        seen={(p, t): u(f"mediator {t} {p}") for p, t in ranks if tables[t].mediator is not None},
        tolerance={(c, t): np.maximum(actors[c].tolerance.ppf(u(f"tolerance {c} {t}")), 0.0) for c, t in asked},
    )


def _claim(name: str, claim: Claim, rule: ClaimRule, u: Floats) -> Bools:
    if name in rule.on or name in rule.off:
        return np.full(len(u), name in rule.on)
    if rule.dropped(claim):
        return np.zeros(len(u), bool)
    true = np.ones(len(u), bool) if rule.mode == "all" else u < claim.strength
    return ~true if name in rule.flipped else true


def drawn(hazard: Prior | Along | None) -> TypeGuard[Prior]:
    """Whether a hazard is drawn once a world, and not read off a stock."""
    return hazard is not None and not isinstance(hazard, Along)


def _kind(name: str, actor: Actor, u: Callable[[str], Floats], worlds: int) -> Ints:
    """The true type (N,), an index into the actor's profiles: one draw for each dimension, so that a new one moves no
    other."""
    index = np.zeros(worlds, int)
    for dimension, values in actor.types.items():
        if isinstance(values, ContinuousType):
            odds = np.full(values.points, 1 / values.points)
        else:
            odds = np.array([v.probability for v in values.values()])
        drawn = np.searchsorted(np.cumsum(odds)[:-1], u(f"type {name} {dimension}"), side="right")
        index = index * len(odds) + drawn
    return index
