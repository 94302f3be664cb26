"""One contract for every form of an interest: a file in `sim/payoff/forms` is tested here without being named."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from pydantic_core import PydanticUndefined

from sim.errors import ScenarioError
from sim.scenario.loader import loads
from sim.scenario.schema import FORMS
from sim.scenario.selectors import Condition

KNOWN = {"constant", "linear", "ideal", "threshold", "product", "decaying", "regard"}
VALUES = {"of": "town", "at": 0.5, "half_life": 3, "since": {"town": "big"}, "actor": "B"}
VALUES |= {"part": 1, "among": 2, "steps": 2}  # three levels are the divisions in halves among two
GAME = """\
title: One of each form
assumption: a test
horizon: 5
actors: {{A: {{discount: 0.9}}, B: {{discount: 0.9}}}}
issues: {{town: {{levels: {{none: 0, small: 0.5, big: 1}}, start: none}}}}
stocks:
  river: {{start: {{uniform: {{low: 0.2, high: 0.8}}}}, change: [{{by: {{normal: {{mean: 0.05, sd: 0.1}}}}}}]}}
interests:
  A: [{term}, {{term: rest, form: linear, of: town, weight: {{uniform: {{low: -1, high: 1}}}}}}]
  B:
    - {{term: town, form: linear, of: town, weight: {{uniform: {{low: -1, high: 1}}}}}}
    - {{term: river, form: linear, of: river, weight: 1}}
tables:
  talks: {{parties: [A, B], protocol: {{alternating_offers: {{first: A}}}}, agenda: [town]}}
outcomes: {{town: {{town: {{at_least: small}}}}}}
"""


def example(name: str) -> dict:
    """A term of the form, with every field that it needs."""
    given: dict = {"term": "one", "form": name, "weight": {"uniform": {"low": -1, "high": 1}}}
    for key, field in FORMS[name].model_fields.items():
        if key in given or field.default is not PydanticUndefined or not field.is_required():
            continue
        several = "tuple" in str(field.annotation)
        given[key] = ["town", "river"] if several else VALUES[key]
    return given


def text(name: str, **more) -> str:
    return GAME.format(term=json.dumps(example(name) | more).replace('"', ""))


@pytest.fixture(params=sorted(FORMS))
def form(request):
    return request.param


def test_the_language_has_its_forms():
    assert set(FORMS) >= KNOWN


def test_it_says_what_it_is(form):
    module = __import__(FORMS[form].__module__, fromlist=["x"])
    assert module.__doc__ and module.__doc__.startswith(f"{form}: ")
    assert FORMS[form].__doc__ and "φ" in FORMS[form].__doc__


def test_its_factors_take_arrays_of_any_shape(form):
    interest = loads(text(form)).scenario.interests["A"][0]
    for factor in interest.factors():
        for x in (np.linspace(0, 1, 7), np.linspace(0, 1, 12).reshape(3, 4), np.zeros((0,))):
            value = np.asarray(factor.shape(x))
            assert value.shape == x.shape and np.isfinite(value).all()
        line = np.linspace(0, 1, 7)
        assert factor.linear == (np.asarray(factor.shape(line)) == line).all()
        assert factor.variable in ("town", "river")
    assert (interest.regards() is None) == (form != "regard")
    decay = interest.decay()
    assert decay is None or 0 < decay.ratio < 1


SHAPES = {  # at 0.2, 0.5 − 1e-13, 0.5, 0.9: half a level is a level of the town
    "ideal": [-0.3, 0, 0, -0.4],
    "threshold": [0, 1, 1, 1],
    "linear": [0.2, 0.5, 0.5, 0.9],
    "decaying": [0.2, 0.5, 0.5, 0.9],
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_what_its_page_says(name):
    (factor,) = loads(text(name)).scenario.interests["A"][0].factors()
    np.testing.assert_allclose(factor.shape(np.array([0.2, 0.5 - 1e-13, 0.5, 0.9])), SHAPES[name], atol=1e-12)


def test_what_decays_halves_in_its_half_life():
    decay = loads(text("decaying")).scenario.interests["A"][0].decay()
    assert decay.ratio**3 == pytest.approx(0.5) and decay.since == Condition("town", "is", ("big",))


@pytest.mark.parametrize("part", [1, 2, 3])
def test_a_share_is_what_the_name_of_the_division_says(part):
    """A level of `{among: 3, steps: 4}` is named 0.5/0.25/0.25; values lie evenly between 0 and 1, as levels' do."""
    split = GAME.replace("{{none: 0, small: 0.5, big: 1}}", "{{among: 3, steps: 4}}").replace(
        "start: none", "start: 0/0/1"
    )
    split = split.replace("small}}}}", "0.5/0.5/0}}}}")
    term = {"term": "one", "form": "share", "of": "town", "part": part, "among": 3, "steps": 4, "weight": 1}
    scenario = loads(split.format(term=json.dumps(term).replace('"', ""))).scenario
    (factor,) = scenario.interests["A"][0].factors()
    levels = scenario.issues["town"].levels
    named = [float(name.split("/")[part - 1]) for name in levels.names]
    np.testing.assert_allclose(factor.shape(np.array(levels.values)), named)


def test_a_scenario_with_it_plays(form, play):
    found = play(text(form), 150)
    assert np.isfinite(found.filter(regex=r"^(value|stock)\.")).all(axis=None)
    assert found["value.A"].nunique() > 1


def test_it_counts(form, play):
    """With and without the term the path is worth something else to its owner."""
    one, none = play(text(form), 100), play(text(form, weight=0), 100)
    assert (one["value.A"] != none["value.A"]).any()


def test_what_it_needs_is_asked_for(form):
    needed = [k for k, f in FORMS[form].model_fields.items() if f.is_required() and k != "form"]
    assert {"term", "weight"} <= set(needed)
    for key in needed:
        term = {k: v for k, v in example(form).items() if k != key}
        with pytest.raises(ScenarioError, match=rf"<text>:\d+:\d+: error: .*{re.escape(key)}"):
            loads(GAME.format(term=json.dumps(term).replace('"', "")))
