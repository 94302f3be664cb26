"""Two tables at once: against an explicit game tree, where they decouple, and where one table is all there is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st
from theory_cases import forall

from sim.theory import discrete_offers, rubinstein
from sim.theory.two_tables import Path, Table, apart, game, jointly

seeds = st.integers(0, 10**6)
ALTERNATE = Table((0, 1), (0, 1), 2), Table((1, 2), (1, 2), 2)
NOBODY = Table((0, 1), (0,), 1, opens_on=())  # a table that never opens


def drawn(seed: int, packages: tuple[int, int] = (3, 3), players: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).random((*packages, players))


# --- an explicit tree: a leaf holds payoffs, a node its owner and what its moves lead to; everyone takes the best ---


def solved(node):
    if isinstance(node, np.ndarray):
        return node
    owner, moves = node
    return max((solved(m) for m in moves), key=lambda v: v[owner])


def tree(g, period, k, deals):
    """From table k's turn on. deals: (package, period) or None at each table; both tables are open from the start."""
    if k == 2:
        following = tree(g, period + 1, 0, deals) if period < max(t.meetings for t in g.tables) else None
        return following if following is not None else payoffs(g, deals)
    table = g.tables[k]
    if deals[k] or period > table.meetings:
        return tree(g, period, k + 1, deals)
    proposer = table.proposers[(period - 1) % len(table.proposers)]
    refused = tree(g, period, k + 1, deals)
    offers = [refused]
    for a in range(1, g.flows.shape[k]):
        node = tree(g, period, k + 1, tuple((a, period) if q == k else d for q, d in enumerate(deals)))
        for i in table.parties:
            if i != proposer:
                node = (i, [node, refused])
        offers.append(node)
    return proposer, offers


def payoffs(g, deals):
    """Each period's flow in turn; 400 of them stand for all."""
    total = np.zeros(len(g.deltas))
    for t in range(1, 401):
        held = tuple(d[0] if d and d[1] <= t else 0 for d in deals)
        weight = (1 - g.deltas) * g.deltas ** (t - 1) if t < 400 else g.deltas**399
        total = total + weight * g.flows[held]
    return total


@pytest.mark.slow
@forall(seeds, examples=25)
def test_an_explicit_tree_has_the_same_value(seed):
    rng = np.random.default_rng(seed)
    g = game(drawn(seed), rng.uniform(0, 0.9, 3), ALTERNATE)
    assert jointly(g).values == pytest.approx(solved(tree(g, 1, 0, (None, None))), abs=1e-9)


@forall(seeds, st.integers(1, 4), st.integers(1, 4))
def test_tables_that_share_nothing_decouple(seed, first, second):
    """Payoffs that add up: nobody at one table minds what happens at the other."""
    rng = np.random.default_rng(seed)
    flows = rng.random((3, 1, 3)) + rng.random((1, 4, 3))
    g = game(flows, rng.uniform(0, 0.95, 3), (Table((0, 1), (0, 1), first), Table((1, 2), (2,), second)))
    together, alone = jointly(g), apart(g)
    assert together.deals == alone.deals
    assert together.values == pytest.approx(alone.values, abs=1e-12)


@forall(seeds, st.integers(1, 12))
def test_one_table_alone(seed, meetings):
    """A period of refusal pays nothing here and a deal for ever pays u, so the game is that of `discrete_offers`."""
    rng = np.random.default_rng(seed)
    flows = np.concatenate([np.zeros((1, 1, 2)), rng.random((8, 1, 2))])
    deltas = rng.uniform(0, 0.95, 2)
    g = game(flows, deltas, (Table((0, 1), (0, 1), meetings), NOBODY))
    expected = discrete_offers.solve(flows[1:, 0], *deltas, meetings)
    assert jointly(g).values == pytest.approx(expected.values, abs=1e-12)
    assert apart(g).deals == jointly(g).deals
    if expected.package is not None:
        assert jointly(g).deals == ((1, expected.package + 1), None)


def test_a_far_horizon_is_rubinsteins_game():
    shares = np.linspace(0, 1, 201)
    flows = np.concatenate([np.zeros((1, 1, 2)), np.stack([shares, 1 - shares], axis=1)[:, None]])
    found = jointly(game(flows, [0.8, 0.7], (Table((0, 1), (0, 1), 60), NOBODY)))
    assert found.values[0] == pytest.approx(rubinstein.first_share(0.8, 0.7), abs=0.005 / (1 - 0.8))


@forall(seeds)
def test_meeting_once_the_last_table_sees_all_there_is(seed):
    """One meeting each: the second table has nothing to look out for, so only the first can go another way."""
    g = game(drawn(seed), [0.9] * 3, (Table((0, 1), (0,), 1), Table((1, 2), (1,), 1)))
    together, alone = jointly(g), apart(g)
    if together.deals[0] == alone.deals[0]:
        assert together.deals == alone.deals


def test_a_deal_that_only_opens_a_better_one():
    """A ceasefire costs both a little, and opens talks worth more: struck only by parties who look at both tables."""
    flows = np.zeros((2, 2, 2))
    flows[1, :] = [-0.1, -0.1]
    flows[1, 1] += [0.5, 0.4]
    tables = Table((0, 1), (0, 1), 3), Table((0, 1), (1, 0), 3, opens_on=(1,))
    g = game(flows, [0.9, 0.9], tables)
    assert apart(g) == Path((None, None), pytest.approx([0, 0]))
    assert jointly(g) == Path(((1, 1), (1, 1)), pytest.approx([0.4, 0.3]))


def test_a_table_that_opens_late_has_its_own_clock():
    """Table 1 opens table 2 in period 1; table 2's first meeting is then, and its first proposer is the first named."""
    flows = np.zeros((2, 3, 2))
    flows[1] = [[0.1, 0.1], [0.9, 0.2], [0.2, 0.9]]
    tables = Table((0, 1), (0,), 2), Table((0, 1), (1, 0), 1, opens_on=(1,))
    assert jointly(game(flows, [0.9, 0.9], tables)).deals == ((1, 1), (1, 2))


@pytest.mark.parametrize(
    "call",
    [
        lambda: game(np.zeros((2, 2)), [0.9], ALTERNATE),
        lambda: game(np.zeros((2, 2, 3)), [0.9, 0.9, 1.0], ALTERNATE),
        lambda: game(np.zeros((2, 2, 3)), [0.9] * 3, (Table((0, 1), (2,), 1), ALTERNATE[1])),
        lambda: game(np.zeros((2, 2, 3)), [0.9] * 3, (Table((0, 5), (0,), 1), ALTERNATE[1])),
        lambda: game(np.zeros((2, 2, 3)), [0.9] * 3, (Table((0, 1), (0,), 0), ALTERNATE[1])),
        lambda: game(np.zeros((2, 2, 3)), [0.9] * 3, (Table((0, 1), (0,), 1, opens_on=(2,)), ALTERNATE[1])),
    ],
)
def test_what_has_no_answer_is_an_error(call):
    with pytest.raises(ValueError):
        call()
