"""One contract for every table: each protocol with each feature and each strategy, wherever `check` lets them stand
together. A protocol or strategy is tested here without being named; a new key of a table has to be added to `pie`."""

from __future__ import annotations

import random
import re
from dataclasses import fields
from itertools import combinations

import numpy as np
import pie
import pytest

from sim.errors import ScenarioError
from sim.model import Negotiation
from sim.montecarlo.draws import ClaimRule, Draws
from sim.montecarlo.job import Job
from sim.montecarlo.runners import processes, serial
from sim.scenario.loader import loads
from sim.simulate import simulate
from sim.status import Status

PART = slice(7, 20)
CLAIMED = [f for f, keys in pie.FEATURES.items() if any("CLAIMS" in line for line in keys.values())]
SLOW = pytest.mark.slow


class Onlooker:
    """Stands where an explanation's trace does, and is told of every step."""

    def __getattr__(self, name):
        return lambda *args, **more: None


class Referee(Onlooker):
    """Holds what is played against the rules: what may be agreed, and what there is to share out."""

    def __init__(self, keys: dict[str, str], on: np.ndarray):
        self.keys, self.on, self.gone, self.earned = keys, on, 0, 0.0

    def meeting(self, meeting, views, offer, yes, vetoes, agreed):
        if meeting.talks.name != "main":
            return
        deal = (agreed >= 0) & ~np.logical_or.reduce([np.zeros(len(agreed), bool), *vetoes.values()])
        talks, w = meeting.talks, meeting.worlds[deal]
        levels, tide = talks.menu.levels[agreed[deal]], meeting.model.state.stocks[w, 0]
        names = [talks.menu.packages.fixed[a] for a in agreed[deal]]
        assert all(p["deal"] == "yes" for p in names)
        assert (meeting.model.state.levels[w][:, talks.menu.agenda] == levels).all()
        if "tide" in self.keys.get("require", ""):
            assert (tide < 0.8).all()
        if "forbid" in self.keys:
            cut = np.array([p["split"] in ("0.5/0.5/0", "0.5/0.25/0.25") for p in names], bool)
            assert not (cut & (tide >= 0.3) & self.on[w]).any()

    def period(self, model):
        self.flow = pie.total_flow(model)
        self.earned = self.earned + (1 - pie.DELTA) * pie.DELTA**self.gone * self.flow
        self.gone += 1

    def payoff(self):
        """What A, B and C get together, average discounted, the last state staying for ever."""
        return self.earned + pie.DELTA**self.gone * self.flow


def legal(keys, whole) -> None:
    """Every table ends by the horizon in a status that its features allow."""
    status, deals = whole["table.main.status"], whole["table.main.deal_period"] > 0
    given = {Status.TALKING, Status.DEAL}
    given |= {Status.WAITING} if "opens" in keys else set()
    given |= {Status.EXPIRED} if "deadline" in keys else set()
    given |= {Status.BROKEN_DOWN} if "breakdown" in keys else set()
    given |= {Status.WALKED_AWAY} if "walk_away" in keys else set()
    given |= {Status.PROMISE_BROKEN} if "renege" in keys else set()
    assert set(status) <= set(given)
    if "deadline" in keys and "opens" not in keys and "lapses" not in keys:
        assert not (status == Status.TALKING).any()
    goes_on = "reopens" in keys or "salami" in keys["protocol"] or "lapses" in keys
    if not goes_on:
        assert (deals == np.isin(status, (Status.DEAL, Status.PROMISE_BROKEN))).all()
        assert (whole["table.main.deals"] == deals).all()
    assert not (whole["table.main.status"] == Status.WAITING)[deals].any()
    assert whole["table.main.deal_period"].max() <= pie.HORIZON


def plays(keys: dict[str, str]) -> None:
    """The whole contract of one table, its features on or off by their claims."""
    loaded = pie.load(pie.text(keys, f"claims: [{pie.CLAIM}]"))
    if loaded is None:
        pytest.skip("check says that these can't stand together")
    draws = pie.draws_of(loaded)
    referee = Referee(keys, draws.claims.get(pie.CLAIM))
    whole = simulate(loaded.scenario, draws, referee)
    legal(keys, whole)
    if "payments" not in keys:  # what is paid counts in each one's own stakes
        np.testing.assert_allclose(sum(whole[f"value.{a}"] for a in "ABC"), referee.payoff(), atol=1e-12)
    for name, column in whole.items():
        assert column.dtype.kind != "f" or ".shortfall." in name or np.isfinite(column).all(), name
    alone = simulate(loaded.scenario, pie.draws_of(loaded, PART))  # unwatched, too
    for name, column in whole.items():
        assert column[PART].tobytes() == alone[name].tobytes(), f"{name}: worlds touch"


def names(of: dict[str, str]) -> list[str]:
    return sorted(of)


def every_pair():
    """Each feature with each protocol; by default with one of them, in turn."""
    rules = names(pie.protocols())
    for k, feature in enumerate(pie.FEATURES):
        for m, protocol in enumerate(rules):
            quick = (m - k) % len(rules) == 0 or feature == "plain"
            yield pytest.param(feature, protocol, marks=() if quick else SLOW, id=f"{feature}-{protocol}")


def test_every_key_of_a_table_is_tried():
    assert not pie.uncovered()


@pytest.mark.parametrize(("feature", "protocol"), list(every_pair()))
def test_a_protocol_with_a_feature(feature, protocol):
    plays(pie.lines(feature, protocol=protocol))


def strategies_at():
    """Each strategy at each seat with each feature and protocol; by default with one of each, in turn."""
    rules, features = names(pie.protocols()), list(pie.FEATURES)
    for s, strategy in enumerate(names(pie.strategies())):
        for k, feature in enumerate(features):
            for m, protocol in enumerate(rules):
                seat = "AB"[(k + m) % 2]
                quick = (k - m) % len(rules) == 0 and (k + s) % 6 == 0
                marks = () if quick else SLOW
                yield pytest.param(
                    strategy, seat, feature, protocol, marks=marks, id=f"{strategy}-{feature}-{protocol}"
                )


@pytest.mark.parametrize(("strategy", "seat", "feature", "protocol"), list(strategies_at()))
def test_a_strategy_with_a_feature(strategy, seat, feature, protocol):
    given = f"{{{seat}: {pie.strategies()[strategy]}}}"
    plays(pie.lines(feature, protocol=protocol, strategies=given))


@pytest.mark.slow
@pytest.mark.parametrize("protocol", names(pie.protocols()))
@pytest.mark.parametrize("pair", list(combinations(list(pie.FEATURES)[1:], 2)), ids=" + ".join)
def test_two_features_together(pair, protocol):
    plays(pie.lines(*pair, protocol=protocol))


@pytest.mark.parametrize("seed", [pytest.param(s, marks=() if s < 3 else SLOW) for s in range(60)])
def test_many_features_together(seed):
    """Some that can stand together, drawn at random."""
    rng = random.Random(seed)
    rules, features = names(pie.protocols()), list(pie.FEATURES)[1:]
    while True:
        keys = pie.lines(*rng.sample(features, rng.randint(3, 6)), protocol=rng.choice(rules))
        if pie.load(pie.text(keys, f"claims: [{pie.CLAIM}]")) is not None:
            return plays(keys)


def test_who_computes_does_not_matter():
    """A block computed in another process, at a table with most of what there is."""
    keys = pie.lines("consent", "mediator", "secret", "foresees", "breakdown: along", "opens")
    loaded = pie.load(pie.text(keys))
    job = Job(loaded.scenario, loaded.claims, ClaimRule(), 1, 12)
    here, there = dict(serial.compute(job, [0])), dict(processes.compute(job, [0], 2))
    for name, column in here[0].items():
        assert column.tobytes() == there[0][name].tobytes(), name


# --- claims ---


@pytest.mark.parametrize("feature", CLAIMED)
def test_a_feature_whose_claims_are_off_is_as_good_as_left_out(feature):
    """Bit for bit; but a table whose reason to open is false never opens. Stakes are taken with all claims on, so a
    breakdown that never comes still counts in them, and through them in what a resolve asks for: hence none here."""
    certain = pie.CERTAIN if "breakdown" in feature else ()
    loaded = pie.load(pie.text(pie.lines(feature), f"claims: [{pie.CLAIM}]"), certain)
    draws = pie.draws_of(loaded)
    draws.claims[pie.CLAIM] = np.zeros(24, bool)
    off = simulate(loaded.scenario, draws)
    if feature == "opens":
        assert (off["table.main.status"] == Status.WAITING).all()
        return
    left = {"renege": pie.FEATURES[feature]["renege"]} if feature == "guarantor" else {}
    plain = pie.load(pie.text(pie.lines(**left)), certain)
    without = simulate(plain.scenario, pie.draws_of(plain))
    for name in without.keys() & off.keys():
        if not certain or ".shortfall." not in name:  # a share of the stakes
            assert off[name].tobytes() == without[name].tobytes(), name
    assert {"table.main.status", "value.A", "table.main.resolve.B", "level.split"} <= without.keys() & off.keys()


@pytest.mark.parametrize("feature", CLAIMED)
def test_a_feature_counts_where_its_claims_are_on(feature):
    """In worlds where its claim is true it plays as if assumed, where it is false as if its claims were off."""
    claimed, assumed = (pie.load(pie.text(pie.lines(feature), c)) for c in (f"claims: [{pie.CLAIM}]", "assumption: a"))
    mixed, always = (simulate(one.scenario, pie.draws_of(one)) for one in (claimed, assumed))
    on = mixed[f"claim.{pie.CLAIM}"]
    assert 0 < on.sum() < len(on)
    differ = np.zeros(len(on), bool)
    for name, column in always.items():
        assert mixed[name][on].tobytes() == column[on].tobytes(), name
        differ |= (mixed[name] != column) & ((column == column) | (mixed[name] == mixed[name]))
    assert differ[~on].any(), "the feature changes nothing in these worlds"


@pytest.mark.parametrize("feature", CLAIMED)
def test_a_feature_says_where_it_comes_from(feature):
    key = list(pie.FEATURES[feature])[-1]
    bare = pie.text(pie.lines(feature)).replace("assumption: a test\n", "", 1)
    told = rf"tables\.main\.{key}(\.\w+)*: nothing says where this comes from"
    with pytest.raises(ScenarioError) as caught:
        loads(bare.replace(", assumption: a test", ""))
    assert re.search(told, str(caught.value))
    with pytest.raises(ScenarioError) as caught:  # the interests still have no source
        loads(bare)
    assert not re.search(told, str(caught.value))


# --- nobody peeks ---


class Watcher(Onlooker):
    """What everyone sees at a table's first meetings, and who puts what."""

    def __init__(self):
        self.seen, self.put = {}, {}

    def meeting(self, meeting, views, offer, *answers):
        if meeting.talks.name == "main":
            for w, world in enumerate(meeting.worlds):
                self.put[world] = meeting.j, int(offer[w])
                for party, view in zip(meeting.talks.parties, views, strict=True):
                    self.seen[world, party] = b"".join(_bytes(getattr(view, f.name), w) for f in fields(view))


def _bytes(seen, world: int) -> bytes:
    """What a field of a view says of one world."""
    return np.ascontiguousarray(seen[world]).tobytes() if isinstance(seen, np.ndarray) else repr(seen).encode()


def first_look(loaded, party: str, order: np.ndarray) -> tuple[Watcher, Draws]:
    """The first period, the others' private draws being dealt out in another order."""
    draws = pie.draws_of(loaded, slice(0, len(order)))
    for actor in draws.kind:
        if actor != party:
            draws.kind[actor] = draws.kind[actor][order]
    for private in (draws.resolve, draws.upper, draws.tolerance):
        for seat in private:
            if seat[0] != party:
                private[seat] = private[seat][order]
    model = Negotiation(loaded.scenario, draws, watcher := Watcher())
    model.step()
    model.close()
    return watcher, draws


@pytest.mark.parametrize("feature", list(pie.FEATURES))
def test_nobody_knows_what_others_keep_private(feature):
    """Nor does a mediator tell what it doesn't see: where that stays the same, so does what is known."""
    rules = names(pie.protocols())
    protocol = rules[list(pie.FEATURES).index(feature) % len(rules)]
    loaded = pie.load(pie.text(pie.lines(feature, protocol=protocol)))
    loaded = loaded or pie.load(pie.text(pie.lines(feature)))
    n = 60
    one, draws = first_look(loaded, "A", np.arange(n))
    for party in "AB":
        other, dealt = first_look(loaded, party, np.random.default_rng(1).permutation(n))
        told = np.zeros(n, bool)  # where the mediator sees something else
        if "mediator" in feature:
            told |= draws.kind["B"] != dealt.kind["B"]
            told |= np.logical_or.reduce([u != dealt.upper[s] for s, u in draws.upper.items() if s[1] == "main"])
        worlds = [w for w in np.flatnonzero(~told) if (w, party) in one.seen]
        assert one.seen.keys() == other.seen.keys() and len(worlds) > 5
        mine = loaded.scenario.tables["main"].parties.index(party)
        for w in worlds:
            assert one.seen[w, party] == other.seen[w, party], f"{party} sees what it may not"
            assert one.put[w] == other.put[w] or one.put[w][0] != mine


# --- shortcuts ---


def _each_by_itself(fc, talks, worlds):
    return np.arange(fc.n), np.arange(fc.n)


SHORTCUTS = {  # what saves work, and what to put in its place to do without
    "solved again only where something has changed": (
        "sim.memory.Memory.changed",
        lambda self, key, worlds, basis: np.ones(len(worlds), bool),
    ),
    "worlds that are alike solved once": ("sim.round._distinct", _each_by_itself),
    "dominated packages dropped": ("sim.solution.undominated", lambda game, cells, *more: cells),
    "many worlds at a time": ("sim.talks.PORTION", 1),
}


@pytest.mark.slow
@pytest.mark.parametrize("shortcut", SHORTCUTS)
@pytest.mark.parametrize(
    "feature", [pytest.param(f, marks=() if k % 4 == 1 else SLOW) for k, f in enumerate(pie.FEATURES)]
)
def test_no_shortcut_changes_what_is_played(feature, shortcut, monkeypatch):
    """Bit for bit. Still waters: where the front stands still, much is remembered."""
    rules = names(pie.protocols())
    protocol = rules[list(pie.FEATURES).index(feature) % len(rules)]
    for calm in (False, True):
        keys = pie.lines(feature, protocol=protocol)
        loaded = pie.load(pie.text(keys), ("stocks.tide.change=[]",) if calm else ()) or pie.load(
            pie.text(pie.lines(feature))
        )
        with_it = simulate(loaded.scenario, pie.draws_of(loaded))
        with monkeypatch.context() as patch:
            patch.setattr(*SHORTCUTS[shortcut])
            without = simulate(loaded.scenario, pie.draws_of(loaded))
        for name, column in without.items():
            assert column.tobytes() == with_it[name].tobytes(), name


# --- units ---

UNITS = {
    "other units": ("a.weight=8", "war.weight=-0.8", "tide.weight=0.8", "ruin.weight=-1.6"),
    "another zero": ("always",),
}


@pytest.mark.slow
@pytest.mark.parametrize("feature", list(pie.FEATURES))
def test_utilities_have_no_unit(feature):
    """If A counts in eighths it plays the same, bit for bit, and so do all others; it only says more of it."""
    rules = names(pie.protocols())
    protocol = rules[(list(pie.FEATURES).index(feature) + 1) % len(rules)]
    written = pie.text(pie.lines(feature, protocol=protocol))
    written = written if pie.load(written) else pie.text(pie.lines(feature))
    eighths = tuple(f"interests.A.{t}.weight={w}" for t, w in (("a", 8), ("war", -0.8), ("tide", 0.8), ("ruin", -1.6)))
    one, other = (pie.load(written, sets) for sets in ((), eighths))
    played, again = (simulate(s.scenario, pie.draws_of(s)) for s in (one, other))
    np.testing.assert_allclose(again.pop("value.A"), 8 * played["value.A"], rtol=1e-12)
    for name, column in again.items():
        if ".shortfall." not in name:
            assert column.tobytes() == played[name].tobytes(), name
