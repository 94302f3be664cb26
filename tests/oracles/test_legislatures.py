"""Baron & Ferejohn (1989), closed rule, through scenario files: equal and unequal recognition, a veto, weights.

A member's value is what it expects of being refused, W = δ V, told by the world's story. Values within .01 of the
closed form; on a grid of step h the proposer's share within (q − 1) h.
"""

from __future__ import annotations

import pytest
from games import figures, house, teaching, told, worlds_of

from sim.theory import favoured_recognition, unequal_recognition

ROWS = figures("legislative")
PATIENT = 1 - 1e-8  # a textbook's δ = 1, as near as a scenario may come
STEPS = {3: 50, 5: 10}
VALUE = 0.01  # allowed of a value
WORLDS = 24


def _ids(row: dict) -> str:
    return "-".join(f"{k}={v:g}" for k, v in row.items() if isinstance(v, int | float))


def values(game, delta: float) -> list[float]:
    """V of every member before anyone is recognised, in the table's order."""
    return [side.waiting / delta for side in told(game).periods[0].meetings[0].sides.values()]


def divisions(game) -> list[tuple[int, list[float]]]:
    """(who proposed, the division) in every world; whoever proposes gets the most."""
    worlds = worlds_of(game, WORLDS)
    assert (worlds["table.house.deal_period"] == 1).all()
    found = [[float(share) for share in str(name).split("/")] for name in worlds["level.split"]]
    return [(shares.index(max(shares)), shares) for shares in found]


@pytest.mark.parametrize("row", ROWS["baron_ferejohn"], ids=_ids)
def test_equal_recognition(row):
    n, q, delta, step = row["n"], row["q"], min(row["delta"], PATIENT), 1 / STEPS[row["n"]]
    game = house([1 / n] * n, delta, f"{{quota: {q}}}", STEPS[n])
    assert values(game, delta) == pytest.approx([1 / n] * n, abs=VALUE)
    for proposer, shares in divisions(game):
        partners = [s for i, s in enumerate(shares) if i != proposer and s > 0]
        assert len(partners) == q - 1
        assert partners == pytest.approx([row["partner"]] * (q - 1), abs=step)
        assert shares[proposer] == pytest.approx(row["proposer"], abs=(q - 1) * step + 1e-9)


@pytest.mark.parametrize("row", ROWS["bf3_unequal_recognition"], ids=_ids)
def test_unequal_recognition(row):
    """The grid is fine enough for the cheaper votes' price to be on it from below and above."""
    game = house(row["p"], row["delta"], "{quota: 2}", 20)
    exact = [row["v1"], row["v2"], row["v3"]]
    assert values(game, row["delta"]) == pytest.approx(exact, abs=VALUE)
    keeps = unequal_recognition.three_members(tuple(row["p"]), row["delta"]).keeps
    assert keeps[0] == pytest.approx(row["prop1_keeps"], abs=1e-12)
    for proposer, shares in divisions(game):
        price = row["delta"] * min(v for i, v in enumerate(exact) if i != proposer)
        assert shares[proposer] == pytest.approx(1 - price, abs=0.05 + row["delta"] * VALUE)
        assert sorted(shares)[0] == 0


def test_who_speaks_most_is_never_bought():
    for proposer, shares in divisions(teaching("baron_ferejohn_unequal")):
        assert proposer == 0 or shares[0] == 0


FIVE = (0.7, 0.075, 0.075, 0.075, 0.075)


def test_unequal_recognition_among_five():
    """One proposes in seven cases of ten; a vote costs .0985, a tenth of the dollar."""
    game, exact = house(FIVE, 0.9, "{quota: 3}", 10), favoured_recognition.values(5, 3, FIVE[0], 0.9)
    assert values(game, 0.9) == pytest.approx([exact.first] + [exact.other] * 4, abs=VALUE)
    for proposer, shares in divisions(game):
        assert shares[proposer] == pytest.approx(exact.keeps, abs=0.2)
        assert proposer == 0 or shares[0] == 0


VETO = (2 - 0.9) / (6 - 5 * 0.9)  # v_A, from v_A = (1 − δ v_B)/3 + 2 δ v_A/3 and v_A + 2 v_B = 1


@pytest.mark.parametrize("assent", ["{quota: 3, weights: {A: 2}}", "{quota: 2, veto: [A]}"])
def test_a_veto(assent):
    """A keeps 1 − δ v_B where it proposes, and is given δ v_A where it doesn't."""
    game = house([1 / 3] * 3, 0.9, assent, 50)
    assert values(game, 0.9) == pytest.approx([VETO, (1 - VETO) / 2, (1 - VETO) / 2], abs=VALUE)
    for _, (a, *others) in divisions(game):
        assert min(abs(a - (1 - 0.9 * (1 - VETO) / 2)), abs(a - 0.9 * VETO)) <= 0.02 + 1e-9
        assert min(others) == 0


def test_weights_and_a_veto_are_two_words_for_it():
    weighted, named = (house([1 / 3] * 3, 0.9, a, 20) for a in ("{quota: 3, weights: {A: 2}}", "{quota: 2, veto: [A]}"))
    assert worlds_of(weighted, 8).equals(worlds_of(named, 8))


@pytest.mark.parametrize("assent", ["all", "{quota: 3}"])
def test_a_quota_of_everyone_is_unanimity(assent):
    """The same votes carry; V comes from the rounds of fictitious play there and from the Nash solution here."""
    exact = [0.5, 0.3, 0.2]
    assert values(house(exact, 0.9, assent, 50), 0.9) == pytest.approx(exact, abs=0.02)


@pytest.mark.parametrize(
    ("name", "most", "within"),
    [
        ("baron_ferejohn", {0.7}, 1e-9),
        ("baron_ferejohn_five", {0.6}, 1e-9),
        ("weighted_votes", {0.88, 0.66}, 0.02),  # A proposing, and A where another proposes
    ],
)
def test_the_teaching_files(name, most, within):
    for _, shares in divisions(teaching(name)):
        assert min(abs(max(shares) - m) for m in most) <= within + 1e-9
