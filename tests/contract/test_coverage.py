"""Every claim has its place, every term its reason, and the generated pages fit the files they are made from."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

import sim
from sim.montecarlo.draws import used_claims
from sim.report.text import tell
from sim.scenario.claims import load_claims

ROOT = Path(__file__).parents[2]
NAMES = sorted(f.stem for f in (ROOT / "scenarios").glob("*.yaml") if f.stem != "claims")
LIGHT = "after_the_war"  # plays 20 worlds in a second or two

if not (ROOT / "experiments").is_dir():
    pytest.skip("the programs that write the pages come with the repository only", allow_module_level=True)


def program(name: str) -> ModuleType:
    """One of experiments/, which is a folder of programs and not a package."""
    sys.path.insert(0, str(ROOT / "experiments"))
    try:
        return __import__(name)
    finally:
        sys.path.remove(str(ROOT / "experiments"))


def listed(name: str):
    return yaml.safe_load((ROOT / "experiments" / f"{name}.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    return program("claims_pages")


@pytest.fixture(scope="module")
def claims():
    return load_claims(ROOT / "scenarios" / "claims.yaml")


@pytest.fixture(scope="module")
def library(pages):
    return pages.library()


def test_every_claim_is_used_or_background_with_a_reason(pages, claims, library):
    used, background = set(pages.uses(library)), listed("background")
    assert set(background) <= set(claims), "background names no known claim"
    assert not used & set(background), "used, and yet listed as background"
    assert not set(claims) - used - set(background), "neither used nor listed as background"
    assert all(isinstance(reason, str) and len(reason.split()) > 3 for reason in background.values())


def backed(scenario):
    """(where, what) for everything that must say what it rests on."""
    for actor, terms in scenario.interests.items():
        yield from ((f"{actor} {i.term}", i) for i in terms)
    for name, issue in scenario.issues.items():
        yield f"issue {name}", issue
    for name, stock in scenario.stocks.items():
        yield from ((f"stock {name}", line) for line in (*stock.change, *[stock] * bool(stock.claims)))
    for name, event in scenario.events.items():
        yield f"event {name}", event
    for name, table in scenario.tables.items():
        yield from ((f"{name} {type(f).__name__}", f) for f in table.features())
    for name, actor in scenario.actors.items():
        for kind, values in actor.types.items():
            yield from ((f"{name} {kind}", v) for v in (values.values() if isinstance(values, dict) else [values]))


@pytest.mark.parametrize("name", NAMES)
def test_every_term_rests_on_claims_or_says_what_is_assumed(name, library, claims):
    scenario = library[name].scenario
    assert [w for w, x in backed(scenario) if not x.claims and not (x.assumption or scenario.assumption)] == []
    assert {c for _, x in backed(scenario) for c in x.claims} == set(used_claims(scenario)) <= set(claims)
    assert {c for o in scenario.outcomes.values() for c in o.claims} <= set(claims)


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_is_short_dated_and_asks_something(name, library):
    scenario = library[name].scenario
    assert len((ROOT / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8").splitlines()) < 150
    assert scenario.question.endswith("?") and scenario.as_of and scenario.outcomes


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_has_its_page(name):
    page = ROOT / "docs" / "scenarios" / f"{name}.md"
    assert page.exists(), "write it with experiments/scenario_pages.py"
    assert "Printed by: python experiments/" in page.read_text(encoding="utf-8")


def test_a_dispute_names_claims_that_stand_in_its_scenarios(claims, library):
    for d in listed("disagreements"):
        assert set(d) - {"note"} == {"dispute", "sides", "scenarios"} and d["scenarios"] and len(d["sides"]) == 2
        used = {s: set(used_claims(library[s].scenario)) for s in d["scenarios"]}
        for side in d["sides"]:
            assert set(side["claims"]) <= set(claims), d["dispute"]
            assert set(side["claims"]) <= set.union(*used.values()), d["dispute"]
            assert all(set(side["claims"]) & u for u in used.values()), d["dispute"]
            assert len(side["says"]) <= 60
        assert not set(d["sides"][0]["claims"]) & set(d["sides"][1]["claims"]), d["dispute"]


def test_a_dated_question_asks_for_an_outcome_and_cites_a_source(library):
    questions = listed("backtest")
    asked = [(q["scenario"], q["outcome"]) for q in questions]
    assert len(set(asked)) == len(asked)
    for q in questions:
        assert q["outcome"] in library[q["scenario"]].scenario.outcomes, q
        assert q["question"].endswith("?")
        answered = isinstance(q["happened"], bool)
        assert answered or (q["happened"] == "unknown" and q["why"]), q
        assert not answered or (q["source"] and q["by"] > str(library[q["scenario"]].scenario.as_of)), q
        assert not answered or any(year in q["source"] for year in map(str, range(2017, 2027))), q


def test_outcomes_of_history_enter_in_one_place_only():
    readers = {f.name for f in (ROOT / "experiments").rglob("*.py") if "backtest" in f.read_text(encoding="utf-8")}
    assert readers == {"expectations.py"}
    assert not [f for f in (ROOT / "sim").rglob("*.py") if "backtest" in f.read_text(encoding="utf-8")]


def test_every_expectation_is_stated_by_an_outcome_or_said_not_to_be(claims, library):
    found = program("expectations")
    stated = {c.id for c, *_ in found.expectations(library, claims)}
    assert {c.id for c in claims.values() if c.kind == "expectation"} - stated == {"T13"}
    assert found.due(library["kursk_ceasefire"]) == "2027-03" and found.due(library["broker"]) == "2029-03"


def test_brier_scores_of_known_forecasts():
    found = program("expectations")
    assert found.brier([1.0, 0.0], [True, False]) == 0
    assert found.brier([0.5, 0.5], [True, False]) == 0.25
    questions = [dict(scenario="s", outcome=o, happened=h) for o, h in (("a", True), ("b", False), ("c", False))]
    questions.append(dict(scenario="t", outcome="a", happened=True))
    said = {s: {o: {"probability": p} for o, p in zip("abc", (0.8, 0.4, 0), strict=True)} for s in "st"}
    model, half, rate = found.scores(said, questions).values()
    assert model == pytest.approx(((0.04 + 0.16 + 0 + 0.04) / 4, ((0.04 + 0.16 + 0) / 3 + 0.04) / 2))
    assert half == (0.25, 0.25) and rate[0] == pytest.approx(0.5 * 0.5)


def test_a_run_shows_the_documented_share_of_every_actor():
    result = sim.run(sim.load(ROOT / "scenarios" / f"{LIGHT}.yaml"), 20, 1)
    text = tell(result.document, Path("results"), 0)
    for actor, value in result.document["values"].items():
        of_claims, stated = (result.document[k][actor] for k in ("documented", "stated"))
        assert 0 <= stated <= of_claims <= 1
        (line,) = (r for r in text.splitlines() if r.strip().startswith(value["name"]) and "median" in r)
        assert f"weight on documents {100 * of_claims:.0f} %, on interests they state {100 * stated:.0f} %" in line


def test_the_page_of_claims_is_fresh(pages, claims, library):
    page = ROOT / "docs" / "claims.md"
    assert page.read_text(encoding="utf-8") == pages.claims_page(library, claims, listed("background"))
