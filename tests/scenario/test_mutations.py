"""Whatever happens to a valid file, it loads or is told what is wrong and where; never another exception."""

import copy
from pathlib import Path

import pytest
from every_feature import EVERY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim
from sim.errors import ScenarioError
from sim.scenario.loader import loads
from sim.scenario.overrides import dump
from sim.scenario.reading import read

FILES = [
    *sorted((Path(sim.__file__).parents[1] / "scenarios").rglob("[!c]*.yaml")),
    Path(sim.__file__).parent / "cli" / "template.yaml",
]
TEXTS = [*(f.read_text(encoding="utf-8") for f in FILES), EVERY]
SNIPPETS = [
    *"{}[]:,-?&*!|>'\"%@`#~\t\n 0.",
    *(
        ": ",
        "- ",
        "\n  ",
        "---\n",
        "...",
        "&a ",
        "*a",
        "!!float ",
        "<<: ",
        "null",
        ".nan",
        ".inf",
        "1e400",
        "-1",
        "yes",
    ),
    *("{uniform: {low: 2, high: 1}}", "[]", "{}", "not", "any: ", "é", "\u2028", "\x00", "\ud800", "\ufeff", "9" * 400),
]
SCALARS = st.sampled_from([None, True, "", "x", "none", "yes", -1, 0, 1, 7, 0.5, 1.5, 1e90, -1e90, 10**9, "P1", "RUS"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["uniform", "low", "high", "at_least", "any", "not", "points", "form", "x"]), inner
        )
    ),
    max_leaves=4,
)


def holds(text: str) -> None:
    try:
        loads(text, "f.yaml")
    except ScenarioError as error:
        assert error.problems
        assert all(p.line >= 1 and p.column >= 1 and p.message for p in error.problems)
        assert "Traceback" not in str(error)


def paths(data, here=()):
    yield here
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from paths(value, (*here, key))


@st.composite
def mutated_texts(draw):
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 3))):
        a = draw(st.integers(0, len(text)))
        b = min(len(text), a + draw(st.integers(0, 40)))
        with_what = draw(st.sampled_from(["cut", "insert", "repeat", "replace"]))
        piece = draw(st.sampled_from(SNIPPETS))
        middle = {"cut": "", "insert": piece + text[a:b], "repeat": text[a:b] * 2, "replace": piece}[with_what]
        text = text[:a] + middle + text[b:]
    return text


@st.composite
def mutated_data(draw):
    data = copy.deepcopy(read(draw(st.sampled_from(TEXTS)), "f").data)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from([p for p in paths(data) if p]))
        holder = data
        for part in path[:-1]:
            holder = holder[part]
        what = draw(st.sampled_from(["replace", "delete", "rename", "copy"]))
        if what == "delete":
            del holder[path[-1]]
        elif what == "rename" and isinstance(holder, dict):
            holder[draw(st.sampled_from(["x", "1", "", "any", "term", "form", "A", "deal"]))] = holder.pop(path[-1])
        elif what == "copy" and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[path[-1]]))
        else:
            holder[path[-1]] = draw(VALUES)
        if not data:
            break
    return data


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated_texts())
def test_a_mutated_text_loads_or_is_told_where_it_is_wrong(text):
    holds(text)


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated_data())
def test_a_mutated_tree_loads_or_is_told_where_it_is_wrong(data):
    holds(dump(data))


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(max_size=8), VALUES | st.text(max_size=8)))
def test_what_is_dumped_reads_back(data):
    try:
        assert read(dump(data), "f").data == data
    except ScenarioError as error:  # characters that YAML escapes but that no text should hold
        assert "not a text file" in str(error) or "not valid YAML" in str(error)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_every_file_survives_dumping(file):
    text = file.read_text(encoding="utf-8")
    data = read(text, "f").data
    assert read(dump(data), "f").data == data
    assert loads(dump(data)).scenario == loads(text).scenario
