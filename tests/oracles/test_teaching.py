"""The teaching files give the textbook's answers, as the comment on top of each says."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import sim

TEACHING = Path(__file__).parents[2] / "scenarios" / "teaching"


def summary(name: str, worlds: int) -> dict:
    return sim.run(sim.load(TEACHING / f"{name}.yaml"), worlds=worlds, seed=1).summary


@pytest.mark.parametrize(
    ("name", "share", "within"),
    [
        ("split_the_dollar", 0.34, 1e-9),
        ("rubinstein", 0.526, 0.0065),  # four grid steps and the distance of the Nash end, .0021
        ("outside_option", 0.5, 0.0045),
    ],
)
def test_the_dollar_is_split_as_the_textbook_says(name, share, within):
    found = summary(name, 8)
    assert found["outcomes"]["agreed"]["count"] == 8
    assert found["report"]["share"]["mean"] == pytest.approx(share, abs=within)
    assert found["report"]["share"]["sd"] < 1e-9


def test_a_secret_cost_makes_war():
    found = summary("fearon_private_cost", 4000)
    assert abs(found["outcomes"]["war"]["probability"] - 0.375) <= 4 * math.sqrt(0.375 * 0.625 / 4000) + 0.001 / 0.4


def test_teaching_files_are_short():
    files = sorted(TEACHING.glob("*.yaml"))
    assert len(files) >= 4
    assert all(len(file.read_text(encoding="utf-8").splitlines()) <= 40 for file in files)
