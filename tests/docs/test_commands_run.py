"""Every command and every piece of Python that the README and the docs show is typed in, with few worlds, in the order
of the page. The tutorials, the page on Python and answer keys are typed in as they stand, by test_pages."""

from __future__ import annotations

import io
import re
import shlex
import shutil
import sys
from glob import glob
from pathlib import Path

import click
import pytest
from pages import ANSWERS, PAGES, ROOT, blocks, command
from test_commands_shown import PAGES as ALL
from test_commands_shown import shown

from sim.cli.main import cli

LEFT_OUT = {  # what stands in a command or a program: why it isn't typed in
    "--web": "serves pages until it is stopped; tests/classroom and tests/browser do that",
    "tcp://10.0.0.1": "asks for a second machine; tests/faults does it over loopback",
    "SLURMCluster": "asks for a SLURM cluster",
    "discover results": "asks for the extra [ema]; tests/runs does it where that is installed",
    "pygambit": "asks for Gambit; tests/runs reads the files without it",
}
FEWER = {"--worlds": "20", "--flip-worlds": "4", "--flip": "0", "--processes": "1"}
PLACEHOLDERS = {"FILE", "RECORD", "PATH=VALUE", "…"}
HERE = [p for p in ALL if p not in (*PAGES, *ANSWERS)]


def left_out(text: str) -> bool:
    return any(sign in text for sign in LEFT_OUT)


def mention(words: list[str]) -> bool:
    """A command's name in a sentence, or its form: `detente run`, `detente check FILE`."""
    return (len(words) == 1 and words != ["schema"]) or not PLACEHOLDERS.isdisjoint(words)


def typed(page: Path) -> list[str]:
    """Commands and programs of a page, as they stand there, in its order of each."""
    commands = [line.rstrip(".,:;") for line in shown(page) if not mention(line.split()) and not left_out(line)]
    code = [b for b in blocks(page.read_text(encoding="utf-8")) if b.language == "python"]
    return [*(f"detente {line}" for line in commands), *(t for b in code if not left_out(t := "\n".join(b.lines)))]


def fewer(line: str) -> str:
    """The same command with few worlds, and with every file that a pattern stands for."""
    _, name, *rest = shlex.split(line)
    words = [found for word in rest for found in (sorted(glob(word)) if "*" in word else [word])]
    known = {o for p in cli.get_command(click.Context(cli), name).params for o in p.opts}
    for option, few in FEWER.items():
        if option in words:
            words[words.index(option) + 1] = few
        elif option in known and not (option == "--worlds" and re.search("experiments/|gambit", line)):
            words += [option, few]
    if "--world" in words:
        words[words.index("--world") + 1] = min(words[words.index("--world") + 1], "3", key=int)
    return shlex.join(["detente", name, *words])


def smaller(file: Path, line: str, folder: Path) -> None:
    key = line.split()[0]
    text = re.sub(rf"^{key} \d+", line, file.read_text(encoding="utf-8"), flags=re.M)
    (folder / file.name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """What a clone of the repository holds, with short scenarios and small experiments, and what a class handed in.
    One for all pages: they show the same commands, whose results go on from what is finished."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    (folder / "experiments").mkdir()
    for file in (ROOT / "experiments").glob("*.yaml"):
        smaller(file, "worlds: 20", folder / "experiments")
    for file in (ROOT / "scenarios").glob("*.yaml"):
        smaller(file, "horizon: 4", folder / "scenarios")
    (folder / "results").mkdir()
    (folder / "students").mkdir()
    (folder / "students" / "anna").symlink_to(folder / "results" / "anna")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("page", [p for p in HERE if typed(p)], ids=lambda p: str(p.relative_to(ROOT)))
def test_what_a_page_shows_can_be_typed_in(page, clone, tmp_path, monkeypatch, capsys):
    names = {"__name__": page.stem}
    for folder in clone.iterdir():
        (tmp_path / folder.name).symlink_to(folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.report.figures.names", list)
    for one in typed(page):
        monkeypatch.setattr(sys, "stdin", io.StringIO("1\ny\n" * 500))  # whoever plays takes what comes first
        if one.startswith("detente "):
            code = command(fewer(one))
            out, err = capsys.readouterr()
            assert code == 0, f"{page.name}: `{one}` left with {code}:\n{out}{err}"
        else:
            exec(compile(re.sub(r"worlds=\d+", "worlds=20", one), f"{page.name}", "exec"), names)


def test_what_is_left_out_is_there_to_be_left_out():
    texts = [page.read_text(encoding="utf-8") for page in HERE]
    assert [sign for sign in LEFT_OUT if not any(sign in text for text in texts)] == []


@pytest.mark.parametrize(
    ("line", "how"),
    [
        ("run", True),
        ("schema", False),
        ("check FILE", True),
        ("sweep … --scheduler tcp://127.0.0.1:8786", True),
        ("compare FILE --set PATH=VALUE", True),
        ("run mine.yaml --set actors.RUS.discount=0.95", False),
        ("play mine.yaml --as DPRK", False),
    ],
)
def test_a_mention_is_no_command(line, how):
    assert mention(line.split()) == how
