"""`--set PATH=VALUE` changes one field, and says where in its own text it doesn't fit."""

import pytest
from valid_file import VALID

from sim.errors import ScenarioError
from sim.scenario.loader import load, loads


def changed(*overrides):
    return loads(VALID, "f.yaml", overrides)


def test_values_are_set_wherever_they_stand():
    loaded = changed(
        "actors.A.discount=0.95",
        "stocks.front.change.0.by=0",
        "interests.A.war.weight=-0.2",
        "interests.B.0.weight={uniform: {low: -1, high: 0}}",
        "issues.owned.start=yes",
    )
    scenario = loaded.scenario
    assert scenario.actors["A"].discount.value == 0.95
    assert scenario.stocks["front"].change[0].by.value == 0
    assert scenario.interests["A"][0].weight.value == -0.2
    assert scenario.interests["B"][0].weight.support() == (-1, 0)
    assert scenario.issues["owned"].start == "yes"
    assert scenario == loads(loaded.text).scenario, "the text as run holds the overrides"


def test_the_last_override_of_a_field_counts():
    assert changed("horizon=3", "horizon=4").scenario.horizon == 4


def test_a_field_that_the_file_leaves_at_its_default_can_be_set():
    assert changed("tables.talks.deadline=6").scenario.tables["talks"].deadline == 6
    assert changed("tables.talks.deadline=").scenario.tables["talks"].deadline is None


@pytest.mark.parametrize(
    ("override", "column", "fragments"),
    [
        ("actors.RUSS.discount=1", 8, ["no 'RUSS' under actors", "known: A, B, C"]),
        ("actor.A.discount=1", 1, ["no 'actor' at the top", "did you mean 'actors'?"]),
        ("tables.talks.breakdwn.hazard=0", 14, ["no 'breakdwn' under tables.talks", "did you mean 'breakdown'?"]),
        ("actors.A.discount=1.5", 19, ["must stay within [0, 1)", "got 1.5"]),
        ("actors.A.discuont=0.5", 10, ["unknown key 'discuont'", "did you mean 'discount'?"]),
        ("stocks.front.change.7.by=0", 21, ["no '7' under stocks.front.change", "known: 0"]),
        ("interests.A.wra.weight=0", 13, ["no 'wra' under interests.A", "did you mean 'war'?"]),
        ("horizon.x=1", 9, ["no 'x' under horizon", "a single value"]),
        ("horizon", 1, ["needs PATH=VALUE"]),
        ("=3", 1, ["no '' at the top"]),
        ("actors..discount=3", 8, ["no '' under actors"]),
        ("horizon=[1", 11, ["not valid YAML"]),
        ("horizon=.inf", 9, ["must be finite"]),
        ("horizon={a: 1, a: 2}", 16, ["'a' is given twice"]),
        ("actors.A.resolve={normal: {mean: 0, sdd: 1}}", 37, ["unknown parameter 'sdd'"]),
        ("tables.talks.agenda.1=peace", 23, ["'peace' is listed twice"]),
    ],
)
def test_what_does_not_fit_is_told_at_its_column(override, column, fragments):
    with pytest.raises(ScenarioError) as caught:
        changed(override)
    told = [p for p in caught.value.problems if (p.file, p.line, p.column) == (f"--set {override}", 1, column)]
    assert told, str(caught.value)
    assert any(all(f in p.message for f in fragments) for p in told)


def test_all_wrong_overrides_at_once():
    with pytest.raises(ScenarioError) as caught:
        changed("horizon=0", "nothing.at=1", "actors.A.discount=2")
    assert len(caught.value.problems) == 3


def test_a_list_of_every_name_puts_them_in_that_order(scenarios):
    from sim.scenario.loader import load

    file = scenarios / "kursk_ceasefire.yaml"
    there = list(load(file).scenario.tables)
    turned = load(file, [f"tables=[{', '.join(reversed(there))}]", "tables.arms_for_aid.deadline=3"])
    assert list(turned.scenario.tables) == list(reversed(there)) == list(loads(turned.text).scenario.tables)
    assert turned.scenario.tables["arms_for_aid"].deadline == 3
    with pytest.raises(ScenarioError, match="mapping"):
        load(file, [f"tables=[{there[0]}]"])


@pytest.mark.parametrize(
    "value", [0.5, -1e-7, "no", "0", None, {}, {"a": [1, "yes"], "b": {"c": "it's: a, b"}}, ["x", "1"]]
)
def test_plain_data_is_spelled_so_that_it_is_read_back(value):
    from sim.scenario.overrides import override
    from sim.scenario.reading import read

    path, _, text = override("a.b", value).partition("=")
    assert path == "a.b" and read(text, "f").data == value


def test_an_actor_is_known_by_its_key_or_its_name_in_any_case(scenarios):
    scenario = load(scenarios / "kursk_ceasefire.yaml").scenario
    assert [scenario.called(n) for n in ("RUS", "russia", "dprk", "NORTH KOREA", "Ruritania")] == [
        "RUS",
        "RUS",
        "DPRK",
        "DPRK",
        "Ruritania",
    ]
