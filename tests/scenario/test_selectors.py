"""Selectors: what is read from a mapping, and what the loader makes of conditions on other tables' issues."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.base import Names
from sim.scenario.levels import Levels
from sim.scenario.selectors import ALWAYS, All, Any_, Condition, Not, parse, variables

NAMES = Names(issues={"peace": Levels(("none", "part", "full"), (0.0, 0.5, 1.0))}, stocks={"front"})
LINES = st.one_of(
    st.sampled_from(["none", "part", "full", ["none", "full"], {"at_least": "part"}, {"below": "full"}]).map(
        lambda v: ("peace", v)
    ),
    st.sampled_from([0.5, {"at_least": 0.2}, {"between": [0.1, 0.9]}]).map(lambda v: ("front", v)),
)
SELECTORS = st.recursive(
    st.lists(LINES, max_size=2).map(dict),
    lambda inner: st.builds(
        lambda lines, any_, not_: dict(lines) | {"any": any_, "not": not_},
        st.lists(LINES, max_size=2),
        st.lists(inner, min_size=1, max_size=3),
        inner,
    ),
    max_leaves=6,
)


def mentioned(data):
    if isinstance(data, list):
        return set().union(*map(mentioned, data))
    if not isinstance(data, dict):
        return set()
    names = {k for k in data if k in ("peace", "front")}
    return names.union(*(mentioned(v) for k, v in data.items() if k in ("any", "not")))


@given(SELECTORS)
def test_a_valid_selector_reads_without_complaint_and_knows_its_variables(data):
    found = []
    selector = parse(data, NAMES, (), found)
    assert found == []
    assert variables(selector) == mentioned(data)
    assert parse(data, NAMES, (), []) == selector
    hash(selector)


@given(SELECTORS, st.sampled_from(["peac", "frnt", "", "x"]))
def test_an_unknown_name_is_told_at_any_depth(data, name):
    found = []
    parse({"not": {"any": [data, {name: 1}]}}, NAMES, ("when",), found)
    assert [path for path, _ in found] == [("when", "not", "any", 1, name)]


@pytest.mark.parametrize(
    ("data", "selector"),
    [
        ({}, ALWAYS),
        ({"peace": "full"}, Condition("peace", "is", ("full",))),
        ({"peace": 1}, Condition("peace", "is", ("full",))),
        ({"peace": {"between": ["none", "part"]}}, Condition("peace", "between", ("none", "part"))),
        ({"front": {"below": 1}}, Condition("front", "below", (1.0,))),
        ({"not": {"peace": "full"}}, Not(Condition("peace", "is", ("full",)))),
        ({"any": [{"peace": "none"}, {}]}, Any_((Condition("peace", "is", ("none",)), ALWAYS))),
        ({"peace": "full", "front": 0}, All((Condition("peace", "is", ("full",)), Condition("front", "is", (0.0,))))),
    ],
)
def test_what_a_mapping_means(data, selector):
    assert parse(data, NAMES, (), []) == selector


@pytest.mark.parametrize(
    ("data", "path", "fragment"),
    [
        ({"peace": "fulll"}, ("peace",), "did you mean 'full'?"),
        ({"peace": ["full", "noe"]}, ("peace", 1), "did you mean 'none'?"),
        ({"peace": {"at_last": "full"}}, ("peace",), "did you mean 'at_least'?"),
        ({"peace": {"at_least": "fall"}}, ("peace", "at_least"), "'fall' is not a level"),
        ({"peace": {"between": "full"}}, ("peace", "between"), "[low, high]"),
        ({"peace": {"between": ["full", "part"]}}, ("peace", "between"), "got 'full' above 'part'"),
        ({"front": {"between": [0.5, 0.2]}}, ("front", "between"), "got 0.5 above 0.2"),
        ({"peace": []}, ("peace",), "empty list"),
        ({"peace": True}, ("peace",), "true is not a level"),
        ({"front": {"below": "half"}}, ("front", "below"), "compared with numbers"),
        ({"any": {}}, ("any",), "a list of selectors"),
        ({"not": 3}, ("not",), "a mapping of conditions"),
    ],
)
def test_what_is_wrong_is_told_with_its_path(data, path, fragment):
    found = []
    parse(data, NAMES, (), found)
    assert [p for p, _ in found] == [path]
    assert fragment in found[0][1]
