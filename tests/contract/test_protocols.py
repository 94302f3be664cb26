"""One contract for every protocol: a file in `sim/protocols` is tested here without being named."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from pydantic_core import PydanticUndefined

from sim.errors import ScenarioError
from sim.scenario.loader import loads
from sim.scenario.tables import PROTOCOLS

PARTIES = ("A", "B", "C")
GAME = """\
title: A pie
assumption: a test
horizon: 8
normalise: false
actors:
  A: {{discount: 0.9}}
  B: {{discount: 0.8, resolve: {{uniform: {{low: 0, high: 0.5}}}}}}
  C: {{discount: 0.95, resolve: 0}}
issues:
  deal: {{levels: {{no: 0, yes: 1}}, start: no}}
  a: {{levels: {{from: 0, to: 1, steps: 5}}, start: 0}}
  b: {{levels: {{from: 0, to: 1, steps: 5}}, start: 0}}
interests:
  A: [{{term: mine, form: product, of: [deal, a], weight: 1}}]
  B: [{{term: mine, form: product, of: [deal, b], weight: 1}}]
  C:
    - {{term: pie, form: linear, of: deal, weight: 1}}
    - {{term: a, form: product, of: [deal, a], weight: -1}}
    - {{term: b, form: product, of: [deal, b], weight: -1}}
tables:
  pie:
    parties: [A, B, C]
    protocol: {protocol}
    agenda: [deal, a, b]
    require: {{deal: yes}}
    deadline: 6
outcomes: {{agreed: {{deal: yes}}}}
"""


def example(rule: type) -> dict:
    """Field values that fit the protocol: a party for a name, odds for a mapping, 1 for a number."""
    given = {}
    for name, field in rule.model_fields.items():
        if field.default is not PydanticUndefined:
            continue
        if field.annotation is str:
            given[name] = "A"
        elif field.annotation in (int, float):
            given[name] = 1
        else:
            given[name] = {"A": 0.5, "B": 0.3, "C": 0.2}
    return given


@pytest.fixture(params=sorted(PROTOCOLS))
def protocol(request):
    rule = PROTOCOLS[request.param]
    return request.param, rule, example(rule)


def test_there_are_protocols():
    assert {"ultimatum", "alternating_offers", "random", "salami", "simultaneous"} <= set(PROTOCOLS)


def test_recognition_is_a_distribution_that_repeats_after_its_cycle(protocol):
    _, rule, given = protocol
    one = rule(**given)
    cycle = one.cycle(PARTIES)
    assert cycle >= 1
    rounds = [one.recognition(m, PARTIES) for m in range(3 * cycle)]
    for m, odds in enumerate(rounds):
        assert len(odds) == len(PARTIES) and all(0 <= p <= 1 for p in odds)
        assert sum(odds) == pytest.approx(1)
        assert odds == rounds[m % cycle]


def test_who_all_demand_at_once_are_recognised_alike(protocol):
    _, rule, given = protocol
    one = rule(**given)
    assert one.most is None or one.most >= 1
    if one.joint:
        assert set(one.recognition(0, PARTIES)) == {1 / len(PARTIES)} and one.cycle(PARTIES) == 1


def test_shares_are_the_long_run_of_recognition(protocol):
    _, rule, given = protocol
    one = rule(**given)
    shares = one.shares(PARTIES)
    assert sum(shares) == pytest.approx(1)
    long_run = np.mean([one.recognition(m, PARTIES) for m in range(60 * one.cycle(PARTIES))], axis=0)
    np.testing.assert_allclose(shares, long_run)


def test_it_says_its_rule_and_its_source(protocol):
    name, rule, _ = protocol
    module = __import__(rule.__module__, fromlist=["x"])
    assert module.__doc__ and module.__doc__.split(":")[0].strip().lower().replace(" ", "_") == name
    assert rule.__doc__ and re.search(r"\b(19|20)\d\d\b", rule.__doc__), f"{name}: no year in the docstring"


def test_it_is_final_and_frozen(protocol):
    _, rule, given = protocol
    assert not rule.__subclasses__()
    one = rule(**given)
    assert one == rule(**given) and hash(one) == hash(rule(**given))


def test_a_small_game_under_it_ends_and_shares_what_there_is(protocol, play):
    name, rule, given = protocol
    found = play(GAME.format(protocol=json.dumps({name: given}).replace('"', "")), 200)
    status, agreed = found["table.pie.status"], found["outcome.agreed"]
    assert set(status) <= {"deal", "expired"} and agreed.any()
    since = found["table.pie.deal_period"]
    assert since.max() <= 6 and ((since > 0) == agreed).all()
    a, b = (found[f"level.{i}"].astype(float) for i in "ab")
    assert (a + b <= 1 + 1e-9)[agreed].all()  # C would not assent to owing
    if rule.reopens:  # later deals moved the shares again
        return
    flows = {"A": a, "B": b, "C": 1 - a - b}
    for actor, delta in (("A", 0.9), ("B", 0.8), ("C", 0.95)):
        by_hand = np.where(agreed, delta ** (since - 1.0) * flows[actor], 0)
        np.testing.assert_allclose(found[f"value.{actor}"], by_hand, atol=1e-12)


def test_it_may_name_only_parties(protocol):
    name, _, given = protocol
    named = [k for k, v in given.items() if v == "A"]
    wrong = GAME.format(protocol=json.dumps({name: given | dict.fromkeys(named, "Z")}).replace('"', ""))
    if named:
        with pytest.raises(ScenarioError, match="Z"):
            loads(wrong)
