"""The promises that protect the design: workers don't matter, worlds don't touch, more worlds extend a run, nobody
peeks, every number has a home (the layers are in test_layers.py)."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.errors import UserError
from sim.model import Negotiation
from sim.montecarlo.draws import ClaimRule, draw
from sim.montecarlo.job import Job
from sim.montecarlo.runners import processes, serial
from sim.scenario.claims import scenarios as bundled
from sim.scenario.loader import Loaded, loads
from sim.simulate import simulate
from sim.streams import BLOCK, uniforms

MAIN = pytest.param("kursk_ceasefire", marks=pytest.mark.slow)
TINY = """\
title: Two towns and a bridge
assumption: a test
horizon: 6
actors:
  A: {discount: 0.95, types: {purse: {full: {probability: 0.5}, empty: {probability: 0.5, scale: {cost: 2}}}}}
  B: {discount: {uniform: {low: 0.8, high: 0.95}}, resolve: {uniform: {low: 0, high: 0.6}}}
issues:
  bridge: {levels: {none: 0, wood: 0.5, stone: 1}, start: none}
  toll:   {levels: {A: 0, shared: 0.5, B: 1}, start: A}
stocks:
  river: {start: {uniform: {low: 0, high: 1}}, change: [{by: {normal: {mean: 0.02, sd: 0.2}}, claims: [P2]}]}
interests:
  A:
    - {term: trade, form: linear, of: bridge, weight: {uniform: {low: 0, high: 1}}}
    - {term: cost, form: product, of: [bridge, toll], weight: -0.5}
  B:
    - {term: trade, form: product, of: [bridge, river], weight: {uniform: {low: -0.5, high: 1}}}
    - {term: toll, form: linear, of: toll, weight: 0.3}
tables:
  council:
    parties: [A, B]
    protocol: {alternating_offers: {first: A}}
    agenda: [bridge, toll]
    breakdown: {hazard: {uniform: {low: 0, high: 0.1}}, sets: {}}
outcomes: {built: {bridge: {at_least: wood}}, flood: {ever: {river: {at_least: 0.9}}}}
report: [river]
"""
WORLDS = 2 * BLOCK + 300


def job_of(loaded: Loaded, worlds: int, seed: int = 1) -> Job:
    return Job(loaded.scenario, loaded.claims, ClaimRule(), seed, worlds)


def same(a: dict[str, np.ndarray], b: dict[str, np.ndarray]) -> None:
    """The same columns, bit for bit."""
    assert list(a) == list(b)
    for name in a:
        assert a[name].dtype == b[name].dtype and a[name].tobytes() == b[name].tobytes(), name


@pytest.fixture(scope="module")
def tiny() -> Loaded:
    return loads(TINY)


@pytest.fixture(scope="module")
def alone(tiny):
    return dict(serial.compute(job_of(tiny, WORLDS), [0, 1, 2]))


# --- workers don't matter ---


def test_two_processes_give_the_same_bits(tiny, alone):
    for block, columns in processes.compute(job_of(tiny, WORLDS), [0, 1, 2], 2):
        same(columns, alone[block])


def test_the_order_of_the_blocks_gives_the_same_bits(tiny, alone):
    shuffled = dict(serial.compute(job_of(tiny, WORLDS), [2, 0, 1]))
    assert list(shuffled) == [2, 0, 1]
    for block, columns in shuffled.items():
        same(columns, alone[block])


def test_a_run_is_the_same_twice_and_another_seed_is_another(tiny):
    one, two, other = (sim.run(tiny, 300, seed) for seed in (3, 3, 4))
    assert one.document == two.document and one.frame.equals(two.frame)
    assert one.document["outcomes"] != other.document["outcomes"]


# --- worlds don't touch ---


@pytest.mark.parametrize("name", [MAIN, "fearon_private_cost", "split_the_dollar"])
def test_some_worlds_alone_equal_the_same_worlds_of_the_whole(name):
    loaded = sim.load(bundled()[name])
    whole = simulate(loaded.scenario, draw(loaded.scenario, loaded.claims, ClaimRule(), 1, 0, slice(0, 60)))
    for part in (slice(7, 21), slice(12, 13)):
        some = simulate(loaded.scenario, draw(loaded.scenario, loaded.claims, ClaimRule(), 1, 0, part))
        same(some, {k: v[part] for k, v in whole.items()})


def test_a_tiny_scenario_world_by_world(tiny, alone):
    for w in range(0, 40, 3):
        one = simulate(tiny.scenario, draw(tiny.scenario, tiny.claims, ClaimRule(), 1, 1, slice(w, w + 1)))
        same(one, {k: v[w : w + 1] for k, v in alone[1].items()})


# --- more worlds extend a run ---


@pytest.mark.parametrize("fewer", [1, 300, BLOCK, BLOCK + 1])
def test_more_worlds_leave_the_first_as_they_are(tiny, fewer):
    short, long = sim.run(tiny, fewer).frame, sim.run(tiny, WORLDS).frame
    assert len(short) == fewer and len(long) == WORLDS
    assert short.equals(long.iloc[:fewer])
    assert (long["world"] == np.arange(WORLDS)).all()


def test_a_longer_horizon_only_adds_periods_of_chance():
    assert (uniforms(1, 0, "battle", 5) == uniforms(1, 0, "battle", 9)[:5]).all()


def test_streams_are_keyed_by_names():
    a = uniforms(1, 0, "claim P1")
    for other in (uniforms(2, 0, "claim P1"), uniforms(1, 1, "claim P1"), uniforms(1, 0, "claim P2")):
        assert abs(np.corrcoef(a, other)[0, 1]) < 0.15


def test_one_thing_more_shifts_no_other_draw(tiny):
    """Variants are paired: a new actor, issue, claim or term leaves the old draws alone."""
    more = TINY.replace("actors:\n", "actors:\n  Z: {discount: {uniform: {low: 0, high: 0.5}}}\n")
    view = "{term: view, form: linear, of: bridge, weight: {uniform: {low: 0, high: 1}}, claims: [P1]}"
    more = more.replace("interests:\n", f"interests:\n  Z: [{view}]\n")
    old, new = sim.run(tiny, 200).frame, sim.run(loads(more), 200).frame
    assert "claim.P1" in new and "claim.P1" not in old
    assert (old == new[list(old)]).mask(old.isna(), True).all(axis=None)


# --- no peeking ---


class Spy:
    """A strategy that notes what it is asked and what it does."""

    def __init__(self, inner):
        self.inner, self.offers, self.views = inner, [], []

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def propose(self, view):
        offer = self.inner.propose(view)
        self.offers.append(offer)
        self.views.append(view)
        return offer

    def assents(self, view, package):
        return self.inner.assents(view, package)


def first_offers(loaded: Loaded, table: str, change=None, worlds: int = 200):
    """Offers (N,) at a table's first meeting, the proposer having been asked about all worlds, with what it saw."""
    draws = draw(loaded.scenario, loaded.claims, ClaimRule(), 1, 0, slice(0, worlds))
    if change is not None:
        change(draws)
    model = Negotiation(loaded.scenario, draws)
    spy = Spy(model.tables[table].strategies[0])
    model.tables[table].strategies = [spy] * len(model.tables[table].parties)
    model.step()
    model.close()
    return spy.offers[0], spy.views[0]


@pytest.mark.parametrize(
    ("name", "table", "proposer"),
    [
        ("kursk_ceasefire", "ceasefire_talks", "US"),
        ("kursk_ceasefire", "arms_for_aid", "DPRK"),
        ("fearon_private_cost", "crisis", "A"),
    ],
)
def test_an_actors_first_move_ignores_what_others_keep_private(name, table, proposer):
    # what is agreed at a table that meets earlier is seen by all: that one stays shut
    shut = "tables.ceasefire_talks.opens={when: {kursk: {below: 0}}, assumption: never}"
    loaded = sim.load(bundled()[name], (shut,) if table == "arms_for_aid" else ())
    order = np.random.default_rng(1).permutation(200)
    touched = []

    def permute_the_others(draws):
        for actor in draws.kind:
            if actor != proposer:
                touched.append((draws.kind[actor] != draws.kind[actor][order]).any())
                draws.kind[actor] = draws.kind[actor][order]
        for party, at in list(draws.resolve):
            if party != proposer:
                touched.append((draws.resolve[party, at] != draws.resolve[party, at][order]).any())
                draws.resolve[party, at] = draws.resolve[party, at][order]

    offers, seen = first_offers(loaded, table)
    after, seen_after = first_offers(loaded, table, permute_the_others)
    assert any(touched) and (offers >= 0).any()
    assert (offers == after).all()
    for field in ("agreed", "refuse", "gain", "expected", "resolve", "stakes"):
        assert (getattr(seen, field) == getattr(seen_after, field)).all(), field


def test_its_own_secrets_do_matter(tiny):
    def another(draws):
        draws.kind["A"] = 1 - draws.kind["A"]

    assert (first_offers(tiny, "council")[0] != first_offers(tiny, "council", another)[0]).any()


# --- every number has a home ---


@pytest.mark.parametrize("name", sorted(bundled()))
def test_every_number_has_a_home(name):
    """A claim that exists, or an assumption, its own or the file's."""
    loaded = sim.load(bundled()[name])
    s, homeless = loaded.scenario, []
    parts = [(f"{a}.{i.term}", i) for a, terms in s.interests.items() for i in terms]
    parts += [(f"{n}.change", c) for n, stock in s.stocks.items() for c in stock.change]
    for n, t in s.tables.items():
        parts += [(f"{n}", f) for f in (*t.forbid, t.opens, t.breakdown, t.walk_away) if f is not None]
    for where, part in parts:
        if not (part.claims or part.assumption or s.assumption):
            homeless.append(where)
        assert set(part.claims) <= set(loaded.claims), where
    assert not homeless
    assert parts


@pytest.mark.parametrize("name", [MAIN, "split_the_dollar"])
def test_a_run_explains_itself_as_its_file_does(name, tmp_path):
    """Its folder holds all that it takes: the scenario as run, and the claims that it names."""
    sim.run(bundled()[name], worlds=10, seed=3, out=tmp_path / "run")
    of_run, of_file = sim.explain(tmp_path / "run", world=4), sim.explain(bundled()[name], world=4, seed=3)
    assert str(of_run) == str(of_file)
    with pytest.raises(UserError, match="has 10 worlds"):
        sim.explain(tmp_path / "run", world=10)
    assert str(sim.explain(tmp_path / "run", 4, overrides=("horizon=1",))) != str(of_run)


def test_options_are_applied_or_refused(tmp_path):
    loaded = sim.load(bundled()["split_the_dollar"], ("actors.A.discount=0.5",))
    result = sim.run(loaded, worlds=5, out=str(tmp_path / "run"))
    assert result.document["options"]["set"] == ["actors.A.discount=0.5"]
    assert result.document["report"]["share"]["mean"] != 0.34
    for given in ({"overrides": ("horizon=1",)}, {"claims": "bogus"}, {"only_source": ("nobody",)}):
        with pytest.raises(UserError):
            sim.run(loaded, worlds=5, **given)


@pytest.mark.parametrize(
    ("call", "given", "least"),
    [
        ("run", {"worlds": 0}, "at least 1; got 0"),
        ("run", {"seed": -1}, "0 or more; got -1"),
        ("explain", {"world": -1}, "0 or more; got -1"),
        ("explain", {"seed": -1}, "0 or more; got -1"),
        ("variance", {"worlds": 0}, "at least 1; got 0"),
        ("variance", {"seed": -1}, "0 or more; got -1"),
        ("claims", {"flip_worlds": 0}, "at least 1; got 0"),
        ("stability", {"worlds": 0}, "at least 1; got 0"),
        ("compare_rivals", {"seed": -1}, "0 or more; got -1"),
    ],
)
def test_too_small_a_number_is_told(call, given, least):
    with pytest.raises(UserError, match=f"{next(iter(given))} must be {least}"):
        getattr(sim, call)("split_the_dollar", **given)


@pytest.mark.parametrize("given", [{"world": -1}, {"seed": -1}, {"worlds": 0}])
def test_an_export_tells_of_it_too(given):
    with pytest.raises(UserError, match=f"{next(iter(given))} must be"):
        sim.export("split_the_dollar", "csv", **given)
