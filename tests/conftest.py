"""What tests in several folders need: scenarios from a text, run as a user would run them, and commands as typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim.cli.main import main
from sim.scenario.loader import Loaded, loads

SCENARIOS = Path(__file__).parent.parent / "scenarios"


@pytest.fixture(scope="session")
def scenarios() -> Path:
    """The folder of the bundled scenarios."""
    return SCENARIOS


@pytest.fixture(scope="session")
def play():
    """play(text or loaded, worlds, seed, sets, **options of sim.run): the worlds as a DataFrame, one row a world."""

    def worlds_of(
        text: str | Loaded, worlds: int = 400, seed: int = 1, sets: Sequence[str] = (), **options: Any
    ) -> pd.DataFrame:
        loaded = text if isinstance(text, Loaded) else loads(text, overrides=sets)
        return sim.run(loaded, worlds, seed, **options).frame

    return worlds_of


@pytest.fixture
def detente(capsys) -> Callable[..., tuple[int, str, str]]:
    """detente(*words): types a command; gives exit code, stdout and stderr. No mistake ends in a traceback."""

    def type_in(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main([str(w) for w in words])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return stopped.value.code, out, err

    return type_in


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What the plain command leaves out."""
    if config.getoption("markexpr") == "not slow and not browser":
        left_out = "what takes long (pytest -m slow), pages in a browser (pytest -m browser; needs chromium)"
        terminalreporter.write_line(f"not run: {left_out}")
