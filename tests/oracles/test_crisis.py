"""Fearon's (1995) crisis: A demands once, B accepts or fights. War is the lack of a deal, or what walking away sets.

Tolerances: the demand to one grid step h; the probability of war to h / (b − a), or half a point's mass and one choice
of point, and four standard errors.
"""

from __future__ import annotations

import math

import pytest
from games import crisis, demands, figures, play, share_at_once, war

ROWS = figures("crisis")
H, WORLDS, POINTS = 0.001, 4000, 20
CENTS = 101  # steps enough for types: every demand that can be best lies on this grid


def _ids(row: dict) -> str:
    return "-".join(f"{k}={v:g}" for k, v in row.items())


def rows(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", ROWS[name], ids=_ids)


def noise(w: float) -> float:
    """Four standard errors of a share of worlds."""
    return 4 * math.sqrt(w * (1 - w) / WORLDS)


def fights(weight: float, term: str = "war") -> str:
    """What war brings, in a file in which war is the lack of a deal."""
    return f"term: {term}, form: constant, weight: {round(weight, 12)!r}, when: {{deal: no}}"


def walks(weight: float, term: str = "war") -> str:
    """What war brings, in a file in which war is declared by leaving the table."""
    return f"term: {term}, form: linear, of: war, weight: {round(weight, 12)!r}"


WALK = {
    "issues": ("war: {levels: {no: 0, yes: 1}, start: no}",),
    "table": ("walk_away: {by: [A, B], sets: {war: yes}}",),
}
SPELLINGS = pytest.mark.parametrize(
    ("term", "more"), [pytest.param(fights, {}, id="no-deal"), pytest.param(walks, WALK, id="walk-away")]
)


@rows("range")
@SPELLINGS
def test_known_costs_leave_no_war_and_the_whole_range_to_the_proposer(row, term, more, tmp_path):
    a, b = term(row["p"] - row["cA"]), term(1 - row["p"] - row["cB"])
    summary = play(tmp_path, crisis(a_terms=[a], b_terms=[b], **more))
    assert share_at_once(summary) == pytest.approx(row["tioli_A"], abs=1e-9)


def _resolve(p: float, cA: float, a: float, b: float) -> str:
    """B's private cost as the public cost b and a resolve uniform on [0, (b − a) / R].

    R is the range of B's value: 0 … 1 over the packages, and no deal, which is worth 1 − p − b.
    """
    no_deal = 1 - p - b
    stakes = max(1.0, no_deal) - min(0.0, no_deal)
    resolve = f", resolve: {{uniform: {{low: 0, high: {(b - a) / stakes!r}}}}}"
    return crisis(a_terms=[fights(p - cA)], b_terms=[fights(no_deal)], b_actor=resolve)


@pytest.mark.slow
@rows("uniform_cost")
def test_a_private_cost_of_war_as_a_resolve(row, tmp_path):
    summary = play(tmp_path, _resolve(row["p"], row["cA"], row["a"], row["b"]), WORLDS)
    assert demands(summary) == pytest.approx([row["x_star"]], abs=H + 1e-9)
    assert abs(war(summary) - row["pr_war"]) <= noise(row["pr_war"]) + H / (row["b"] - row["a"])
    gain = row["x_star"] - (row["p"] - row["cA"])
    assert abs(summary["values"]["A"]["mean"] - row["EU_A"]) <= gain * noise(row["pr_war"]) + H


@rows("spread")
def test_a_mean_preserving_spread_raises_the_risk(row, tmp_path):
    a, b = row["mean"] - row["halfwidth"], row["mean"] + row["halfwidth"]
    summary = play(tmp_path, _resolve(0.5, row["cA"], a, b), WORLDS)
    assert abs(war(summary) - row["pr_war"]) <= noise(row["pr_war"]) + H / (b - a)


def _best_point(cA: float, a: float, b: float) -> tuple[float, float]:
    """The cost that A's best demand meets, B's being one of the quantile midpoints, and the share of costs below it."""
    costs = [a + (b - a) * (k + 0.5) / POINTS for k in range(POINTS)]
    gains = [(1 - k / POINTS) * (costs[k] + cA) for k in range(POINTS)]
    k = max(range(POINTS), key=gains.__getitem__)
    return costs[k], k / POINTS


def _points(p: float, low: float, high: float, term) -> tuple[str, list[str]]:
    law = f"{{uniform: {{low: {low!r}, high: {high!r}}}}}"
    actor = f", resolve: 0, types: {{cost: {{scale: {{war: {law}}}, points: {POINTS}}}}}"
    return actor, [term(1 - p, "chance"), term(-1)]


@pytest.mark.slow
@rows("uniform_cost")
@SPELLINGS
def test_a_private_cost_of_war_as_a_type_with_points(row, term, more, tmp_path):
    actor, b_terms = _points(row["p"], row["a"], row["b"], term)
    text = crisis(a_terms=[term(row["p"] - row["cA"])], b_terms=b_terms, b_actor=actor, steps=CENTS, **more)
    summary = play(tmp_path, text, WORLDS)
    cost, chance = _best_point(row["cA"], row["a"], row["b"])
    assert demands(summary) == pytest.approx([row["p"] + cost], abs=1e-9)
    assert abs(war(summary) - chance) <= noise(chance)
    assert abs(war(summary) - row["pr_war"]) <= noise(row["pr_war"]) + 1 / POINTS


def _two(name: str, scaled: str, values: tuple[float, float], mu: float) -> str:
    first, second = (
        f"{value}: {{probability: {odds!r}, scale: {{{scaled}: {size!r}}}}}"
        for value, odds, size in zip(("low", "high"), (round(1 - mu, 10), round(mu, 10)), values, strict=True)
    )
    return f", resolve: 0, types: {{{name}: {{{first}, {second}}}}}"


@rows("two_type_cost")
@pytest.mark.parametrize("side", [-0.03, 0.03])
@SPELLINGS
def test_two_costs(row, side, term, more, tmp_path):
    """The demand that only the costly type accepts is made iff that type is likely enough."""
    p, mu = row["p"], row["mu_star"] + side
    actor = _two("cost", "war", (row["cL"], row["cH"]), mu)
    a_terms, b_terms = [term(p - row["cA"])], [term(1 - p, "chance"), term(-1)]
    text = crisis(a_terms=a_terms, b_terms=b_terms, b_actor=actor, steps=CENTS, **more)
    summary = play(tmp_path, text, WORLDS)
    risk, demand = (1 - mu, p + row["cH"]) if side > 0 else (0.0, p + row["cL"])
    assert demands(summary) == pytest.approx([demand], abs=1e-9)
    assert abs(war(summary) - risk) <= noise(risk)


@rows("two_type_power")
@pytest.mark.parametrize("side", [-0.03, 0.03])
def test_two_powers(row, side, tmp_path):
    """B knows how strong A is. A demand that some type refuses is refused by the type that faces a weak A, so pL − cA
    is what refusal brings A; demands that both refuse are never best, and needn't be priced."""
    low, high, mu = row["pL"], row["pH"], row["mu_star"] + side
    actor = _two("power", "loses", (low, high), mu)
    a_terms, b_terms = [fights(low - row["cA"])], [fights(1 - row["cB"]), fights(-1, "loses")]
    text = crisis(a_terms=a_terms, b_terms=b_terms, b_actor=actor, steps=CENTS)
    summary = play(tmp_path, text, WORLDS)
    risk, demand = (1 - mu, high + row["cB"]) if side > 0 else (0.0, low + row["cB"])
    assert demands(summary) == pytest.approx([demand], abs=1e-9)
    assert abs(war(summary) - risk) <= noise(risk)
