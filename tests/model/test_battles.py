"""Battles that tell: a line of change whose law hangs on an actor's type moves everyone's odds, by Bayes' rule."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from small_worlds import negotiation
from watching import Watch

WAR = """\
title: A war that shows who is strong
assumption: a test
period: round
horizon: 40
normalise: false
actors:
  A: {discount: 0.9, resolve: 0}
  B: {discount: 0.9, resolve: 0, types: {arms: {weak: {probability: 0.6}, strong: {probability: 0.4}}}}
issues: {peace: {levels: {no: 0, yes: 1}, start: no}, fog: {levels: {no: 0, yes: 1}, start: no}}
stocks:
  front:
    start: 0
    range: [-100, 100]
    change: [{by_type: {actor: B, type: arms, by: {weak: WEAK, strong: STRONG}}, when: {peace: no}}]
interests:
  A: [{term: land, form: linear, of: front, weight: 1}]
  B: [{term: land, form: linear, of: front, weight: -1}]
tables:
  talks: {parties: [A, B], protocol: {ultimatum: {by: A}}, agenda: [peace], opens: {when: {fog: yes}}, deadline: 1}
  other: {parties: [A, B], protocol: {ultimatum: {by: A}}, agenda: [fog], opens: {when: {peace: yes}}}
"""
LAWS = {"WEAK": "{normal: {mean: 0.1, sd: 0.3}}", "STRONG": "{normal: {mean: -0.1, sd: 0.2}}"}


def war(weak: str = LAWS["WEAK"], strong: str = LAWS["STRONG"], worlds: int = 500, sets: tuple[str, ...] = ()):
    return negotiation(WAR.replace("WEAK", weak).replace("STRONG", strong), worlds, sets=sets)


def strong_odds(model, table: str = "talks") -> np.ndarray:
    return model.tables[table].odds["B"][1]


def test_the_odds_move_by_bayes_with_every_battle():
    model = war()
    odds, before = np.full(500, 0.4), np.zeros(500)
    for _ in range(6):
        model.step()
        moved, before = model.state.stocks[:, 0] - before, model.state.stocks[:, 0].copy()
        weak, strong = norm.pdf(moved, 0.1, 0.3), norm.pdf(moved, -0.1, 0.2)
        odds = odds * strong / (odds * strong + (1 - odds) * weak)
        for table in ("talks", "other"):
            np.testing.assert_allclose(strong_odds(model, table), odds, rtol=1e-9)
    model.close()


def test_the_front_moves_by_the_law_of_the_true_type():
    model = war(worlds=1000)
    model.step()
    kind, moved = model.actor("B").kind, model.state.stocks[:, 0]
    for k, (mean, sd) in enumerate(((0.1, 0.3), (-0.1, 0.2))):
        of = moved[kind == k]
        assert abs(of.mean() - mean) < 4 * sd / np.sqrt(len(of)) and abs(of.std() - sd) < 4 * sd / np.sqrt(2 * len(of))
    model.close()


def test_the_odds_come_to_the_truth_and_are_right_on_the_way():
    """Calibrated at every date: of all worlds in which it is thought strong with odds p, it is so in a share p."""
    model = war(worlds=1000)
    truth, off = model.actor("B").kind == 1, []
    for period in range(1, 41):
        model.step()
        odds = strong_odds(model)
        off.append(np.abs(odds - truth).mean())
        for low in (0.0, 0.25, 0.5, 0.75):
            here = (odds >= low) & (odds < low + 0.25)
            if here.sum() > 30:
                error = np.sqrt((odds[here] * (1 - odds[here])).sum()) / here.sum()
                assert abs(truth[here].mean() - odds[here].mean()) < 4.5 * error + 1e-3, period
    assert off[0] > 0.3 > 0.1 > off[-1]
    model.close()


def test_a_blow_that_only_one_could_deal_settles_it():
    """Discrete laws tell by the probability of the value; what could come of either tells little."""
    model = war("{choice: {0: 0.5, 1: 0.5}}", "{choice: {0: 0.8, -1: 0.2}}")
    model.step()
    moved = model.state.stocks[:, 0]
    still = 0.4 * 0.8 / (0.4 * 0.8 + 0.6 * 0.5)
    np.testing.assert_allclose(strong_odds(model), np.select([moved == 1, moved == -1], [0.0, 1.0], still))
    assert (model.actor("B").kind[moved == 1] == 0).all() and (model.actor("B").kind[moved == -1] == 1).all()
    model.close()


def test_a_law_alike_for_all_tells_nothing():
    model = war(LAWS["WEAK"], LAWS["WEAK"])
    for _ in range(3):
        model.step()
    np.testing.assert_allclose(strong_odds(model), 0.4, rtol=1e-12)
    model.close()


def test_where_no_battle_is_fought_nothing_is_learnt():
    """Nor where the claims that the line rests on are off."""
    quiet = war(sets=("issues.peace.start=yes",))
    quiet.step()
    assert (strong_odds(quiet) == 0.4).all() and not quiet.state.stocks.any()
    quiet.close()
    text = WAR.replace("when: {peace: no}}", "when: {peace: no}, claims: [P2]}")
    claimed = negotiation(text.replace("WEAK", LAWS["WEAK"]).replace("STRONG", LAWS["STRONG"]), 200)
    claimed.step()
    fought = claimed.draws.claims["P2"]
    assert (strong_odds(claimed)[~fought] == 0.4).all() and (strong_odds(claimed)[fought] != 0.4).all()
    claimed.close()


def test_a_front_at_the_end_of_its_range_still_tells():
    """What is seen is the blow, not how far there was to go: both sides know it."""
    model = war(sets=("stocks.front.range=[-0.05, 0.05]",))
    for _ in range(10):
        model.step()
    truth = model.actor("B").kind == 1
    assert np.abs(strong_odds(model) - truth).mean() < 0.25
    model.close()


def test_a_forecast_goes_by_the_odds_of_its_table():
    """No deal is worth to A the mean path of the front: p · 1 + (1 − p) · 3 a period, followed for 48 periods past the
    look-ahead of one, then still; deadline 1, so refusing is worth just that."""
    sets = ("tables.talks.opens=null", "issues.fog.start=yes", "interests.A.land.weight=1")
    for odds in (0.4, 0.9):
        model = war("3", "1", 4, (*sets, f"actors.B.types.arms.weak.probability={1 - odds}",
                                  f"actors.B.types.arms.strong.probability={odds}"))  # fmt: skip
        model.trace = watch = Watch()
        model.step()
        drift, n = odds * 1 + (1 - odds) * 3, 49
        front = np.minimum(drift * np.arange(1, n + 1), 100)
        worth = (0.1 * 0.9 ** np.arange(n)) @ front + 0.9**n * front[-1]
        np.testing.assert_allclose(watch.meetings[0].views[0].refuse, worth, rtol=1e-9)
        model.close()


@pytest.mark.parametrize("sets", [(), ("stocks.front.range=[-0.3, 0.3]",)])
def test_worlds_do_not_touch(sets):
    one, other = war(worlds=40, sets=sets), war(worlds=9, sets=sets)
    for _ in range(5):
        one.step(), other.step()
    assert (strong_odds(one)[:9] == strong_odds(other)).all()
    one.close(), other.close()
