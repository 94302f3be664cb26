"""`detente report` as a user types it, and the page that `detente run` leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

DOLLAR = str(Path("scenarios/teaching/split_the_dollar.yaml").resolve())
WAR = str(Path("scenarios/teaching/fearon_private_cost.yaml").resolve())
RUN = "results/fearon_private_cost-s1"


@pytest.fixture
def detente(detente, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.report.figures.names", list)
    return detente


def test_a_run_leaves_its_page_unless_told_not_to(detente):
    code, out, _ = detente("run", DOLLAR, "--worlds", "5")
    page = Path("results/split_the_dollar-s1/report.html")
    assert code == 0 and f"{page}" in out and page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    code, out, _ = detente("run", DOLLAR, "--worlds", "5", "--no-report", "--out", "without")
    assert code == 0 and "report.html" not in out and not Path("without/report.html").exists()


def test_the_page_of_a_run_and_without_reasons_is_the_same(detente):
    detente("run", WAR, "--worlds", "40", "--set", "horizon=3")
    page = Path(RUN, "report.html").read_bytes()
    code, out, err = detente("report", RUN, "--no-reasons", "-o", "mine.html")
    assert (code, err) == (0, "") and "mine.html" in out
    assert Path("mine.html").read_bytes() == page and "horizon=3" in page.decode()


def test_reasons_are_added_once_and_kept(detente):
    detente("run", WAR, "--worlds", "40")
    before = Path(RUN, "report.html").read_bytes()
    code, out, err = detente("report", RUN, "--outcome", "war", "--avoid", "--processes", "1", "--json")
    assert (code, err) == (0, "")
    why = json.loads(out)["reasons"]
    assert why["outcome"] == "war" and why["failure"] == "it comes about" and why["worlds"] == 40
    page = Path(RUN, "report.html").read_bytes()
    assert page != before and b"types, resolve known" in page
    kept = Path(RUN, "reasons", "avoid-war", "reasons.json")
    stamp = kept.stat().st_mtime_ns
    assert detente("report", RUN, "--outcome", "war", "--avoid", "--json")[1] == out
    assert kept.stat().st_mtime_ns == stamp and Path(RUN, "report.html").read_bytes() == page
    assert "about" in detente("report", RUN, "--dry-run")[1]
    for damaged in ("{", "[]", "{}"):
        kept.write_text(damaged, encoding="utf-8")
        code, _, err = detente("report", RUN, "--outcome", "war", "--avoid")
        assert code == 2 and "isn't as it was written; delete it" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["report", "nowhere"], "not the folder of a run"),
        (["report", "."], "not the folder of a run"),
        (["report", RUN, "--outcome", "peace"], "no outcome 'peace'; outcomes: war"),
        (["report", RUN, "--no-reasons", "-o", "no/such/place.html"], "can't write no/such/place.html"),
        (["report"], "Missing argument"),
    ],
)
def test_a_mistake_is_told(detente, words, said):
    detente("run", WAR, "--worlds", "5", "--no-report")
    code, out, err = detente(*words)
    assert (code, out) == (2, "") and said in err
    assert not Path(RUN, "reasons").exists()
