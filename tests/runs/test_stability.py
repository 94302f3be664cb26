"""A table as a graph model: known games written as scenarios, what leaving leads to, and what a run agrees on."""

from __future__ import annotations

import json
import pickle
from itertools import product
from pathlib import Path

import pytest
import yaml

import sim
from sim.errors import UserError
from sim.graph_model import NO_DEAL, WALK_OUT, Task
from sim.scenario.loader import load

CUBAN = json.loads((Path(__file__).parents[1] / "theory" / "gmcr_options.json").read_text(encoding="utf-8"))["Cuban"]
CONCEPTS = ("nash", "smr", "seq", "gmr")


def scenario(tmp_path, issues, worth, tables, actors=("A", "B")) -> sim.scenario.loader.Loaded:
    """worth: actor -> levels by issue (a tuple) -> payoff in that state."""
    keys = list(issues)
    given = {
        "title": "A game",
        "assumption": "a test",
        "period": "round",
        "horizon": 2,
        "normalise": False,
        "actors": {a: {"discount": 0.9, "resolve": 0} for a in actors},
        "issues": issues,
        "interests": {
            a: [
                {"term": f"t{k}", "form": "constant", "weight": w, "when": dict(zip(keys, levels, strict=True))}
                for k, (levels, w) in enumerate(sorted(worth[a].items()))
            ]
            for a in worth
        },
        "tables": tables,
    }
    file = tmp_path / "game.yaml"
    file.write_text(yaml.safe_dump(given), encoding="utf-8")
    return load(file)


def option(start="no", **more):
    return {"levels": {"no": 0, "yes": 1}, "start": start, **more}


def table(agenda, parties=("A", "B"), **more):
    rule = {"alternating_offers": {"first": parties[0]}}
    return {"talks": {"parties": list(parties), "protocol": rule, "agenda": list(agenda), **more}}


def two_by_two(tmp_path, a, b):
    """Payoffs in the states (no, no), (no, yes), (yes, no), (yes, yes); yes is to be kind."""
    states = list(product(("no", "yes"), repeat=2))
    worth = {"A": dict(zip(states, a, strict=True)), "B": dict(zip(states, b, strict=True))}
    return scenario(tmp_path, {"a": option(), "b": option()}, worth, table(["a", "b"]))


def equilibria(found, concept):
    names = {}
    for s in found.document["states"]:
        names[s["name"]] = s["stable"][concept]["share"] == 1
    return {n for n, holds in names.items() if holds}


BOTH = "a: yes, b: yes"


def test_the_prisoner_s_dilemma(tmp_path):
    """Each owns whether it is kind. Nash: neither is; the rest of the concepts let both be."""
    game = two_by_two(tmp_path, [2, 4, 1, 3], [2, 1, 4, 3])
    found = sim.stability(game, worlds=2, owners={"a": "A", "b": "B"})
    assert equilibria(found, "nash") == {NO_DEAL}
    assert all(equilibria(found, c) == {NO_DEAL, BOTH} for c in ("smr", "seq", "gmr"))


def test_chicken(tmp_path):
    """Nash and SEQ: one gives way; GMR and SMR: or both do (Fang, Hipel & Kilgour 1993)."""
    game = two_by_two(tmp_path, [1, 4, 2, 3], [1, 2, 4, 3])
    found = sim.stability(game, worlds=2, owners={"a": "A", "b": "B"})
    for concept, more in (("nash", set()), ("seq", set()), ("smr", {BOTH}), ("gmr", {BOTH})):
        assert equilibria(found, concept) == {"a: yes", "b: yes"} | more


def test_the_cuban_missile_crisis(tmp_path):
    """Four options, the air strike not to be undone; as computed by an independent solver."""
    names = ("strike", "blockade", "withdraw", "escalate")
    owners = dict(zip(names, ("US", "US", "USSR", "USSR"), strict=True))
    levels = [tuple("yes" if c == "Y" else "no" for c in s) for s in CUBAN["feasible_yn"]]
    everywhere = {s: 0.0 for s in product(("no", "yes"), repeat=4)}  # to withdraw and escalate: worst for all
    worth = {a: everywhere | dict(zip(levels, map(float, CUBAN["payoffs"][a]), strict=True)) for a in CUBAN["dms"]}
    issues = {n: option(irreversible=n == "strike") for n in names}
    forbid = [{"when": {"withdraw": "yes", "escalate": "yes"}}]
    game = scenario(tmp_path, issues, worth, table(names, CUBAN["dms"], forbid=forbid), CUBAN["dms"])
    found = sim.stability(game, worlds=1, owners=owners)
    states = {s["name"]: s for s in found.document["states"]}
    labels = [", ".join(f"{n}: yes" for n, v in zip(names, s, strict=True) if v == "yes") or NO_DEAL for s in levels]
    told = CUBAN["equilibria_state_numbers_1based"]
    for concept, key in (("nash", "Nash"), ("gmr", "GMR"), ("seq", "SEQ"), ("smr", "SMR")):
        assert [k + 1 for k, n in enumerate(labels) if states[n]["stable"][concept]["share"] == 1] == told[key]


def test_where_leaving_leads(tmp_path):
    """B breaks its word by stopping what it does itself; A takes all back, but what can't be undone; B may walk out."""
    issues = {"a": option(), "b": option(), "said": option(irreversible=True)}
    worth = {p: {s: float(sum(v == "yes" for v in s)) for s in product(("no", "yes"), repeat=3)} for p in ("A", "B")}
    worth["B"]["yes", "no", "no"] = 9.0
    rules = {"renege": {"B": {"sets": {"b": "no"}}}, "walk_away": {"by": "B", "sets": {"a": "no"}}}
    game = scenario(tmp_path, issues, worth, table(issues, **rules))
    found = sim.stability(game, worlds=1)
    can = found.tally
    names = [found.name(s) for s in range(can.states)]
    assert {n for n, t in zip(names, can.there, strict=True) if t} == {n for n in names if "all as at" not in n}
    assert names[-2:] == [NO_DEAL, WALK_OUT]
    moves = {(m["actor"], m["from"], m["to"]): m["improves"]["count"] for m in found.document["moves"]}
    assert moves == {("B", "a: yes, b: yes", "a: yes"): 1}
    document = found.document["states"]
    assert (
        next(s for s in document if s["name"] == "a: yes, b: yes")["for"]["B"]["gmr"]["share"] == 1
    )  # A takes it back
    assert (
        next(s for s in document if s["name"] == "a: yes, b: yes")["for"]["B"]["seq"]["share"] == 0
    )  # at its own cost


def test_a_quota_holds_whom_it_outvotes():
    found = sim.stability("baron_ferejohn", worlds=2)
    assert not found.document["moves"] and found.document["deals"]["nash"]["share"] == 1
    assert not any(s["lasts"]["count"] for s in found.document["states"])  # another majority prefers something else


@pytest.mark.slow
def test_counts_agree_with_the_run():
    """Some package is nobody's loss where the run, by its own valuation, notes a zone of agreement."""
    worlds = 60
    found, ran = sim.stability("kursk_ceasefire", worlds=worlds).document, sim.run("kursk_ceasefire", worlds)
    zone = ran.blocks.column("table.ceasefire_talks.zone")
    assert found["some_package"]["nash"]["count"] == int(zone.sum()) and found["met"]["count"] == worlds
    deals = (ran.blocks.column("table.ceasefire_talks.deal_period") > 0).sum()
    assert 0 < found["deals"]["nash"]["count"] <= found["deals"]["nash"]["of"] <= deals
    assert sum(s["agreed"]["count"] for s in found["states"]) == found["deals"]["nash"]["of"]


def test_split_the_dollar_divides_every_way():
    """Whatever share: nobody gains by leaving, and nothing is better for both; no deal is worse for both."""
    found = sim.stability("split_the_dollar", worlds=2)
    lasts = {s["name"]: s["lasts"]["share"] for s in found.document["states"]}
    assert lasts.pop(NO_DEAL) == 0 and set(lasts.values()) == {1.0} and len(lasts) == 101


def test_the_same_wherever_it_is_computed(tmp_path):
    one, kept = sim.stability("veto", worlds=20), {"worlds": 20, "out": tmp_path / "kept"}
    assert one.document == sim.stability("veto", **kept).document == sim.stability("veto", **kept).document
    task = Task(one.loaded.scenario, one.loaded.claims, 1, 20, "trade", ("A", "B"))
    sent = pickle.loads(pickle.dumps(task)).compute(0)
    assert all((sent[name] == column).all() for name, column in task.compute(0).items())


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"table": "talk"}, "no table 'talk'; tables: split"),
        ({"owners": {"shares": "A"}}, "isn't on the agenda of split; its issues: deal, share; did you mean 'share'"),
        ({"owners": {"share": "C"}}, "no actor 'C'; actors: A, B"),
    ],
)
def test_mistakes(how, said):
    with pytest.raises(UserError, match=said):
        sim.stability("split_the_dollar", worlds=2, **how)


def test_limits(scenarios):
    with pytest.raises(UserError, match=r"20,402 packages; at most 3,000 are compared.*Give its issues fewer levels"):
        sim.stability("unanimity", worlds=1)
    more = ("issues.share.levels={from: 0, to: 1, steps: 250}",)
    with pytest.raises(UserError, match=r"alone can bring about .* states; stability follows at most 400"):
        sim.stability(
            sim.load(scenarios / "teaching" / "split_the_dollar.yaml", more),
            worlds=1,
            owners={"deal": "A", "share": "A"},
        )


def test_a_broken_deal_that_changes_what_is_not_bargained_over(tmp_path):
    """It is no state of the table; unless it changes nothing, as where it only sees to it that nothing is there."""
    worth = {p: {s: 1.0 for s in product(("no", "yes"), repeat=2)} for p in ("A", "B")}
    for level, start in (("yes", "no"), ("no", "no")):
        issues = {"a": option(), "other": option(start)}
        game = scenario(tmp_path, issues, worth, table(["a"], renege={"A": {"sets": {"a": "no", "other": level}}}))
        if level == start:
            assert sim.stability(game, worlds=1).document["deals"]
        else:
            with pytest.raises(UserError, match="changes what talks doesn't bargain over"):
                sim.stability(game, worlds=1)
