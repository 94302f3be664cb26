"""The dated questions: a mapping that keeps its own rules, windows of time, and scores by hand."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from validation import story
from validation.check import ROOT, needed

import sim
from sim.scenario.overrides import override

FIRST, THEN, LAST = "2019-04-20", "2019-10-20", "2020-10-20"
WINDOWS = {"early": (FIRST, THEN), "late": (THEN, LAST), "whole": (FIRST, LAST)}


@pytest.fixture
def rows(data):
    with needed(data, "story_questions.csv").open(newline="", encoding="utf-8") as handle:
        return {r["id"]: r for r in csv.DictReader(handle)}


def test_every_question_is_mapped_or_said_to_be_beyond_every_scenario(rows):
    mapped = story.mapping()
    assert list(mapped) == list(rows) and len(rows) == 21
    assert all(("scenario" in q) == ("ever" in q) == ("why" in q) != ("none" in q) for q in mapped.values())
    assert set(story.ASKED) == {n for n, q in mapped.items() if "scenario" in q}


def test_a_scenario_is_older_than_its_question_or_the_question_is_late(rows):
    for name, q in story.mapping().items():
        if "scenario" in q:
            as_of = sim.load(ROOT / "scenarios" / f"{q['scenario']}.yaml").scenario.as_of
            assert (rows[name]["asof_proposed"] <= as_of <= rows[name]["resolve_by"]) == q.get("late", False), name


def test_what_is_mapped_is_in_the_scenario():
    for name, q in story.mapping().items():
        if "scenario" in q:
            asked = override(f"outcomes.{name}", {"ever": q["ever"]})
            loaded = sim.load(ROOT / "scenarios" / f"{q['scenario']}.yaml", (*q.get("set", ()), asked))
            assert loaded.scenario.outcomes[name].ever is not None


@pytest.mark.parametrize(
    ("as_of", "day", "period", "expected"),
    [
        ("2025-03-01", "2025-12-31", "month", 10),
        ("2025-03-01", "2025-03-11", "month", 0),
        ("2025-03-11", "2025-03-01", "month", 0),
        ("2017-07-04", "2018-08-31", "quarter", 5),
        ("2017-07-04", "2025-12-31", "quarter", 34),
    ],
)
def test_days_are_counted_in_whole_periods(as_of, day, period, expected):
    assert story.periods(as_of, day, period) == expected


def test_what_comes_about_in_two_windows_comes_about_in_both_together():
    opened = {"scenario": "tumen_projects", "set": ["horizon=6"], "ever": {"arms_control": "none"}}
    asked = dict.fromkeys(WINDOWS, opened)
    dates = {n: {"asof_proposed": a, "resolve_by": b} for n, (a, b) in WINDOWS.items()}
    found = story.counted(dates, asked, 40)
    (early, all_), (late, open_), (whole, everyone) = (found[n] for n in WINDOWS)
    assert (all_, everyone, open_) == (40, 40, 40 - early) and early + late == whole
    assert 0 < early < whole


def test_a_type_is_judged_by_its_other_questions():
    rows = [{"type": t} for t in ("a", "a", "a", "b")]
    assert story.frequencies(rows, [True, False, True, False]) == [0.5, 1.0, 0.5, pytest.approx(2 / 3)]


def test_scores_by_hand():
    assert story.brier([0.8, 0.5], [True, False]) == pytest.approx([0.04, 0.25])
    assert story.log_loss([0.8, 0.5], [True, False]) == pytest.approx([-np.log(0.8), np.log(2)])
    sure = story.Answer("", "", False, 0.5, count=0, of=9)
    assert (sure.said, story.Answer("", "", True, 0.5).said) == (pytest.approx(0.05), 0.5)


def test_a_score_holds_only_if_it_is_less_beyond_doubt():
    def verdict(yes: int, of: int) -> bool | None:  # says .75 of each
        some = [story.Answer(str(k), "", k < yes, 0.25, count=1, of=1) for k in range(of)]
        return next(iter(story.scored("", some, story.brier))).holds

    assert (verdict(8, 8), verdict(2, 8), verdict(6, 8)) == (True, False, None)
