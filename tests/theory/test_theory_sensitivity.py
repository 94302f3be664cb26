"""Ishigami's indices by formula, by quadrature and by sampling; how fast random and quasi-random samples converge."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.stats import qmc
from theory_cases import figures, rows

from sim.theory import crisis_costs, ishigami


@rows("sensitivity", "ishigami")
def test_indices(row):
    found = ishigami.indices(row["a"], row["b"])
    assert (found.mean, found.variance) == pytest.approx((row["mean"], row["V"]), abs=1e-12)
    assert found.first == pytest.approx([row["S1"], row["S2"], row["S3"]], abs=1e-12)
    assert found.total == pytest.approx([row["ST1"], row["ST2"], row["ST3"]], abs=1e-12)


@rows("sensitivity", "ishigami")
def test_indices_by_quadrature(row):
    nodes, weights = np.polynomial.legendre.leggauss(40)
    x, w = np.pi * nodes, weights / 2
    f = ishigami.function(np.meshgrid(x, x, x, indexing="ij"), row["a"], row["b"])
    mean = np.einsum("ijk,i,j,k", f, w, w, w)
    variance = np.einsum("ijk,i,j,k", (f - mean) ** 2, w, w, w)
    alone = [np.einsum("ijk,j,k->i", f, w, w), np.einsum("ijk,i,k->j", f, w, w), np.einsum("ijk,i,j->k", f, w, w)]
    others = [np.einsum("ijk,i->jk", f, w), np.einsum("ijk,j->ik", f, w), np.einsum("ijk,k->ij", f, w)]
    found = ishigami.indices(row["a"], row["b"])
    assert (mean, variance) == pytest.approx((found.mean, found.variance), abs=1e-9)
    first = [w @ (g - mean) ** 2 / variance for g in alone]
    total = [1 - w @ (g - mean) ** 2 @ w / variance for g in others]
    assert first == pytest.approx(found.first, abs=1e-9) and total == pytest.approx(found.total, abs=1e-9)


def saltelli(n, a, b, seed):
    """First-order (Saltelli et al.) and total indices from n scrambled Sobol points, 5 n evaluations."""
    points = np.pi * (2 * qmc.Sobol(6, rng=np.random.default_rng(seed)).random(n).T - 1)
    one, two = points[:3], points[3:]
    f1, f2 = ishigami.function(one, a, b), ishigami.function(two, a, b)
    variance = np.var(np.concatenate([f1, f2]))
    first, total = [], []
    for i in range(3):
        mixed = one.copy()
        mixed[i] = two[i]
        f = ishigami.function(mixed, a, b)
        first.append(np.mean((f2 - f2.mean()) * (f - f1)) / variance)
        total.append(np.mean((f1 - f) ** 2) / 2 / variance)
    return np.array([first, total])


@pytest.mark.parametrize(("n", "allowed"), [(2**10, 2e-2), (2**16, 2e-3)])
def test_sampled_indices(n, allowed):
    exact = ishigami.indices(7.0, 0.1)
    ours = saltelli(n, 7.0, 0.1, seed=1)
    assert abs(ours - [exact.first, exact.total]).max() <= allowed
    theirs = stats.sobol_indices(
        func=lambda x: ishigami.function(x, 7.0, 0.1),
        n=n,
        dists=[stats.uniform(-np.pi, 2 * np.pi)] * 3,
        rng=np.random.default_rng(1),
    )
    assert abs(theirs.first_order - exact.first).max() <= allowed
    assert abs(theirs.total_order - exact.total).max() <= allowed


@pytest.mark.parametrize("table", ["scipy_sobol_indices", "SALib"])
def test_recorded_errors_are_within_tolerance(table):
    for row in figures("sensitivity")[table]:
        assert row["evals"] == 5 * row["n"]
        assert row["max_abs_err"] <= (2e-3 if row["n"] == 2**16 else 2e-2)


def war(u):
    """Whether a crisis with A's and B's costs drawn ends in war, under A's best demand."""
    cost_a, cost_b = 0.2 * u[:, 0], 0.4 * u[:, 1]
    return (cost_b < (0.4 - cost_a) / 2).astype(float)


WAR = np.mean([crisis_costs.uniform(0.5, c, 0.0, 0.4).war for c in (0.0, 0.2)])  # linear in A's cost
INTEGRANDS = {
    "smooth": (lambda u: (np.pi / 2) ** 2 * np.sin(np.pi * u[:, 0]) * np.sin(np.pi * u[:, 1]), 1.0),
    "kink": (lambda u: np.maximum(u[:, 0] - u[:, 1], 0.0), 1 / 6),
    "war": (war, float(WAR)),
}


def slope(draw, name):
    """The exponent with which the root mean square error over 30 seeds falls in the number of points."""
    f, exact = INTEGRANDS[name]
    sizes = [2**k for k in (8, 10, 12, 14)]
    errors = [np.mean([(f(draw(n, seed)).mean() - exact) ** 2 for seed in range(30)]) ** 0.5 for n in sizes]
    return np.polyfit(np.log(sizes), np.log(errors), 1)[0]


@pytest.mark.parametrize("name", sorted(INTEGRANDS))
def test_random_samples_converge_with_the_root(name):
    assert -0.62 <= slope(lambda n, seed: np.random.default_rng([n, seed]).random((n, 2)), name) <= -0.38


@pytest.mark.parametrize(("name", "expected"), [("smooth", -1.5), ("kink", -1.1), ("war", -0.75)])
def test_quasi_random_samples_converge_faster(name, expected):
    """As in the recorded figures: fast where smooth, less so at a kink, least for an indicator of war."""
    found = slope(lambda n, seed: qmc.Sobol(2, rng=np.random.default_rng([n, seed])).random(n), name)
    assert found == pytest.approx(expected, abs=0.3)
    recorded = {row["f"]: row["qmc_slope"] for row in figures("sensitivity")["convergence"]}
    assert recorded["smooth"] < recorded["EU_kink"] < recorded["war_indicator"] < -0.6
