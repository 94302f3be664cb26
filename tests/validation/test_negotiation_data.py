"""Three goods, private needs: the measures are those of the corpus, and the game is its game."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest
from validation import negotiations as n

import sim


@pytest.fixture(scope="module")
def result():
    return sim.run(n.SCENARIO, 60, n.SEED)


@pytest.fixture(scope="module")
def talks(result):
    return n.of_run(result)


def test_the_measures_are_those_that_were_published(data):
    corpus = n.recorded(data)
    theirs = json.loads((data / "negotiation_benchmarks.json").read_text(encoding="utf-8"))["casino"]
    found = {name: values[corpus.deal].mean() for name, values in corpus.measures().items()}
    assert len(corpus.deal) == theirs["dialogues"] and corpus.deal.mean() == pytest.approx(theirs["accepted"])
    for name, key in (
        ("Pareto-optimal deals", "pareto_given_deal"),
        ("points a person, of 36", "mean_points_given_deal"),
        ("product of points, share of the greatest", "mean_nash_ratio"),
        ("points between the two", "mean_abs_gap"),
    ):
        assert found[name] == pytest.approx(theirs[key], abs=1e-4), name


def test_a_deal_worked_by_hand():
    """Opposite needs: A's food for B's firewood is best for both; the other way round is worst; a third is between."""
    needs = np.array([[5, 4, 3]] * 3), np.array([[3, 4, 5]] * 3)
    taken = np.array([[3, 1, 0], [0, 1, 3], [2, 1, 1]])
    points = (needs[0] * taken).sum(axis=1), (needs[1] * (3 - taken)).sum(axis=1)
    assert [tuple(p) for p in np.transpose(points)] == [(19, 23), (13, 17), (17, 21)]
    found = n.Talks(np.ones(3, bool), needs, points).measures()
    assert found["Pareto-optimal deals"].tolist() == [1, 0, 0]
    assert found["points of both, share of the most"] == pytest.approx([1, 30 / 42, 38 / 42])
    divisions = list(product(range(4), repeat=3))
    best = max(np.dot(d, (5, 4, 3)) * np.dot(3 - np.array(d), (3, 4, 5)) for d in divisions)
    assert found["product of points, share of the greatest"][0] == pytest.approx(19 * 23 / best)


def test_nobody_agrees_to_less_than_walking_away(talks):
    assert (talks.deal <= talks.room).all(), "a deal where no division gives both their resolve"
    assert 0.5 < talks.deal.mean() < 1
    for points, needs in zip(talks.points, talks.needs, strict=True):
        assert (points >= n.ALONE).all() and (np.sort(needs, axis=1) == [3, 4, 5]).all()
        assert (points[~talks.deal] == n.ALONE).all()


def test_points_are_what_the_simulator_paid(result, talks):
    """Of a deal in the first round each gets its points in every period."""
    first = (result.frame["table.camp.deal_period"] == 1).to_numpy()
    assert first.any()
    for side, points in zip("AB", talks.points, strict=True):
        assert result.frame[f"value.{side}"].to_numpy()[first] == pytest.approx(points[first])


def test_weights_make_pairs_as_frequent_as_recorded(talks):
    like = n.Talks(talks.deal[:20], (talks.needs[0][:20], talks.needs[1][:20]), talks.points)
    weight = n.weights(talks, like)
    for pair in np.unique(like.pairs()):
        assert weight[talks.pairs() == pair].sum() / len(weight) == pytest.approx((like.pairs() == pair).mean())
    assert weight.sum() == pytest.approx(len(weight))
