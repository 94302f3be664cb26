"""What a table's features, events and stocks may say: a file with all of it loads, and each fault is told in place."""

import json
import pickle
import re

import pytest
from every_feature import EVERY
from marking import is_told, problems

from sim.scenario.loader import loads

UNSOURCED = ["nothing says where this comes from", "claims: [ID, …]"]

# what stands in EVERY; what is put there instead, with « before the place that must be told; what must be said of it
FAULTS = {
    # protocols and strategies
    "protocol misspelt as a word": ("protocol: simultaneous", "protocol: «simultaneos", ["did you mean 'simult"]),
    "protocol that needs fields": ("protocol: simultaneous", "protocol: «ultimatum", ["{ultimatum: {by: …}}"]),
    "salami without a demander": ("{demands: DPRK, step: 1}", "«{step: 1}", ["'demands' is missing"]),
    "salami in no steps": ("step: 1}", "step: «0}", ["at least 1", "got 0"]),
    "salami of an outsider": ("{demands: DPRK", "{demands: «US", ["US is not a party of arms", "DPRK, RUS"]),
    "field that isn't there": ("protocol: simultaneous", "protocol: {simultaneous: {«by: ROK}}", ["unknown key 'by'"]),
    "closing a salami table": ("agenda: [mun", "reopens: «false\n    agenda: [mun", ["salami goes on", "leave"]),
    "unknown strategy": ("US: lookahead", "US: «lokahead", ["unknown strategy 'lokahead'", "mean 'lookahead'?"]),
    "unknown strategy's fields": ("{concession: {", "{«concesion: {", ["unknown strategy", "mean 'concession'?"]),
    "unknown field of a strategy": ("{beta: 0.5}", "{«bta: 0.5}", ["unknown key 'bta'", "did you mean 'beta'?"]),
    "two strategies": ("{concession: {beta: 0.5}}", "«{concession: {}, stubborn: {}}", ["exactly one strategy"]),
    "strategy of an outsider": ("US: lookahead", "«RUS: lookahead", ["RUS is not a party of us_dprk", "DPRK, US"]),
    "strategy of nobody": ("US: lookahead", "«USA: lookahead", ["unknown actor 'USA'", "did you mean 'US'?"]),
    "script off the agenda": (
        "DPRK: {scripted: {puts: [{border: open}], accepts",
        "DPRK: «{scripted: {puts: [{seat: 1}], accepts",
        ["'seat' is not on the agenda of gate"],
    ),
    # who must agree
    "assent of some": ("assent: all", "assent: «some", ["`all` or a mapping", "got 'some'"]),
    "assent without a quota": ("{quota: 3, ", "«{", ["'quota' is missing"]),
    "quota of nothing": ("quota: 3", "quota: «0", ["must be above 0", "got 0"]),
    "quota out of reach": ("quota: 3", "quota: «4.5", ["all parties together have 4", "1 each", "got 4.5"]),
    "weight below 0": ("{US: 2}", "{US: «-2}", ["must be at least 0", "got -2"]),
    "weight of an outsider": ("{US: 2}", "{«DPRK: 2}", ["DPRK is not a party of council", "ROK, RUS, US"]),
    "veto of an outsider": ("veto: [RUS]", "veto: [«DPRK]", ["DPRK is not a party of council"]),
    "veto of nobody": ("veto: [RUS]", "veto: [«XX]", ["unknown actor 'XX'"]),
    "veto twice": ("veto: [RUS]", "veto: [RUS, «RUS]", ["RUS is listed twice"]),
    # after a deal
    "reopens in words": ("reopens: true", "reopens: «yes", ["true or false is needed", "got 'yes'"]),
    "lapse off the agenda": ("munitions: 3, aid: 3", "munitions: 3, «seat: 3", ["'seat' is not on the agenda of arms"]),
    "lapse of nothing": ("munitions: 3, aid: 3", "munitions: 3, «aids: 3", ["unknown issue 'aids'", "mean 'aid'?"]),
    "lapses at two times": ("munitions: 3, aid: 3", "munitions: 3, aid: «2", ["all at once", "got 2 beside 3"]),
    "lapse at once": ("munitions: 3, aid: 3", "aid: «0", ["at least 1", "got 0"]),
    "lapse of what stays": ("agenda: [border]", "agenda: [border]\n    lapses: {«border: 2}", ["irreversible"]),
    "renege of an outsider": ("renege: {RUS:", "renege: {«DPRK:", ["DPRK is not a party of talks", "RUS, US"]),
    "renege of nothing": ("{sets: {ceasefire: none}, penalty", "«{penalty", ["'sets' is missing"]),
    "renege of no level": ("{arms_control: none}, assumption", "{arms_control: «gone}, assumption", ["'gone' is not"]),
    "renege by nothing": ("{arms_control: none}, assumption", "«{}, assumption", ["must hold at least 1"]),
    "renege at a gain": ("penalty: 0.1", "penalty: «-0.1", ["at least 0", "got -0.1"]),
    "unsourced renege": (
        "{sets: {arms_control: none}, assumption: it may}",
        "«{sets: {arms_control: none}}",
        UNSOURCED,
    ),
    "renege of what stays": (
        "{sets: {ceasefire: none}, penalty",
        "{sets: {ceasefire: none, admitted: «no}, penalty",
        ["'admitted' is irreversible", "never falls to 'no'", "leave it out"],
    ),
    "guarantor from inside": ("guarantor: {by: RUS", "guarantor: {by: «US", ["US is a party of us_dprk", "RUS"]),
    "guarantor unknown": ("guarantor: {by: RUS", "guarantor: {by: «RUSS", ["unknown actor 'RUSS'"]),
    "guarantor's gift": ("penalty: 0.2", "penalty: «-0.2", ["at least 0", "got -0.2"]),
    # private things
    "mediator from inside": ("{by: US, accuracy", "{by: «ROK, accuracy", ["ROK is a party of gate", "others: A, "]),
    "mediator over certain": ("accuracy: 0.9", "accuracy: «90", ["at most 1", "got 90"]),
    "mediator without accuracy": ("{by: US, accuracy: 0.9, ", "«{by: US, ", ["'accuracy' is missing"]),
    "mediator about an outsider": ("about: {actor: DPRK}", "about: {actor: «US}", ["US is not a party of gate"]),
    "mediator about no type": (
        "about: {actor: DPRK}",
        "about: {actor: DPRK, type: «aims}",
        ["DPRK has no type 'aims'", "types: none"],
    ),
    "secret for ever": ("{revealed: {hazard: 0.15}, ", "«{", ["'revealed' is missing"]),
    "secret with odds": ("hazard: 0.15", "hazard: «1.5", ["within [0, 1]", "got 1.5"]),
    "unsourced secret": ("{revealed: {hazard: 0.15}, claims: [D13]}", "«{revealed: {hazard: 0.15}}", UNSOURCED),
    "unsourced mediator": ("{by: RUS, accuracy: 0.8, claims: [P5]}", "«{by: RUS, accuracy: 0.8}", UNSOURCED),
    "unsourced guarantor": ("{by: RUS, penalty: 0.2, claims: [P7]}", "«{by: RUS, penalty: 0.2}", UNSOURCED),
    "signal of no type": (
        "type: aims, likelihood",
        "type: «aimes, likelihood",
        ["RUS has no type 'aimes'", "mean 'aims'?"],
    ),
    "signal of a value too many": ("win: 0.8}", "win: 0.8, «lose: 1}", ["no value 'lose'", "settle, win"]),
    "signal of a value too few": ("{settle: 0.2, win: 0.8}", "«{settle: 0.2}", ["lacks 'win'"]),
    "signal of half a draw": ("2: 0.3, 3: 0.4}", "2: 0.3, 3: 0.4, «4: 1}", ["no value '4'", "1, 2, 3"]),
    "signal of neither": (
        "{actor: A, resolve: {below_median: 0.3, above_median: 0.6}}",
        "«{actor: A}",
        ["either `type` with a `likelihood`", "or `resolve"],
    ),
    "signal of both": (
        "{actor: RUS, type: aims, likelihood: {settle: 0.2, win: 0.8}}",
        "«{actor: RUS, type: aims, likelihood: {win: 1}, resolve: {below_median: 0.1, above_median: 0.2}}",
        ["either `type` with a `likelihood`", "or `resolve"],
    ),
    "signal of one half": (
        "resolve: {below_median: 0.3, above_median: 0.6}}, ass",
        "resolve: «{below_median: 0.3}}, ass",
        ["'above_median' is missing"],
    ),
    "signal of resolve at several": (
        "{actor: DPRK, resolve: {below_median: 0.3, above_median: 0.6}, table: us_dprk}",
        "«{actor: DPRK, resolve: {below_median: 0.3, above_median: 0.6}}",
        ["at each of its tables", "arms, us_dprk, gate"],
    ),
    "signal of resolve elsewhere": ("table: us_dprk}", "table: «talks}", ["DPRK is not a party of talks", "RUS, US"]),
    "signal of resolve nowhere": ("table: us_dprk}", "table: «us_drk}", ["unknown table", "mean 'us_dprk'?"]),
    "signal of an idler's resolve": ("{actor: A, resolve", "{actor: «CHN, resolve", ["CHN is a party of no table"]),
    "a type's table": (
        "{settle: 0.2, win: 0.8}}",
        "{settle: 0.2, win: 0.8}, table: «talks}",
        ["a table goes with `resolve`"],
    ),
    # hazards and stocks
    "hazard along nothing": (
        "{along: front, at_low: 0.3",
        "{along: «frnt, at_low: 0.3",
        ["unknown stock 'frnt'", "mean 'front'?"],
    ),
    "hazard along an issue": ("{along: front, at_low: 0.3", "{along: «aid, at_low: 0.3", ["unknown stock 'aid'"]),
    "hazard misspelt": ("{along: front, at_low: 0.3", "{«alng: front, at_low: 0.3", ["unknown key 'alng'", "'along'?"]),
    "hazard one end only": (
        "{along: front, at_low: 0.3, at_high: 0}",
        "«{along: front, at_low: 0.3}",
        ["'at_high' is missing"],
    ),
    "hazard beyond 1": ("at_low: 0.3", "at_low: «1.3", ["at most 1", "got 1.3"]),
    "breakdown below 0": ("at_high: 0.01", "at_high: «-0.01", ["at least 0", "got -0.01"]),
    "change of nothing": ("{by: {normal: {mean: -0.02, sd: 0.03}}, when", "«{when", ["either `by`", "or `by_type`"]),
    "change twice": ("- {by_type: {actor", "- «{by: 0, by_type: {actor", ["either `by`", "or `by_type`"]),
    "change of no type": (
        "{actor: RUS, type: aims, by",
        "{actor: RUS, type: «aim, by",
        ["RUS has no type 'aim'", "'aims'?"],
    ),
    "change of nobody": ("{actor: RUS, type: aims, by", "{actor: «RU, type: aims, by", ["unknown actor 'RU'"]),
    "change of a value too many": ("{settle: 0, win", "{settle: 0, «loose: 1, win", ["no value 'loose'"]),
    "change of a value too few": ("by: {settle: 0, win", "by: «{win", ["lacks 'settle'"]),
    "change by no law": ("{settle: 0, win", "{settle: «few, win", ["a prior is a finite number"]),
    # other tables
    "foresees nothing": ("foresees: [us_dprk", "foresees: [«us_drk", ["unknown table 'us_drk'", "mean 'us_dprk'?"]),
    "foresees twice": ("[us_dprk, arms]", "[us_dprk, arms, «arms]", ["arms is listed twice"]),
    "foresees itself": ("[us_dprk, arms]", "[us_dprk, «talks]", ["can't foresee itself"]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_where_it_is(name):
    is_told(EVERY, *FAULTS[name], alone=name not in {"hazard misspelt"})


def test_a_file_with_every_feature_loads():
    scenario = loads(EVERY, "f.yaml").scenario
    arms, us_dprk, council, gate = (scenario.tables[t] for t in ("arms", "us_dprk", "council", "gate"))
    assert arms.protocol.rule.most == arms.protocol.rule.step == 1 and arms.protocol.rule.reopens
    assert arms.insiders() == {"RUS", "DPRK", "CHN", "US"} and us_dprk.insiders() == {"US", "DPRK", "RUS"}
    assert gate.protocol.name == "simultaneous" and gate.protocol.rule.joint and gate.assent is None
    assert (council.assent.quota, council.assent.weights, council.assent.veto) == (3, {"US": 2}, ("RUS",))
    assert us_dprk.strategies["US"].name == "lookahead" and us_dprk.strategies["DPRK"].rule.beta == 0.5
    assert [f.claims for f in us_dprk.features()] == [(), ("P5",), ("P7",), ("P5",)]
    assert scenario.events["audit"].signals.likelihood == {"1": 0.2, "2": 0.3, "3": 0.4}
    assert pickle.loads(pickle.dumps(scenario)) == scenario, "scenarios travel between processes"


def test_every_claim_of_a_feature_is_known_to_a_run():
    from sim.montecarlo.draws import used_claims

    assert {"D13", "P5", "P7", "D12"} <= set(used_claims(loads(EVERY).scenario))


BESIDE = {
    "a quota": ("council", "assent", ("walk_away", "lapses", "renege", "foresees", "mediator")),
    "beliefs: grid": ("screening", "beliefs", ("walk_away", "lapses", "renege", "foresees", "mediator", "consent")),
    "simultaneous demands": ("gate", "protocol", ("walk_away",)),
    "lapses": ("arms", "lapses", ("renege",)),
}
ADDED = {
    "walk_away": "walk_away: {{by: {party}, assumption: it may}}",
    "lapses": "lapses: {{{issue}: 2}}",
    "renege": "renege: {{{party}: {{sets: {{ceasefire: none}}, assumption: it may}}}}",
    "foresees": "foresees: [talks]",
    "mediator": "mediator: {{by: CHN, accuracy: 0.9, assumption: it watches}}",
    "consent": "consent: {{CHN: {{on: [{issue}], assumption: it is asked}}}}",
}


@pytest.mark.parametrize(("whole", "feature"), [(w, f) for w, (_, _, features) in BESIDE.items() for f in features])
def test_what_does_not_go_together_is_told_with_what_does(whole, feature):
    table, _, _ = BESIDE[whole]
    one = loads(EVERY).scenario.tables[table]
    text = ADDED[feature].format(party=one.parties[0], issue=one.agenda[0])
    old = f"    agenda: [{', '.join(one.agenda)}]\n"
    is_told(EVERY, old, f"{old}    «{text}\n", [f"{feature} can't stand beside {whole}", "what can: ", "breakdown"])


@pytest.mark.parametrize(
    ("old", "new", "fragment"),
    [
        ("parties: [A, D]", "parties: [A, D, CHN]", "grid needs two parties; got 3"),
        ("{ultimatum: {by: A}}", "{alternating_offers: {first: A}}", "the protocol ultimatum; got alternating_offers"),
        ("    deadline: 2\n", "", "grid needs a deadline"),
        ("A: {discount: 0.9, resolve: 0}", "A: {discount: 0.9}", "resolve: 0 for both parties; A's is private"),
        ("0.9\n    resolve: 0\n", "0.9\n    resolve: 0.1\n", "resolve: 0 for both parties; D's is private"),
        ("{ultimatum: {by: A}}", "{ultimatum: {by: D}}", "no type of who proposes; D has will"),
        ("{ultimatum: {by: A}}", "{ultimatum: {by: D}}", "exactly one type of who answers; A has none"),
    ],
)
def test_a_belief_grid_is_for_one_informed_responder(old, new, fragment):
    text = EVERY.replace(old, new)
    assert text != EVERY
    is_told(text, "beliefs: grid", "beliefs: «grid", [fragment], alone=False)


def test_a_circle_of_foresight_is_named():
    back = EVERY.replace("    opens: {when: {ceas", "    foresees: [talks]\n    opens: {when: {ceas")
    is_told(back, "foresees: [us_dprk", "foresees: [«us_dprk", ["circle: talks → us_dprk → talks"])
    longer = EVERY.replace("    opens: {when: {ceas", "    foresees: [council]\n    opens: {when: {ceas")
    longer = longer.replace("    agenda: [border]\n", "    agenda: [border]\n    foresees: [talks]\n")
    longer = longer.replace("    assent: {quota: 3, weights: {US: 2}, veto: [RUS]}\n", "    foresees: [gate]\n")
    is_told(longer, "foresees: [us_dprk", "foresees: [«us_dprk", ["talks → us_dprk → council → gate → talks"])


def test_a_secret_is_not_foreseen_from_outside():
    text = EVERY.replace(", US: {on: [aid], assumption: it is asked}}", "}")
    is_told(text, "[us_dprk, arms]", "[us_dprk, «arms]", ["arms is secret from US", "inside are CHN, DPRK, RUS"])


def test_a_first_slice_has_to_be_thin_enough():
    text = EVERY.replace("lapses: {munitions: 3, aid: 3}", "require: {technology: much}")
    is_told(text, "agenda: [munitions", "agenda: «[munitions", ["no package is admissible with a step of 1"])
    loads(text.replace("step: 1", "step: 2"))
    # where an event can move the issue, a later slice may reach it
    loads(text.replace("sets: {arms_control: none}\n", "sets: {technology: some}\n"))


def test_what_a_broken_promise_sets_may_have_moved():
    text = EVERY.replace("    agenda: [seat]", "    agenda: [seat]\n    require: {extra: yes}").replace(
        "  prize: {levels", "  extra: {levels: {no: 0, yes: 1}, start: no}\n  prize: {levels"
    )
    is_told(text, "agenda: [seat]", "agenda: «[seat]", ["no package is admissible"])
    loads(text.replace("{RUS: {sets: {ceasefire: none}", "{RUS: {sets: {ceasefire: none, extra: yes}"))


def test_a_resolve_known_to_all_may_be_mediated():
    loads(EVERY.replace("  DPRK: {discount: 0.98}", "  DPRK: {discount: 0.98, resolve: 0}"))


def test_faults_beside_faults_are_told_too():
    """Parts that are invalid are left out of what the checks see, and none of them is accused of lacking them."""
    text = EVERY.replace("quota: 3", "quota: none").replace("{beta: 0.5}", "{beta: -1}").replace("K5", "K5555")
    text = text.replace("sd: 0.03", "sd: -1").replace("probability: 0.7", "probability: x")
    text = text.replace("[us_dprk, arms]", "[us_dprk, talks]").replace("veto: [RUS]", "veto: [DPRK]")
    text = text.replace("renege: {DPRK: {sets: {arms", "renege: {DPRK: {sets: {arm")
    found = [line.split("error: ")[1] for line in problems(text)]
    assert {f.split(": ")[0] for f in found} == {
        "actors.RUS.types.aims.settle.probability",
        "stocks.front.change.0.by.normal",
        "tables.talks.foresees.1",
        "tables.us_dprk.renege.DPRK.sets.arm_control",
        "tables.us_dprk.strategies.DPRK.concession.beta",
        "tables.council.assent.quota",
        "events.parade.claims.0",
        "events.summit.claims.0",
    }


def _accepts(schema: dict, defs: dict, value: object) -> bool:
    """The little of JSON Schema that the tests need."""
    if "$ref" in schema:
        return _accepts(defs[schema["$ref"].rsplit("/", 1)[1]], defs, value)
    if "anyOf" in schema or "oneOf" in schema:
        return any(_accepts(s, defs, value) for s in schema.get("anyOf", schema.get("oneOf")))
    if "const" in schema or "enum" in schema:
        return any(value == known for known in schema.get("enum", [schema.get("const")]))
    if not isinstance(value, dict):
        kinds = {"string": str, "number": (int, float), "integer": int, "boolean": bool, "array": (list, tuple)}
        wanted = schema.get("type", "object")
        return any(isinstance(value, kinds.get(k, ())) for k in ([wanted] if isinstance(wanted, str) else wanted))
    if schema.get("type") != "object" or not set(schema.get("required", ())) <= set(value):
        return False
    if len(value) > schema.get("maxProperties", 99) or len(value) < schema.get("minProperties", 0):
        return False
    named, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    others = next(iter(schema.get("patternProperties", {}).values()), others)
    return all(
        _accepts(named[k], defs, v) if k in named else others is True or (others and _accepts(others, defs, v))
        for k, v in value.items()
    )


def test_the_json_schema_knows_it_all():
    from sim.scenario.reading import read
    from sim.scenario.schema import Scenario

    schema = json.loads(json.dumps(Scenario.model_json_schema()))
    defs = schema["$defs"]
    assert _accepts(schema, defs, read(EVERY, "f").data)
    table = schema["$defs"]["Table"]["properties"]
    assert _accepts(table["strategies"], defs, {"A": "stubborn", "B": {"concession": {"beta": 2}}})
    assert not any(_accepts(table["strategies"], defs, {"A": other}) for other in ("lokahead", "", {}, {"x": {}}))
    assert _accepts(table["protocol"], defs, "simultaneous") and not _accepts(table["protocol"], defs, "ultimatum")
    assert not _accepts(table["protocol"], defs, {"simultaneous": {}, "ultimatum": {"by": "A"}})
    assert _accepts(table["assent"], defs, "all") and not _accepts(table["assent"], defs, "some")
    assert not _accepts(table["beliefs"], defs, "exact")


def test_the_reference_tells_all_of_it():
    from pathlib import Path

    from sim.scenario.schema import FORMS, ByType, Event, Signals
    from sim.scenario.table_checks import APART
    from sim.scenario.tables import PROTOCOLS, STRATEGIES, Table

    reference = (Path(__file__).parents[2] / "docs/reference/scenario_language.md").read_text(encoding="utf-8")
    words = set(re.findall(r"\w+", reference))
    fields = [f for m in (Table, Event, Signals, ByType) for f in m.model_fields]
    assert {*fields, *PROTOCOLS, *STRATEGIES, *FORMS} <= words
    assert {f for s in STRATEGIES.values() for f in s.model_fields} <= words
    rows = dict(re.findall(r"^\| ([^|]*) \| ([^|]*) \|$", reference.split("can't stand |\n")[1], re.MULTILINE))
    spelled = {"assent": "quota", "protocol": "simultaneous"}
    for whole, apart in APART.items():
        told = next(told for row, told in rows.items() if f"`{spelled.get(whole, whole)}" in row)
        assert set(re.findall(r"\w+", told)) >= {spelled.get(other, other) for other in apart}, whole
