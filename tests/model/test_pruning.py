"""Leaving out dominated packages changes nothing: the same values, the same packages put, the same play, to the bit."""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from random import Random
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import DOLLAR, draws_of

from sim import pruning, solution
from sim.beliefs import TIE
from sim.cells import Cells
from sim.scenario.loader import loads
from sim.simulate import simulate

LEVELS = [{"no": 0, "yes": 1}, {"none": 0, "some": 0.5, "all": 1}, {"a": 0, "b": 0.25, "c": 0.5, "d": 0.75, "e": 1}]
RESOLVES = [
    0,
    0.2,
    {"uniform": {"low": 0, "high": 0.4}},
    {"uniform": {"low": 0.1, "high": 0.3}},
    {"normal": {"mean": 0.2, "sd": 0.03}},
    {"choice": {0: 0.3, 0.12: 0.4, 0.4: 0.3}},
]
WEIGHTS = [-1, -0.5, 0, 0.5, 0.5, 1, {"uniform": {"low": -1, "high": 1}}, {"uniform": {"low": -1, "high": 1}}]
SOFT, ODDS = {"probability": 0.6}, 0.4


def scenario(r: Random) -> str:
    """A table that may be pruned: few issues, many ties, types, up to three parties, a stock that may move."""
    actors = ["A", "B", "C"][: r.choice([2, 2, 3])]
    issues = [f"i{k}" for k in range(r.choice([2, 2, 3]))]
    levels = {i: r.choice(LEVELS) for i in issues}
    moves = r.random() < 0.6
    terms: dict[str, list[dict]] = {}
    for a in actors:
        terms[a] = [{"term": f"{a}{i}", "form": "linear", "of": i, "weight": r.choice(WEIGHTS)} for i in issues]
        if moves:
            for i in r.sample(issues, r.choice([0, 1, 2])):
                of = {"form": "product", "of": [i, "front"]}
                terms[a].append({"term": f"{a}{i}_there", **of, "weight": r.choice(WEIGHTS)})
            terms[a].append({"term": f"{a}_line", "form": "linear", "of": "front", "weight": r.choice(WEIGHTS)})
    people: dict[str, dict] = {a: {"discount": r.choice([0.6, 0.9, 0.98])} for a in actors}
    for a, actor in people.items():
        if r.random() < 0.7:
            actor["resolve"] = r.choice(RESOLVES)
        if r.random() < 0.3:
            hard = {"scale": {terms[a][0]["term"]: r.choice([-1, 0, 2])}}
            actor["types"] = {"aims": {"soft": SOFT, "hard": {"probability": ODDS} | hard}}
    one = r.choice(actors)
    protocols = [{"alternating_offers": {"first": one}}] * 3 + [{"ultimatum": {"by": one}}]
    protocols += [{"random": {actors[0]: 0.75, actors[1]: 0.25}}, {"salami": {"demands": one}}]
    table = {"parties": actors, "protocol": r.choice(protocols), "agenda": issues, "lookahead": r.choice([2, 4, 6])}
    if r.random() < 0.4:
        table["deadline"] = r.choice([2, 3, 8])
    if r.random() < 0.4:
        table["breakdown"] = {"hazard": 0.1, "sets": {issues[0]: r.choice(list(levels[issues[0]]))}}
    if len(actors) == 3 and r.random() < 0.5:
        table["assent"] = r.choice([{"quota": 2}, {"quota": 3, "weights": {one: 2}}, {"quota": 2, "veto": [one]}])
    elif r.random() < 0.2:
        table["walk_away"] = {"by": one, "sets": {}}
    return json.dumps({
        "title": "Random",
        "assumption": "drawn at random",
        "horizon": 5,
        "actors": people,
        "issues": {i: {"levels": levels[i], "start": r.choice(list(levels[i]))} for i in issues},
        "interests": terms,
        "tables": {"talks": table},
    } | ({"stocks": {"front": stock(r, issues[0], list(levels[issues[0]])[-1])}} if moves else {}))  # fmt: skip


def stock(r: Random, issue: str, top: str) -> dict:
    lines = [{"by": r.choice([-0.1, 0.05, 0.3]), "when": {issue: {"below": top}}}, {"by": r.choice([-0.02, 0.03])}]
    return {"start": 0.5, "range": [0, 1], "change": lines[: r.choice([1, 2])]}


@contextmanager
def pruning_as(prune, always=True):
    """Play with another rule of what is left out; `always`: as thoroughly as it can, worth while or not."""
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(solution, "undominated", prune))
        for name in ("WORTH", "ROUND") if always else ():
            stack.enter_context(mock.patch.object(pruning, name, -(10**9)))
        yield


def played(text: str, prune, worlds: int = 20):
    """A block's columns, V of every solution, and the packages (world, package) that could be put in each."""
    loaded, values, put = loads(text), [], []
    solve, winners = solution.solve, Cells.winners

    def solving(*args, **options):
        found = solve(*args, **options)
        values.append(np.concatenate([v for at in found.values[1:] for v in at]))
        return found

    def winning(cells, score, least):
        found = winners(cells, score, least)
        put.append(np.stack([found.row, cells.package[found.cell]]))
        return found

    with pruning_as(prune), mock.patch("sim.round.solve", solving), mock.patch.object(Cells, "winners", winning):
        return simulate(loaded.scenario, draws_of(loaded, worlds)), values, put


def everything(game, cells, periods):
    return cells


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(st.randoms(use_true_random=False))
def test_nothing_changes_without_dominated_packages(r):
    text = scenario(r)
    before, after = played(text, everything), played(text, pruning.undominated)
    for name, column in before[0].items():
        np.testing.assert_array_equal(column, after[0][name], name)
    for name, some, others in zip(("V", "packages put"), before[1:], after[1:], strict=True):
        assert len(some) == len(others)
        for one, other in zip(some, others, strict=True):
            np.testing.assert_array_equal(one, other, name)


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=False))
def test_what_is_dropped_is_beaten_by_something_whenever_it_is_agreed(r):
    """Checked package by package on values laid out in full."""

    def checked(game, cells, periods):
        left, fc = pruning.undominated(game, cells, periods), game.fc
        kept = set(zip(left.row.tolist(), left.package.tolist(), strict=True))
        for row, package in set(zip(cells.row.tolist(), cells.package.tolist(), strict=True)) - kept:
            better = np.ones(fc.menu.packages.count, bool)
            for i, b in enumerate(game.beliefs):
                for k in range(len(b.odds)):
                    for t in range(fc.steps + 1):
                        a = fc.kept[i].at(k, t)[row]
                        better &= a > a[package] + TIE * b.stakes[row]
            assert any(better[p] for p in cells.package[cells.row == row])
        return left

    played(scenario(r), checked, worlds=5)


SHARED = """
title: A common interest and a pie
assumption: a test
horizon: 3
actors:
  A: {discount: 0.9}
  B: {discount: 0.9, types: {aims: {soft: {probability: 0.6}, hard: {probability: 0.4, scale: {pie: 2}}}}}
  C: {discount: 0.9}
issues:
  common: {levels: {from: 0, to: 1, steps: 10}, start: 0}
  share: {levels: {from: 0, to: 1, steps: 11}, start: 0.5}
stocks: {front: {start: 0.5, change: [{by: -0.1, when: {common: 0}}]}}
interests:
  A: [{term: both, form: linear, of: common, weight: 1}, {term: pie, form: linear, of: share, weight: 1}]
  B: [{term: both, form: linear, of: common, weight: 1}, {term: pie, form: linear, of: share, weight: -1}]
  C: [{term: both, form: linear, of: common, weight: 1}]
tables: {talks: {parties: [A, B], protocol: {ultimatum: {by: A}}, agenda: [common, share], deadline: 3}}
"""


def left_out(text, *changes):
    """Of how many cells each solution dropped how many."""
    found = []

    def counted(game, cells, periods):
        left = pruning.undominated(game, cells, periods)
        found.append((len(cells.row), len(cells.row) - len(left.row)))
        return left

    loaded = loads(text, overrides=tuple(f"tables.talks.{c}" for c in changes))
    with pruning_as(counted):
        simulate(loaded.scenario, draws_of(loaded, 50))
    return np.array(found)


def test_of_a_common_interest_only_the_most_is_left():
    """Of the packages that are worth something to both, the eleven shares with the most of what both want."""
    cells, dropped = left_out(SHARED)[0]
    assert (cells, cells - dropped) == (79, 11)


@pytest.mark.parametrize(
    "changes",
    [
        ("consent={C: {on: [share]}}",),
        ("lapses={share: 1}",),
        ("renege={A: {sets: {common: 0}}}",),
        ("protocol=simultaneous",),
        ("forbid=[{when: {share: 1, front: {below: 0.3}}}]",),
        ("walk_away={by: B, sets: {}}",),
    ],
)
def test_nothing_is_dropped_where_better_for_all_need_not_be_better_to_put(changes):
    found = left_out(SHARED, *changes)
    assert found[:, 0].any() and not found[:, 1].any()


def test_small_tables_are_left_alone():
    """Comparing would take longer than solving."""
    seen = []

    def counted(game, cells, periods):
        seen.append(pruning.undominated(game, cells, periods) is cells)
        return cells

    with pruning_as(counted, always=False):
        loaded = loads(DOLLAR)
        simulate(loaded.scenario, draws_of(loaded, 20))
    assert all(seen)
