"""`detente run` as a user types it: what is printed where, what is written, and what is said to a mistake."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

KEYS = {"scenario", "worlds", "seed", "outcomes", "issues", "tables", "values", "report", "claims"}
SPREAD = {"mean", "sd", "p05", "p50", "p95"}
TEXT = """\
title: A bridge
question: Is it built?
horizon: 4
actors: {A: {discount: 0.9}, B: {discount: 0.9}}
issues: {bridge: {levels: {none: 0, wood: 0.5, stone: 1}, start: none}}
stocks: {river: {start: 0.5, change: [{by: 0.1, claims: [D2]}]}}
interests:
  A:
    - {term: trade, form: linear, of: bridge, weight: {uniform: {low: -0.2, high: 1}}, claims: [P2]}
    - {term: view, form: ideal, of: bridge, at: 0.5, weight: 0.2, assumption: taste}
  B: [{term: trade, form: linear, of: bridge, weight: {uniform: {low: -1, high: 1}}, claims: [D3, P2]}]
tables: {council: {parties: [A, B], protocol: {alternating_offers: {first: A}}, agenda: [bridge]}}
outcomes: {built: {bridge: {at_least: wood}}, flood: {ever: {river: {at_least: 0.8}}}}
report: [bridge, river, B]
"""


@pytest.fixture
def detente(detente, monkeypatch, tmp_path):
    """In a folder that holds `bridge.yaml`. No figures unasked."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bridge.yaml").write_text(TEXT, encoding="utf-8")

    def type_in(*words, figures=False):
        with monkeypatch.context() as patched:
            if not figures:
                patched.setattr("sim.report.figures.names", list)
            return detente(*words)

    return type_in


def test_what_is_written(detente, tmp_path):
    code, out, err = detente("run", "bridge.yaml", "--worlds", "200", figures=True)
    folder = tmp_path / "results" / "bridge-s1"
    assert (code, err) == (0, "") and str(folder.relative_to(tmp_path)) in out
    files = {f.name for f in folder.iterdir()}
    assert {"manifest.json", "summary.json", "worlds.csv", "scenario.yaml", "figures"} <= files
    figures = {f.name for f in (folder / "figures").iterdir()}
    stems = {Path(f).stem for f in figures}
    assert len(stems) >= 4 and figures == {f"{s}.{kind}" for s in stems for kind in ("png", "svg")}
    for figure in (folder / "figures").iterdir():
        start = figure.read_bytes()[:200]
        assert start.startswith(b"\x89PNG") or b"<?xml" in start
    assert (folder / "scenario.yaml").read_text(encoding="utf-8") == TEXT
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {"versions", "scenario", "seed", "worlds", "options", "duration_seconds"} <= set(manifest)
    assert manifest["duration_seconds"] > 0 and re.fullmatch("[0-9a-f]{64}", manifest["scenario"]["sha256"])
    with (folder / "worlds.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["world"] for r in rows] == [str(w) for w in range(200)]
    assert {"outcome.built", "level.bridge", "table.council.deal_period", "value.A", "claim.P2"} <= set(rows[0])
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["outcomes"]["built"]["count"] == sum(r["outcome.built"] == "True" for r in rows)
    assert summary["issues"]["bridge"]["stone"]["count"] == sum(r["level.bridge"] == "stone" for r in rows)


def test_what_is_told(detente):
    code, out, err = detente("run", "bridge.yaml", "--worlds", "1500", "--processes", "1")
    assert (code, err) == (0, "")
    assert "Is it built?" in out and "1,500 worlds" in out
    assert re.search(r"built .*[\d,]+ of 1,500 worlds, [\d.]+ % \[[\d.]+, [\d.]+\]", out)
    assert re.search(r"a deal in [\d,]+ of 1,500 worlds.*by month \d", out)
    assert out.count("weight on documents") == 2 and "100 %" in out


def test_json_is_the_summary_and_nothing_else(detente, tmp_path):
    code, out, err = detente("run", "bridge.yaml", "--worlds", "150", "--json")
    assert (code, err) == (0, "")
    assert out.encode() == (tmp_path / "results" / "bridge-s1" / "summary.json").read_bytes()
    assert out == json.dumps(json.loads(out), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def test_the_summary_has_all_that_is_promised(detente):
    s = json.loads(detente("run", "bridge.yaml", "--worlds", "300", "--json")[1])
    assert set(s) >= KEYS and {"title", "file", "sha256"} <= set(s["scenario"])
    assert (s["worlds"], s["seed"]) == (300, 1)
    assert set(s["outcomes"]) == {"built", "flood"}
    for o in s["outcomes"].values():
        assert {"count", "worlds", "probability", "low", "high", "by_period"} <= set(o)
        assert o["low"] <= o["probability"] == o["count"] / 300 <= o["high"] and len(o["by_period"]) == 4
        assert o["by_period"][-1] == o["probability"]
    assert sum(v["count"] for v in s["issues"]["bridge"].values()) == 300
    council = s["tables"]["council"]
    assert {"deals", "worlds_with_deal", "first_deal_period"} <= set(council)
    assert set(council["first_deal_period"]) == {"p25", "p50", "p75"}
    assert set(s["values"]) == {"A", "B"} and all(set(v) >= SPREAD for v in s["values"].values())
    assert set(s["report"]) == {"bridge", "river", "B"} and all(set(v) == SPREAD for v in s["report"].values())
    assert set(s["claims"]) == {"D2", "P2", "D3"}
    assert all("on" in c and set(c["influence"]) == {"built", "flood"} for c in s["claims"].values())
    # the flood comes where the river rises for three periods, which it does where D2 is true
    assert s["claims"]["D2"]["on"] == s["outcomes"]["flood"]["count"]


def test_the_same_seed_gives_the_same_bytes(detente):
    runs = [("a", "1", "1"), ("b", "1", "1"), ("c", "1", "2"), ("d", "7", "1")]
    printed = [
        detente("run", "bridge.yaml", "--worlds", "1200", "--json", "--out", out, "--seed", seed, "--processes", p)[1]
        for out, seed, p in runs
    ]
    assert printed[0] == printed[1] == printed[2] != printed[3]


def test_a_bundled_scenario_by_its_name(detente, tmp_path):
    code, out, _ = detente("run", "kursk_ceasefire", "--worlds", "5", "--set", "horizon=2")
    assert code == 0 and "of 5 worlds" in out
    assert (tmp_path / "results" / "kursk_ceasefire-s1" / "summary.json").exists()


def test_overrides_are_run_and_kept(detente, tmp_path):
    sets = ("--set", "horizon=2", "--set", "issues.bridge.start=wood")
    code, out, _ = detente("run", "bridge.yaml", "--worlds", "50", "--json", *sets)
    assert code == 0 and json.loads(out)["scenario"]["horizon"] == 2
    kept = tmp_path / "results" / "bridge-s1"
    assert "start: wood" in (kept / "scenario.yaml").read_text(encoding="utf-8")
    again = detente("run", str(kept / "scenario.yaml"), "--worlds", "50", "--json", "--out", "again")[1]
    first, second = json.loads(out), json.loads(again)
    assert all(first[k] == second[k] for k in ("outcomes", "values", "tables", "issues"))


def claims_on(out: str) -> dict[str, int]:
    return {c: v["on"] for c, v in json.loads(out)["claims"].items()}


def test_claims_and_sources(detente):
    def built(*more):
        folder = "-".join(("out", *more)).replace(" ", "")
        code, out, _ = detente("run", "bridge.yaml", "--worlds", "400", "--json", "--out", folder, *more)
        assert code == 0
        return json.loads(out)

    drawn, every = built(), built("--claims", "all")
    assert every["claims"] == {} and every["outcomes"]["flood"]["count"] == 400
    assert 400 > drawn["outcomes"]["flood"]["count"] > 0
    without = built("--without-source", "dailynk")
    assert without["claims"]["D2"]["on"] == without["claims"]["D3"]["on"] == 0 == without["outcomes"]["flood"]["count"]
    assert without["claims"]["P2"]["on"] == drawn["claims"]["P2"]["on"]
    only = built("--only-source", "dailynk")
    assert only["claims"]["P2"]["on"] == 0 < only["claims"]["D2"]["on"]
    both = built("--only-source", "dailynk", "--only-source", "pietrewicz")
    assert both["claims"] == drawn["claims"]
    neither = built("--without-source", "dailynk", "--without-source", "pietrewicz")
    assert neither["outcomes"]["built"]["count"] <= drawn["outcomes"]["built"]["count"]
    assert all(c["on"] == 0 for c in neither["claims"].values())


MISTAKES = {
    "missing file": (["run", "nowhere.yaml"], "nowhere.yaml"),
    "unknown scenario": (["run", "kursk_ceasefir"], "did you mean 'kursk_ceasefire'?"),
    "directory": (["run", "."], "."),
    "override of nothing": (["run", "bridge.yaml", "--set", "actors.C.discount=0.5"], "actors.C.discount"),
    "override typo": (["run", "bridge.yaml", "--set", "actors.A.discont=0.5"], "did you mean 'discount'?"),
    "override without value": (["run", "bridge.yaml", "--set", "horizon"], "PATH=VALUE"),
    "override to nonsense": (["run", "bridge.yaml", "--set", "actors.A.discount=2"], "actors.A.discount"),
    "unknown source": (["run", "bridge.yaml", "--only-source", "dailynkk"], "did you mean 'dailynk'?"),
    "source left out": (["run", "bridge.yaml", "--without-source", "nobody"], "unknown source 'nobody'"),
    "no worlds": (["run", "bridge.yaml", "--worlds", "0"], "--worlds"),
    "seed below 0": (["run", "bridge.yaml", "--seed", "-1"], "--seed"),
    "wrong rule": (["run", "bridge.yaml", "--claims", "some"], "--claims"),
    "typo in an option": (["run", "bridge.yaml", "--wrlds", "3"], "--worlds"),
    "no file": (["run"], "Missing argument"),
}


@pytest.mark.parametrize(("words", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_and_nothing_is_written(detente, tmp_path, words, said):
    code, out, err = detente(*words)
    assert (code, out) == (2, "") and said in err and "error" in err.lower()
    assert not (tmp_path / "results").exists()


def test_all_errors_of_a_file_at_once_with_their_places(detente, tmp_path):
    bad = TEXT.replace("discount: 0.9}, B", "discont: 0.9}, B").replace("form: ideal", "form: idael")
    bad = bad.replace("[P2]", "[P99]")
    (tmp_path / "bad.yaml").write_text(bad, encoding="utf-8")
    code, out, err = detente("run", "bad.yaml")
    lines = [line for line in err.splitlines() if re.match(r"bad\.yaml:\d+:\d+: error: ", line)]
    assert (code, out) == (2, "") and len(lines) >= 3
    assert "did you mean 'discount'" in err and "did you mean 'ideal'" in err and "P99" in err


def test_results_beside_a_file_of_another_folder_are_not_mixed_up(detente, tmp_path):
    """Two files of the same name: the second run is told that the folder holds another."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "bridge.yaml").write_text(TEXT.replace("0.5, change", "0.4, change"), encoding="utf-8")
    assert detente("run", "bridge.yaml", "--worlds", "10")[0] == 0
    code, _, err = detente("run", "other/bridge.yaml", "--worlds", "10")
    assert code == 2 and "another run" in err


def test_one_world(detente):
    code, out, _ = detente("run", "bridge.yaml", "--worlds", "1", figures=True)
    assert code == 0 and "of 1 worlds" in out


def test_installed_as_a_program(tmp_path):
    (tmp_path / "bridge.yaml").write_text(TEXT, encoding="utf-8")
    program = [sys.executable, "-c", "from sim.cli.main import main; main()"]
    words = ["run", "bridge.yaml", "--worlds", "20", "--json"]
    done = subprocess.run([*program, *words], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (tmp_path / "results" / "bridge-s1" / "summary.json").read_text(encoding="utf-8")
