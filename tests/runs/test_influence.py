"""The screening of claims against closed forms: a difference of means, its errors, and what many looks make of it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import false_discovery_control, norm

from sim.analysis.influence import adjusted, discovery_rates, influence
from sim.store.folder import Blocks
from sim.streams import shares


def blocks(worlds: int, **columns: np.ndarray) -> Blocks:
    """A run in memory, cut into blocks as a run is."""
    memory, start = {}, 0
    for block, count in shares(worlds):
        memory[block] = {n.replace("_", ".", 1): c[start : start + count] for n, c in columns.items()}
        start += count
    return Blocks(worlds, memory=memory)


def two_groups(on: int, hits: int, off: int, others: int) -> dict[str, np.ndarray]:
    """A claim on in so many worlds, of which so many end so; off in so many, of which so many do. Mixed up."""
    claim = np.repeat([True, False], [on, off])
    outcome = np.concatenate([np.arange(on) < hits, np.arange(off) < others])
    order = np.random.default_rng(1).permutation(on + off)
    return {"claim_P1": claim[order], "outcome_agreed": outcome[order]}


@pytest.mark.parametrize(
    ("on", "hits", "off", "others"), [(700, 210, 900, 180), (1560, 780, 40, 20), (40, 12, 1560, 0)]
)
def test_one_claim_is_a_difference_of_means(on, hits, off, others):
    """White's (1980) error with HC1's factor for two groups: Σ p(1 − p)/n · N/(N − 2); the classical one pools the
    variance. The greater counts, which is White's in the second case and the classical one in the third."""
    worlds, p, q = on + off, hits / on, others / off
    robust = (p * (1 - p) / on + q * (1 - q) / off) * worlds / (worlds - 2)
    classical = (on * p * (1 - p) + off * q * (1 - q)) / (worlds - 2) * (1 / on + 1 / off)
    error = np.sqrt(max(robust, classical))
    found = influence(blocks(worlds, **two_groups(on, hits, off, others)), ["P1"], ["agreed"])["P1"]
    effect = found["influence"]["agreed"]
    chance = 2 * norm.sf(abs(p - q) / error)
    assert found["on"] == on and effect["found"] == (chance <= 0.05)
    assert effect["estimate"] == pytest.approx(p - q, abs=1e-12) and effect["q"] == pytest.approx(chance)
    assert effect["high"] - (p - q) == pytest.approx(norm.ppf(0.975) * error)
    assert (p - q) - effect["low"] == pytest.approx(norm.ppf(0.975) * error)


def test_claims_that_go_together_are_told_apart():
    """The outcome is one claim or another, which is true mostly where the first is; a third does nothing. By plain
    loops: least squares, White's errors and the classical ones."""
    rng, worlds = np.random.default_rng(2), 1300
    a = rng.random(worlds) < 0.6
    b, c = np.where(a, rng.random(worlds) < 0.8, rng.random(worlds) < 0.3), rng.random(worlds) < 0.5
    y = {"outcome_either": a | b, "outcome_rare": a & (rng.random(worlds) < 0.02)}
    found = influence(blocks(worlds, claim_A=a, claim_B=b, claim_C=c, **y), ["A", "B", "C"], ["either", "rare"])
    x = np.column_stack([np.ones(worlds), a, b, c]).astype(float)
    inverse = np.linalg.inv(x.T @ x)
    estimates, errors = np.zeros((3, 2)), np.zeros((3, 2))
    for j, outcome in enumerate(y.values()):
        beta, *_ = np.linalg.lstsq(x, outcome.astype(float), rcond=None)
        left = outcome - x @ beta
        meat = sum(e**2 * np.outer(row, row) for e, row in zip(left, x, strict=True))
        robust = np.diag(inverse @ meat @ inverse) * worlds / (worlds - 4)
        estimates[:, j] = beta[1:]
        errors[:, j] = np.sqrt(np.maximum(robust, np.diag(inverse) * (left @ left) / (worlds - 4)))[1:]
    wanted = adjusted(estimates, errors)
    for i, claim in enumerate("ABC"):
        for j, outcome in enumerate(("either", "rare")):
            assert found[claim]["influence"][outcome] == pytest.approx(wanted[i][j], abs=1e-9)
    assert found["A"]["influence"]["either"]["found"] and not found["C"]["influence"]["either"]["found"]


@pytest.mark.parametrize(("on", "told"), [(29, False), (30, True), (170, True), (171, False)])
def test_a_contrast_needs_thirty_worlds_on_either_side(on, told):
    """And the claims beside it are told of all the same."""
    half = np.arange(200) % 2 == 0
    run = blocks(200, claim_P1=np.arange(200) < on, claim_P2=half, outcome_agreed=half)
    found = influence(run, ["P1", "P2"], ["agreed"])
    assert (found["P1"]["influence"]["agreed"] is not None) == told and found["P1"]["on"] == on
    assert found["P2"]["influence"]["agreed"]["estimate"] == pytest.approx(1)


@pytest.mark.parametrize(("claims", "told"), [(29, True), (30, False)])
def test_a_run_with_no_more_than_two_worlds_a_claim_tells_nothing(claims, told):
    rng = np.random.default_rng(3)
    columns = {f"claim_P{k}": rng.permutation(60) < 30 for k in range(claims)}
    found = influence(
        blocks(60, **columns, outcome_agreed=rng.random(60) < 0.5), [f"P{k}" for k in range(claims)], ["agreed"]
    )
    assert all((f["influence"]["agreed"] is not None) == told for f in found.values())


def test_without_claims_or_outcomes_there_is_nothing_to_tell():
    claim = np.arange(100) < 50
    assert influence(blocks(100, outcome_agreed=claim), [], ["agreed"]) == {}
    assert influence(blocks(100, claim_P1=claim), ["P1"], []) == {"P1": {"on": 50, "influence": {}}}


def test_discovery_rates_are_those_of_scipy():
    """Benjamini & Hochberg (1995), in any shape and order."""
    p = np.random.default_rng(4).random((5, 3)) ** 2
    np.testing.assert_allclose(discovery_rates(p), false_discovery_control(p.ravel()).reshape(p.shape), rtol=1e-12)


def test_intervals_are_as_wide_as_picking_makes_them():
    """Of four looks two stand out: each interval is at 1 − .05 · 2/4 (Benjamini & Yekutieli 2005). With none it is as
    wide as if one did."""
    estimates, errors = np.array([[0.3, 0.01], [-0.4, 0.02]]), np.array([[0.1, 0.1], [0.1, 0.2]])
    for some, picked in ((estimates, 2), (estimates * 0.1, 1)):
        found = adjusted(some, errors)
        half = norm.ppf(1 - 0.05 * picked / 4 / 2) * errors
        for i in range(2):
            for j in range(2):
                at = (found[i][j]["low"], found[i][j]["estimate"], found[i][j]["high"])
                assert at == pytest.approx((some[i, j] - half[i, j], some[i, j], some[i, j] + half[i, j]))
    rates = false_discovery_control(2 * norm.sf(np.abs(estimates / errors)).ravel()).reshape(2, 2)
    found = adjusted(estimates, errors)
    assert [[f["q"] for f in row] for row in found] == [pytest.approx(r) for r in rates]
    assert [[f["found"] for f in row] for row in found] == [[True, False], [True, False]]


def test_what_never_varies_is_certain_and_no_effect_is_none():
    """Errors of 0: an effect is surely there, or surely not."""
    found = adjusted(np.array([[0.2, 0.0]]), np.zeros((1, 2)))[0]
    assert (found[0]["q"], found[0]["found"], found[0]["low"]) == (0, True, 0.2)
    assert (found[1]["q"], found[1]["found"], found[1]["high"]) == (1, False, 0)
