"""Installed from a built wheel, away from the checkout and with nothing of it in the environment, everything works."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FEW = "--worlds 20 --processes 1"
COMMANDS = f"""\
--help
--version
list scenarios
list forms
check kursk_ceasefire
run kursk_ceasefire {FEW}
explain results/kursk_ceasefire-s1 --world 1
report results/kursk_ceasefire-s1 --processes 1
replay results/kursk_ceasefire-s1 --processes 1
run split_the_dollar {FEW}
compare split_the_dollar --set actors.A.discount=0.95 {FEW}
reasons fearon_private_cost war --avoid {FEW}
demo fearon_private_cost {FEW}
levers split_the_dollar --actor A --outcome agreed {FEW}
claims after_the_war {FEW} --flip 0
stability split_the_dollar {FEW}
rivals split_the_dollar {FEW}
sensitivity fearon_private_cost {FEW}
export split_the_dollar --format csv -o payoffs.csv --worlds 4
export split_the_dollar --format gambit -o offers.efg --rounds 2
schema
init mine
check mine.yaml
run mine.yaml {FEW} --json"""
PYTHON = """\
import sim
import sim.classroom.server
assert "site-packages" in sim.__file__, sim.__file__
assert len(sim.run("kursk_ceasefire", worlds=10).frame) == 10
assert "<html" in sim.report_page("results/kursk_ceasefire-s1")
"""
TYPED = "import sim\nreveal_type(sim.run('split_the_dollar'))\nsim.run('split_the_dollar', 'ten')\n"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / "pyproject.toml").is_file(), reason="there is nothing here to build"),
]


def done(*words: str | Path, cwd: Path, env: dict[str, str] | None = None, code: int = 0) -> str:
    made = subprocess.run(
        [str(w) for w in words], cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert made.returncode == code, (
        f"{' '.join(map(str, words))} left with {made.returncode}:\n{made.stdout}{made.stderr}"
    )
    return made.stdout


def build(source: Path, out: Path, *what: str) -> Path:
    done(sys.executable, "-m", "build", *what, "--outdir", out, source, cwd=out.parent)
    return next(out.glob("*.whl" if "--wheel" in what else "*.tar.gz"))


def held(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as files:
        return {name: files.read(name) for name in files.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build(ROOT, tmp_path_factory.mktemp("wheel") / "dist", "--wheel")


def test_a_wheel_holds_every_file_of_the_package(wheel, tmp_path):
    """Pages, templates, py.typed and scenarios too; and a wheel made from the source distribution is no other."""
    kept = [p for p in (ROOT / "sim").rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    bundled = [p for p in (ROOT / "scenarios").rglob("*") if p.is_file()]
    here = {p.relative_to(ROOT).as_posix(): p.read_bytes() for p in kept}
    here |= {f"sim/data/{p.relative_to(ROOT).as_posix()}": p.read_bytes() for p in bundled}
    assert held(wheel) == here and {"sim/py.typed", "sim/data/scenarios/claims.yaml"} < set(here)
    source = build(ROOT, tmp_path / "source", "--sdist")
    done(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", tmp_path, source, cwd=tmp_path)
    assert held(next(tmp_path.glob("*.whl"))) == here


def test_what_is_installed_works_away_from_the_checkout(wheel, tmp_path):
    place, venv = tmp_path / "elsewhere", tmp_path / "venv"
    place.mkdir()
    done(sys.executable, "-m", "venv", venv, cwd=place)
    scripts = venv / ("Scripts" if os.name == "nt" else "bin")
    done(scripts / "python", "-m", "pip", "install", "--quiet", f"{wheel}[class]", cwd=place)
    env = {"PATH": os.pathsep.join([str(scripts), os.defpath]), "HOME": str(place), "LANG": "C.UTF-8"}
    printed = {line: done("detente", *line.split(), cwd=place, env=env) for line in COMMANDS.splitlines()}
    run = place / "results" / "kursk_ceasefire-s1"
    assert (run / "report.html").stat().st_size > 10_000 and (run / "figures" / "outcomes.svg").is_file()
    assert "<script" in (place / "results" / "demo-fearon_private_cost" / "demo.html").read_text(encoding="utf-8")
    assert json.loads(printed["schema"]) and json.loads(printed[COMMANDS.splitlines()[-1]])["worlds"] == 20
    done("python", "-c", PYTHON, cwd=place, env=env)
    (place / "mine.py").write_text(TYPED, encoding="utf-8")
    checked = done(
        sys.executable, "-m", "mypy", "--python-executable", scripts / "python", "mine.py", cwd=place, code=1
    )
    assert 'Argument 2 to "run" has incompatible type "str"' in checked and '"sim.runs.Result"' in checked, checked
