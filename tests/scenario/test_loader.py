"""Every fault of a file is told at its line and column, with what is allowed; all of them at once."""

from pathlib import Path

import pytest
from marking import is_told, problems
from valid_file import VALID

from sim.errors import ScenarioError
from sim.scenario.loader import load, loads

# what stands in VALID; what is put there instead, with « before the place that must be told; what must be said of it
FAULTS = {
    "typo four levels deep": ("{low: 0.9,", "{«lo: 0.9,", ["unknown parameter 'lo'", "did you mean 'low'?"]),
    "typo in a table": ("hazard:", "«hazrad:", ["unknown key 'hazrad'", "did you mean 'hazard'?"]),
    "typo at the top": ("horizon: 12", "«horizn: 12", ["unknown key 'horizn'", "did you mean 'horizon'?"]),
    "typo in an interest": ("form: product", "form: product\n      «weigth: 1", ["'weigth'", "mean 'weight'?"]),
    "missing field": ("discount: 0.9\n", "«about: x\n", ["'discount' is missing", "needed: discount"]),
    "unknown level": ("{peace: full}\n  first", "{peace: «ful}\n  first", ["'ful' is not a level", "mean 'full'?"]),
    "unknown level in a list": ("[part, full]", "[part, «fall]", ["'fall' is not a level of peace", "mean 'full'?"]),
    "unknown level to start": ("start: no}", "start: «nope}", ["'nope' is not a level", "levels: no, yes"]),
    "unknown level set": ("{peace: none}, ass", "{peace: «nane}, ass", ["'nane' is not a level", "mean 'none'?"]),
    "unknown claim": ("claims: [P3]", "claims: [«P333]", ["unknown claim 'P333'", "did you mean 'P3'?"]),
    "unknown actor": ("parties: [A, B]", "parties: [A, «RUS]", ["unknown actor 'RUS'", "known: A, B, C"]),
    "unknown actor's interests": ("  B:\n    - term", "  «D:\n    - term", ["unknown actor 'D'", "known: A, B, C"]),
    "unknown form": ("form: product", "form: «prodct", ["unknown form 'prodct'", "did you mean 'product'?"]),
    "no form": ("- term: land\n      form: product", "- «term: land", ["'form' is missing", "linear, product"]),
    "unknown protocol": ("{alternating_", "{«alternatng_", ["unknown protocol", "did you mean 'alternating_offers'?"]),
    "protocol without anything": ("{first: A}", "«null", ["a mapping is needed (first)", "got nothing"]),
    "unknown issue": ("of: owned", "of: «ownd", ["unknown issue or stock 'ownd'", "did you mean 'owned'?"]),
    "unknown stock in a selector": ("front: {below", "«frnt: {below", ["unknown issue or stock 'frnt'", "'front'?"]),
    "unknown comparison": ("front: {below", "front: «{belo", ["at_least, below, between", "did you mean 'below'?"]),
    "stock compared with a word": ("{below: 0.1}", "{below: «low}", ["front is a stock", "got 'low'"]),
    "unknown prior": ("{triangular:", "{«triangle:", ["unknown prior 'triangle'", "did you mean 'triangular'?"]),
    "unknown in report": ("[peace, front, A]", "[peace, front, «Q]", ["unknown issue, stock or actor 'Q'"]),
    "duplicate key": ("    agenda:", "    «parties: [A, B]\n    agenda:", ["given twice", "line 36, column 5"]),
    "probability over 1": ("hazard: 0.02", "hazard: «1.02", ["must stay within [0, 1]", "got 1.02"]),
    "type's probability over 1": ("{probability: 0.7}", "{probability: «1.7}", ["at most 1", "got 1.7"]),
    "types don't sum to 1": (
        "aims:\n        settle: {probability: 0.7",
        "«aims:\n        settle: {probability: 0.6",
        ["0.9, not 1"],
    ),
    "type of an unknown term": ("{war: -0.5}", "{«wr: -0.5}", ["A has no term 'wr'", "did you mean 'war'?"]),
    "type scales and sets": ("{war: -0.5}", "{war: -0.5}, set: {«war: 1}", ["scaled and set at once"]),
    "unsourced type": (
        "{probability: 0.3, scale: {war: -0.5}, assumption: one gains by fighting}",
        "«{probability: 0.3, scale: {war: -0.5}}",
        ["nothing says where this comes from"],
    ),
    "unsourced interest": (
        "{term: face, form: linear, of: owned, weight: -0.1, assumption: pride}",
        "«{term: face, form: linear, of: owned, weight: -0.1}",
        ["nothing says where this comes from"],
    ),
    "no admissible package": (
        "agenda: [peace, owned]\n    require: {peace: [part, full]}",
        "agenda: «[peace, owned]\n    forbid: [{when: {any: [{peace: {at_least: part}}, {owned: yes}]}, claims: [P1]}]",
        ["no package is admissible", "status quo"],
    ),
    "too many packages": (
        "agenda: [peace, owned]",
        "agenda: «[peace, grid]",
        ["150,000 packages", "100,000"],
    ),
    "stock outside its range": ("start: 0.4", "start: «1.4", ["must stay within [0, 1]", "got 1.4"]),
    "stock's prior outside": ("start: 0.4", "start: «{normal: {mean: 0, sd: 1}}", ["within [0, 1]", "truncate"]),
    "range upside down": ("range: [0, 1]", "range: «[1, 0]", ["low must be below high", "[1, 0]"]),
    "range of one": ("range: [0, 1]", "range: «[0]", ["two numbers", "[low, high]"]),
    "range of three": ("range: [0, 1]", "range: «[0, 1, 2]", ["at most 2", "got 3"]),
    "discount of 1": ("discount: 0.9\n", "discount: «1\n", ["must stay within [0, 1)", "got 1"]),
    "resolve below 0": ("resolve: 0.1", "resolve: «-0.1", ["must be at least 0", "got -0.1"]),
    "wrong type": ("horizon: 12", "horizon: «soon", ["a whole number is needed", "got 'soon'"]),
    "unknown period": ("period: month", "period: «months", ["day, week, month", "did you mean 'month'?"]),
    "yes is a word": ("start: no}", "start: no, irreversible: «yes}", ["true or false is needed", "got 'yes'"]),
    "empty section": ("    change:\n", "    about: x\n    change:«\n    #", ["a list is needed", "got nothing"]),
    "not a number": ("weight: -0.1", "weight: «.nan", ["must be finite", ".nan"]),
    "infinity": ("horizon: 12", "horizon: «1e999", ["must be finite", "1e999"]),
    "own regard": ("form: linear, of: owned,", "form: regard, actor: «A,", ["another actor's payoff"]),
    "a term twice": ("term: face", "term: «war", ["two terms called 'war'"]),
    "issue twice on an agenda": ("[peace, owned]", "[peace, «peace]", ["'peace' is listed twice"]),
    "issue on two agendas": (
        "outcomes:",
        "  more: {parties: [A, B], protocol: {ultimatum: {by: B}}, agenda: [«peace]}\noutcomes:",
        ["on the agenda of talks already"],
    ),
    "party twice": ("parties: [A, B]", "parties: [A, «A]", ["A is listed twice"]),
    "proposer from outside": ("{first: A}", "{first: «C}", ["C is not a party of talks", "parties: A, B"]),
    "walker from outside": (
        "outcomes:",
        "    walk_away: {by: «C, assumption: x}\noutcomes:",
        ["C is not a party of talks"],
    ),
    "unknown walker": ("outcomes:", "    walk_away: {by: [A, «D], assumption: x}\noutcomes:", ["unknown actor 'D'"]),
    "two ways out of three": (
        "parties: [A, B]",
        "parties: [A, B, C]\n    walk_away: {by: «[B, C], assumption: x}",
        ["only one party may walk away", "B, C"],
    ),
    "stock called like an issue": ("  front:\n", "  «owned:\n", ["'owned' is an issue already"]),
    "name taken twice in report": ("report: [peace, front, A]", "report: [peace, «peace]", ["listed twice"]),
    "text cut at a comma": ("assumption: pride}", "assumption: pride, «they say}", ["'they say'", "quotes"]),
    "tag": ("title: A test", "title: «!!python/object:x A", ["tags are not part of the language"]),
    "syntax": ("report: [peace", "report: [peace: {«", ["not valid YAML"]),
    "second document": ("report:", "«---\nreport:", ["a second document"]),
    "reserved name": ("  first: {ever", "  «not: {ever", ["a word of the selectors"]),
    "bad name": ("  grid: {", "  «1grid: {", ["'1grid' is not a name"]),
    "levels outside [0, 1]": ("part: 0.5", "part: «-1", ["a number in [0, 1]", "got -1"]),
    "levels that fall": ("part: 0.5, full: 1", "part: 0.5, full: «0.2", ["must rise", "0.2 does not exceed 0.5"]),
    "bad levels": ("levels: {no: 0, yes: 1}", "levels: «3", ["a mapping of names to numbers"]),
    "outcome without condition": ("peace: {peace: full}\n", "peace: «{}\n", ["an outcome is a mapping"]),
    "choice that doesn't sum": ("resolve: 0.1", "resolve: {choice: «{0.1: 0.5, 0.2: 0.4}}", ["sum to 0.9, not 1"]),
}
# faults that bring others with them: a field that is misspelt is missing too
MORE = {"typo four levels deep", "typo in a table", "typo at the top", "stock called like an issue"}


def test_the_valid_file_loads():
    loaded = loads(VALID, "f.yaml")
    assert loaded.text == VALID
    assert list(loaded.scenario.actors) == ["A", "B", "C"]
    assert loaded.claims["P1"].author == "Oskar Pietrewicz"


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_where_it_is(name):
    is_told(VALID, *FAULTS[name], alone=name not in MORE)


def test_all_faults_at_once_in_order():
    text = VALID
    for name in (
        "typo four levels deep",
        "unknown level to start",
        "unknown form",
        "duplicate key",
        "types don't sum to 1",
    ):
        old, new, _ = FAULTS[name]
        text = text.replace(old, new.replace("«", ""))
    lines = problems(text)
    found = [int(line.split(":")[1]) for line in lines]
    assert found == [9, 12, 12, 16, 30, 38]  # the misspelt field is also missing
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize(
    ("content", "place", "fragment"),
    [
        (b"", "1:1", "the file is empty"),
        (b"# nothing but a comment\n", "1:1", "the file is empty"),
        (b"- a\n- b\n", "1:1", "a scenario is a mapping"),
        (b"just words", "1:1", "a scenario is a mapping"),
        (b"\x89PNG\r\n\x1a\n\0\0", "1:1", "a binary file"),
        (b"title: caf\xe9\n", "1:11", "not UTF-8 text (byte 0xE9)"),
        (b"title: a\nabout: \x07\n", "2:8", "not a text file: it holds the character U+0007"),
        (b"title: [" + b"[" * 100, "1:58", "nested more than 50 deep"),
        (b"a: " + b"x" * 1_000_001, "1:1", "more than 1 MB"),
        (
            b"a: &a [x, x, x, x, x, x, x, x, x, x]\n"
            + b"".join(b"%c: &%c [%s]\n" % (k + 1, k + 1, b", ".join([b"*%c" % k] * 10)) for k in range(97, 105)),
            "5:4",
            "more than 20,000 values",
        ),
        (b"a: &a [*a]\n", "1:8", "stands for nothing"),
        (b"a: *nobody\n", "1:4", "stands for nothing"),
        (b"? [a, b]\n: c\n", "1:3", "a key is a word"),
        (b"a: 'x\n", "2:1", "not valid YAML"),
        (b"a:\n\tb: 1\n", "2:1", "not valid YAML"),
    ],
)
def test_files_that_are_no_scenario(tmp_path, content, place, fragment):
    file = tmp_path / "f.yaml"
    file.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert f"{file}:{place}: error: " in str(caught.value)
    assert fragment in str(caught.value)


def test_of_a_very_long_name_the_middle_is_left_out():
    with pytest.raises(ScenarioError) as error:
        loads(VALID.replace("form: product", f"form: product{'x' * 5_000}"), "f.yaml")
    told = next(p.message for p in error.value.problems if "unknown form" in p.message)
    assert len(told) < 1_000 and "'productxx" in told and " … " in told and told.endswith("share, threshold")


def test_folder_and_missing_file(tmp_path):
    with pytest.raises(ScenarioError, match="1:1: error: this is a folder"):
        load(tmp_path)
    (tmp_path / "kursk.yaml").write_text("")
    with pytest.raises(ScenarioError, match=r"1:1: error: no such file.*did you mean 'kursk.yaml'"):
        load(tmp_path / "kursc.yaml")
    with pytest.raises(ScenarioError, match="can't be read"):
        load("a\0b")


def test_words_stay_words():
    loaded = loads(VALID.replace("title: A test", "title: 2025-03-01\nas_of: 2025-03-01\nquestion: 1_000"))
    assert (loaded.scenario.title, loaded.scenario.as_of, loaded.scenario.question) == ("2025-03-01",) * 2 + ("1_000",)
    assert loaded.scenario.issues["owned"].start == "no"


def test_a_start_given_as_a_number_becomes_the_level():
    grid = "levels: {from: 0, to: 1, steps: 11}, start: 0.30}"
    loaded = loads(VALID.replace("levels: {no: 0, yes: 1}, start: no}", grid))
    assert loaded.scenario.issues["owned"].start == "0.3"


def test_another_tables_issue_may_have_moved():
    """A condition on what another table bargains over doesn't make a table impossible."""
    text = VALID.replace("agenda: [peace, owned]", "agenda: [peace]").replace(
        "outcomes:",
        "  more:\n    parties: [A, B]\n    protocol: {ultimatum: {by: B}}\n    agenda: [owned]\n"
        "    require: {peace: full}\noutcomes:",
    )
    loads(text)
    alone = text.replace("agenda: [peace]", "agenda: [spare]").replace("require: {peace: [part, full]}\n", "about: x\n")
    alone = alone.replace("sets: {peace: none}, ", "").replace(
        "  owned: {lev", "  spare: {levels: {no: 0, yes: 1}, start: no}\n  owned: {lev"
    )
    assert ["no package is admissible" in line for line in problems(alone)] == [True]


def test_both_yaml_parsers_agree(monkeypatch):
    import yaml

    from sim.scenario import reading

    fast = reading.read(VALID, "f")
    monkeypatch.setattr(reading, "LOADER", yaml.SafeLoader)
    slow = reading.read(VALID, "f")
    assert (fast.data, fast.keys, fast.values) == (slow.data, slow.keys, slow.values)


def test_every_bundled_scenario_loads():
    from sim.scenario.claims import scenarios

    files = scenarios()
    assert "kursk_ceasefire" in files
    for file in files.values():
        assert load(file).file == str(Path(file))
