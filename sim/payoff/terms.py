"""Terms: the addends of every actor's flow utility, in one list, and the weights that each actor puts on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from sim.arrays import Bools, Floats
from sim.scenario.interest import Factor
from sim.scenario.schema import Actor, ContinuousType, Scenario
from sim.scenario.selectors import ALWAYS, All, Selector
from sim.state import Layout, State, holds


@dataclass(frozen=True)
class Term:
    """φ = [when] · Π factor(variable) · decay. `decay` is a column of the state's decays, or None."""

    actor: str
    name: str
    factors: tuple[Factor, ...]
    when: Selector
    decay: int | None
    claims: tuple[str, ...]
    condition: Selector = ALWAYS  # of a regard that has one
    paid_at: str | None = None  # of a side payment: the table


@dataclass(frozen=True)
class Profile:
    """One combination of an actor's types: its name, its prior probability, what it does to weights (scale or set)."""

    name: str
    probability: float
    scale: dict[str, float]
    set: dict[str, float]
    values: dict[str, str]  # dimension -> value


def terms_of(scenario: Scenario, layout: Layout) -> list[Term]:
    """Every term but the regards, which are made of other actors' terms; a regard with a condition of its own has
    copies."""
    found = []
    for actor, interests in scenario.interests.items():
        for i in interests:
            if i.regards() is None:
                decay = i.decay()
                column = None if decay is None else layout.decays.index(decay)
                found.append(Term(actor, i.term, i.factors(), i.when, column, i.claims, paid_at=i.paid_at()))
    regards = [i for terms in scenario.interests.values() for i in terms if i.regards() is not None]
    own = list(found)
    for when in dict.fromkeys(r.when for r in regards if r.when != ALWAYS):
        for other in dict.fromkeys(r.regards() for r in regards if r.when == when):
            found += [replace(t, when=All((when, t.when)), condition=when) for t in own if t.actor == other]
    return found


def _values(dimension: str, types: ContinuousType | dict) -> list[Profile]:
    if isinstance(types, ContinuousType):
        quantiles = (np.arange(types.points) + 0.5) / types.points
        scales = {t: p.ppf(quantiles) for t, p in types.scale.items()}
        sets = {t: p.ppf(quantiles) for t, p in types.set.items()}
        return [
            Profile(
                f"{dimension} {k + 1}",
                1 / types.points,
                {t: float(v[k]) for t, v in scales.items()},
                {t: float(v[k]) for t, v in sets.items()},
                {dimension: str(k + 1)},
            )
            for k in range(types.points)
        ]
    return [Profile(v, t.probability, dict(t.scale), dict(t.set), {dimension: v}) for v, t in types.items()]


def profiles(actor: Actor) -> list[Profile]:
    """Every combination of an actor's types, with its prior probability; one unnamed profile where it has none."""
    combined = []
    for combination in product(*(_values(d, t) for d, t in actor.types.items())):
        scale: dict[str, float] = {}
        for part in combination:
            for term, factor in part.scale.items():
                scale[term] = scale.get(term, 1.0) * factor
        combined.append(
            Profile(
                ", ".join(p.name for p in combination),
                float(np.prod([p.probability for p in combination])),
                scale,
                {t: w for p in combination for t, w in p.set.items()},
                {d: v for p in combination for d, v in p.values.items()},
            )
        )
    return combined


def evaluate(term: Term, layout: Layout, state: State) -> Floats:
    """φ of one term in each world: (N,)."""
    value = holds(term.when, layout, state.levels, state.stocks) * 1.0
    for factor in term.factors:
        value = value * factor.shape(variable(factor.variable, layout, state))
    return value if term.decay is None else value * state.decays[:, term.decay]


def variable(name: str, layout: Layout, state: State) -> Floats:
    """The value of an issue's level, or of a stock, in each world: (N,)."""
    if name in layout.issues:
        k = layout.issues[name]
        return layout.values[k][state.levels[:, k]]
    return state.stocks[:, layout.stocks[name]]


@dataclass(frozen=True)
class Weights:
    """One actor's weights: `columns` (C,) into the list of terms; `of_type` (K, N, C) as in each world (claims on or
    off); `all_on` (K, N, C) with every claim on, from which the stakes are taken. A side payment weighs nothing until
    its table opens, and never in `all_on`: it adds nothing to the stakes."""

    columns: list[int]
    of_type: Floats
    all_on: Floats
    varying: frozenset[int]  # terms whose weight depends on the actor's own type


def weigh(
    scenario: Scenario,
    terms: list[Term],
    drawn: dict[tuple[str, str], Floats],
    on: dict[tuple[str, str], Bools],
    count: int,
) -> dict[str, Weights]:
    """Every actor's weights. `drawn` and `on`: (actor, term) -> (N,) raw weight, and whether its claims hold; N is
    `count`.

    Normalised with all claims on and before types (Σ|θ| = 1), then claims switch, then types scale. A regard spreads
    its weight over the other actor's own terms, at the other's prior mean of types.
    """
    where = {(t.actor, t.name, t.condition): k for k, t in enumerate(terms)}
    own = {a: _own(scenario, a, drawn, on, count) for a in scenario.interests}
    result = {}
    for actor in scenario.actors:
        kinds = profiles(scenario.actors[actor])
        tables = []
        for switched in (True, False):
            theta = np.zeros((len(kinds), count, len(terms)))
            for interest in scenario.interests.get(actor, ()):
                mine = own[actor][switched][interest.term]  # (K, N)
                other = interest.regards()
                if other is None:
                    theta[:, :, where[actor, interest.term, ALWAYS]] += mine
                    continue
                odds = np.array([p.probability for p in profiles(scenario.actors[other])])
                for theirs in scenario.interests.get(other, ()):
                    if theirs.regards() is None:
                        mean = (odds[:, None] * own[other][switched][theirs.term]).sum(0)
                        theta[:, :, where[other, theirs.term, interest.when]] += mine * mean
            tables.append(theta)
        paid = {k for k, t in enumerate(terms) if t.paid_at and (t.actor, t.condition) == (actor, ALWAYS)}
        columns = [k for k in range(len(terms)) if k in paid or tables[1][:, :, k].any() or tables[0][:, :, k].any()]
        varying = frozenset(_varying(scenario, actor, terms, {name for k in kinds for name in (*k.scale, *k.set)}))
        result[actor] = Weights(columns, tables[0][:, :, columns], tables[1][:, :, columns], varying)
    return result


def _varying(scenario: Scenario, actor: str, terms: list[Term], names: set[str]) -> Iterator[int]:
    """Terms that carry the weight of an interest of the actor's whose name its types touch."""
    for interest in scenario.interests.get(actor, ()):
        if interest.term in names:
            other = interest.regards()
            for k, t in enumerate(terms):
                if (t.actor, t.name) == (actor, interest.term) if other is None else t.actor == other:
                    yield k


def _own(
    scenario: Scenario,
    actor: str,
    drawn: dict[tuple[str, str], Floats],
    on: dict[tuple[str, str], Bools],
    count: int,
) -> dict[bool, dict[str, Floats]]:
    """switched? -> term -> (K, N) normalised weights of one actor's own list of interests."""
    interests = scenario.interests[actor]
    total = sum((np.abs(drawn[actor, i.term]) for i in interests), np.zeros(count))
    scale = np.where(total > 0, 1 / np.where(total > 0, total, 1.0), 0.0) if scenario.normalise else np.ones(count)
    result: dict[bool, dict[str, Floats]] = {True: {}, False: {}}
    for i in interests:
        rows = []
        for p in profiles(scenario.actors[actor]):
            raw = np.full(count, p.set[i.term]) if i.term in p.set else drawn[actor, i.term]
            rows.append(raw * scale * p.scale.get(i.term, 1.0))
        full = np.array(rows)
        result[False][i.term] = full
        result[True][i.term] = full * on[actor, i.term]
    return result


def documented(
    scenario: Scenario, drawn: dict[tuple[str, str], Floats], counts: Callable[[str, str], bool]
) -> dict[str, float | None]:
    """Mean share of each actor's payoff weight that rests on claims which `counts(actor, claim)`; None for an actor
    without interests."""
    shares: dict[str, float | None] = {}
    for actor in scenario.actors:
        interests = scenario.interests.get(actor, ())
        total = sum((np.abs(drawn[actor, i.term]) for i in interests), np.zeros(1))
        backed = [i for i in interests if any(counts(actor, c) for c in i.claims)]
        claimed = sum((np.abs(drawn[actor, i.term]) for i in backed), np.zeros_like(total))
        positive = total > 0
        shares[actor] = float(np.mean(claimed[positive] / total[positive])) if positive.any() else None
    return shares
