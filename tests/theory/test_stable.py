"""The counting of stable states over worlds, held against the oracle's sets and the published conflicts."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import strategies as st
from test_theory_graph import OPTIONS, OWNERS, dilemma, elmira
from theory_cases import forall, rows

from sim.analysis import stable as module
from sim.analysis.stable import CONCEPTS, agreed_away, stable
from sim.theory import graph_model, option_form


def equilibria(game: graph_model.Conflict) -> dict[str, list[int]]:
    found = stable(game.worth[None], game.moves)
    return {c: (np.flatnonzero(found[c][0].all(axis=0)) + 1).tolist() for c in CONCEPTS}


@rows("gmcr", "equilibria")
def test_published_equilibria(row):
    """The prisoner's dilemma; Elmira: Hipel, Fang, Kilgour & Peng (1993)."""
    found = equilibria(dilemma() if row["conflict"].startswith("Prisoner") else elmira())
    assert found == {c: json.loads(row[c]) for c in CONCEPTS}


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_the_cuban_missile_crisis_and_other_option_forms(name):
    table = OPTIONS[name]
    worth = [table["payoffs"][actor] for actor in table["dms"]]
    found = equilibria(option_form.from_options(table["feasible_yn"], OWNERS[name][0], worth, OWNERS[name][1]))
    told = table["equilibria_state_numbers_1based"]
    assert found == {c: told["Nash" if c == "nash" else c.upper()] for c in CONCEPTS}


@st.composite
def worlds(draw):
    actors, states = draw(st.integers(1, 4)), draw(st.integers(2, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    moves = rng.random((actors, states, states)) < draw(st.sampled_from((0.15, 0.4, 0.8)))
    return rng.integers(0, draw(st.integers(2, 6)), (3, actors, states)).astype(float), moves


@forall(worlds(), examples=150)
def test_every_world_is_the_oracle_s(case):
    payoffs, moves = case
    found = stable(payoffs, moves)
    own = moves & ~np.eye(moves.shape[1], dtype=bool)
    for w, worth in enumerate(payoffs):
        told = graph_model.stability(graph_model.Conflict(own, worth))
        assert all((found[c][w] == told[c]).all() for c in CONCEPTS)
    assert (found["nash"] <= found["smr"]).all() and (found["smr"] <= found["gmr"]).all()
    assert (found["nash"] <= found["seq"]).all() and (found["seq"] <= found["gmr"]).all()


@forall(worlds(), examples=60)
def test_agreements_that_a_coalition_prefers(case):
    payoffs, _ = case
    to = np.arange(payoffs.shape[2]) % 2 == 0
    groups = [{0}, set(range(payoffs.shape[1]))]
    found = agreed_away(payoffs, groups, to)
    for w, worth in enumerate(payoffs):
        for k in range(len(to)):
            better = [s for s in np.flatnonzero(to) for g in groups if all(worth[i, s] > worth[i, k] for i in g)]
            assert found[w, k] == bool(better)


def test_worlds_counted_in_parts_are_the_same(monkeypatch):
    rng = np.random.default_rng(5)
    payoffs, moves = rng.random((7, 3, 5)), rng.random((3, 5, 5)) < 0.4
    whole, away = stable(payoffs, moves), agreed_away(payoffs, [{0, 1}], np.ones(5, bool))
    monkeypatch.setattr(module, "ROOM", 1)
    assert all((stable(payoffs, moves)[c] == whole[c]).all() for c in CONCEPTS)
    assert (agreed_away(payoffs, [{0, 1}], np.ones(5, bool)) == away).all()


def test_moves_for_other_states_are_an_error():
    with pytest.raises(ValueError, match="expected"):
        stable(np.zeros((1, 2, 3)), np.zeros((2, 4, 4), bool))
