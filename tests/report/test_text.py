"""The report in a terminal: what it says of promises, secrets, mediators and deals that come again."""

from __future__ import annotations

import re
from pathlib import Path

import sim
from sim.report.text import tell

GOLDEN = Path(__file__).parents[1] / "golden"


def told(name: str, *sets: str, worlds: int = 100) -> tuple[str, sim.runs.Result]:
    result = sim.run(sim.load(GOLDEN / f"{name}.yaml", sets), worlds=worlds, seed=1)
    return tell(result.document, Path("results"), 0), result


def test_promises():
    text, result = told("guarantor")
    broken = int((result.frame["table.treaty.broken"] > 0).sum())
    assert 0 < broken < 100
    assert f"a promise is broken in {broken} worlds: by A in {broken}" in text
    assert f"else, at the end: promise broken {broken}" in text
    assert "a promise is broken in 0 worlds\n" in told("guarantor", "tables.treaty.guarantor.penalty=2")[0]


def test_secrets():
    text, result = told("secret")
    out = int((result.frame["table.backroom.revealed"] > 0).sum())
    assert f"the secret comes out in {out} of the 100 worlds with a deal" in text
    assert f"at the end yes 100 %; for all that outsiders know yes {out} %, no {100 - out} %" in text


def test_a_mediators_words():
    assert (
        "what the mediator says of Two is believed in 100 of the 100 worlds in which it speaks" in told("mediator")[0]
    )
    lying = told("mediator", "interests.M.0.weight=5", "interests.M.1.weight=2.9")[0]
    assert "is believed in 0 of the 100 worlds" in lying


def test_deals_that_come_again():
    text, result = told("lapses", worlds=10)
    assert "30 deals in all, 3.0 in a world that has any" in text
    assert result.document["tables"]["trade"]["worlds_with_deal"] == 10
    assert not re.search("promise|secret|mediator|deals in all", told("ultimatum", worlds=10)[0])
