"""The class demo's document and page: its numbers are those of runs, its words those of `explain`, its bytes stable."""

from __future__ import annotations

import json
import re
from itertools import product

import pytest
from scipy import stats

import sim
from sim.app.demo import BATCHES, demo
from sim.app.html import MOST, page
from sim.errors import ScenarioError, UserError
from sim.scenario.loader import load, loads

GAME = """\
title: A bridge
question: Will it be built?
period: round
horizon: 4
assumption: a test
actors: {A: {discount: 0.9}, B: {discount: 0.9, resolve: {uniform: {low: 0, high: 0.4}}}}
issues: {bridge: {levels: {none: 0, wood: 0.5, stone: 1}, start: none}}
stocks: {river: {start: 0.3, change: [{by: {normal: {mean: 0.05, sd: 0.05}}, assumption: a test}]}}
interests:
  A: [{term: trade, form: linear, of: bridge, weight: {uniform: {low: -0.2, high: 1}}, claims: [P2]}]
  B:
    - {term: trade, form: linear, of: bridge, weight: {uniform: {low: -1, high: 1}}, claims: [D3, D2]}
    - {term: calm, form: linear, of: river, weight: 0.2}
tables: {council: {parties: [A, B], protocol: {alternating_offers: {first: A}}, agenda: [bridge], deadline: 3}}
outcomes: {built: {bridge: {at_least: wood}}, stone: {bridge: stone}}
"""
DEMO = """\
demo:
  vary: {interests.B.trade.weight: {range: [-0.5, 1]}, actors.A.discount: [0.5, 0.9]}
  outcome: built
  labels: {actors.A.discount: patience}
  map: river
"""
WORLDS = 60


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    file = tmp_path_factory.mktemp("demo") / "bridge.yaml"
    file.write_text(GAME + DEMO, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def found(path):
    return demo(load(path), path, WORLDS)


def built(loaded, **how):
    return sim.run(loaded, WORLDS, **how).frame["outcome.built"].to_numpy(float)


def test_dials_hold_the_values_of_the_file_and_the_scenario_as_it_is(found):
    trade, patience = found["dials"]
    assert trade["values"][0] is None and trade["now"] == 0
    assert trade["values"][1:] == pytest.approx([-0.5 + 0.25 * k for k in range(7)])
    assert patience["values"] == [0.5, 0.9] and patience["now"] == 1 and patience["label"] == "patience"
    assert len(found["points"]["built"]) == 16 and found["errors"] == 0


def test_every_point_is_what_a_run_of_it_gives(path, found):
    base, dials = built(load(path)), found["dials"]
    assert found["base"]["built"]["count"] == base.sum() and found["points"]["built"][found["now"]][3:] == [0, 0, 0]
    for k in (3, 8, 15):
        values = (dials[0]["values"][k // 2], dials[1]["values"][k % 2])
        sets = [f"{d['path']}={v}" for d, v in zip(dials, values, strict=True) if v is not None]
        there = built(load(path, sets))
        d = (there - base).reshape(BATCHES, -1).mean(axis=1)
        ends = stats.t.interval(0.95, BATCHES - 1, d.mean(), stats.sem(d)) if d.any() else (0, 0)
        share, low, high, *change = found["points"]["built"][k]
        assert share == pytest.approx(there.mean(), abs=1e-5) and low <= share <= high
        assert change == pytest.approx([there.mean() - base.mean(), *ends], abs=2e-5)


def test_claims_on_and_off_are_runs_with_and_without_them(path, found):
    loaded = load(path)
    sources = {loaded.claims[c].source for c in ("P2", "D3", "D2")}
    assert set(found["claims"]) == {"all", *(f"without {s}" for s in sources)}
    source = min(sources)
    for name, how in (("all", {"claims": "all"}), (f"without {source}", {"without_source": (source,)})):
        there, way = built(loaded, **how), found["claims"][name]["built"]
        assert way["count"] == there.sum() and way["change"] == pytest.approx(there.mean() - built(loaded).mean())


def test_steps_are_told_in_the_words_of_explain(path, found):
    titles = [s["title"] for s in found["stories"]]
    assert titles[0] == "A typical world" and any(s["kind"] for s in found["stories"])
    for story in found["stories"]:
        told = " ".join(str(sim.explain(load(path), story["world"])).split())
        at = 0
        for line in (line["text"] for step in story["steps"] for line in step["lines"]):
            assert " ".join(line.split()) in told[at:]
            at = told.index(" ".join(line.split()), at)
        meetings = [s["meeting"] for s in story["steps"] if s["meeting"]]
        assert meetings and all({side["name"] for side in m["sides"]} == {"A", "B"} for m in meetings)


def test_failures_are_told_by_kind_and_all_are_counted(path, found):
    failed = [s for s in found["stories"] if s["kind"]]
    assert sum(s["count"] for s in failed) == failed[0]["of"] == WORLDS - found["base"]["built"]["count"]
    assert [s["count"] for s in failed] == sorted((s["count"] for s in failed), reverse=True)
    worlds = sim.run(load(path), WORLDS).frame
    assert not any(worlds["outcome.built"][s["world"]] for s in failed)


def test_war_is_the_failure_where_peace_is_the_deal(scenarios):
    """Fearon (1995): with B's secret uniform on [0, h] above 0.1 and w for A's war, A's best demand risks war with
    1 − min(1, (0.9 − w) / 2h)."""
    path, worlds = scenarios / "teaching" / "fearon_private_cost.yaml", 400
    vary = "{actors.B.resolve.uniform.high: [0.2, 0.4], interests.A.war.weight: [0.3, 0.4]}"
    found = demo(load(path, [f"demo.vary={vary}", "demo.labels={}"]), path, worlds)
    for (h, w), (share, *_) in zip(product((0.2, 0.4), (0.3, 0.4)), found["points"]["war"], strict=True):
        exact = 1 - min(1, (0.9 - w) / (2 * h))
        assert stats.binomtest(round(share * worlds), worlds, exact).pvalue > 1e-3
    assert [s["of"] for s in found["stories"] if s["kind"]] == [found["base"]["war"]["count"]]


def test_the_same_demo_is_the_same_bytes_and_goes_on_from_its_folder(path, found, tmp_path):
    again = demo(load(path), path, WORLDS, out=tmp_path)
    rows = tmp_path / "points" / "rows.jsonl"
    rows.write_text("".join(rows.read_text().splitlines(True)[:5]))
    third = demo(load(path), path, WORLDS, out=tmp_path)
    assert page(found) == page(again) == page(third)


def test_a_scenario_cannot_put_anything_into_the_page(path):
    hostile = '</script><script>alert(1)</script><img src=x onerror="alert(2)"> \u202e ' + "x" * 10_000
    text = GAME.replace("title: A bridge", f"title: {json.dumps(hostile)}")
    text = text.replace("A: {discount: 0.9}", f"A: {{discount: 0.9, name: {json.dumps(hostile)}}}")
    text += DEMO.replace("patience", json.dumps(hostile))
    html = page(demo(loads(text, str(path)), path, 20))
    assert html.count("<script") == html.count("</script>") == 3 and "<img" not in html and "\u202e" not in html
    data = json.loads(re.search(r'id="data">(.*?)</script>', html, re.DOTALL)[1])
    assert data["title"].startswith("</script><script>alert(1)") and len(data["title"]) <= 300
    addresses = set(re.findall(r"https?://\S+", html))
    assert not {a for a in addresses if "www.w3.org" not in a and "github.com/leeoniya" not in a}


def test_a_page_is_never_larger_than_it_may_be(found, monkeypatch):
    assert len(page(found).encode()) < MOST == 3_000_000
    monkeypatch.setattr("sim.app.html.MOST", 200_000)
    steps = found["stories"][0]["steps"] * 10
    many = [found["stories"][0], *({**found["stories"][0], "steps": steps} for _ in range(9))]
    assert len(page({**found, "stories": many}).encode()) <= 200_000 < len(json.dumps(many)) + 90_000


def test_the_section_changes_no_number(path):
    with_it, without = sim.run(load(path), 40).frame, sim.run(loads(GAME), 40).frame
    assert with_it.equals(without)


def test_without_a_section_what_moves_the_outcome_most_is_varied(path):
    idle = GAME.replace("0.2}", "0.2}\n    - {term: idle, form: constant, weight: 0.1}")
    found = demo(loads(idle, str(path)), path, 20)
    assert found["outcome"] == "built" and 1 <= len(found["dials"]) <= 3
    paths = [d["path"] for d in found["dials"]]
    assert paths[0] == "interests.B.trade.weight" and "interests.B.idle.weight" not in paths


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ("{vary: {horizon: [1, 2]}, outcome: nothing}", "unknown outcome 'nothing'"),
        ("{vary: {horizon: [1, 2]}, outcome: built, labels: {horizn: x}}", "'horizn' isn't varied"),
        ("{vary: {a: [1], b: [1], c: [1], d: [1]}, outcome: built}", "3"),
        ("{vary: {horizon: 3}, outcome: built}", "what may it be?"),
        ("{vary: {horizon: [1, 2]}, outcome: built, map: sea}", "unknown stock 'sea'"),
    ],
)
def test_a_wrong_section_is_told_where_it_stands(section, says):
    with pytest.raises(ScenarioError, match=re.escape(says)):
        loads(f"{GAME}demo: {section}\n")


def test_what_cannot_be_computed_is_told_beforehand(path):
    with pytest.raises(ScenarioError, match="discount"):
        demo(loads(f"{GAME}demo: {{vary: {{actors.A.discount: [0.5, 2]}}, outcome: built}}\n", str(path)), path, 20)
    with pytest.raises(UserError, match="multiple of 20"):
        demo(load(path), path, 30)
    with pytest.raises(UserError, match="no outcome"):
        demo(loads(re.sub("outcomes: .*\n", "", GAME), str(path)), path, 20)


def test_every_bundled_section_can_be_played(scenarios):
    from sim.app.demo import most_points

    named = [p for p in sorted(scenarios.rglob("*.yaml")) if "\ndemo:" in p.read_text(encoding="utf-8")]
    assert {p.stem for p in named} >= {"kursk_ceasefire", "fearon_private_cost", "guarantor"}
    for file in named:
        assert most_points(load(file), file, 20, 1) > 1
