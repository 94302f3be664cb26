"""Salami tactics through scenario files: after Fearon (1996), Schelling (1966).

Exact where a truce lapses each period and the next demand is foreseen; with deals taken as final at their table A asks
for x' = a + b x + (1 − δ) c_D instead: the same end by larger slices. Shares in thousandths; each step rounds down, so
the path stays within 1/(1 − ρ) grid steps of the closed form.
"""

from __future__ import annotations

import pytest
from games import figures, teaching, told, worlds_of

from sim.theory import red_line, salami, sliced_salami

ROWS = figures("salami")
H, PERIODS = 0.001, 12
FINAL = """title: Slices taken as final
assumption: textbook case
period: round
horizon: {periods}
normalise: false
actors: {{A: {{discount: {delta!r}, resolve: 0}}, D: {{discount: {delta!r}, resolve: 0}}}}
issues:
  share: {{levels: {{from: 0, to: 1, steps: 1001}}, start: {x0!r}}}
  war:   {{levels: {{no: 0, yes: 1}}, start: no, irreversible: true}}
interests:
  A:
    - {{term: holds, form: linear, of: share, weight: 1, when: {{war: no}}}}
    - {{term: war, form: linear, of: war, weight: {war_a!r}}}
    - {{term: power, form: product, of: [war, share], weight: {b!r}}}
  D:
    - {{term: rest, form: constant, weight: 1, when: {{war: no}}}}
    - {{term: lost, form: linear, of: share, weight: -1, when: {{war: no}}}}
    - {{term: war, form: linear, of: war, weight: {war_d!r}}}
    - {{term: power, form: product, of: [war, share], weight: {less!r}}}
tables:
  demands:
    parties: [A, D]
    protocol: {{salami: {{demands: A, step: 1000}}}}
    agenda: [share]
    breakdown: {{hazard: 1, sets: {{war: yes}}}}       # a refusal is war
outcomes: {{war: {{war: yes}}}}
"""


def terms(row: dict) -> salami.Object:
    return salami.Object(row["a"], row["b"], row["delta"], row["cD"])


def demanded(game) -> list[float]:
    """A's share after every period's demand; all are accepted."""
    offers = [period.meetings[0].offer for period in told(game).periods]
    assert all(offer is not None for offer in offers)
    return [float(offer["share"]) for offer in offers if offer is not None]


def file(row: dict, *more: str):
    """The teaching file with a row's figures. A's own cost, .1 a period, keeps A from preferring war to what it
    holds: that would be another game."""
    a, b, cost = row["a"], row["b"], (1 - row["delta"]) * row["cD"]
    assert a + b * row["x0"] - 0.1 <= row["x0"]
    changes = [f"actors.{actor}.discount={row['delta']!r}" for actor in "AD"]
    changes += [f"issues.share.start={row['x0']!r}", f"interests.A.1.weight={a - 0.1!r}", f"interests.A.2.weight={b!r}"]
    changes += [f"interests.D.2.weight={1 - a - cost!r}", f"interests.D.3.weight={-b!r}"]
    return teaching("salami", *changes, *more)


@pytest.mark.parametrize("row", ROWS["salami"], ids=["fast", "slow"])
def test_the_path_is_the_closed_forms(row):
    game, found = terms(row), demanded(file(row))
    before = [row["x0"], *found[:-1]]
    for held, asked in zip(before, found, strict=True):
        assert salami.next_share(game, held) - H <= asked <= salami.next_share(game, held) + 1e-9
    allowed = H / (1 - row["rho"])
    assert found == pytest.approx([salami.path(game, row["x0"], t) for t in range(1, PERIODS + 1)], abs=allowed)
    assert max(found) <= row["x_star"] + 1e-9


@pytest.mark.parametrize("row", ROWS["salami"], ids=["fast", "slow"])
def test_near_the_solution_in_slices(row):
    """The game in thousandths solved backwards counts each later rounding too."""
    sliced = sliced_salami.path(terms(row), round(row["x0"] / H), round(1 / H), PERIODS)[1:]
    assert demanded(file(row)) == pytest.approx(list(sliced), abs=(2 + 1 / (1 - row["rho"])) * H)


def test_it_ends_above_what_one_treaty_would_give():
    row = ROWS["salami"][0]
    found = demanded(file(row, "horizon=40"))
    assert row["one_shot_if_power_fixed"] + 0.02 < max(found) <= row["x_star"]
    assert max(found) >= row["x_star"] - H / (1 - row["rho"]) - 1e-9


def final(row: dict, periods: int = PERIODS) -> str:
    """The same with slices that nobody expects to be followed by another: each is kept for ever, or there is war."""
    a, b, cost = row["a"], row["b"], (1 - row["delta"]) * row["cD"]
    weights = {"war_a": a - 0.1, "b": b, "war_d": 1 - a - cost, "less": -b}
    return FINAL.format(periods=periods, delta=row["delta"], x0=row["x0"], **weights)


def next_if_final(row: dict, share: float) -> float:
    """x' with 1 − x' equal to D's value of war at x."""
    return row["a"] + row["b"] * share + (1 - row["delta"]) * row["cD"]


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS["salami"], ids=["fast", "slow"])
def test_slices_taken_as_final_are_larger_and_end_at_the_same_share(row):
    """Where no further slice fits the grid A gives one back rather than fight, and takes it again."""
    found = demanded(final(row, 60))
    exact = salami.path(terms(row), row["x0"], 1)
    assert found[0] > exact + H
    for held, asked in zip([row["x0"], *found], found, strict=False):
        if next_if_final(row, held) >= held + H + 1e-9:
            assert next_if_final(row, held) - H <= asked <= next_if_final(row, held) + 1e-9
    assert abs(found[-1] - row["x_star"]) <= H / (1 - row["b"]) + H


# --- a red line ---


def line(row: dict, *more: str):
    """The teaching file with a row's figures."""
    cost = -row["C"] / (1 - row["w"])
    changes = [f"interests.D.1.weight={cost!r}", f"tables.advance.breakdown.hazard={row['w']!r}"]
    changes += [f"actors.{a}.discount={row['delta']!r}" for a in "AD"]
    return teaching("red_line", *changes, f"interests.D.0.weight={row['v']!r}", *more)


def done(row: dict) -> str:
    """What D does holding one slice, two, … ten: 'R' it resists, 'C' it lets the slice go."""
    now = (worlds_of(line(row, "horizon=1", f"stocks.slices.start={n}"), 1)["level.yields"][0] for n in range(1, 11))
    return "".join("C" if yields == "yes" else "R" for yields in now)


@pytest.mark.parametrize("row", ROWS["red_line"], ids=["from 2", "from 7", "never"])
def test_a_red_line_is_held_where_enough_is_left(row):
    exact = red_line.solve(10, row["v"], row["C"], row["w"], row["delta"]).actions
    assert done(row) == exact == row["actions_1_to_10"]
