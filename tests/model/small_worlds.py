"""Small scenarios that play in a moment, and the draws behind them."""

from __future__ import annotations

from sim.model import Negotiation
from sim.montecarlo.draws import ClaimRule, Draws, draw
from sim.scenario.loader import Loaded, loads

DOLLAR = """\
title: A dollar and two secrets
assumption: a test
horizon: 30
normalise: false
actors:
  A: {discount: 0.95, resolve: {logistic: {mean: 0.4, scale: 0.1}}}
  B: {discount: 0.95, resolve: {logistic: {mean: 0.4, scale: 0.1}}}
issues:
  deal:  {levels: {no: 0, yes: 1}, start: no}
  share: {levels: {from: 0, to: 1, steps: 21}, start: 0}
interests:
  A: [{term: dollar, form: product, of: [deal, share], weight: 1}]
  B: [{term: dollar, form: linear, of: deal, weight: 1}, {term: given, form: product, of: [deal, share], weight: -1}]
tables:
  talks:
    parties: [A, B]
    protocol: {alternating_offers: {first: A}}
    agenda: [deal, share]
    require: {deal: yes}
outcomes: {agreed: {deal: yes}}
"""

ZERO_SUM = """\
title: One's gain is the other's loss
assumption: a test
horizon: 24
normalise: false
actors:
  A:
    discount: 0.97
    types: {aims: {calm: {probability: 0.6}, keen: {probability: 0.4, scale: {here: 0.4, there: 0.4}}}}
  B:
    discount: 0.9
    types: {aims: {calm: {probability: 0.5}, keen: {probability: 0.5, scale: {here: 3, there: 3}}}}
issues:
  here:  {levels: {from: 0, to: 1, steps: 5}, start: 0.5}
  there: {levels: {from: 0, to: 1, steps: 5}, start: 0.5}
interests:
  A: [{term: here, form: linear, of: here, weight: 1}, {term: there, form: linear, of: there, weight: -1}]
  B: [{term: here, form: linear, of: here, weight: -1}, {term: there, form: linear, of: there, weight: 1}]
tables:
  talks:
    parties: [A, B]
    protocol: {alternating_offers: {first: A}}
    agenda: [here, there]
    breakdown: {hazard: 0.01, sets: {}}
outcomes: {agreed: {not: {here: 0.5, there: 0.5}}}
"""

FRONT = """\
title: A front that moves
assumption: a test
period: month
horizon: 24
actors:
  A: {discount: 0.98}
  B:
    discount: 0.97
    types: {aims: {settle: {probability: 0.7}, win: {probability: 0.3, scale: {war: -0.5}}}}
issues:
  peace: {levels: {war: 0, pause: 0.4, peace: 1}, start: war}
  price: {levels: {none: 0, some: 0.5, full: 1}, start: none}
stocks:
  front:
    start: {uniform: {low: 0.3, high: 0.6}}
    range: [0, 1]
    change: [{by: -0.02, when: {peace: {below: peace}}}]
interests:
  A:
    - {term: peace, form: linear, of: peace, weight: {uniform: {low: 0.2, high: 0.8}}}
    - {term: paid, form: linear, of: price, weight: {uniform: {low: -0.6, high: -0.2}}}
    - {term: land, form: linear, of: front, weight: {uniform: {low: 0.2, high: 0.8}}}
  B:
    - {term: war, form: constant, weight: {uniform: {low: -0.5, high: -0.1}}, when: {peace: {below: peace}}}
    - {term: price, form: linear, of: price, weight: {uniform: {low: 0.2, high: 0.8}}}
    - {term: line, form: product, of: [peace, front], weight: {uniform: {low: -0.8, high: -0.2}}}
tables:
  talks:
    parties: [A, B]
    protocol: {alternating_offers: {first: A}}
    agenda: [peace, price]
    require: {peace: {at_least: pause}}
    breakdown: {hazard: 0.02, sets: {peace: war}}
outcomes:
  peace: {peace: peace}
  paid: {peace: {at_least: pause}, price: {at_least: some}}
  late: {ever: {front: {below: 0.2}}, before: {peace: peace}}
report: [front, A, B]
"""

BAZAAR = """\
title: Three parties and four issues, nothing moves
assumption: a test
horizon: 12
actors:
  A: {discount: 0.95, types: {mood: {open: {probability: 0.6}, shut: {probability: 0.4, scale: {a1: -0.5, a2: 2}}}}}
  B: {discount: {uniform: {low: 0.9, high: 0.99}}, resolve: {uniform: {low: 0, high: 0.3}}}
  C: {discount: 0.9, types: {need: {poor: {probability: 0.5}, rich: {probability: 0.5, set: {c1: 0.05}}}}}
issues:
  one:   {levels: {low: 0, high: 1}, start: low, claims: [P1]}
  two:   {levels: {low: 0, mid: 0.4, high: 1}, start: mid}
  three: {levels: {low: 0, mid: 0.5, high: 1}, start: low, irreversible: true}
  four:  {levels: {low: 0, high: 1}, start: high, claims: [P2, D2]}
interests:
  A:
    - {term: a1, form: linear, of: one, weight: {uniform: {low: -0.2, high: 1}}}
    - {term: a2, form: linear, of: two, weight: {uniform: {low: -1, high: 0.2}}, claims: [P1]}
    - {term: a3, form: product, of: [three, four], weight: {uniform: {low: -0.5, high: 1}}}
  B:
    - {term: b1, form: linear, of: one, weight: {uniform: {low: -1, high: 0.3}}}
    - {term: b2, form: ideal, of: two, at: 1, weight: {uniform: {low: 0, high: 1}}, claims: [P2, D3]}
    - {term: b3, form: threshold, of: three, at: 0.5, weight: {uniform: {low: -0.3, high: 1}}}
  C:
    - {term: c1, form: linear, of: three, weight: {uniform: {low: -0.1, high: 1}}}
    - {term: c2, form: linear, of: four, weight: {uniform: {low: -1, high: 0.2}}, claims: [T3]}
    - {term: c3, form: constant, weight: {uniform: {low: -0.5, high: 0.5}}, when: {two: {at_least: mid}, one: low}}
tables:
  talks:
    parties: [A, B, C]
    protocol: {alternating_offers: {first: A}}
    agenda: [one, two, three, four]
    require: {any: [{two: {at_least: mid}}, {one: high}]}
    forbid: [{when: {three: high, four: low}, claims: [A5]}]
outcomes: {moved: {any: [{one: high}, {three: {at_least: mid}}]}}
"""


def draws_of(loaded: Loaded, worlds: int, seed: int = 1, rule: ClaimRule | None = None) -> Draws:
    """The draws of a run's first block (worlds ≤ 1,000)."""
    return draw(loaded.scenario, loaded.claims, rule or ClaimRule(), seed, 0, slice(0, worlds))


def negotiation(text: str | Loaded, worlds: int = 300, seed: int = 1, sets: tuple[str, ...] = ()) -> Negotiation:
    """The model of a run's first worlds, to be stepped."""
    loaded = text if isinstance(text, Loaded) else loads(text, overrides=sets)
    return Negotiation(loaded.scenario, draws_of(loaded, worlds, seed))
