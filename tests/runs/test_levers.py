"""Levers: which change raises what, where the answer is known by construction; nothing finished is lost."""

from __future__ import annotations

import pytest
from known_game import GAME

import sim
from sim.changes import OTHERS, OWN, changes, measured_with
from sim.errors import UserError
from sim.leverage import Trials, levers
from sim.montecarlo.draws import ClaimRule
from sim.montecarlo.job import Job
from sim.scenario.loader import load, loads
from sim.store.rows import ROWS

IDLE = "    - {term: idle, form: constant, weight: {uniform: {low: -1, high: 1}}}\ntables:"
KNOWN = GAME.replace("tables:", IDLE)
WORLDS = 400


def by_name(report) -> dict[str, dict]:
    return {c["change"]: c for c in report["changes"]}


@pytest.fixture(scope="module")
def known():
    return by_name(levers(loads(KNOWN), "A", "agreed", WORLDS).document)


def test_what_others_want_moves_the_outcome_by_as_much_as_was_built_in(known):
    """B signs where its cost, uniform on [0, 1], is at most its help, 0.25: half as wide a step is half the effect."""
    more = known["B: weight of help a fifth more (0.3)"]
    assert more["outcome"]["low"] <= 0.05 <= more["outcome"]["high"] and more["outcome"]["down"] == 0
    assert more["outcome"]["up"] == round(more["outcome"]["estimate"] * WORLDS) > 0 and more["outcome"]["found"]
    assert known["B: weight of help a fifth less (0.2)"]["outcome"]["up"] == 0
    at_upper = known["B: weight of cost at its upper quartile (-0.25)"]  # a tie, which is accepted: always
    assert (at_upper["count"], at_upper["probability"], at_upper["high"]) == (WORLDS, 1.0, 1.0)
    assert at_upper["value"]["mean"] == 1  # and so A has what it wants, 1, in every world
    assert at_upper["rests_on"] == "assumed: a test"
    assert at_upper["touches"] == [
        {"where": "interests.B.cost.weight", "one": {"uniform": {"low": -1, "high": 0}}, "two": -0.25}
    ]


def test_what_has_no_effect_has_an_interval_around_zero(known):
    for name, c in known.items():
        if "idle" in name or "discount" in name:
            assert c["outcome"]["low"] <= 0 <= c["outcome"]["high"] and not c["outcome"]["found"], name
            assert c["value"]["low"] <= 0 <= c["value"]["high"], name


def test_the_ranking_puts_the_greatest_gain_first():
    rows = levers(loads(KNOWN), "A", "agreed", 50).document["changes"]
    gains = {side: [r["outcome"]["estimate"] for r in rows if r["side"] == side] for side in (OWN, OTHERS)}
    assert all(some == sorted(some, reverse=True) and some for some in gains.values())
    assert [r["side"] for r in rows] == [OWN] * len(gains[OWN]) + [OTHERS] * len(gains[OTHERS])


def test_a_guarantee_is_what_makes_peace(scenarios):
    """The penalty that makes A's word good is 1.5 of its stakes: a guarantee of 2 does, one of 0.2 doesn't."""
    file = scenarios / "teaching" / "guarantor.yaml"
    bare = levers(load(file, ["tables.treaty.guarantor="]), "A", "peace", 10).document
    own = [c for c in bare["changes"] if c["side"] == OWN]
    assert bare["as_it_is"]["count"] == 0 and "ironclad" in own[0]["change"]
    assert own[0]["outcome"]["estimate"] == 1 and own[0]["value"]["estimate"] == pytest.approx(0.2)
    assert all(c["outcome"]["estimate"] == 0 for c in bare["changes"] if c is not own[0])
    there = by_name(levers(load(file), "G", "peace", 10).document)  # the guarantor's own side
    assert there["treaty: without G's guarantee"]["outcome"]["estimate"] == -1


@pytest.mark.parametrize(("words", "delta"), [("a fifth less patient", 0.88), ("a fifth more patient", 0.92)])
def test_the_others_impatience_is_worth_what_rubinstein_says(scenarios, words, delta):
    """The first to offer gets (1 − δ₂)/(1 − δ₁δ₂); within 0.006, for offers in steps and the end of the look-ahead."""
    report = levers(load(scenarios / "teaching" / "rubinstein.yaml"), "A", "agreed", 2).document
    found = by_name(report)[f"B: discount {words} ({delta:g})"]["value"]
    before, after = ((1 - d) / (1 - 0.9 * d) for d in (0.9, delta))
    assert report["as_it_is"]["value"] == pytest.approx(before, abs=0.006)
    assert found["estimate"] == pytest.approx(after - before, abs=0.006) and found["mean"] == pytest.approx(
        after, abs=0.006
    )


def test_a_change_that_is_none_differs_in_no_world():
    loaded = loads(KNOWN)
    base = sim.run(loaded, WORLDS)
    job = Job(loaded.scenario, loaded.claims, ClaimRule(), 1, WORLDS)
    columns = (base.blocks.column("outcome.agreed"), base.blocks.column("value.A"))
    row = Trials((job,), {0: columns}, "A", "agreed").compute(0)
    assert (row["up"], row["down"], row["sum"], row["squares"]) == (0, 0, 0, 0) and row["count"] > 0


def test_a_change_is_what_compare_finds_for_its_set():
    report = levers(loads(KNOWN), "A", "agreed", 60, seed=3).document
    for c in report["changes"][:3]:
        pair = [sim.run(loads(KNOWN, overrides=sets), 60, 3) for sets in ((), tuple(c["set"]))]
        rows = {(r["kind"], r["name"]): r for r in sim.compare(*pair).document["differences"]}
        assert rows["outcome", "agreed"]["estimate"] == pytest.approx(c["outcome"]["estimate"])
        assert rows["value", "A"]["estimate"] == pytest.approx(c["value"]["estimate"], abs=1e-12)


def test_values_are_compared_only_on_one_scale():
    regard = GAME.replace("weight: 1}]", "weight: 1}, {term: ally, form: regard, actor: B, weight: 0.5}]", 1)
    loaded = loads(regard)
    for change, made in changes(loaded, "A"):
        same = measured_with(made.scenario, "A") == measured_with(loaded.scenario, "A")
        assert same != change.sets[0].startswith("interests.B."), change
        assert not any(s.startswith(("interests.A.", "actors.A.discount", "actors.A.types")) for s in change.sets)
    report = levers(loaded, "A", "agreed", 20).document
    assert {c["value"] is None for c in report["changes"]} == {True, False}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["kursk_ceasefire", "broker", "teaching/guarantor", "teaching/secret_deal"])
def test_what_is_tried_comes_from_the_file_alone(scenarios, name):
    """Each makes another scenario, no two the same, and as `--set` from the file itself it makes that same one."""
    loaded = load(scenarios / f"{name}.yaml")
    actor = next(iter(loaded.scenario.tables.values())).parties[0]
    found = changes(loaded, actor)
    made = [repr(m.scenario) for _, m in found]
    assert len(set(made)) == len(made) and repr(loaded.scenario) not in made
    for change, there in found[:: max(len(found) // 5, 1)]:
        again = load(scenarios / f"{name}.yaml", change.sets)
        assert repr(again.scenario) == repr(there.scenario) and again.text == there.text
    sides = [c.side for c, *_ in found]
    assert OWN in sides and OTHERS in sides


def test_the_structure_says_what_there_is_to_change(scenarios):
    """Two tables and so an order; a horizon and so deadlines; types and so their odds; open and so secret."""
    told = {c.about for c, *_ in changes(load(scenarios / "kursk_ceasefire.yaml"), "US")}
    assert {
        "ceasefire talks: meets last in a period",
        "ceasefire talks: a deadline after 12 meetings",
        "ceasefire talks: opens once something is agreed at arms for aid",
        "ceasefire talks: secret, out with 0.042 a period",
        "ceasefire talks: plays stubborn, demand 0.5",
        "Russia: aims win a fifth likelier (0.36)",
        "Russia: resolve lower by a quartile",
    } <= told
    assert not any(t.startswith("arms for aid") for t in told)  # where the US has no seat


@pytest.mark.slow
def test_an_interrupted_search_goes_on_and_ends_the_same(tmp_path):
    loaded = loads(KNOWN)
    whole = levers(loaded, "A", "agreed", 30, out=tmp_path / "whole")
    levers(loaded, "A", "agreed", 30, out=tmp_path / "torn")
    rows = (tmp_path / "torn" / ROWS).read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "torn" / ROWS).write_text("".join(rows[:4]) + rows[4][:20], encoding="utf-8")
    seen: list[int] = []
    again = levers(loaded, "A", "agreed", 30, out=tmp_path / "torn", progress=lambda done, of: seen.append(done))
    assert again == whole and 30 * 5 in seen and 30 * 2 not in seen  # the base and four changes were there at once
    assert len((tmp_path / "torn" / ROWS).read_text(encoding="utf-8").splitlines()) == len(rows)
    with pytest.raises(UserError, match="outcome"):
        levers(loads(KNOWN.replace("agreed", "signed")), "A", "signed", 30, out=tmp_path / "torn")
    assert levers(loaded, "B", "agreed", 30, out=tmp_path / "torn", force=True).document["actor"] == "B"


@pytest.mark.slow
def test_processes_change_nothing():
    loaded = loads(KNOWN)
    assert levers(loaded, "A", "agreed", 1100, processes=2) == levers(loaded, "A", "agreed", 1100)
