"""A file from a stranger is data: nothing in it is executed or unpickled, no name in it leads out of the output folder,
and no sign in it is obeyed by a terminal. (That pages escape it: tests/report, tests/app, tests/classroom.)"""

from __future__ import annotations

import ast
import hashlib
import io
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.cli.main import main
from sim.errors import HIDDEN, ScenarioError, UserError
from sim.runs import open_run
from sim.scenario.loader import load, loads
from sim.store.folder import block_file

CODE = {p: ast.parse(p.read_text(encoding="utf-8")) for p in sorted(Path(sim.__file__).parent.rglob("*.py"))}
PICKLES = {"dask.py"}  # between our own workers, as dask itself does; never from a file
OUT = "../../../owned"
GAME = f"""\
title: "{OUT}"
question: "{OUT}"
about: /tmp/owned
assumption: "../owned"
period: round
horizon: 2
actors: {{A: {{discount: 0.9, name: "{OUT}"}}, B: {{discount: 0.9, resolve: 0, name: /owned}}}}
issues: {{d: {{levels: {{"../no": 0, "/owned": 0.5, "../../yes": 1}}, start: "../no", about: "{OUT}"}}}}
interests: {{A: [{{term: x, form: linear, of: d, weight: 1}}], B: [{{term: x, form: linear, of: d, weight: 0.5}}]}}
tables: {{talks: {{parties: [A, B], protocol: {{ultimatum: {{by: A}}}}, agenda: [d], about: "{OUT}"}}}}
outcomes: {{agreed: {{d: "../../yes"}}}}
demo: {{vary: {{actors.A.discount: [0.5, 0.9]}}, outcome: agreed, labels: {{actors.A.discount: "{OUT}"}}}}
"""


def called(tree: ast.AST) -> list[tuple[str, ast.Call]]:
    """Every call, by its name as written."""
    return [(ast.unparse(n.func), n) for n in ast.walk(tree) if isinstance(n, ast.Call)]


def test_nothing_in_the_program_executes_or_unpickles_what_it_reads():
    for path, tree in CODE.items():
        imported = {a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        imported |= {n.module.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
        assert not imported & {"marshal", "shelve", "dill", "cloudpickle", "joblib"}, path
        assert ("pickle" in imported) == (path.name in PICKLES), path
        for name, call in called(tree):
            assert name not in ("eval", "exec", "compile", "__import__", "os.system", "os.popen"), path
            assert name not in ("yaml.load", "yaml.load_all", "yaml.unsafe_load", "yaml.full_load"), path
            given = {k.arg: ast.unparse(k.value) for k in call.keywords}
            assert given.get("shell", "False") == "False", path
            if name in ("np.load", "numpy.load"):
                assert given.get("allow_pickle") == "False", path


def test_a_tag_is_refused_at_its_place_and_makes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for tag in ("!!python/object/apply:builtins.open [owned, w]", "!!python/name:os.system", "!!python/module:os"):
        with pytest.raises(ScenarioError, match=r"f.yaml:1:8: error: tags are not part of the language"):
            loads(GAME.replace(f'"{OUT}"', tag, 1), "f.yaml")
    assert not list(tmp_path.iterdir())


class Owned:
    def __reduce__(self):
        return (Path.touch, (Path("owned"),))


def test_a_block_that_holds_a_pickle_is_refused_and_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "game.yaml").write_text(GAME, encoding="utf-8")
    sim.run(load(tmp_path / "game.yaml"), 10, out=tmp_path / "out")
    data = io.BytesIO()
    np.savez(data, world=np.array([Owned()] * 10, object))
    file = block_file(tmp_path / "out", 0)
    file.write_bytes(data.getvalue() + hashlib.sha256(data.getvalue()).digest())
    with pytest.raises(UserError, match="isn't whole"):
        open_run(tmp_path / "out")
    assert not (tmp_path / "owned").exists()


COMMANDS = {
    "run": ("game.yaml", "--worlds", "10", "--processes", "1", "--out", "out/run"),
    "explain": ("game.yaml",),
    "check": ("game.yaml",),
    "report": ("there", "--processes", "1"),
    "demo": ("game.yaml", "--worlds", "20", "--processes", "1", "--out", "out/demo", "-o", "out/demo.html"),
    "export": ("game.yaml", "--format", "csv", "-o", "out/a.csv"),
    "sweep": ("plan.yaml", "--processes", "1", "--out", "out/swept"),
    "levers": (
        "game.yaml",
        "--actor",
        "A",
        "--outcome",
        "agreed",
        "--worlds",
        "10",
        "--processes",
        "1",
        "--out",
        "out/levers",
    ),
}


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home") / "deep" / "down" / "here"
    folder.mkdir(parents=True)
    signs = GAME.replace("../owned", "../ow\\u202e\\u200bned\\ufeff").replace("/tmp/owned", '"\\u2066/tmp"')
    (folder / "game.yaml").write_text(signs, encoding="utf-8")
    plan = f'title: "{OUT}\\u202e"\nscenario: game.yaml\nvary: {{actors.A.discount: [0.5, 0.9]}}\nworlds: 10\n'
    (folder / "plan.yaml").write_text(plan + f'labels: {{actors.A.discount: "{OUT}\\u202e"}}\n', encoding="utf-8")
    sim.run(load(folder / "game.yaml"), 10, out=folder / "there")
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_names_in_files_stay_names_and_no_sign_reaches_the_terminal(command, there, monkeypatch, capsys):
    monkeypatch.chdir(there)
    monkeypatch.setattr("sim.report.figures.names", lambda: ["outcomes"])
    (there / "out").mkdir(exist_ok=True)
    outside = {p for p in there.parents[2].rglob("*") if "out" not in p.parts and "there" not in p.parts}
    with pytest.raises(SystemExit) as stopped:
        main([command, *COMMANDS[command]])
    told = "".join(capsys.readouterr())
    assert stopped.value.code == 0 and told and not HIDDEN.search(told), told
    assert {p for p in there.parents[2].rglob("*") if "out" not in p.parts and "there" not in p.parts} == outside


@pytest.mark.parametrize("escape", ["\\e[31m", "\\x9b31m", "\\0", "\\a", "\\x7f"])
def test_what_a_terminal_obeys_is_refused_wherever_it_stands(escape):
    for there in ('title: "', 'about: "', '{"../no', 'name: "'):
        text = GAME.replace(there, there + escape, 1).replace('{"../no', '{"../no', 1)
        with pytest.raises(ScenarioError, match=r"a text holds no control characters; got U\+00") as caught:
            loads(text, "f.yaml")
        assert not HIDDEN.search(str(caught.value))
