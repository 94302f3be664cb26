"""A page of the docs, typed in as a reader would: files written, commands and Python run, the output compared.

What a page may hold:

- `console`: lines `$ detente …` or `$ python …`, below each the output as it is printed. `…` on a line by itself stands
  for lines left out, inside a line for anything; `^C` right below a command stops it when a little is finished.
  `console fails` holds commands that are refused; `console slow` is left out of the default suite.
- `python`: a program, or `>>>` lines with their output; all of a page share one namespace. `slow` as above.
- `yaml title="mine.yaml"` (or any language): a file to write; `diff title="mine.yaml"`: lines of it that are replaced.

Any other block is only to be read.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from sim.cli.main import main
from sim.montecarlo.runners import serial

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs" / "tutorial").glob("*.md")), ROOT / "docs" / "reference" / "python.md"]
ANSWERS = sorted((ROOT / "docs" / "teaching").rglob("answers.md"))
GAP = "…"
PROMPTS = ("$ ", ">>> ")


@dataclass
class Block:
    """A fenced block: the language, the other words after it, and where its lines are in the page."""

    language: str
    words: str
    first: int
    lines: list[str]

    @property
    def title(self) -> str | None:
        found = re.search(r'title="([^"]+)"', self.words)
        return found and found[1]

    @property
    def slow(self) -> bool:
        return "slow" in self.words.split()


@dataclass
class Told:
    """Something that was typed and what the page shows below it; `at`: the first shown line's place in the page."""

    typed: str
    shown: list[str]
    at: int
    printed: list[str] = field(default_factory=list)


def blocks(text: str) -> Iterator[Block]:
    fence: Block | None = None
    for k, line in enumerate(text.splitlines()):
        if fence is None and (opened := re.match(r"```(\w+) ?(.*)", line)):
            fence = Block(opened[1], opened[2], k + 1, [])
        elif fence is not None and line == "```":
            yield fence
            fence = None
        elif fence is not None:
            fence.lines.append(line)


def told(block: Block) -> list[Told]:
    """What is typed at a prompt in a block, with the lines shown below each."""
    found: list[Told] = []
    for k, line in enumerate(block.lines, start=block.first):
        if line.startswith(PROMPTS):
            found.append(Told(line.split(" ", 1)[1], [], k + 1))
        elif found and not found[-1].shown and line.startswith("... "):
            found[-1].typed += "\n" + line[4:]
            found[-1].at = k + 1
        elif found:
            found[-1].shown.append(line)
    return found


def play(page: Path, slow: bool) -> list[Told]:
    """Everything of a page in order, in the folder that is the present one; what was typed, with what was printed."""
    names: dict[str, Any] = {"__name__": page.stem}
    played: list[Told] = []
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # as in an active environment
    for block in blocks(page.read_text(encoding="utf-8")):
        where = f"{page.name}:{block.first}"
        if block.slow and not slow:
            continue
        if block.title is not None:
            _write(Path(block.title), block, where)
        elif block.language == "console" or any(line.startswith(PROMPTS) for line in block.lines):
            for one in told(block):
                one.printed = _typed(one, names, "fails" in block.words.split(), where)
                played.append(one)
        elif block.language == "python":
            exec(compile("\n".join(block.lines), where, "exec"), names)
    return played


def _write(file: Path, block: Block, where: str) -> None:
    if block.language != "diff":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join([*block.lines, ""]), encoding="utf-8")
        return
    text = file.read_text(encoding="utf-8")
    old, new = ("\n".join(x[1:] for x in block.lines if x[0] in (" ", sign)) + "\n" for sign in "-+")
    assert text.count(old) == 1, f"{where}: {file} has these lines {text.count(old)} times, not once:\n{old}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def _typed(one: Told, names: dict[str, Any], fails: bool, where: str) -> list[str]:
    out = io.StringIO()
    stopped = one.shown[:1] == ["^C"]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = command(one.typed, stopped) if one.typed.startswith(("detente", "python")) else _python(one, names)
    wanted = 130 if stopped else 2 if fails else 0
    assert code == wanted, f"{where}: `{one.typed}` left with {code}, not {wanted}:\n{out.getvalue()}"
    return ["^C"] * stopped + [line.rstrip() for line in out.getvalue().strip("\n").splitlines()]


def _python(one: Told, names: dict[str, Any]) -> int:
    exec(compile(one.typed + "\n", "page", "single"), names)
    return 0


def command(typed: str, stopped: bool = False) -> int:
    program, *words = shlex.split(typed)
    if program == "python":
        made = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
        print(made.stdout + made.stderr)
        return made.returncode
    with _stopping() if stopped else contextlib.nullcontext():
        try:
            main(words)
        except SystemExit as left:
            return int(left.code or 0)
    return 0


@contextlib.contextmanager
def _stopping() -> Iterator[None]:
    """Ctrl-C once three pieces are finished."""
    compute = serial.compute

    def some(task: Any, pieces: Any) -> Iterator[Any]:
        for k, found in enumerate(compute(task, pieces)):
            if k == 3:
                raise KeyboardInterrupt
            yield found

    with mock.patch.object(serial, "compute", some):
        yield


def segments(shown: list[str]) -> list[list[str]]:
    """The shown lines between gaps; an empty one at either end where lines are left out there."""
    found: list[list[str]] = [[]]
    for line in shown:
        if line == GAP:
            found.append([])
        else:
            found[-1].append(line)
    return found


def same(shown: str, printed: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, shown.rstrip().split(GAP))), printed) is not None


def fault(one: Told) -> str:
    """What of the shown lines was not printed, in their order and without a gap where none is shown; '' if all was."""
    parts, start = segments(one.shown), 0
    if not one.shown:
        return ""
    for k, part in enumerate(parts):
        ends = range(start, len(one.printed) - len(part) + 1)
        ends = ends[:1] if k == 0 else ends[-1:] if k == len(parts) - 1 else ends
        if k == 0 and len(parts) == 1 and len(part) != len(one.printed):
            ends = range(0)
        here = next((s for s in ends if all(map(same, part, one.printed[s : s + len(part)]))), None)
        if here is None:
            return "\n".join([f"`{one.typed}` does not print", *part, "but", *one.printed])
        start = here + len(part)
    return ""


def refreshed(one: Told) -> list[str]:
    """The shown lines as they are printed now: every stretch where it is most alike; lines with a gap that still holds
    stay as they are."""
    found: list[str] = []
    parts, start = segments(one.shown), 0
    for k, part in enumerate(parts):
        found += [GAP] * (k > 0)
        if not part:
            continue
        last = max(len(one.printed) - len(part), start)
        ends = [start] if k == 0 else [last] if k == len(parts) - 1 else range(start, last + 1)
        likeness = {s: _alike(part, one.printed[s : s + len(part)]) for s in ends}
        start = max(likeness, key=lambda s: likeness[s])
        new = one.printed[start:] if len(parts) == 1 else one.printed[start : start + len(part)]
        kept = dict(zip(range(len(new)), part, strict=False))
        found += [kept[i] if GAP in kept.get(i, "") and same(kept[i], line) else line for i, line in enumerate(new)]
        start += len(part)
    return found if one.shown else []


def _alike(shown: list[str], printed: list[str]) -> float:
    return difflib.SequenceMatcher(None, "\n".join(shown), "\n".join(printed), autojunk=False).ratio()
