"""Golden playthroughs: one world for each protocol, feature and strategy, told as `detente explain` tells it.

Each was read and worked through by hand. Where one changes on purpose: `python tests/golden/write.py`, then read it.
"""

from __future__ import annotations

import pytest
from plays import HERE, PLAYS, Play, story

import sim
from sim.scenario.tables import PROTOCOLS, STRATEGIES, Table

FILES = sorted({p.file for p in PLAYS})
PLAIN = {"about", "parties", "protocol", "strategies", "agenda", "require", "lookahead"}  # what every table may have


@pytest.mark.parametrize("play", PLAYS, ids=lambda p: p.name)
def test_a_world_is_told_as_it_was(play: Play):
    told, written = play.told(), play.text.read_text(encoding="utf-8")
    assert told == written, f"{play.name} changed: python tests/golden/write.py, and read the difference"


def test_every_protocol_strategy_and_feature_is_told():
    tables = [t for f in FILES for t in sim.load(HERE / f"{f}.yaml").scenario.tables.values()]
    assert {t.protocol.name for t in tables} == set(PROTOCOLS)
    assert {s.name for t in tables for s in t.strategies.values()} | {"lookahead"} == set(STRATEGIES)
    plain = {n: f.get_default(call_default_factory=True) for n, f in Table.model_fields.items()}
    used = {n for n in plain if any(getattr(t, n) != plain[n] for t in tables)}
    assert set(plain) - used <= PLAIN


def test_nothing_lies_about():
    assert {p.stem for p in HERE.glob("*.txt")} == {p.name for p in PLAYS}
    assert {p.stem for p in HERE.glob("*.yaml")} == set(FILES)
    for name in FILES:
        assert len((HERE / f"{name}.yaml").read_text(encoding="utf-8").splitlines()) < 40, name


@pytest.mark.parametrize("play", PLAYS, ids=lambda p: p.name)
def test_what_is_told_adds_up(play: Play):
    """Parts sum to the worth over no deal, odds to one, and whoever looks ahead answers as its numbers say."""
    periods = story(play).periods
    sides = [(s, m) for p in periods for m in p.meetings for s in m.sides.values()]
    for side, meeting in sides:
        for odds in side.odds:
            assert not odds or sum(odds.values()) == pytest.approx(1)
        if side.worth is None or side.gain is None:
            continue
        assert sum(side.because.values()) == pytest.approx(side.worth - side.no_deal, abs=1e-9), side
        if side.strategy == "lookahead" and side.accepts is not None and meeting.proposer is not None:
            assert side.accepts == (side.worth >= side.waiting - 1e-9 and side.gain >= side.resolve - 1e-9), side
    for word in (w for p in periods for w in p.words):
        assert word.believed == all(gain <= 1e-9 for *_, gain in word.lies)
    for t in (t for p in periods for t in p.temptations):
        assert t.breaks == (t.gain > t.resolve + t.price)
