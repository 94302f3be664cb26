"""The challenge model against its published example, the date of emission standards in the European Community."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest
from slow_challenge import Group

from sim.rivals.challenge import SCHOLZ_2011, Challenge
from sim.rivals.compromise import Compromise
from sim.rivals.median_voter import MedianVoter, medians

PUBLISHED = json.loads(Path(__file__).with_name("emissions.json").read_text(encoding="utf-8"))
DATA = Path(os.environ.get("DETENTE_DATA") or Path(__file__).parents[3] / "shared" / "data")
X, S = (np.array([PUBLISHED[k]], float) for k in ("position", "salience"))
C = np.array(PUBLISHED["capability"])


def rounds(model: Challenge = SCHOLZ_2011) -> tuple[list[float], list[float]]:
    """Medians and weighted means after each of the first eight rounds."""
    found = [x for x, _ in model.played(X, C, S)][1:9]
    means = [float(Compromise().on_issue(x, C, S, 6.0)[0]) for x in found]
    return [float(medians(x, C * S)[0][0]) for x in found], means


def test_the_positions_that_it_starts_from():
    assert Compromise().on_issue(X, C, S, 6.0)[0] == pytest.approx(PUBLISHED["mean"], abs=1e-12)
    assert MedianVoter().on_issue(X, C, S, 6.0)[0] == PUBLISHED["median"]


def test_medians_and_means_round_by_round():
    found = rounds()
    np.testing.assert_allclose(found[0], PUBLISHED["replicated"]["medians"], atol=1e-6)
    np.testing.assert_allclose(found[1], PUBLISHED["replicated"]["means"], atol=1e-6)


def test_the_printed_table_but_for_one_median():
    """Round 2 is printed as 9.9."""
    for what, found in zip(("medians", "means"), rounds(), strict=True):
        off = np.abs(np.array(found) - PUBLISHED["printed"][what]) > 0.1
        assert list(np.flatnonzero(off)) == ([1] if what == "medians" else [])


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("pair", {"normalised": "pair"}),
        ("least", {"offer": "least"}),
        ("no_risk", {"risky_votes": False}),
        ("capitulates", {"capitulates": True}),
    ],
)
def test_one_rule_changed(name, changed):
    printed = PUBLISHED["variants"][name]
    np.testing.assert_allclose(rounds(Challenge(**changed))[0][: len(printed)], printed, atol=0.005 + 1e-9)


def test_every_actor_in_every_round():
    file = DATA / "bdm_scholz_golden_trace.csv"
    if not file.is_file():
        pytest.skip(f"{file.name} is not in {DATA}; DETENTE_DATA may name another folder")
    with file.open(encoding="utf-8") as lines:
        rows = [r for r in csv.DictReader(lines) if r["case"] == "EC_CAR_EMISSIONS_1994"]
    by_place = {(int(r["round"]), r["actor"]): r for r in rows}
    for n, (x, risk) in enumerate(SCHOLZ_2011.played(X, C, S)):
        if n > 8:
            break
        for k, actor in enumerate(PUBLISHED["actors"]):
            row = by_place[n, actor]
            assert x[0, k] == pytest.approx(float(row["position"]), abs=1e-6), (n, actor)
            assert risk[0, k] == pytest.approx(float(row["risk_exponent"]), abs=1e-6), (n, actor)


@pytest.mark.parametrize("seed", range(3))
def test_positions_of_any_kind_against_plain_loops(seed):
    rng = np.random.default_rng(seed)
    x, c, s = rng.uniform(-5, 20, 5), rng.uniform(0.1, 1, 5), rng.uniform(0.1, 1, 5)
    group = Group(list(x), list(c), list(s))
    for positions, risk in list(SCHOLZ_2011.played(x[None], c, s[None]))[1:5]:
        group.play()
        np.testing.assert_allclose(positions[0], group.x, atol=1e-9)
        np.testing.assert_allclose(risk[0], group.r, atol=1e-9)


def test_the_forecast_is_the_median_of_the_last_round():
    assert Challenge(rounds=8).on_issue(X, C, S, 6.0)[0] == pytest.approx(PUBLISHED["replicated"]["medians"][-1])


def test_many_worlds_are_each_as_alone():
    rng = np.random.default_rng(1)
    x, s = rng.uniform(0, 9, (6, 7)), rng.uniform(0, 1, (6, 7))
    c = rng.uniform(0, 1, 7)
    for k in range(6):
        np.testing.assert_allclose(
            SCHOLZ_2011.on_issue(x, c, s, 9.0)[k], SCHOLZ_2011.on_issue(x[k : k + 1], c, s[k : k + 1], 9.0)[0]
        )


def test_two_who_are_equally_insecure_stay():
    """Alike in all but their positions: no scale of insecurity, and neither expects more than the other."""
    x, s = np.array([[0.0, 1.0]]), np.array([[0.5, 0.5]])
    for positions, risk in SCHOLZ_2011.played(x, np.ones(2), s):
        np.testing.assert_allclose(risk, 1.0)
        np.testing.assert_allclose(positions, x)
