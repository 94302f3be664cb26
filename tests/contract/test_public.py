"""What `import sim` offers: every function by its name, hidden by no module; a document, a table, figures."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import pkgutil
import re

import pandas as pd
import pytest
from matplotlib.figure import Figure

import sim
from sim.errors import UserError
from sim.store.folder import to_json

FILE = "split_the_dollar"
ONE, MANY = ("figure",), ("figures",)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run's folder, an experiment's file."""
    place = tmp_path_factory.mktemp("public")
    sim.run(FILE, worlds=4, out=place / "run")
    (place / "mine.yaml").write_text(
        f"scenario: {FILE}\nvary:\n"
        "  actors.A.discount: {range: [0.5, 0.9]}\n  actors.B.discount: {range: [0.5, 0.9]}\n"
        "points: 4\nworlds: 10\nmeasure: [values]\n",
        encoding="utf-8",
    )
    return place


ASKED = {
    "run": (lambda at: sim.run(FILE, worlds=4), MANY),
    "explain": (lambda at: sim.explain(FILE), ()),
    "compare": (lambda at: sim.compare(sim.run(FILE, 4), sim.run(FILE, 4, overrides=("actors.A.discount=0.5",))), ONE),
    "compare_rivals": (lambda at: sim.compare_rivals(FILE, 4), ONE),
    "claims": (lambda at: sim.claims("kursk_ceasefire", 60, top=0), MANY),
    "reasons": (lambda at: sim.reasons(FILE, "agreed", 4), ONE),
    "levers": (lambda at: sim.levers(FILE, "A", "agreed", 4), ONE),
    "sweep": (lambda at: sim.sweep(at / "mine.yaml"), MANY),
    "sensitivity": (lambda at: sim.sensitivity(at / "mine.yaml"), MANY),
    "stability": (lambda at: sim.stability(FILE, worlds=4), ONE),
    "variance": (lambda at: sim.variance(FILE, 4), MANY),
    "replay": (lambda at: sim.replay(at / "run"), ()),
}


def test_no_module_hides_a_function():
    for module in pkgutil.iter_modules(sim.__path__):
        importlib.import_module(f"sim.{module.name}")
    assert all(callable(getattr(sim, name)) for name in sim.__all__)
    others = {"load", "report_page", "export", "discover"}  # a scenario, texts of files; discover is in test_discovery
    assert {*ASKED, *others} == set(sim.__all__)


def test_the_list_in_the_docs_is_what_there_is(scenarios):
    page = scenarios.parent / "docs" / "reference" / "python.md"
    if not page.is_file():
        pytest.skip("the docs come with the repository only")
    listed = page.read_text(encoding="utf-8").split("SCENARIO is a file")[0]
    assert set(re.findall(r"`sim\.(\w+)\(", listed)) == set(sim.__all__)


def test_type_checkers_see_each_function_where_it_is():
    tree = ast.parse(inspect.getsource(sim))
    seen = {(a.name, f.module) for f in ast.walk(tree) if isinstance(f, ast.ImportFrom) for a in f.names}
    assert {(name, home) for name, home in seen if home.startswith("sim.")} == set(sim._HOMES.items())


@pytest.mark.parametrize("name", sim.__all__)
def test_each_function_says_what_it_raises(name):
    assert re.search(r"Raises? \w*Error", inspect.getdoc(getattr(sim, name)))


def test_one_version_is_named_everywhere(scenarios):
    root = scenarios.parent
    if not (root / "CITATION.cff").is_file():
        pytest.skip("comes with the repository only")
    texts = {f: (root / f).read_text(encoding="utf-8") for f in ("pyproject.toml", "CITATION.cff", "CHANGELOG.md")}
    cited = re.search(r"^version: (\S+)$.*^date-released: (\S+)$", texts["CITATION.cff"], re.M | re.S)
    assert re.search(r'^version = "(.+)"$', texts["pyproject.toml"], re.M)[1] == cited[1]
    assert re.search(r"^## \[(.+)\] – (\S+)$", texts["CHANGELOG.md"], re.M).groups() == cited.groups()


@pytest.mark.parametrize("name", ASKED)
def test_each_gives_a_document_a_table_and_figures(name, folder, monkeypatch):
    monkeypatch.setattr("sim.report.figures.names", lambda: ["outcomes"])
    ask, drawn = ASKED[name]
    found = ask(folder)
    assert isinstance(json.loads(to_json(found.document)), dict)
    assert isinstance(found.frame, pd.DataFrame) and len(found.frame.columns) > 1
    assert not found.frame.map(lambda v: isinstance(v, dict | list)).to_numpy().any()  # tidy: a cell is one thing
    assert len(found.frame) > 0 or name in ("replay", "variance")  # a game without chance has no variance
    if drawn == ONE:
        assert isinstance(found.figure(), Figure)
    for how in drawn[: drawn == MANY]:
        assert all(isinstance(f, Figure) for f in getattr(found, how)().values())


def test_a_scenario_is_a_name_a_file_or_loaded(scenarios):
    file = scenarios / "teaching" / f"{FILE}.yaml"
    runs = [sim.run(s, 4).document["values"] for s in (FILE, file, str(file), sim.load(file))]
    assert all(values == runs[0] for values in runs)
    with pytest.raises(UserError, match="as it is read"):
        sim.run(sim.load(file), 4, overrides=("actors.A.discount=0.5",))
