"""Which sentence matters: flips and the screening, where the answer is known by construction."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sim.analysis.influence import adjusted
from sim.claims_report import claims
from sim.cli.main import main
from sim.flips import Flip, backing, documents, flip, groups
from sim.runs import run
from sim.scenario.loader import loads

GAME = """\
title: Built to be known
period: round
horizon: 1
normalise: false
actors:
  A: {{discount: 0.5, resolve: 0}}
  B: {{discount: 0.5, resolve: 0}}
issues:
  deal: {{levels: {{no: 0, yes: 1}}, start: no, {issue}}}
interests:
  A: [{{term: wants, form: linear, of: deal, weight: 1, assumption: a test}}]
  B:
    - {{term: cost, form: linear, of: deal, weight: {{uniform: {{low: -1, high: 0}}}}, assumption: a test}}
{terms}
tables:
  talks: {{parties: [A, B], protocol: {{ultimatum: {{by: A}}}}, agenda: [deal], deadline: 1}}
outcomes: {{agreed: {{deal: yes}}}}
"""
WORLDS = 1000


def game(*terms: str, issue: str = "assumption: a test"):
    return loads(GAME.format(terms="\n".join(f"    - {{{t}}}" for t in terms), issue=issue))


def gain(name: str, weight: float, claims: str) -> str:
    return f"term: {name}, form: linear, of: deal, weight: {weight}, claims: [{claims}]"


def test_a_flip_measures_what_was_built_in():
    """B's cost is uniform on [−1, 0]: with P1 (+.5) it signs in half of the worlds, without it in none."""
    loaded = game(gain("help", 0.5, "P1"))
    found = flip(loaded, [Flip("claim", "P1", ("P1",))], WORLDS)["P1"]["agreed"]
    assert found["low"] <= 0.5 <= found["high"] and abs(found["estimate"] - 0.5) < 0.05
    assert found["found"] and found["down"] == 0
    assert found["up"] == round(found["estimate"] * WORLDS)


def test_the_screening_agrees_with_the_flip():
    loaded = game(gain("help", 0.5, "P2"), gain("hurt", -0.25, "P11"))
    screened = run(loaded, 4000).document["claims"]["P2"]["influence"]["agreed"]
    flipped = flip(loaded, [Flip("claim", "P2", ("P2",))], WORLDS)["P2"]["agreed"]
    assert screened["low"] <= flipped["high"] and flipped["low"] <= screened["high"] and screened["found"]
    assert abs(screened["estimate"] - (0.9 * 0.25 + 0.1 * 0.5)) < 0.03
    assert flipped["high"] - flipped["low"] < 0.1


def test_claims_that_back_one_term_mask_one_another_and_are_flipped_together():
    """Of two claims each is idle where the other is true: strengths .5 and .6 leave .4 and .5 of the effect .5."""
    loaded = game(gain("help", 0.5, "P2, P5"))
    assert groups(loaded.scenario) == [("P2", "P5")]
    alone = flip(loaded, [Flip("claim", c, (c,)) for c in ("P2", "P5")], WORLDS)
    assert abs(alone["P2"]["agreed"]["estimate"] - 0.5 * 0.4) < 0.05
    assert abs(alone["P5"]["agreed"]["estimate"] - 0.5 * 0.5) < 0.05
    together = flip(loaded, [Flip("group", "both", ("P2", "P5"))], WORLDS)["both"]["agreed"]
    assert abs(together["estimate"] - 0.5) < 0.05


def test_a_claim_that_is_always_true_has_no_contrast_but_a_flip():
    loaded = game(gain("help", 0.5, "P16"))  # strength 1
    report = claims(loaded, 400, top=1, flip_worlds=WORLDS).document
    assert report["claims"]["P16"]["influence"]["agreed"] is None
    found = report["flips"][0]
    assert found["name"] == "P16" and abs(found["influence"]["agreed"]["estimate"] - 0.5) < 0.05


def test_an_issue_rests_on_its_claims():
    loaded = game(gain("help", 1, "P16"), issue="claims: [P1]")
    found = flip(loaded, [Flip("claim", "P1", ("P1",))], 200)["P1"]["agreed"]
    assert found["estimate"] == 1 and found["up"] == 200
    assert backing(loaded.scenario) == {"P16": ["B help"], "P1": ["issue deal"]}


def test_documents_are_flipped_whole():
    loaded = game(gain("help", 0.25, "P1"), gain("more", 0.25, "P2"), gain("other", 0.25, "D2"))
    assert documents(loaded.scenario, loaded.claims) == {"pietrewicz": ("P1", "P2"), "dailynk": ("D2",)}
    report = claims(loaded, 300, top=1, flip_worlds=200).document
    assert {f["kind"] for f in report["flips"]} >= {"document"}
    assert [f["claims"] for f in report["flips"] if f["kind"] == "document"] == [["P1", "P2"]]


@pytest.mark.parametrize("share", [0.5, 0.02])
def test_where_no_claim_matters_little_is_found(share):
    """Twelve claims about nothing, forty runs: at a rate of 5 % for a whole run, about two runs find any. Also where
    the outcome is so rare that a claim's few worlds off may hold none of it."""
    names = ("P1", "P2", "P5", "P6", "P7", "P8", "P9", "P11", "P13", "P14", "A3", "A4")
    idle = [f"term: t{k}, form: constant, weight: 1, claims: [{c}]" for k, c in enumerate(names)]
    loaded = game(gain("help", share, "P16"), *idle)
    runs = [run(loaded, 400, seed).document["claims"] for seed in range(1, 41)]
    anything = [any(e and e["found"] for c in screened.values() for e in c["influence"].values()) for screened in runs]
    assert sum(anything) <= 6


def test_intervals_widen_with_what_is_looked_at():
    one = adjusted(np.array([[0.1]]), np.array([[0.01]]))[0][0]
    many = adjusted(np.array([[0.1]] + [[0.0]] * 19), np.full((20, 1), 0.01))[0][0]
    assert one["found"] and many["found"] and many["low"] < one["low"]
    assert one["high"] - one["low"] == pytest.approx(2 * 1.96 * 0.01, rel=1e-3)


def test_an_outcome_that_never_moves_is_no_discovery():
    row = adjusted(np.array([[0.0, 0.3]]), np.array([[0.0, 0.05]]))[0]
    assert not row[0]["found"] and row[0]["q"] == 1 and row[1]["found"]


def test_the_command_prints_claims_and_flips_and_draws_a_figure(tmp_path, capsys):
    file = tmp_path / "game.yaml"
    file.write_text(GAME.format(terms=f"    - {{{gain('help', 0.5, 'P1')}}}", issue="assumption: a test"), "utf-8")
    words = ["claims", str(file), "--worlds", "100", "--flip-worlds", "50", "--processes", "1"]
    out = tmp_path / "out"
    words += ["--out", str(out)]
    with pytest.raises(SystemExit) as left:
        main(words)
    told = capsys.readouterr().out
    assert left.value.code == 0 and "Oskar Pietrewicz" in told and "→ B help" in told
    assert (out / "claims_agreed.png").stat().st_size > 10_000
    with pytest.raises(SystemExit):
        main([*words, "--json"])
    assert json.loads(capsys.readouterr().out)["flips"][0]["name"] == "P1"
