"""Commands as processes of their own, to be killed; and what they leave behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

DETENTE = (sys.executable, "-c", "from sim.cli.main import main; main()")
MARK = "DETENTE_TEST"
WORLDS = 12_000


def words(folder: Path, *more: str, worlds: int = WORLDS, processes: int = 2) -> list[str]:
    """A quick run of twelve blocks."""
    run = ["run", "split_the_dollar", "--worlds", str(worlds), "--processes", str(processes)]
    return [*run, "--out", str(folder), *more]


def _hears_ctrl_c() -> None:
    """Even where the tests run in the background of a shell."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Typed:
    """A command in a session of its own, as a terminal starts it. `mark` is inherited by whatever it starts."""

    def __init__(self, *typed: str):
        self.mark = uuid4().hex
        self.process = subprocess.Popen(
            [*DETENTE, *typed],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, MARK: self.mark},
            start_new_session=True,
            preexec_fn=_hears_ctrl_c if os.name != "nt" else None,
        )

    def signalled(self, which: int, group: bool = False) -> tuple[int, str]:
        """Exit code and stderr; `group`: to all that it started too, as Ctrl-C does."""
        (os.killpg if group else os.kill)(self.process.pid, which)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        err = self.process.communicate(timeout=120)[1]
        return self.process.returncode, err

    def orphans(self) -> list[int]:
        """Processes that it started and that are still there (Linux only)."""
        found = []
        for environ in Path("/proc").glob("[0-9]*/environ"):
            try:
                if f"{MARK}={self.mark}".encode() in environ.read_bytes().split(b"\0"):
                    found.append(int(environ.parent.name))
            except OSError:
                continue  # it ended, or isn't ours
        return found


def until(true: Callable[[], bool], process: subprocess.Popen | None = None, seconds: float = 60) -> bool:
    """Waits; False if the process ended, or the time is up, before it was true."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline or (process is not None and process.poll() is not None):
            return true()
        time.sleep(0.002)
    return True


def finished(folder: Path) -> list[Path]:
    return sorted((folder / "blocks").glob("*.npz"))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a results folder, but for how long it took."""
    found = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    manifest = json.loads(found.pop("manifest.json")) | {"duration_seconds": None}
    return found | {"manifest": json.dumps(manifest, sort_keys=True).encode()}
