"""Two tables in one world: the simulation plays what `apart` says, and with `foresees` never foregoes what it opens."""

from __future__ import annotations

import numpy as np
import pytest
from games import worlds_of
from spelled import ISSUES, PLAYERS, two_tables

from sim.theory.two_tables import Game, Path, Table, apart, game, jointly


def played(g: Game, foresees: bool = False) -> Path:
    world = worlds_of(two_tables(g, foresees=foresees), 1).iloc[0]
    deals = []
    for issue in ISSUES:
        period, package = world[f"table.{issue}_table.deal_period"], str(world[f"table.{issue}_table.terms.{issue}"])
        deals.append((int(period), int(package.removeprefix("p"))) if period else None)
    return Path((deals[0], deals[1]), np.array([world[f"value.{p}"] for p in PLAYERS[: len(g.deltas)]], float))


def same(found: Path, exact: Path) -> bool:
    return found.deals == exact.deals and bool(np.allclose(found.values, exact.values, atol=1e-9))


@pytest.mark.parametrize("seed", range(12))
def test_each_table_by_itself(seed):
    """Payoffs drawn at random, tables of any protocol and length, some that wait for a deal at the first."""
    rng = np.random.default_rng(seed)
    opens = (1,) if seed % 3 == 2 else None
    first = Table((0, 1), ((0, 1), (1, 0), (0,))[rng.integers(3)], int(rng.integers(1, 6)))
    second = Table((1, 2), ((1, 2), (2, 1), (2,))[rng.integers(3)], int(rng.integers(1, 6)), opens)
    g = game(rng.random((3, 4, 3)), rng.uniform(0, 0.97, 3), (first, second))
    assert same(played(g), apart(g))


ONCE = Table((0, 1), (0,), 1), Table((1, 2), (2,), 1)


@pytest.mark.parametrize("seed", range(8))
def test_foresight_is_exact_where_each_table_meets_once(seed):
    """What the first table's packages are worth at the second is then all there is to foresee."""
    g = game(np.random.default_rng(seed).random((4, 3, 3)), [0.9] * 3, ONCE)
    assert same(played(g, foresees=True), jointly(g))


@pytest.mark.parametrize("seed", range(4))
def test_foresight_changes_nothing_between_tables_that_share_nothing(seed):
    rng = np.random.default_rng(seed)
    flows = rng.random((3, 1, 3)) + rng.random((1, 3, 3))
    g = game(flows, [0.9] * 3, (Table((0, 1), (0, 1), 3), Table((1, 2), (1, 2), 3)))
    assert same(played(g, foresees=True), jointly(g))


def test_a_deal_that_only_opens_a_better_one_is_struck_with_foresight():
    flows = np.zeros((2, 2, 2))
    flows[1, :] = [-0.1, -0.1]
    flows[1, 1] += [0.5, 0.4]
    g = game(flows, [0.9, 0.9], (Table((0, 1), (0, 1), 3), Table((0, 1), (1, 0), 3, opens_on=(1,))))
    assert played(g).deals == (None, None)
    assert same(played(g, foresees=True), jointly(g))
