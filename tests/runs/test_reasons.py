"""Why did it fail: on games where the reason is known by construction, and what holds of every twin."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import UserError
from sim.model import Negotiation
from sim.montecarlo.draws import ClaimRule, Redraw, draw
from sim.reasoning import BASE, Reasons, reasons
from sim.scenario.loader import again
from sim.twins import LUCK, Twin, twins

TEACHING = Path("scenarios/teaching")
WORLDS = 60


def counted(name: str, outcome: str, *changes: str, avoid: bool = False) -> Reasons:
    return reasons(sim.load(TEACHING / f"{name}.yaml", changes), outcome, WORLDS, avoid=avoid)


@pytest.mark.parametrize(
    ("name", "outcome", "changes", "reason"),
    [
        ("rising_power", "war", (), "lasting"),
        ("guarantor", "peace", ("tables.treaty.guarantor.penalty=0",), "promises"),
        ("indivisible", "peace", (), "payments"),
        ("veto", "missiles", (), "consent"),
    ],
)
def test_what_fails_for_one_reason_is_mended_by_that_alone(name, outcome, changes, reason):
    found = counted(name, outcome, *changes, avoid=outcome == "war").document
    assert found["failures"]["count"] == WORLDS
    assert [(s["mended_by"], s["count"]) for s in found["sets"]] == [([reason], WORLDS)]
    for row in found["reasons"]:
        assert row["mends"]["count"] == WORLDS * (row["name"] == reason), row["name"]
        assert row["breaks"]["of"] == 0
    assert found["luck"] is None  # there is nothing private to draw anew


@pytest.mark.parametrize(("name", "outcome"), [("fearon_private_cost", "war"), ("screening", "no_deal")])
def test_where_only_a_secret_makes_it_fail_everything_public_mends_every_failure_and_luck_breaks_as_many(name, outcome):
    found = reasons(sim.load(TEACHING / f"{name}.yaml"), outcome, 400, avoid=True).document
    rows = {r["name"]: r for r in found["reasons"]}
    failures = found["failures"]["count"]
    assert 50 < failures < 350
    assert rows["information"]["mends"]["count"] == failures and rows["information"]["breaks"]["count"] == 0
    assert rows["information"]["net"]["found"] and rows["information"]["net"]["low"] > 0
    luck = found["luck"]
    assert 0 < luck["mends"]["count"] < failures and luck["breaks"]["count"] > 0
    assert luck["net"]["low"] < 0 < luck["net"]["high"]


def test_the_sets_share_out_the_failures_and_a_typical_world_is_of_its_set():
    found = counted("fearon_private_cost", "war", avoid=True)
    frame, sets = found.frame, found.document["sets"]
    assert sum(s["count"] for s in sets) == found.document["failures"]["count"] == int((frame[BASE]).sum())
    for s in sets:
        world = frame.set_index("world").loc[s["typical"]]
        assert world[BASE] and {n for n in found.under if not world[n]} == set(s["mended_by"])
    for row in [*found.document["reasons"], found.document["luck"]]:
        assert row["mends"]["count"] == sum(s["count"] for s in sets if row["name"] in s["mended_by"])
        net = row["mends"]["count"] - row["breaks"]["count"]
        assert row["net"]["estimate"] == pytest.approx(net / WORLDS)


def test_twins_keep_the_stakes_and_every_draw_of_the_worlds_they_are_played_in():
    """The stakes where tables open in the same state; a table that opens after another one has agreed to something else
    has the stakes of that state."""
    loaded = sim.load("scenarios/kursk_with_ukraine.yaml")
    played, _ = twins(loaded, 1)
    assert {t.name for t in played} >= {"information", "payments", "time", LUCK}

    def opened(twin):
        it = again(loaded, twin.changes)
        model = Negotiation(it.scenario, draw(it.scenario, it.claims, ClaimRule(), 1, 0, slice(20), twin.redraw))
        model.step()
        return model

    plain = opened(Twin(BASE, ""))
    for twin in played:
        other = opened(twin)
        issues = len(plain.layout.issues)
        alike = (other.state.levels[:, :issues] == plain.state.levels).all(axis=1)
        for k, (name, talks) in enumerate(plain.tables.items()):
            here = alike if k else slice(None)
            for party in talks.parties:
                there = other.tables[name].stakes[party]
                np.testing.assert_allclose(there[here], talks.stakes[party][here], atol=1e-12)
        same = twin.redraw == Redraw()
        for seat, r in plain.draws.resolve.items():
            assert (other.draws.resolve[seat] == r).all() == same
        for actor, weights in plain.draws.weights.items():
            assert (other.draws.weights[actor] == weights).all()


@pytest.mark.slow
def test_a_twin_can_be_explained_and_the_same_call_goes_on(tmp_path):
    loaded = sim.load(TEACHING / "fearon_private_cost.yaml")
    first = reasons(loaded, "war", WORLDS, avoid=True, out=tmp_path)
    made = {p: p.stat().st_mtime_ns for p in tmp_path.glob("*/blocks/*")}
    assert {p.parts[-3] for p in made} == {BASE, *first.under}
    assert reasons(loaded, "war", WORLDS, avoid=True, out=tmp_path).document == first.document
    assert made == {p: p.stat().st_mtime_ns for p in tmp_path.glob("*/blocks/*")}
    for name, held in first.under.items():
        for world in range(3):
            assert sim.explain(tmp_path / name, world).outcomes["war"] != held[world], (name, world)


def test_an_unknown_outcome_is_told():
    with pytest.raises(UserError, match="did you mean 'peace'"):
        counted("guarantor", "piece")
