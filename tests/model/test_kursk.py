"""The main scenario: the order that P4 expects comes out of the wants, and nothing is settled before it is played."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.scenario.loader import loads
from sim.scenario.selectors import variables

WORLDS, DRAWS = 1500, 1000
STILL = tuple(f"stocks.kursk.change.{k}.by=0" for k in range(3))


@pytest.fixture(scope="module")
def file(scenarios):
    return scenarios / "kursk_ceasefire.yaml"


@pytest.fixture(scope="module")
def moving(file, play):
    return play(sim.load(file), WORLDS, 1)


@pytest.fixture(scope="module")
def still(file, play):
    return play(sim.load(file, STILL), WORLDS, 1)


def interval(statistic, *columns) -> tuple[float, float]:
    """95 % interval of a statistic of paired worlds, drawn together: percentile bootstrap (Efron & Tibshirani 1993)."""
    rng = np.random.default_rng(1)
    rows = [c.to_numpy() for c in columns]
    n = len(rows[0])
    drawn = [statistic(*(r[k] for r in rows)) for k in (rng.integers(0, n, n) for _ in range(DRAWS))]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


@pytest.mark.slow
def test_the_runs_are_paired_and_differ_in_the_front_alone(file, moving, still):
    own = [c for c in moving if ".resolve." in c or c.startswith(("type.", "claim."))]
    assert own and (moving[own] == still[own]).all(axis=None)
    assert len(sim.load(file).scenario.stocks["kursk"].change) == len(STILL)


def test_with_a_moving_front_more_ceasefires_bring_the_soldiers_home(moving, still):
    """P4: they are worth less to Russia once the ground is won."""

    def more(a, a_home, b, b_home):
        return a_home[a].mean() - b_home[b].mean()

    columns = [run[f"outcome.{o}"] for run in (moving, still) for o in ("ceasefire", "troops_home_by_deal")]
    low, high = interval(more, *columns)
    assert 0 < low < high


def test_with_a_moving_front_ceasefires_come_later(moving, still):
    """P4: Russia's position improves while it waits."""

    def later(a, a_since, b, b_since):
        return a_since[a].mean() - b_since[b].mean()

    columns = [run[f"outcome.{o}"] for run in (moving, still) for o in ("ceasefire", "ceasefire.since")]
    low, high = interval(later, *columns)
    assert 0 < low < high


def test_nothing_in_the_scenario_says_so(file):
    """No term's condition, and no rule of a table, ties the soldiers' withdrawal to the front."""
    s = sim.load(file).scenario
    conditions = [i.when for terms in s.interests.values() for i in terms]
    for table in s.tables.values():
        conditions += [table.require, *(f.when for f in table.forbid)]
        conditions += [table.opens.when] if table.opens is not None else []
    assert not any("kursk" in variables(c) for c in conditions)
    ends = [e for t in s.tables.values() for e in (t.breakdown, t.walk_away) if e is not None]
    assert not any({"troops", "kursk"} & set(e.sets) for e in ends)


def test_no_named_outcome_is_settled_beforehand(file, moving):
    for name in sim.load(file).scenario.outcomes:
        assert 0.01 < moving[f"outcome.{name}"].mean() < 0.99, name


def test_no_table_always_or_never_deals(file, moving):
    for name in sim.load(file).scenario.tables:
        assert 0 < (moving[f"table.{name}.deal_period"] > 0).mean() < 1, name


def test_an_irrelevant_term_changes_nothing(file, play):
    """A constant for Russia that no package and no stock touches."""
    text = file.read_text(encoding="utf-8")
    idle = "    - {term: idle, form: constant, weight: 2, assumption: a test}\n"
    more = text.replace("  RUS:\n    - {", f"  RUS:\n{idle}    - {{", 1)
    assert more != text
    a, b = (play(loads(t, claims_file=file.parent / "claims.yaml"), 150, 1) for t in (text, more))
    chosen = [c for c in a if c.startswith(("outcome.", "level.", "table.")) and ".shortfall." not in c]
    assert (a[chosen] == b[chosen]).all(axis=None)
