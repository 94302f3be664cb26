"""Claims are read as strictly as scenarios, and found where a user would put them."""

import pytest

from sim.errors import ScenarioError
from sim.scenario.claims import bundled, cited, claims_for, find_scenario, load_claims, loads_claims

SOURCES = "sources:\n  s: {author: Someone, title: A text}\nclaims:\n"
GOOD = "  C1: {source: s, kind: fact, actors: [US], issues: [peace], strength: 0.5, says: it is so}\n"


def test_all_bundled_claims_are_there():
    claims = load_claims(bundled() / "claims.yaml")
    assert len(claims) == 121
    assert claims["P1"].kind == "mechanism" and claims["P1"].issues == ("troops", "kursk")
    assert all(0 <= c.strength <= 1 and c.says and c.author for c in claims.values())
    with pytest.raises(AttributeError):
        claims["P1"].strength = 1


@pytest.mark.parametrize(
    ("line", "place", "fragments"),
    [
        (GOOD.replace("it is so", "it is so, they say"), "4:93", ["unknown key 'they say'", "quotes"]),
        (GOOD.replace("source: s", "source: t"), "4:16", ["unknown source 't'", "known: s"]),
        (GOOD.replace("0.5", "1.5"), "4:72", ["at most 1", "got 1.5"]),
        (GOOD.replace("fact", "fakt"), "4:25", ["got 'fakt'", "did you mean 'fact'?"]),
        (GOOD.replace("kind: fact, ", ""), "4:7", ["'kind' is missing"]),
        (GOOD + GOOD, "5:3", ["'C1' is given twice"]),
        (GOOD.replace("it is so", ""), "4:83", ["a text is needed", "got nothing"]),
    ],
)
def test_a_faulty_claim_is_refused_where_it_stands(line, place, fragments):
    with pytest.raises(ScenarioError) as caught:
        loads_claims(SOURCES + line, "claims.yaml")
    told = [str(p) for p in caught.value.problems if str(p).startswith(f"claims.yaml:{place}: error: ")]
    assert told and all(f in told[0] for f in fragments), str(caught.value)


def test_a_file_without_claims_is_refused():
    for text in ("", "- a", "claims: {}", "nothing"):
        with pytest.raises(ScenarioError):
            loads_claims(text, "claims.yaml")


def test_the_nearest_claims_file_counts(tmp_path):
    deep = tmp_path / "a" / "b" / "c" / "d"
    deep.mkdir(parents=True)
    assert claims_for(deep / "f.yaml") == bundled() / "claims.yaml"
    (tmp_path / "claims.yaml").write_text(SOURCES + GOOD)
    assert claims_for(deep / "f.yaml") == bundled() / "claims.yaml", "four folders up is too far"
    assert claims_for(deep.parent / "f.yaml") == tmp_path / "claims.yaml"
    (deep.parent / "claims.yaml").write_text(SOURCES + GOOD)
    assert claims_for(deep / "f.yaml") == deep.parent / "claims.yaml"


def test_bundled_scenarios_are_found_by_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_scenario("kursk_ceasefire") == bundled() / "kursk_ceasefire.yaml"
    assert find_scenario("split_the_dollar") == bundled() / "teaching" / "split_the_dollar.yaml"
    with pytest.raises(ScenarioError, match=r"kursk:1:1: error: .* did you mean 'kursk_ceasefire'"):
        find_scenario("kursk")
    (tmp_path / "kursk_ceasefire").write_text("")
    assert find_scenario("kursk_ceasefire").read_text() == "", "a file here goes before a bundled name"


def test_what_a_scenario_rests_on():
    data = {"assumption": "x", "a": [{"claims": ["P1", "P2"]}, {"levels": {"assumption": 0}}], "issues": {"claims": {}}}
    assert list(cited(data)) == [("assumption", "x"), ("claim", "P1"), ("claim", "P2")]
