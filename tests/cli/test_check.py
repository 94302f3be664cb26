"""The fast commands as a user types them: what is printed where, exit codes, and that they stay fast."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli.main import COMMANDS

HEAVY = ("numpy", "scipy", "mesa", "matplotlib", "pandas")
SLOW_TO_START = ("pydantic", "rich", "yaml")


@pytest.fixture
def detente(detente, monkeypatch, tmp_path):
    """Types a command in an empty folder; gives exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    return detente


def test_help_lists_every_command(detente):
    code, out, _ = detente("--help")
    assert code == 0
    told = " ".join(out.split())  # long lines are folded
    assert all(f"  {name} " in out and about in told for name, about in COMMANDS.items())


def test_version(detente):
    code, out, _ = detente("--version")
    assert code == 0 and out.startswith("detente ")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["chek"], "did you mean 'check'?"),
        (["check", "--jsn", "x"], "--json"),
        (["list", "foms"], "did you mean 'forms'?"),
        (["check"], "Missing argument"),
    ],
)
def test_wrong_usage_gets_a_suggestion(detente, words, hint):
    code, out, err = detente(*words)
    assert (code, out) == (2, "") and hint in err


def test_check_sums_up_a_bundled_scenario(detente):
    code, out, err = detente("check", "split_the_dollar")
    assert (code, err) == (0, "")
    assert "split_the_dollar: ok" in out and "A and B, 202 packages" in out and "assumptions: 1" in out


def test_check_tells_every_error_of_every_file(detente, tmp_path):
    detente("init", "good")
    text = (tmp_path / "good.yaml").read_text()
    bad = text.replace("horizon: 12", "horizon: 0").replace("form: product", "form: prodct")
    (tmp_path / "bad.yaml").write_text(bad)
    (tmp_path / "binary.yaml").write_bytes(b"\0\1\2")
    code, out, err = detente("check", "bad.yaml", "good.yaml", "binary.yaml", ".", "absent.yaml", "kursk")
    assert code == 2
    assert "good.yaml: ok" in out and "bad" not in out
    row = bad[: bad.index("prodct")].count("\n") + 1
    assert f"bad.yaml:{bad[: bad.index('horizon: 0')].count(chr(10)) + 1}:10: error: horizon: must be at least 1" in err
    assert f"bad.yaml:{row}:" in err and "did you mean 'product'?" in err and "bad.yaml: 2 errors" in err
    assert "binary.yaml:1:1: error: a binary file" in err
    assert ".:1:1: error: this is a folder" in err
    assert "absent.yaml:1:1: error: no such file" in err
    assert "did you mean 'kursk_ceasefire'?" in err
    assert "Traceback" not in err


def test_check_as_json(detente, tmp_path):
    (tmp_path / "bad.yaml").write_text("title: 3\n")
    code, out, err = detente("check", "--json", "kursk_ceasefire", "bad.yaml")
    good, bad = json.loads(out)
    assert (code, err) == (2, "")
    assert good["ok"] and good["actors"] == ["US", "RUS", "DPRK", "CHN", "ROK"] and "P1" in good["claims"]
    assert {"file": "bad.yaml", "line": 1, "column": 8, "message": "title: a text is needed; got 3"} in bad["errors"]


def test_check_with_overrides(detente):
    assert detente("check", "split_the_dollar", "--set", "actors.A.discount=0.5")[0] == 0
    code, _, err = detente("check", "split_the_dollar", "--set", "actors.Z.discount=0.5")
    assert code == 2 and "--set actors.Z.discount=0.5:1:8: error: no 'Z' under actors; known: A, B" in err


def test_check_reads_a_claims_file(detente, tmp_path):
    (tmp_path / "claims.yaml").write_text("sources: {s: {author: A, title: T}}\nclaims:\n  C1: {source: x}\n")
    code, _, err = detente("check", "claims.yaml")
    assert code == 2 and "claims.yaml:3:7: error: claims.C1: 'kind' is missing" in err


@pytest.mark.parametrize(
    ("what", "word"),
    [
        ("scenarios", "kursk_ceasefire"),
        ("protocols", "alternating_offers"),
        ("protocols", "salami"),
        ("forms", "threshold"),
        ("strategies", "lookahead"),
        ("strategies", "concession"),
        ("claims", "P1"),
    ],
)
def test_lists(detente, what, word):
    code, out, err = detente("list", what)
    assert (code, err) == (0, "") and any(line.startswith(f"{word} ") for line in out.splitlines())
    rows = json.loads(detente("list", what, "--json")[1])
    assert word in [row.get("name", row.get("id")) for row in rows]
    assert all(all(str(v) for v in row.values()) for row in rows), "every entry says what it is"
    assert not any(str(row.get("about", "")).lower().startswith(f"{word}:") for row in rows), "a name told twice"


def test_schema_is_json_schema_of_the_language(detente):
    schema = json.loads(detente("schema")[1])
    assert schema["required"] == ["title", "horizon", "actors", "issues", "interests"]
    assert schema["additionalProperties"] is False
    assert {"Product", "ContinuousType", "AlternatingOffers", "Simultaneous", "Stubborn"} <= set(schema["$defs"])
    features = {"assent", "strategies", "reopens", "lapses", "renege", "guarantor", "mediator", "secret", "foresees"}
    assert features <= set(schema["$defs"]["Table"]["properties"])


def test_init_writes_a_scenario_that_holds(detente, tmp_path):
    code, out, _ = detente("init", "border_war")
    assert code == 0 and "detente run border_war.yaml" in out
    assert detente("check", "border_war.yaml")[0] == 0
    (tmp_path / "border_war.yaml").write_text("mine")
    code, _, err = detente("init", "border_war")
    assert code == 2 and "--force" in err and (tmp_path / "border_war.yaml").read_text() == "mine"
    assert detente("init", "border_war", "--force")[0] == 0
    assert (tmp_path / "border_war.yaml").read_text() != "mine"


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", "x.yaml", "a b", "1"])
def test_init_takes_a_plain_name_only(detente, tmp_path, name):
    code, _, err = detente("init", name)
    assert code == 2 and "is not a plain name" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        ("UserError('no')", 2, "error: no"),
        ("RunError('lost')", 1, "error: lost"),
        ("KeyboardInterrupt()", 130, "Stopped."),
    ],
)
def test_exit_codes(detente, monkeypatch, error, code, message):
    import sim.cli.schema
    import sim.errors

    def fail():
        raise eval(error, vars(sim.errors))

    monkeypatch.setattr(sim.cli.schema.command, "callback", fail)
    got, out, err = detente("schema")
    assert (got, out) == (code, "") and message in err and "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "kept_out"),
    [
        (["--help"], HEAVY + SLOW_TO_START),
        (["check", "kursk_ceasefire"], HEAVY),
        (["schema"], HEAVY),
        (["list", "strategies"], HEAVY),
        (["list", "claims"], HEAVY),
        (["init", "x"], HEAVY + SLOW_TO_START),
    ],
)
def test_fast_commands_import_nothing_heavy(tmp_path, words, kept_out):
    program = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print([m for m in {kept_out!r} if m in sys.modules], file=sys.stderr))\n"
        "from sim.cli.main import main\n"
        f"main({words!r})\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr.strip()) == (0, "[]")


def test_a_tab_and_a_file_of_claims_are_called_so(detente, scenarios):
    Path("tab.yaml").write_text("title: A\nactors:\n\tA: {}\n", encoding="utf-8")
    code, _, err = detente("check", "tab.yaml")
    assert code == 2 and "tab.yaml:3:1: error: not valid YAML: a tab stands here; indent with spaces" in err
    code, _, err = detente("run", scenarios / "claims.yaml")
    assert code == 2 and "this is a file of claims, not a scenario" in err and len(err.splitlines()) == 1


def test_no_number_is_told_as_such(detente):
    code, _, err = detente("run", "kursk_ceasefire", "--worlds", "many")
    assert code == 2 and "'many' is not a valid integer." in err
