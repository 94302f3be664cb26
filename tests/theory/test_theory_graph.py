"""The graph model: figures, what implies what, and the definitions told once more in sets."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import strategies as st
from theory_cases import figures, forall, rows

from sim.theory import graph_model, option_form

TABLES = figures("gmcr")
OPTIONS = {name: table for name, table in figures("gmcr_options").items() if name != "sources"}

# Who owns the options, and which cannot be taken back: an air strike.
OWNERS = {"Cuban": ([0, 0, 1, 1], [0]), "SyriaIraq": ([0, 0, 1], [])}


def dilemma():
    """1 = CC, 2 = CD, 3 = DC, 4 = DD."""
    rows_, columns = [(0, 2), (2, 0), (1, 3), (3, 1)], [(0, 1), (1, 0), (2, 3), (3, 2)]
    return graph_model.conflict(4, [rows_, columns], [[3, 1, 4, 2], [3, 4, 1, 2]])


def elmira():
    """Ministry of the Environment, Uniroyal, Local Government; state 9: Uniroyal has left."""
    ministry = [(1, 2), (3, 4), (5, 6), (7, 8)]
    uniroyal = [(1, 3), (2, 4), (5, 7), (6, 8)] + [(s, 9) for s in range(1, 9)]
    local = [pair for s in range(1, 5) for pair in ((s, s + 4), (s + 4, s))]
    moves = [[(a - 1, b - 1) for a, b in own] for own in (ministry, uniroyal, local)]
    orders = ("734851269", "148593726", "735186429")
    worth = [graph_model.ranking([int(s) - 1 for s in order], 9) for order in orders]
    return graph_model.conflict(9, moves, worth)


@rows("gmcr", "equilibria")
def test_equilibria(row):
    game = dilemma() if row["conflict"].startswith("Prisoner") else elmira()
    found = graph_model.equilibria(game)
    for concept in ("nash", "gmr", "smr", "seq"):
        assert [k + 1 for k in found[concept]] == json.loads(row[concept]), concept


def test_elmira_strong_and_weak():
    (note,), found = TABLES["elmira_note"], graph_model.equilibria(elmira())
    all_four = set.intersection(*(set(states) for states in found.values()))
    assert sorted(k + 1 for k in all_four) == json.loads(note["strong_all_four"])
    weak = set(found["gmr"]) - all_four
    assert sorted(k + 1 for k in weak) == json.loads(note["weak_gmr_only"])


def test_elmira_coalition():
    """Alone neither can leave state 5 for a better one; together the ministry and Uniroyal go to 8."""
    (told,), game = TABLES["elmira_coalition"], elmira()
    assert (7 in graph_model.reach(game.moves, [0, 1], 4)) == told["state5_to_8_by_MoE_Uniroyal"]
    assert graph_model.coalition_improves(game, [0, 1], 4, 7) == told["both_prefer_8"]
    assert not any(graph_model.coalition_improves(game, [i], 4, 7) for i in range(3))


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_option_form(name):
    table = OPTIONS[name]
    states, worth = table["feasible_yn"], [table["payoffs"][actor] for actor in table["dms"]]
    assert [sum(2**k for k, c in enumerate(s) if c == "Y") for s in states] == table["feasible_decimal"]
    owners, irreversible = OWNERS[name]
    game = option_form.from_options(states, owners, worth, irreversible)
    found = {concept: [k + 1 for k in s] for concept, s in graph_model.equilibria(game).items()}
    together = [k + 1 for k in option_form.simultaneous_equilibria(game, states)]
    expected = table["equilibria_state_numbers_1based"]
    assert found["nash"] == expected["Nash"]
    assert found["gmr"] == expected["GMR"]
    assert found["seq"] == expected["SEQ"]
    assert found["smr"] == expected["SMR"]
    assert together == expected["SIM"]
    assert sorted({*found["seq"], *together}) == expected["SEQ_or_SIM"]


@st.composite
def conflicts(draw, actors=(1, 2, 3)):
    n, states = draw(st.sampled_from(actors)), draw(st.integers(2, 5))
    pairs = st.tuples(st.integers(0, states - 1), st.integers(0, states - 1))
    moves = [draw(st.lists(pairs, max_size=8)) for _ in range(n)]
    worth = [[draw(st.integers(0, 4)) for _ in range(states)] for _ in range(n)]
    return graph_model.conflict(states, moves, worth)


@forall(conflicts(), examples=200)
def test_what_implies_what(game):
    stable = graph_model.stability(game)
    assert (stable["nash"] <= stable["smr"]).all()
    assert (stable["nash"] <= stable["seq"]).all()
    assert (stable["smr"] <= stable["gmr"]).all()
    assert (stable["seq"] <= stable["gmr"]).all()


@forall(conflicts(actors=(2,)), examples=200)
def test_two_actors_by_definition(game):
    """With one opponent a response is one move."""
    stable, better = graph_model.stability(game), game.improvements()
    states = range(game.worth.shape[1])
    for i, k in ((i, k) for i in (0, 1) for k in states):
        u, j = game.worth[i], 1 - i
        ups = [s for s in states if better[i, k, s]]
        replies = {s: [r for r in states if game.moves[j, s, r]] for s in ups}
        credible = {s: [r for r in states if better[j, s, r]] for s in ups}
        escapes = {r: [e for e in states if game.moves[i, r, e]] for r in states}
        assert stable["nash"][i, k] == (not ups)
        assert stable["gmr"][i, k] == all(any(u[r] <= u[k] for r in replies[s]) for s in ups)
        assert stable["seq"][i, k] == all(any(u[r] <= u[k] for r in credible[s]) for s in ups)
        assert stable["smr"][i, k] == all(
            any(u[r] <= u[k] and all(u[e] <= u[k] for e in escapes[r]) for r in replies[s]) for s in ups
        )


@forall(conflicts(actors=(2, 3)), examples=60)
def test_joint_moves_step_by_step(game):
    """Sequences in which nobody moves twice in a row, up to a length that reaches everything."""
    actors, states = game.worth.shape
    for start in range(states):
        ends, found = {(start, None)}, set()
        for _ in range(actors * states):
            steps = {(int(s), i) for k, last in ends for i in range(actors) if i != last
                     for s in np.flatnonzero(game.moves[i, k])}  # fmt: skip
            ends, found = steps, found | {s for s, _ in steps}
        assert graph_model.reach(game.moves, range(actors), start) == found


def test_a_simultaneous_move_sanctions_at_a_tie():
    """Each would gain by acting alone; acting together leaves both where they were, which is enough of a threat. If
    that state can't be, nothing is sanctioned."""
    states, worth = ["NN", "YN", "NY", "YY"], [[1, 2, 0, 1], [1, 0, 2, 1]]
    assert 0 in option_form.simultaneous_equilibria(option_form.from_options(states, [0, 1], worth), states)
    fewer, less = states[:3], [w[:3] for w in worth]
    assert 0 not in option_form.simultaneous_equilibria(option_form.from_options(fewer, [0, 1], less), fewer)


def test_one_mover_cannot_chain_its_moves():
    game = graph_model.conflict(3, [[(0, 1), (1, 2)], []], [[0, 1, 2], [0, 0, 0]])
    assert graph_model.reach(game.moves, [0, 1], 0) == {1}


@pytest.mark.parametrize(
    "call",
    [
        lambda: graph_model.conflict(2, [[(0, 1)]], [[1, 2, 3]]),
        lambda: option_form.from_options(["YN", "Y"], [0, 1], [[1, 2], [1, 2]]),
        lambda: option_form.from_options(["YX"], [0, 1], [[1], [1]]),
    ],
)
def test_what_has_no_answer_is_an_error(call):
    with pytest.raises(ValueError):
        call()
