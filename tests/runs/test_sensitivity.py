"""Sobol indices: against the Ishigami function, through the design and the estimators that scenarios use; in worlds
that are noisy; and of scenarios whose indices are known in closed form."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_game import GAME

import sim
from sim.analysis.indices import BATCHES, cross, estimator, indices, largest_effects, noise, rank_correlation
from sim.cli.main import main
from sim.errors import UserError
from sim.experiment import File, pairs
from sim.sobol import load_sensitivity, sensitivity

HELP, WANTS, PATIENCE = "interests.B.help.weight", "interests.A.wants.weight", "actors.A.discount"
ISHIGAMI = json.loads((Path(__file__).parent.parent / "theory" / "sensitivity.json").read_text(encoding="utf-8"))


def ishigami(x, a, b):
    return np.sin(x[0]) + a * np.sin(x[1]) ** 2 + b * x[2] ** 4 * np.sin(x[0])


def sampled(n, seed=1):
    """A, B (3, n) and A with one field from B (3, 3, n), of the design of an experiment's file."""
    angle = {"range": [-np.pi, np.pi]}
    file = File(scenario="any", vary={name: angle for name in "xyz"}, points=n, seed=seed)
    A, B = np.split(np.array([list(p.values()) for p in pairs(file, Path())]).T, 2, axis=1)
    AB = np.tile(A, (3, 1, 1))
    AB[range(3), range(3)] = B
    return A, B, AB


def noisy(f, sd, common, seed):
    """Means of batches (…, K, n): each point's luck on its own, and luck that every point shares."""
    rng = np.random.default_rng(seed)
    shared = common * rng.normal(size=(BATCHES, 1))
    return [v[..., None, :] + sd * rng.normal(size=(*v.shape[:-1], BATCHES, v.shape[-1])) + shared for v in f]


def values(n, a=7.0, b=0.1, sd=0.0, common=0.0, seed=1):
    A, B, AB = sampled(n, seed)
    return noisy([ishigami(A, a, b), ishigami(B, a, b), ishigami(AB.swapaxes(0, 1), a, b)], sd, common, seed)


@pytest.mark.parametrize("row", ISHIGAMI["ishigami"], ids=lambda r: f"a={r['a']:g}, b={r['b']:g}")
def test_ishigami(row):
    """The oracles' tolerance at n = 2^10, and intervals that hold the truth."""
    for k, fields in enumerate(indices(*values(2**10, row["a"], row["b"], common=3.0))):  # what all share cancels
        for kind, exact in (("first", row[f"S{k + 1}"]), ("total", row[f"ST{k + 1}"])):
            assert fields[kind]["estimate"] == pytest.approx(exact, abs=2e-2)
            assert fields[kind]["low"] <= exact <= fields[kind]["high"]


def test_ishigami_with_many_points():
    """The oracles' tolerance at n = 2^16."""
    row = ISHIGAMI["ishigami"][0]
    f = [np.asarray(v)[..., :2, :] for v in values(2**16, common=3.0)]
    f = [v - np.mean(f[:2], axis=(0, 2))[:, None] for v in f]
    first, total = estimator(*f)
    assert first[0] == pytest.approx([row["S1"], row["S2"], row["S3"]], abs=2e-3)
    assert total[0] == pytest.approx([row["ST1"], row["ST2"], row["ST3"]], abs=2e-3)


def test_luck_of_the_worlds_is_told_from_effects():
    """Independent luck as large as the effects, σ² / K = V: half of what differs between points is noise. Counted as
    effect it would halve every first-order index and raise every total one; it does neither."""
    row = ISHIGAMI["ishigami"][0]
    f_A, f_B, f_AB = values(2**10, sd=np.sqrt(row["V"] * BATCHES), common=3.0)
    assert noise(f_A, f_B) == pytest.approx(0.5, abs=0.03)
    plain = [f.mean(axis=-2) for f in (f_A, f_B, f_AB)]
    naive = ((plain[0] - plain[2]) ** 2).mean(axis=-1) / 2 / np.var(plain[:2])
    for k, fields in enumerate(indices(f_A, f_B, f_AB)):
        total = row[f"ST{k + 1}"]
        assert naive[k] == pytest.approx((total + 1) / 2, abs=0.06)
        assert fields["total"]["estimate"] == pytest.approx(total, abs=0.12)
        assert fields["total"]["low"] <= total <= fields["total"]["high"]


def test_intervals_hold_the_truth_as_often_as_they_say():
    """Rows and worlds few, as in practice; 20 designs, 6 intervals each: 95 %, or somewhat more, as a Sobol sequence is
    more even than random points."""
    row = ISHIGAMI["ishigami"][0]
    hits = [
        fields[kind]["low"] <= row[f"{name}{k + 1}"] <= fields[kind]["high"]
        for seed in range(20)
        for k, fields in enumerate(indices(*values(64, sd=3.0, common=3.0, seed=seed)))
        for kind, name in (("first", "S"), ("total", "ST"))
    ]
    assert np.mean(hits) >= 0.92


def test_nothing_but_luck_has_no_indices():
    rng = np.random.default_rng(1)
    f = rng.normal(size=(5, BATCHES, 64))
    assert indices(f[0], f[1], f[2:]) is None
    assert indices(*(np.ones_like(v) for v in (f[0], f[1], f[2:]))) is None


@given(st.integers(2, 6), st.integers(1, 5))
@settings(deadline=None, max_examples=20)
def test_products_of_different_batches(batches, n):
    x, y = np.random.default_rng(batches * 10 + n).normal(size=(2, batches, n))
    pairs_ = [x[k] * y[j] for k in range(batches) for j in range(batches) if k != j]
    assert cross(x, y) == pytest.approx(np.mean(pairs_, axis=0))


def test_screening_sees_what_ranks_do_not():
    """The second input of Ishigami's function has no rank correlation, and the greatest elementary effects."""
    A, _, _ = sampled(2**10)
    f_A, f_B, f_AB = values(2**10)
    assert abs(rank_correlation(A[1], f_A.mean(axis=0))["estimate"]) < 0.05
    assert min(largest_effects(f_A, f_B, f_AB)) > 1.5
    assert largest_effects(f_A, f_B, np.array([f_A])) == [0.0]
    assert rank_correlation(A[0], np.zeros(2**10)) is None


@pytest.fixture
def experiment(tmp_path):
    def written(text: str, game: str = GAME) -> Path:
        (tmp_path / "game.yaml").write_text(game, encoding="utf-8")
        path = tmp_path / "mine.yaml"
        path.write_text(f"scenario: game.yaml\n{text}\n", encoding="utf-8")
        return path

    return written


VARY = f"vary: {{{HELP}: {{range: [0, 1]}}, {WANTS}: {{range: [1, 2]}}, {PATIENCE}: {{range: [0.5, 0.9]}}}}"


def test_a_scenario_with_known_indices(experiment):
    """A's value is what it wants times the chance that B's cost, uniform, is below the help: w h, uniform on [1, 2] and
    [0, 1]. V = E w² E h² − (E w E h)² = 7/9 − 9/16; S_h = E²w Var h / V, S_w = E²h Var w / V."""
    found = sensitivity(experiment(f"{VARY}\npoints: 32\nworlds: 100\nmeasure: [outcomes, values]"))
    V = 7 / 3 / 3 - (1.5 * 0.5) ** 2
    help_, wants = 1.5**2 / 12 / V, 0.5**2 / 12 / V
    value, agreed = (found.document["measures"][m]["indices"] for m in ("value.A", "outcome.agreed"))
    for field, first, total in ((HELP, help_, 1 - wants), (WANTS, wants, 1 - help_)):
        assert value[field]["first"]["low"] <= first <= value[field]["first"]["high"]
        assert value[field]["total"]["low"] <= total <= value[field]["total"]["high"]
        assert value[field]["total"]["estimate"] == pytest.approx(total, abs=0.15)
    assert agreed[HELP]["total"]["estimate"] == pytest.approx(1, abs=0.1)
    for of, field in ((agreed, WANTS), (agreed, PATIENCE), (value, PATIENCE)):  # in the same worlds, exactly nothing
        assert [of[field][kind]["estimate"] for kind in ("first", "total")] == [0, 0]
    assert agreed[HELP]["rank"]["low"] > 0.9 and 0 <= found.document["measures"]["value.A"]["noise"] < 0.1
    assert found.document["negligible"] == [PATIENCE]
    assert set(found.frame.columns) == {"measure", "field", "index", "estimate", "low", "high"}


def test_a_sum_has_no_interactions(experiment):
    """A's value is the sum of two weights, on [0, 1] and on [0, 2]: the indices are 1/5 and 4/5, first and total."""
    game = GAME.replace(
        "A: [{term: wants, form: linear, of: deal, weight: 1}]",
        "A: [{term: wants, form: linear, of: deal, weight: 1}, {term: more, form: linear, of: deal, weight: 1}]",
    )
    vary = f"vary: {{{WANTS}: {{range: [0, 1]}}, interests.A.more.weight: {{range: [0, 2]}}}}"
    text = f"{vary}\nset: [{HELP}=1.5]\npoints: 32\nworlds: 10\nmeasure: [values]"
    found = sensitivity(experiment(text, game)).document["measures"]["value.A"]
    for field, share in ((WANTS, 0.2), ("interests.A.more.weight", 0.8)):
        for kind in ("first", "total"):
            index = found["indices"][field][kind]
            assert index["estimate"] == pytest.approx(share, abs=0.1) and index["low"] <= share <= index["high"]
    assert abs(found["noise"]) < 1e-12


def said(capsys, *words: str, code: int = 0) -> str:
    with pytest.raises(SystemExit) as exit_:
        main([*words])
    printed = capsys.readouterr()
    assert exit_.value.code == code, printed.err
    return printed.out if code == 0 else printed.err


def test_the_command(experiment, tmp_path, capsys, monkeypatch):
    path = experiment(f"{VARY}\npoints: 8\nworlds: 20\nlabels: {{{HELP}: what B is given}}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.sobol.STEPS", 4)
    command = ("sensitivity", str(path), "--processes", "1")
    assert said(capsys, *command, "--dry-run").startswith("40 points of 20 worlds: about ")
    assert not (tmp_path / "results").exists()
    told = said(capsys, *command)
    assert "what B is given" in told and "Plainly doesn't matter" in told and "luck of the worlds" in told
    folder = tmp_path / "results" / "sensitivity-mine"
    assert {"sensitivity.json", "indices.csv", "points.csv", "sensitivity.png"} <= {p.name for p in folder.iterdir()}
    first = (folder / "sensitivity.json").read_bytes()
    lines = (folder / "points" / "rows.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "points" / "rows.jsonl").write_text("".join(lines[:38]), encoding="utf-8")
    document = json.loads(said(capsys, *command, "--json"))  # goes on from the rows that are there
    assert (folder / "sensitivity.json").read_bytes() == first
    assert document["played"] == 40 and len((folder / "points.csv").read_text().splitlines()) == 17
    screened = json.loads(said(capsys, *command, "--json", "--screen", "--out", "screened"))
    assert set(screened["dropped"]) == {WANTS, PATIENCE} and screened["played"] == 24 + 2 * 4
    kept = screened["measures"]["outcome.agreed"]["indices"]
    assert list(kept) == [HELP] and kept[HELP] == document["measures"]["outcome.agreed"]["indices"][HELP]


def test_points_that_coincide_are_played_once(experiment):
    path = experiment(f"vary: {{{HELP}: [0.2, 0.4], {WANTS}: [1, 2]}}\npoints: 16\nworlds: 10")
    found = sim.sensitivity(path)
    assert found.document["played"] == 4 and found.figures()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"vary: {{{HELP}: {{range: [0, 1]}}}}\npoints: 8", "two or more under `vary:`"),
        (VARY, "needs `points:`"),
        (f"{VARY}\npoints: 12", "near it are 8 and 16"),
        (f"{VARY}\npoints: 8\nworlds: 25", "multiple of 10"),
    ],
)
def test_mistakes_are_told_with_what_to_do(experiment, text, told):
    with pytest.raises(UserError, match=told):
        load_sensitivity(experiment(text))


def test_points_that_make_no_scenario_are_left_out_and_said(experiment, capsys, tmp_path):
    law = "interests.B.cost.weight.uniform"  # low may not exceed high
    vary = f"vary: {{{law}.high: {{range: [-0.6, 0]}}, {law}.low: {{range: [-1, -0.4]}}}}"
    path = experiment(f"{vary}\npoints: 16\nworlds: 10")
    document = sensitivity(path, out=tmp_path / "out").document
    assert 0 < document["failed"] <= 16 - 4
    assert "rows left out" in said(capsys, "sensitivity", str(path), "--out", str(tmp_path / "out"), "--processes", "1")
