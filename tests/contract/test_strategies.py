"""One contract for every strategy: a file in `sim/strategies` is tested here without being named."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from sim.beliefs import TIE
from sim.model import Negotiation
from sim.montecarlo.draws import ClaimRule, draw
from sim.scenario.loader import loads
from sim.scenario.tables import PROTOCOLS, STRATEGIES
from sim.view import View

MORE = {  # fields worth trying besides the defaults
    "concession": [{"beta": 0.2}, {"beta": 5, "start": 0.6}],
    "stubborn": [{"demand": 0.4}],
    "scripted": [{"puts": [{"share": "0.75"}, {"share": "0.25", "peace": "yes"}], "accepts": {"share": ["0.5", "1"]}}],
}
GAME = """\
title: A pie and a secret
assumption: a test
horizon: 10
normalise: false
actors:
  A:
    discount: 0.9
    types: {{mood: {{open: {{probability: 0.6}}, shut: {{probability: 0.4, scale: {{mine: 0.4}}}}}}}}
  B:
    discount: 0.8
    resolve: {{uniform: {{low: 0, high: 0.8}}}}
    types: {{aims: {{settle: {{probability: 0.5}}, win: {{probability: 0.5, scale: {{peace: 0.2}}}}}}}}
issues:
  peace: {{levels: {{no: 0, yes: 1}}, start: no}}
  share: {{levels: {{from: 0, to: 1, steps: 5}}, start: 0}}
stocks:
  tide: {{start: {{uniform: {{low: 0, high: 1}}}}, range: [0, 1], change: [{{by: 0.2}}]}}
interests:
  A: [{{term: mine, form: product, of: [peace, share], weight: 1}}]
  B:
    - {{term: peace, form: linear, of: peace, weight: 1}}
    - {{term: given, form: product, of: [peace, share], weight: -1}}
tables:
  talks:
    parties: [A, B]
    protocol: {protocol}
    strategies: {strategies}
    agenda: [peace, share]
    require: {{peace: yes}}
    {more}
outcomes: {{agreed: {{peace: yes}}}}
"""


def cases():
    for name, rule in sorted(STRATEGIES.items()):
        needed = {k: "A" if f.annotation is str else 1 for k, f in rule.model_fields.items() if f.is_required()}
        for k, given in enumerate([needed, *MORE.get(name, [])]):
            yield pytest.param((name, given), id=f"{name} {k}" if k else name)


@pytest.fixture(params=cases())
def strategy(request):
    name, given = request.param
    return STRATEGIES[name](**given)


@pytest.fixture(params=cases())
def written(request):
    """A strategy as it stands in a file."""
    name, given = request.param
    return json.dumps({name: given}).replace('"', "")


def game(strategies: str, *, first: str = "A", protocol: str = "", more: str = "deadline: 6") -> str:
    return GAME.format(
        strategies=strategies, protocol=protocol or f"{{alternating_offers: {{first: {first}}}}}", more=more
    )


def some_view(seed: int = 1, worlds: int = 60) -> View:
    """What anyone might see: gains and losses, worlds without stakes, without packages, with a resolve too high."""
    rng = np.random.default_rng(seed)
    packages = [{"peace": p, "share": s} for p in ("no", "yes") for s in ("0", "0.25", "0.5", "0.75", "1")]
    gain = np.round(rng.uniform(-0.7, 1.0, (worlds, len(packages))), 1)  # so that there are ties
    gain[:5] -= 1.5  # nothing to gain
    stakes, resolve = rng.uniform(0.1, 2, worlds), np.maximum(rng.normal(0.2, 0.4, worlds), 0)
    stakes[5:10] = 0.0
    allowed = rng.random(gain.shape) < 0.6
    allowed[10:13] = False
    value = gain * stakes[:, None]
    gain[5:10] = np.where(gain[5:10] >= 0, np.inf, -np.inf)
    refuse, expected = rng.uniform(-0.2, 0.5, worlds) * stakes, rng.uniform(-0.2, 0.5, gain.shape) * stakes[:, None]
    draw = rng.random(worlds)
    return View(value, refuse, gain, resolve, stakes, allowed, expected, draw, packages, meeting=0, meetings=5)


def rows(view: View, which: np.ndarray) -> View:
    arrays = {f.name: getattr(view, f.name) for f in fields(view)}
    return replace(view, **{k: v[which] for k, v in arrays.items() if isinstance(v, np.ndarray)})


def meetings(view: View):
    """The view at every meeting up to the last one, and well past it."""
    return [replace(view, meeting=m) for m in (*range(view.meetings), view.meetings, 40)]


def answers(strategy, view: View) -> np.ndarray:
    """What it would say to each package (n, M)."""
    n, m = view.allowed.shape
    return np.array([strategy.assents(view, np.full(n, k)) for k in range(m)]).T


def offers(strategy, view: View) -> list[np.ndarray]:
    """What it puts (n,): in its turn, and where all put a package at once and expect the fourth, or none."""
    focal = np.where(view.allowed[:, 3], 3, -1)
    return [strategy.propose(view), strategy.at_once(view, focal), strategy.at_once(view, np.full_like(focal, -1))]


def test_there_are_strategies():
    assert {"lookahead", "concession", "stubborn", "scripted"} <= set(STRATEGIES)


def test_it_proposes_one_admissible_package_or_nothing(strategy):
    for view in meetings(some_view()):
        for offer in offers(strategy, view):
            assert offer.shape == view.draw.shape and offer.dtype.kind == "i"
            assert ((offer >= -1) & (offer < len(view.packages))).all()
            put = np.flatnonzero(offer >= 0)
            assert view.allowed[put, offer[put]].all()
            assert not view.allowed[10:13].any() and (offer[10:13] == -1).all()


def test_its_answers_are_yes_or_no_and_never_yes_to_nothing(strategy):
    for view in meetings(some_view()):
        said = strategy.assents(view, np.where(view.draw < 0.5, -1, 3))
        assert said.dtype == bool and said.shape == view.draw.shape
        assert not said[view.draw < 0.5].any()


def test_it_neither_proposes_nor_takes_a_loss_unless_it_says_so(strategy):
    if "a loss" in strategy.__doc__:
        return
    for view in meetings(some_view()):
        assert not (answers(strategy, view) & (view.gain < -TIE)).any()
        for offer in offers(strategy, view):
            put = np.flatnonzero(offer >= 0)
            assert (view.gain[put, offer[put]] >= -TIE).all()


def test_worlds_do_not_touch(strategy):
    for view in meetings(some_view()):
        put, said = offers(strategy, view), answers(strategy, view)
        rng = np.random.default_rng(2)
        for which in (rng.permutation(60), np.arange(7, 31), np.array([44])):
            part = rows(view, which)
            np.testing.assert_array_equal(offers(strategy, part), [offer[which] for offer in put])
            np.testing.assert_array_equal(answers(strategy, part), said[which])


def test_worlds_may_be_at_different_meetings(strategy):
    view = some_view()
    meeting = np.arange(60) % 8
    together = replace(view, meeting=meeting)
    for m in range(8):
        alone, which = replace(rows(view, meeting == m), meeting=m), meeting == m
        np.testing.assert_array_equal(strategy.propose(together)[which], strategy.propose(alone))
        np.testing.assert_array_equal(answers(strategy, together)[which], answers(strategy, alone))


def test_what_is_called_timeless_is(strategy):
    said = [(strategy.propose(v), answers(strategy, v)) for v in meetings(some_view())]
    alike = all((a == said[0][0]).all() and (b == said[0][1]).all() for a, b in said)
    assert alike or not strategy.timeless


def test_one_meeting_is_enough(strategy):
    only = replace(some_view(), meetings=1)
    assert strategy.propose(only).shape == answers(strategy, only)[:, 0].shape == only.draw.shape


def test_it_leaves_what_it_sees_as_it_is(strategy):
    view, same = some_view(), some_view()
    strategy.propose(view), answers(strategy, view)
    for f in fields(view):
        assert np.array_equal(getattr(view, f.name), getattr(same, f.name)), f.name


def test_it_says_its_rule_and_its_source(strategy):
    rule = type(strategy)
    module = __import__(rule.__module__, fromlist=["x"])
    name = module.__doc__.split(":")[0].strip().lower().replace("-", "").replace(" ", "_")
    assert name == rule.__module__.rsplit(".", 1)[1]
    assert rule.__doc__ and re.search(r"\b(19|20)\d\d\b", rule.__doc__), f"{name}: no year in the docstring"


@pytest.mark.parametrize(("name", "given"), [p.values[0] for p in cases()])
def test_it_is_final_and_frozen(name, given):
    rule = STRATEGIES[name]
    assert not rule.__subclasses__() and rule.model_config["frozen"]
    assert rule(**given) == rule(**given)


@pytest.mark.parametrize("more", ["deadline: 6", "deadline: 1", "lookahead: 4", "breakdown: {hazard: 0.1, sets: {}}"])
@pytest.mark.parametrize("seats", ["{{A: {0}}}", "{{B: {0}}}", "{{A: {0}, B: {0}}}"])
def test_a_small_game_with_it_ends(written, seats, more, play):
    found = play(game(seats.format(written), more=more), 120)
    status, since = found["table.talks.status"], found["table.talks.deal_period"]
    assert set(status) <= {"deal", "expired" if "deadline" in more else "talking", "broken_down"}
    assert ((since > 0) == found["outcome.agreed"]).all()
    assert np.isfinite(found.filter(regex=r"^value\.")).all(axis=None)
    share = found["level.share"].astype(float)
    total = np.where(since > 0, np.where(found["type.A"] == "shut", 0.4, 1.0) * share, 0.0)
    np.testing.assert_allclose(found["value.A"], total * 0.9 ** (since - 1.0), atol=1e-12)


@pytest.mark.parametrize("protocol", sorted(PROTOCOLS))
def test_it_plays_under_every_protocol(written, protocol, play):
    rule = PROTOCOLS[protocol]
    named = (
        {k: "A" for k, f in rule.model_fields.items() if f.is_required()}
        if protocol != "random"
        else {"A": 0.4, "B": 0.6}
    )
    text = game(f"{{A: {written}}}", protocol=json.dumps({protocol: named}).replace('"', ""))
    found = play(text, 60)
    assert np.isfinite(found.filter(regex=r"^value\.")).all(axis=None)
    assert set(found["table.talks.status"]) <= {"deal", "expired"}
    assert ((found["table.talks.deal_period"] > 0) == found["outcome.agreed"]).all()


@pytest.mark.parametrize(
    "feature",
    ["reopens: true", "lapses: {peace: 2, share: 2}", "assent: {quota: 1}", "walk_away: {by: A}"],
)
def test_it_plays_with_features_of_the_table(written, feature, play):
    found = play(game(f"{{A: {written}}}", more=feature), 60)
    assert np.isfinite(found.filter(regex=r"^value\.")).all(axis=None)


@pytest.mark.slow
def test_the_worlds_of_a_run_do_not_touch(written, play):
    """Tables that open sooner in some worlds than in others have met more often there."""
    text = game(f"{{A: {written}}}", more="opens: {when: {tide: {at_least: 0.6}}}")
    many, few = play(text, 200), play(text, 20)
    pd.testing.assert_frame_equal(few, many[:20])
    assert many["table.talks.deal_period"].nunique() > 1 or not many["outcome.agreed"].any()


# --- nobody peeks ---


class Watched:
    """A strategy, and everything that it was shown and that it did at the first meeting."""

    def __init__(self, strategy):
        self.strategy, self.timeless = strategy, strategy.timeless
        self.views, self.done = [], []

    def propose(self, view):
        self.views.append(view)
        self.done.append(self.strategy.propose(view))
        return self.done[-1]

    def assents(self, view, package):
        self.views.append(view)
        self.done.append(self.strategy.assents(view, package * 0 + 4))  # the same question in any case
        return self.done[-1]


def first_meeting(text: str, disturbed: bool) -> Watched:
    """A at the first meeting, with B's resolve and types as drawn, or others."""
    loaded = loads(text)
    draws = draw(loaded.scenario, loaded.claims, ClaimRule(), 1, 0, slice(0, 150))
    if disturbed:
        draws.resolve["B", "talks"] = draws.resolve["B", "talks"][::-1].copy()
        draws.kind["B"] = 1 - draws.kind["B"]
    model = Negotiation(loaded.scenario, draws)
    talks = model.tables["talks"]
    talks.strategies[0] = watched = Watched(talks.strategies[0])
    model.step()
    model.close()
    return watched


@pytest.mark.parametrize("first", ["A", "B"])
def test_it_does_not_know_what_others_keep_to_themselves(written, first):
    text = game(f"{{A: {written}}}", first=first)
    one, other = (first_meeting(text, disturbed) for disturbed in (False, True))
    assert len(one.done) == len(other.done) == 1
    np.testing.assert_array_equal(one.done[0], other.done[0])
    for f in fields(View):
        assert np.array_equal(getattr(one.views[0], f.name), getattr(other.views[0], f.name)), f.name
