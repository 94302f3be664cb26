"""A game in which every protocol and every feature of a table can be played: a pie for three, a war that goes on
without a deal, a stranger with an interest in it, and a second table."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np

from sim.errors import ScenarioError
from sim.model import Negotiation
from sim.montecarlo.draws import ClaimRule, Draws, draw
from sim.scenario.loader import Loaded, loads
from sim.scenario.tables import PROTOCOLS, STRATEGIES, Table

HORIZON, DELTA = 5, 0.9
CLAIM = "P2"  # as likely true as not, and at these tables nothing else rests on it
GAME = """\
title: A pie for three
assumption: a test
horizon: 5
normalise: false
actors:
  A: {discount: 0.9}
  B:
    discount: 0.9
    types: {will: {soft: {probability: 0.6}, hard: {probability: 0.4, scale: {war: -0.5}}}}
  C: {discount: 0.9}
  D: {discount: 0.9, types: {lean: {to_a: {probability: 0.5}, to_b: {probability: 0.5, scale: {a: -1}}}}}
issues:
  deal:  {levels: {no: 0, yes: 1}, start: no}
  split: {levels: {among: 3, steps: 4}, start: 0/0/1}
  ruin:  {levels: {no: 0, yes: 1}, start: no, irreversible: true}
  pact:  {levels: {no: 0, yes: 1}, start: no}
stocks:
  tide: {start: {uniform: {low: 0, high: 1}}, change: [{by: {normal: {mean: 0.03, sd: 0.1}}, when: {deal: no}}]}
interests:
  A:
    - {term: a, form: share, of: split, part: 1, among: 3, steps: 4, weight: 1, when: {deal: yes}}
    - {term: war, form: constant, weight: -0.1, when: {deal: no}}
    - {term: tide, form: linear, of: tide, weight: 0.1}
    - {term: ruin, form: linear, of: ruin, weight: -0.2}
  B:
    - {term: b, form: share, of: split, part: 2, among: 3, steps: 4, weight: 1, when: {deal: yes}}
    - {term: war, form: constant, weight: -0.2, when: {deal: no}}
    - {term: tide, form: linear, of: tide, weight: -0.1}
    - {term: ruin, form: linear, of: ruin, weight: {uniform: {low: -0.2, high: 0.6}}}
    - {term: pact, form: product, of: [deal, pact], weight: 0.2}
  C:
    - {term: c, form: share, of: split, part: 3, among: 3, steps: 4, weight: 1, when: {deal: yes}}
    - {term: war, form: constant, weight: -0.1, when: {deal: no}}
    - {term: pact, form: product, of: [deal, pact], weight: -0.2}
  D:
    - {term: a, form: share, of: split, part: 1, among: 3, steps: 4, weight: -0.5, when: {deal: yes}}
    - {term: war, form: constant, weight: -0.1, when: {deal: no}}
    - {term: pact, form: product, of: [deal, pact], weight: 0.4}
tables:
  main:
    agenda: [deal, split]
LINES
  side:
    parties: [B, D]
    protocol: {ultimatum: {by: D}}
    agenda: [pact]
    lookahead: 2
events: {storm: {hazard: {along: tide, at_low: 0, at_high: 0.2}, sets: {ruin: yes}}}
outcomes: {agreed: {deal: yes}}
"""
BASE = {
    "parties": "[A, B, C]",
    "protocol": "{alternating_offers: {first: A}}",
    "require": "{deal: yes}",
    "lookahead": "3",
}
# what each key of a table adds: name -> lines of the table; those that rest on claims say `CLAIMS`
FEATURES: dict[str, dict[str, str]] = {
    "plain": {},
    "two parties": {"parties": "[A, B]"},
    "assent: quota": {"assent": "{quota: 2}"},
    "assent: weights": {"assent": "{quota: 3, weights: {A: 2}}"},
    "assent: veto": {"assent": "{quota: 2, veto: [B]}"},
    "require": {"require": "{deal: yes, tide: {below: 0.8}}"},
    "forbid": {"forbid": "[{when: {split: [0.5/0.5/0, 0.5/0.25/0.25], tide: {at_least: 0.3}}, CLAIMS}]"},
    "opens": {"opens": "{when: {tide: {at_least: 0.5}}, CLAIMS}"},
    "deadline": {"deadline": "3"},
    "lookahead": {"lookahead": "2"},
    "consent": {"consent": "{D: {on: [split], CLAIMS}}"},
    "breakdown": {"breakdown": "{hazard: {uniform: {low: 0, high: 0.6}}, sets: {ruin: yes}, CLAIMS}"},
    "breakdown: along": {"breakdown": "{hazard: {along: tide, at_low: 0, at_high: 0.4}, sets: {ruin: yes}, CLAIMS}"},
    "walk_away": {"walk_away": "{by: B, sets: {ruin: yes}, CLAIMS}"},
    "reopens": {"reopens": "true"},
    "lapses": {"lapses": "{deal: 2, split: 2}"},
    "renege": {"renege": "{A: {sets: {split: 1/0/0}, penalty: 0.05, CLAIMS}, B: {sets: {split: 0/1/0}, CLAIMS}}"},
    "guarantor": {
        "renege": "{A: {sets: {split: 1/0/0}, assumption: a test}}",
        "guarantor": "{by: D, penalty: 0.3, CLAIMS}",
    },
    "mediator": {"mediator": "{by: D, accuracy: 0.8, CLAIMS}"},
    "mediator: about": {"mediator": "{by: D, accuracy: 0.9, about: {actor: B, type: will}, CLAIMS}"},
    "secret": {"secret": "{revealed: {hazard: 0.3}, CLAIMS}"},
    "foresees": {"foresees": "[side]"},
    "payments": {"payments": "{most: 0.3, steps: 1, CLAIMS}"},
    "beliefs": {"beliefs": "grid", "parties": "[A, B]", "protocol": "{ultimatum: {by: A}}", "deadline": "3"},
}
CERTAIN = ("actors.A.resolve=0", "actors.B.resolve=0", "actors.C.resolve=0")  # `beliefs: grid` needs the first two
STRATEGY = {"scripted": {"puts": [{"split": "0.5/0.5/0"}, {"split": "0.25/0.5/0.25"}], "accepts": {"deal": "yes"}}}
PLAIN_KEYS = {"about", "parties", "protocol", "agenda", "strategies"}


def example(rule: type) -> dict[str, Any]:
    """Field values that fit a protocol: a party for a name, odds for a mapping, 1 for a number."""
    odds = {"A": 0.5, "B": 0.3, "C": 0.2}
    needed = {k: f.annotation for k, f in rule.model_fields.items() if f.is_required()}
    return {k: "A" if kind is str else 1 if kind in (int, float) else odds for k, kind in needed.items()}


def protocols(parties: str = "[A, B, C]") -> dict[str, str]:
    """Every protocol as it stands in a file."""
    found = {}
    for name, rule in sorted(PROTOCOLS.items()):
        given = example(rule)
        for k, v in given.items():
            if isinstance(v, dict) and "C" not in parties:
                given[k] = {"A": 0.6, "B": 0.4}
        found[name] = json.dumps({name: given}).replace('"', "")
    return found


def strategies() -> dict[str, str]:
    """Every strategy as it stands in a file."""
    found = {}
    for name, rule in sorted(STRATEGIES.items()):
        given = STRATEGY.get(name, {k: 1 for k, f in rule.model_fields.items() if f.is_required()})
        found[name] = json.dumps({name: given}).replace('"', "")
    return found


def lines(*features: str, protocol: str | None = None, **more: str) -> dict[str, str]:
    """The table's keys with some features."""
    keys = dict(BASE)
    for feature in features:
        keys |= FEATURES[feature]
    if protocol is not None and "beliefs" not in features:
        keys["protocol"] = protocols(keys["parties"])[protocol]
    return keys | more


def text(keys: dict[str, str], claims: str = "assumption: a test") -> str:
    found = "\n".join(f"    {k}: {v}" for k, v in keys.items()).replace("CLAIMS", claims)
    return GAME.replace("LINES", found)


@cache
def load(written: str, sets: tuple[str, ...] = ()) -> Loaded | None:
    """The scenario; None where `check` says that its parts can't stand together."""
    try:
        return loads(written, overrides=sets + (CERTAIN if "beliefs: grid" in written else ()))
    except ScenarioError as error:
        if "can't stand beside" in str(error) or "goes on after each deal" in str(error):
            return None
        raise


def draws_of(loaded: Loaded, part: slice = slice(0, 24), seed: int = 1) -> Draws:
    return draw(loaded.scenario, loaded.claims, ClaimRule(), seed, 0, part)


def uncovered() -> set[str]:
    """Keys of a table that no feature here uses."""
    return set(Table.model_fields) - PLAIN_KEYS - {k for keys in FEATURES.values() for k in keys}


def total_flow(m: Negotiation) -> np.ndarray:
    """What A, B and C have together in a period (N,): the pie once there is a deal, what the war costs until then, and
    what ruin brings; tide and pact only move it about."""
    levels = {i: m.state.levels[:, k] for i, k in m.layout.issues.items()}
    hard = m.actor("B").kind == 1
    war = -0.1 - np.where(hard, -0.1, 0.2) - 0.1
    ruin = -0.2 + m.draws.weights["B", "ruin"]
    return np.where(levels["deal"] == 1, 1.0, war) + levels["ruin"] * ruin
