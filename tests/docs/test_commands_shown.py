"""Every command that the documentation shows exists, with the options that it is shown with."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from sim.cli.main import cli

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
SHOWN = re.compile(r"(?:^|[`(]|&& )(?:\.venv/bin/)?detente ([a-z][^`\n|]*)", re.M)


def shown(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    return [m.split(" #")[0].split(" (")[0].split(" > ")[0] for m in SHOWN.findall(text)]


@pytest.mark.parametrize("page", [p for p in PAGES if shown(p)], ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_and_options_exist(page):
    context = click.Context(cli)
    for line in shown(page):
        try:
            name, *rest = shlex.split(line)
        except ValueError:  # a quotation mark of the prose around it
            name, *rest = line.split()
        command = cli.get_command(context, name.rstrip(".,:;"))
        assert command is not None, f"detente {line}: no such command"
        options = {o for p in command.params for o in (*p.opts, *p.secondary_opts)} | {"--help"}
        for word in rest:
            if word.startswith("--") and len(word) > 2:
                assert word.split("=")[0] in options, f"detente {line}: no option {word}"
