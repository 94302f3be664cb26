"""The variance of one world split over epistemic, private and chance, where it is known by construction."""

from __future__ import annotations

import json

import numpy as np
import pytest

import sim
from sim.analysis.layers import shared, split
from sim.cli.main import main
from sim.layers import variance
from sim.scenario.loader import loads

# B signs where its gain of 0.5 is more than its cost and its resolve; luck strikes or doesn't.
GAME = """\
title: One of three decides
assumption: a test
horizon: 1
normalise: false
actors:
  A: {{discount: 0.5, resolve: 0}}
  B: {{discount: 0.5, resolve: {resolve}}}
issues: {{deal: {{levels: {{no: 0, yes: 1}}, start: no}}, lucky: {{levels: {{no: 0, yes: 1}}, start: no}}}}
interests:
  A: [{{term: wants, form: linear, of: deal, weight: 1}}]
  B:
    - {{term: cost, form: linear, of: deal, weight: {cost}}}
    - {{term: gain, form: linear, of: deal, weight: 0.5}}
tables: {{talks: {{parties: [A, B], protocol: {{ultimatum: {{by: A}}}}, agenda: [deal], deadline: 1}}}}
events: {{luck: {{hazard: {hazard}, sets: {{lucky: yes}}, assumption: a test}}}}
outcomes: {{agreed: {{deal: yes}}, lucky: {{lucky: yes}}, both: {{deal: yes, lucky: yes}}}}
"""
LAYERS = ("epistemic", "private", "chance")
SURE = {"cost": 0, "resolve": 0, "hazard": 1}


pytestmark = pytest.mark.slow


def indices(text, outcome, worlds=1000):
    return variance(loads(text), worlds).document["measures"][f"outcome.{outcome}"]["indices"]


@pytest.mark.parametrize(
    ("layer", "outcome", "game"),
    [
        ("epistemic", "agreed", {"cost": "{uniform: {low: -1, high: 0}}"}),
        ("private", "agreed", {"resolve": "{uniform: {low: 0, high: 2}}"}),
        ("chance", "lucky", {"hazard": 0.3}),
    ],
)
def test_one_layer_alone_decides(layer, outcome, game):
    found = indices(GAME.format(**SURE | game), outcome)
    for name in LAYERS:
        for kind in ("first", "total"):
            assert found[name][kind]["estimate"] == pytest.approx(float(name == layer), abs=1e-12)


def test_a_product_of_two(worlds=2000):
    """Signed with probability p = 1/2, lucky with q = 0.3, both with p q: first-order p (1 − p) q² / V and
    q (1 − q) p² / V with V = p q (1 − p q); the rest is interaction."""
    p, q = 0.5, 0.3
    found = indices(GAME.format(**SURE | {"cost": "{uniform: {low: -1, high: 0}}", "hazard": q}), "both", worlds)
    V = p * q * (1 - p * q)
    signed, lucky = p * (1 - p) * q**2 / V, q * (1 - q) * p**2 / V
    for name, first, total in (("epistemic", signed, 1 - lucky), ("chance", lucky, 1 - signed), ("private", 0, 0)):
        for kind, exact in (("first", first), ("total", total)):
            assert found[name][kind]["low"] <= exact <= found[name][kind]["high"]
            assert found[name][kind]["estimate"] == pytest.approx(exact, abs=0.05)


def test_a_claim_decides():
    text = GAME.format(**SURE | {"cost": -1}).replace("of: deal, weight: -1}", "of: deal, weight: -1, claims: [P3]}")
    loaded = loads(text)
    assert 0.05 < loaded.claims["P3"].strength < 0.95
    found = variance(loaded, 1000).document["measures"]["outcome.agreed"]["indices"]
    assert [found[name]["total"]["estimate"] for name in LAYERS] == pytest.approx([1, 0, 0], abs=1e-12)


def test_splitting_an_additive_function():
    """y = 2 x₁ + x₂ of standard normals: shares 4/5 and 1/5, and no interaction."""
    x = np.random.default_rng(1).normal(size=(3, 4000, 2))
    y = 2 * x[0][:, :, None, None] + x[1][:, None, :, None] + 0 * x[2][:, None, None, :]
    found = split(y)
    for k, share in enumerate((0.8, 0.2, 0.0)):
        for kind in ("first", "total"):
            assert found[k][kind]["low"] <= share <= found[k][kind]["high"]
    assert shared(y, (0, 1, 2)) == pytest.approx((y**2).mean(axis=(1, 2, 3)))


@pytest.mark.slow
def test_intervals_hold_the_truth():
    rng, hits = np.random.default_rng(2), []
    for _ in range(30):
        a, b = (rng.random((300, 2)) < 0.5).T[:, None], (rng.random((300, 2)) < 0.5).T[:, None]
        y = (a[:, 0].T[:, :, None] & b[:, 0].T[:, None, :]).astype(float)  # first 1/3, total 2/3 of each
        hits += [v[k]["low"] <= s <= v[k]["high"] for v in split(y) for k, s in (("first", 1 / 3), ("total", 2 / 3))]
    assert np.mean(hits) >= 0.88  # of 120; 95 % are expected


def test_the_same_everywhere_or_too_rare_is_not_split():
    assert split(np.ones((100, 2, 2, 2))) is None
    rare = np.zeros((1000, 2, 2, 2))
    rare[:5] = 1
    assert split(rare) is None


@pytest.mark.slow
def test_the_command_and_going_on(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = GAME.format(**SURE | {"resolve": "{uniform: {low: 0, high: 1}}", "hazard": 0.3})
    (tmp_path / "three.yaml").write_text(text, encoding="utf-8")

    def said(*words: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as exit_:
            main(["sensitivity", "three.yaml", "--processes", "1", *words])
        printed = capsys.readouterr()
        assert exit_.value.code == code, printed.err
        return printed.err if code else printed.out

    assert said("--dry-run").startswith("8 times 2,000 worlds, seed 1: about ")
    assert "nobody knows" in said("--worlds", "1100")
    folder = tmp_path / "results" / "sensitivity-three-s1"
    whole = (folder / "sensitivity.json").read_bytes()
    (folder / "blocks" / "000001.npz").unlink()
    seen: list[int] = []
    again = variance("three.yaml", 1100, out=folder, progress=lambda done, of: seen.append(done))
    assert seen == [1000, 1100] and (folder / "sensitivity.json").read_bytes() == whole
    assert json.loads(said("--worlds", "1100", "--json")) == again.document == json.loads(whole)
    assert "--screen is for experiments" in said("--screen", code=2)
    assert "another run" in said("--set", "horizon=1", "--worlds", "50", code=2)


def test_from_python():
    found = sim.variance(loads(GAME.format(**SURE | {"hazard": 0.3})), 100)
    assert set(found.frame["field"]) == set(LAYERS) and found.figures()
