"""Files for other programs: read back by a parser of their own, and solved."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from gambit_files import nodes, read_efg, read_nfg, solved

import sim
from sim.analysis.extensive import rounds
from sim.errors import UserError
from sim.exporting import _size, payoffs
from sim.montecarlo.draws import ClaimRule, draw
from sim.streams import place_of

GOLDEN = Path(__file__).parents[1] / "golden"
TENTHS = "levels={from: 0, to: 1, steps: 11}"


def grid(steps, deadline=None):
    changes = [f"issues.share.levels={{from: 0, to: 1, steps: {steps}}}"]
    return changes + [f"tables.split.deadline={deadline}"] * (deadline is not None)


@pytest.fixture
def dollar(scenarios):
    return scenarios / "teaching" / "split_the_dollar.yaml"


@pytest.mark.parametrize(("deadline", "share"), [(1, 1.0), (2, 0.1), (3, 0.9)])
def test_the_tree_s_equilibrium_is_what_the_engine_plays(dollar, deadline, share):
    """Stahl's game in tenths: the last to offer keeps all, and who waits a round yields a tenth."""
    game = sim.load(dollar, grid(11, deadline))
    players, root = read_efg(sim.export(game, "efg"))
    values, path = solved(root)
    played = sim.run(game, worlds=1).frame["level.share"].iloc[0]
    assert players == ["A", "B"] and path[0] == f"deal yes, share {played}" and path[1] == "accept"
    assert values == pytest.approx([share, 1 - share]) and played == f"{share:g}"


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("ultimatum", ["information=public"]),
        ("breakdown", ["information=public", "tables.talks.deadline=3"]),
        ("walk_away", ["information=public", "tables.{table}.deadline=2"]),
    ],
)
def test_so_it_is_with_resolve_breakdown_and_walking_out(name, changes):
    """What is agreed at once, or that nothing is, in the first worlds, everything being public."""
    file = GOLDEN / f"{name}.yaml"
    table = next(iter(sim.load(file).scenario.tables))
    game = sim.load(file, [c.format(table=table) for c in changes])
    ran = sim.run(game, worlds=12)
    agenda = game.scenario.tables[table].agenda
    agreed = 0
    for world in range(12):
        _, root = read_efg(sim.export(game, "efg", world=world))
        _, path = solved(root)
        at_once = ran.blocks.column(f"table.{table}.deal_period")[world] == 1
        assert at_once == ("accept" in path[:2]), world
        if at_once:
            agreed += 1
            levels = {i: game.scenario.issues[i].levels.names for i in agenda}
            terms = [f"{i} {levels[i][ran.blocks.column(f'table.{table}.terms.{i}')[world]]}" for i in agenda]
            assert path[0] == ", ".join(terms)
    assert agreed


def test_the_tree_is_as_large_as_foreseen(dollar):
    """With 4 offers, backwards: 1 + 4 · 2 + 5 · 1 = 14, 1 + 8 + 5 · 14 = 79, 1 + 8 + 5 · 79."""
    game = sim.load(dollar, grid(4, 3))
    _, root = read_efg(sim.export(game, "efg"))
    found = rounds(game.scenario, draw(game.scenario, game.claims, ClaimRule(), 1, *place_of(0)), "split", 3)
    assert nodes(root) == _size(found) == 404


def test_naming_a_package(dollar):
    """Both name the same, or there is no deal; so every division is an equilibrium, and no deal is one too."""
    players, own, payoff = read_nfg(sim.export(sim.load(dollar, grid(5)), "nfg"))
    assert players == ["A", "B"] and own[0] == own[1] and own[0][0] == "no deal" and len(own[0]) == 6
    for a in range(6):
        for b in range(6):
            name, values = payoff((a, b))
            assert name == (own[0][a] if a == b else "no deal")
            assert values == pytest.approx([(a - 1) / 4, 1 - (a - 1) / 4] if a == b and a else [0, 0])


def test_a_majority_is_enough(scenarios):
    players, own, payoff = read_nfg(sim.export(sim.load(scenarios / "teaching" / "weighted_votes.yaml", COARSE), "nfg"))
    assert len(players) == 3
    assert payoff((1, 1, 0))[0] == own[0][1] and payoff((0, 1, 1))[0] == "no deal" and payoff((0, 0, 1))[0] == "no deal"


COARSE = ["issues.split.levels={among: 3, steps: 3}", *(f"interests.{p}.dollar.steps=3" for p in "ABC")]


def test_a_table_of_payoffs(scenarios):
    """The means are those of `detente stability`; no deal is where gains are counted from."""
    found = pd.read_csv(io.StringIO(sim.export("kursk_ceasefire", "csv", worlds=5)))
    document = sim.stability("kursk_ceasefire", worlds=5).document
    assert set(found.columns) == {"world", "state", "may_be_agreed", "party", "gain", "stakes"}
    idle = found[found.state == "no deal"]
    assert (idle.gain == 0).all() and len(idle) == 2 * found.world.nunique() == 10
    sure = [s for s in document["states"] if s["kind"] == "package" and s["possible"]["count"] == 5]
    for state in sure[:5]:
        name = ", ".join(f"{i} {level}" for i, level in state["levels"].items()).replace("_", " ")
        for party in ("US", "RUS"):
            mean = found[(found.state == name) & (found.party == party)].gain.mean()
            assert mean == pytest.approx(state["worth"][party], abs=1e-9)
    one = payoffs(sim.load(scenarios / "kursk_ceasefire.yaml"), "ceasefire_talks", 5, world=3)
    both = one.merge(found[found.world == 3], on=["world", "state", "party"])
    assert len(both) == len(one) and np.allclose(both.gain_x, both.gain_y)


@pytest.mark.parametrize(
    ("name", "form", "changes", "said"),
    [
        ("split_the_dollar", "xls", [], "a form is csv, nfg, efg; got 'xls'"),
        ("baron_ferejohn", "efg", [], "house has a quota, which no tree of offers tells; give a file .nfg"),
        ("nash_demand", "efg", [], "demands put at once"),
        ("salami", "efg", [f"issues.share.{TENTHS}"], "go on after a deal and deals that lapse"),
        (
            "split_the_dollar",
            "efg",
            [],
            "the tree of 10 rounds at split has more than 200,000 nodes",
        ),
        ("unanimity", "nfg", [f"issues.for_{p}.{TENTHS}" for p in "ab"], "ways to name packages"),
    ],
)
def test_what_cannot_be_told_so(scenarios, name, form, changes, said):
    with pytest.raises(UserError, match=said):
        sim.export(sim.load(scenarios / "teaching" / f"{name}.yaml", changes), form)


def test_gambit_itself_reads_them(scenarios, dollar, tmp_path):
    """And sees the same tree; where its Python package is installed."""
    gambit = pytest.importorskip("pygambit")
    texts = {form: sim.export(sim.load(dollar, grid(5, 2)), form) for form in ("nfg", "efg")}
    breakdown = sim.export(sim.load(GOLDEN / "breakdown.yaml"), "efg", rounds=2)
    read = {}
    for name, text in (*texts.items(), ("chance", breakdown)):
        file = tmp_path / f"{name}.{'nfg' if name == 'nfg' else 'efg'}"
        file.write_text(text, encoding="utf-8")
        read[name] = (gambit.read_nfg if name == "nfg" else gambit.read_efg)(str(file))
    # the five divisions that both name; none, where each names nothing or what leaves the other nothing
    assert len(gambit.nash.enumpure_solve(read["nfg"]).equilibria) == 5 + 4

    def backwards(node):
        if node.is_terminal:
            return [float(node.outcome[p]) for p in read["efg"].players]
        mine = [p.label for p in read["efg"].players].index(node.player.label)
        return max((backwards(child) for child in node.children), key=lambda values: round(values[mine], 9))

    assert backwards(read["efg"].root) == pytest.approx(solved(read_efg(texts["efg"])[1])[0])
