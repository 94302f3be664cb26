"""Beliefs that move in the look-ahead: closed forms, hand-worked cases, and values that playing on bears out."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.scenario.loader import loads
from sim.screening import Round, Screening, Waiting, screen
from sim.theory import fighting_costs, fighting_power, screening

SLACK = 1e-9


def game(proposer, types, odds, deltas, *, flows=0.0, own_flow=0.0, ends=None, own_end=0.0, steps=2):
    """screen()'s arguments for one world in which every meeting is alike. proposer (M,), types (K, M), flows and ends
    (K,): refusing adds `flows`, and is discounted by `deltas` (proposer's, responder's)."""
    proposer, types, odds = np.asarray(proposer, float), np.asarray(types, float), np.asarray(odds, float)
    kinds, one = len(types), np.ones(1)
    add = np.broadcast_to(np.asarray(flows, float), (kinds,))[:, None]
    ends = np.zeros(kinds) if ends is None else np.asarray(ends, float)
    waits = Waiting(own_flow * one, deltas[0] * one), Waiting(add, deltas[1] * one)
    now = Round(proposer[None], types[:, None], np.ones((1, len(proposer)), bool), *waits)
    no_deal = ends[:, None]
    for _ in range(steps):
        no_deal = add + deltas[1] * no_deal
    return now, steps, odds[:, None], no_deal, (own_end * one, ends[:, None]), SLACK * one


def solved(now, steps, odds, no_deal, ends, slack) -> Screening:
    return screen(lambda t: now, steps, odds, no_deal, ends, slack)


def sale(points: int, prices: int, delta: float, offers: int):
    """A seller names a price on a grid; the buyer's value is uniform on [0, 1], held at midpoints."""
    price, value = np.linspace(0, 1, prices), (np.arange(points) + 0.5) / points
    return game(price, value[:, None] - price, np.full(points, 1 / points), (delta, delta), steps=offers)


def follow(now, steps, odds, no_deal, ends, slack, promise=None):
    """The equilibrium played on, solving anew at every meeting from what a refusal has left of the beliefs.

    Returns the chance of a deal at each meeting, the proposer's value and each type's.
    """
    promise = np.full(1, np.nan) if promise is None else promise
    s = solved(now, steps, odds, no_deal, ends, slack)
    put = s.put(promise)[0]
    offers = [(a, put[a]) for a in np.flatnonzero(put > 0)]
    if 1 - put.sum() > 1e-12:
        offers.append((-1, 1 - put.sum()))
    deals, value, kinds = np.zeros(steps), 0.0, np.zeros(len(odds))
    for a, chance in offers:
        yes = s.assents[:, 0, a] if a >= 0 else np.zeros(len(odds))
        left = odds[:, 0] * (1 - yes)
        later, own, each = np.zeros(steps - 1), ends[0][0], ends[1][:, 0]
        if steps > 1 and left.sum() > 1e-9:
            rest = (left / left.sum())[:, None]
            later, own, each = follow(now, steps - 1, rest, no_deal, ends, slack, s.promise(np.array([a]), promise))
        elif left.sum() <= 1e-9:
            each = np.full(len(odds), np.nan)  # nobody is left to refuse: what then follows isn't played
        deals += chance * np.concatenate([[1 - left.sum()], left.sum() * later])
        refused = now.types_wait.add[:, 0] + now.types_wait.keep[0] * each
        if a >= 0 and left.sum() > 1e-9:
            there = left > 1e-9  # who has left and comes back is in nobody's belief, and may be treated in several ways
            np.testing.assert_allclose(s.refusing(np.array([a]))[there, 0], refused[there], atol=1e-7)
        agreed = now.types[:, 0, a] if a >= 0 else np.full(len(odds), -np.inf)
        sure = yes >= 1
        kinds += chance * np.where(sure, agreed, np.fmax(refused, np.where(yes > 0, agreed, -np.inf)))
        if left.sum() > 1e-9:  # no type gains by answering otherwise
            assert (agreed[(yes > 0) & (odds[:, 0] > 0)] >= refused[(yes > 0) & (odds[:, 0] > 0)] - 1e-7).all()
            assert (agreed[(yes < 1) & (odds[:, 0] > 0)] <= refused[(yes < 1) & (odds[:, 0] > 0)] + 1e-7).all()
        own = now.proposer_waits.add[0] + now.proposer_waits.keep[0] * own
        value += chance * ((1 - left.sum()) * (now.proposer[0, a] if a >= 0 else 0.0) + left.sum() * own)
    return deals, value, kinds


@pytest.mark.parametrize("points", [10, 20, 50])
def test_two_offers_leave_three_in_ten_without_a_deal(points):
    """Sobel & Takahashi (1983), δ = .5: β = .6 of the types refuse the first offer and half of those the second."""
    deals, _, _ = follow(*sale(points, 1001, 0.5, 2))
    assert deals == pytest.approx([0.4, 0.3], abs=1e-9)
    assert screening.steps(2, 0.5)[-1].beta == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("offers", "delta", "points", "within"), [(1, 0.9, 50, 0.01), (2, 0.5, 100, 0.02), (3, 0.9, 200, 0.01)]
)
def test_a_falling_price(offers, delta, points, within):
    """Types half a point apart from the continuum's: the errors shrink with the points."""
    stages = screening.steps(offers, delta)[::-1]
    left = np.cumprod([1.0, *(s.beta for s in stages)])
    deals, value, _ = follow(*sale(points, 1001, delta, offers))
    assert deals == pytest.approx(-np.diff(left), abs=within + 1 / points)
    assert stages[0].alpha <= value <= stages[0].alpha + 0.6 / points


def test_more_points_come_nearer():
    exact = screening.steps(3, 0.9)[-1].alpha
    errors = [follow(*sale(k, 5001, 0.9, 3))[1] - exact for k in (10, 20, 50, 100)]
    assert all(a > b > 0 for a, b in pairwise(errors))
    assert errors[-1] < 0.02 * exact


@pytest.mark.parametrize(
    ("mu", "score", "assent", "deals"),
    [
        (0.3, 1.0, 1.0, [1.0, 0.0]),  # cheap for everybody at once
        (0.7, 1.2, 1.0, [0.7, 0.3]),  # the eager at 1.5, the others at 1
        (0.9, 1.7, 8 / 9, [0.8, 0.1]),  # 2, so often accepted that 2 is still as good as 1
    ],
)
def test_two_values_by_hand(mu, score, assent, deals):
    """A buyer to whom the good is worth 2 (chance μ) or 1, two offers, δ = .5. A second offer of 2 beats 1 where at
    least half of those left are eager. Then 2 leaves the eager nothing, so they accept 2 now; but once so many have
    that 1 would be better, they would rather wait for it: at 2 they mix. At 1.5 they don't care to wait for a sure 1.
    """
    price = np.linspace(0, 2, 201)
    now = game(price, np.array([[2.0], [1.0]]) - price, [mu, 1 - mu], (0.5, 0.5))
    s = solved(*now)
    best = int(s.put(np.full(1, np.nan)).argmax())
    assert s.score[0, best] + s.proposer_waits[0] == pytest.approx(score, abs=1e-9)
    assert s.assents[0, 0, best] == pytest.approx(assent, abs=1e-9)
    assert follow(*now)[0] == pytest.approx(deals, abs=1e-9)


def test_what_was_promised_is_kept():
    """1.75 is refused by some of the eager: then 1 and 2 are as good, and 1 must come with the chance that makes the
    eager indifferent now: 2 − 1.75 = .5 · chance · (2 − 1)."""
    price = np.linspace(0, 2, 201)
    now, steps, odds, *rest = game(price, np.array([[2.0], [1.0]]) - price, [0.9, 0.1], (0.5, 0.5))
    s, offer = solved(now, steps, odds, *rest), np.array([175])
    left = odds * (1 - s.assents[:, :, 175])
    promise = s.promise(offer, np.full(1, np.nan))
    assert promise == pytest.approx([0.5])
    put = solved(now, 1, left / left.sum(), *rest).put(promise)[0]
    assert {int(a): put[a] for a in np.flatnonzero(put)} == pytest.approx({100: 0.5, 200: 0.5})


@pytest.mark.parametrize(
    ("offers", "delta", "collapse", "cost", "high"), [(1, 0.98, 0.1, 0.01, 0.06), (3, 0.999, 0.2, 0.001, 0.1)]
)
def test_fighting_with_a_secret_cost(offers, delta, collapse, cost, high):
    """Bargaining while fighting, after Powell (2004): the cost of a round in the flow, the collapse as a breakdown."""
    points, share = 100, np.linspace(0, 1, 2001)
    exact = fighting_costs.solve(offers, delta, collapse, cost, 0.5, 0.0, high)
    costs = high * (np.arange(points) + 0.5) / points
    d, win = delta * (1 - collapse), delta * collapse * 0.5
    fights, own = (win - costs) / (1 - d), (win - cost) / (1 - d)
    types = np.broadcast_to(share, (points, len(share)))
    now = game(1 - share, types, np.full(points, 1 / points), (d, d), flows=win - costs, own_flow=win - cost,
               ends=fights, own_end=own, steps=offers)  # fmt: skip
    deals, value, _ = follow(*now)
    assert deals == pytest.approx(exact.settles, abs=0.03)
    assert 1 - deals.sum() == pytest.approx(exact.never, abs=0.015)
    assert value == pytest.approx(exact.value, abs=0.005)


def test_one_battle():
    """With one unit each (after Filson & Werner 2002) A offers the weak what they get by fighting iff μ ≥ μ*. Only the
    strong refuse that, so what a refusal brings A is the war against them."""
    war = fighting_power.War(0.8, 0.3, 0.02, 0.02, 0.98)
    share, threshold = np.linspace(0, 1, 1001), fighting_power.separation_threshold(war)
    ends = [war.delta * (1 - p) - war.cost_d for p in (war.p_weak, war.p_strong)]
    for mu, war_comes in ((threshold - 0.02, 0.0), (threshold + 0.02, 1 - threshold - 0.02)):
        types = np.broadcast_to(share, (2, len(share)))
        now = game(1 - share, types, [mu, 1 - mu], (1, 1), ends=ends, own_end=0.98 * 0.3 - 0.02, steps=1)
        assert 1 - follow(*now)[0].sum() == pytest.approx(war_comes, abs=1e-9)


def test_without_a_secret_it_is_backward_induction():
    """One type with a flow of .05 until a deal: it is offered .05 at the last meeting, .09 before, .122 at first."""
    share = np.linspace(0, 1, 101)
    s = solved(*game(1 - share, share[None], [1.0], (0.9, 0.8), flows=0.05, steps=3))
    put = int(s.put(np.full(1, np.nan)).argmax())
    assert s.types_wait[0, 0] == pytest.approx(0.05 * (1 + 0.8 + 0.64))
    assert share[put] == pytest.approx(0.13) and s.assents[0, 0, put] == 1  # in cents


KINDS = ("worth more", "fights at a cost", "divides")


def random_game(kind: str, rng: np.random.Generator):
    kinds, packages = int(rng.integers(2, 6)), int(rng.integers(3, 25))
    eager = np.sort(rng.uniform(0, 0.5, kinds))
    proposer, base = rng.uniform(0, 1, packages), rng.uniform(-0.3, 1, packages)
    if kind == "divides":
        proposer, base = np.linspace(0, 1, packages), 1 - np.linspace(0, 1, packages)
    gain = eager[:, None] if kind == "worth more" else np.zeros((kinds, 1))
    flows = np.zeros(kinds) if kind == "worth more" else 0.1 - 0.4 * eager
    shuffled = rng.permutation(kinds)
    return game(proposer, (base + gain)[shuffled], rng.dirichlet(np.ones(kinds)), rng.uniform(0.3, 0.95, 2),
                flows=flows[shuffled], own_flow=rng.uniform(-0.1, 0.1), steps=int(rng.integers(1, 5)))  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(40))
def test_playing_on_bears_the_values_out(kind, seed):
    """Solved anew from every posterior, the proposer gets what the first solution said, each type's refusal is worth
    what it said, and nobody would rather answer otherwise (asserted on the way)."""
    now = random_game(kind, np.random.default_rng(seed))
    s = solved(*now)
    assert s.skims.all()
    deals, value, kinds = follow(*now)
    most = max(s.score.max(), 0.0)
    assert value == pytest.approx(s.proposer_waits[0] + most, abs=1e-7)
    assert deals.sum() <= 1 + 1e-9
    assert (
        kinds[np.isfinite(kinds)] >= now[3][:, 0][np.isfinite(kinds)] - 1e-7
    ).all()  # no type does worse than no deal


def test_worlds_are_solved_apart():
    """A world's solution doesn't depend on its company, to the last bit."""
    rng = np.random.default_rng(5)
    n, kinds, packages = 12, 4, 15
    types = rng.uniform(0, 1, (n, packages)) + np.sort(rng.uniform(0, 1, (kinds, n)), axis=0)[:, :, None]
    types[:, 7:] = types[:, [0]]  # some worlds alike
    proposer = rng.uniform(0, 1, (n, packages))
    proposer[7:] = proposer[0]
    odds = rng.dirichlet(np.ones(kinds), n).T
    odds[:, 7:] = odds[:, [0]]
    waits = Waiting(np.zeros(n), np.full(n, 0.8)), Waiting(np.zeros((kinds, n)), np.full(n, 0.8))
    now = Round(proposer, types, np.ones((n, packages), bool), *waits)
    nothing = np.zeros((kinds, n))

    def some(rows):
        ends = nothing[0, rows], nothing[:, rows]
        return screen(lambda t: now.take(rows), 3, odds[:, rows], nothing[:, rows], ends, np.full(len(rows), SLACK))

    whole, first = some(np.arange(n)), np.full(n, np.nan)
    for w in range(n):
        alone = some(np.array([w]))
        assert (alone.score[0] == whole.score[w]).all() and (alone.assents[:, 0] == whole.assents[:, w]).all()
        assert (alone.put(first[:1])[0] == whole.put(first)[w]).all()
    assert len(np.unique(whole.score[7:], axis=0)) == 1


def test_types_without_an_order_are_told():
    """One type wants one thing, another another: who refuses the first isn't the less eager for the second."""
    s = solved(*game([0.5, 0.5], [[0.9, 0.1], [0.1, 0.9]], [0.5, 0.5], (0.9, 0.9), ends=[0.2, 0.2]))
    assert not s.skims[0]


def test_packages_that_may_not_be_put_play_no_part():
    now, *rest = sale(10, 101, 0.5, 2)
    half = now.allowed.copy()
    half[:, 50:] = False
    s = solved(Round(now.proposer, now.types, half, now.proposer_waits, now.types_wait), *rest)
    alone = game(np.linspace(0, 1, 101)[:50], now.types[:, 0, :50], np.full(10, 0.1), (0.5, 0.5))
    assert (s.put(np.full(1, np.nan))[:, 50:] == 0).all()
    np.testing.assert_allclose(s.score[:, :50], solved(*alone).score, atol=1e-12)


def test_nothing_is_put_where_nobody_gains():
    s = solved(*game([-0.1, -0.2], [[1.0, 1.0], [2.0, 2.0]], [0.5, 0.5], (0.9, 0.9)))
    first = np.full(1, np.nan)
    assert (s.put(first) == 0).all()
    assert (s.refusing(np.array([-1])) == s.types_wait).all() and np.isnan(s.promise(np.array([-1]), first)).all()


@pytest.mark.slow
@pytest.mark.parametrize(("beliefs", "without"), [("grid", 0.3), ("naive", 0.25)])
def test_played_in_many_worlds(beliefs, without):
    """The teaching file: with beliefs that move, three in ten end without a deal; with held ones, a quarter."""
    text = (Path(__file__).parents[2] / "scenarios" / "teaching" / "screening.yaml").read_text(encoding="utf-8")
    found = sim.run(loads(text, overrides=(f"tables.sale.beliefs={beliefs}",)), worlds=2000, seed=1).document
    share = found["outcomes"]["no_deal"]["probability"]
    assert share == pytest.approx(without, abs=4 * math.sqrt(without * (1 - without) / 2000))
