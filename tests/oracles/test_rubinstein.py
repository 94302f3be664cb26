"""Alternating offers against closed forms: Stahl, Rubinstein; inside options, outside options, breakdown.

Finite games: a grid of step h keeps the share within h / (1 − max δ) of the formula. Without a deadline the recursion
starts 24 rounds ahead from the Nash solution. Two rounds map the first proposer's share v to (1 − δ₂) + δ₁δ₂ v, so
after 24 the distance of the Nash solution from the equilibrium has shrunk by (e₁e₂)¹², e_i = (1 − q) δ_i; a maximum
with an outside option doesn't widen it. Allowed: that distance and four grid steps.
"""

from __future__ import annotations

import math

import pytest
from games import dollar, figures, play, share_at_once

ROWS = figures("rubinstein")
PATIENT = 1 - 1e-8  # a textbook's δ = 1, as near as a scenario may come
H = 0.001  # a grid of 1,001 shares


def _ids(row: dict) -> str:
    return "-".join(f"{k}={v:g}" for k, v in row.items() if isinstance(v, int | float))


def rows(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", ROWS[name], ids=_ids)


def nash(e1: float, e2: float, o1: float = 0.0, o2: float = 0.0) -> float:
    """A's share in the asymmetric Nash solution, power ∝ 1 / −log e, disagreement (o1, o2)."""
    power = math.log(e2) / (math.log(e1) + math.log(e2))
    return o1 + power * (1 - o1 - o2)


def allowed(exact: float, end: float, e1: float, e2: float) -> float:
    return abs(exact - end) * (e1 * e2) ** 12 + 4 * H


@rows("finite")
@pytest.mark.parametrize("steps", [101, 1001])
def test_stahl(row, steps, tmp_path):
    share = share_at_once(play(tmp_path, dollar(row["d1"], row["d2"], steps=steps, deadline=row["T"])))
    assert abs(share - row["x1"]) <= 1 / (steps - 1) / (1 - max(row["d1"], row["d2"])) + 1e-9


@rows("discrete_dollar")
def test_a_dollar_in_cents_and_in_tenths_of_cents(row, tmp_path):
    share = share_at_once(play(tmp_path, dollar(row["d1"], row["d2"], steps=row["M"] + 1, deadline=row["T"])))
    assert share == pytest.approx(row["x1_grid"], abs=1e-9)


@rows("infinite")
def test_rubinstein(row, tmp_path):
    d1, d2 = row["d1"], row["d2"]
    share = share_at_once(play(tmp_path, dollar(d1, d2)))
    assert abs(share - row["x1"]) <= allowed(row["x1"], nash(d1, d2), d1, d2)


@rows("infinite")
def test_rubinstein_where_the_other_proposes_first(row, tmp_path):
    d1, d2 = row["d1"], row["d2"]
    exact = row["second_mover_if_2_proposes"]
    share = share_at_once(play(tmp_path, dollar(d1, d2, first="B")))
    assert abs((1 - share) - exact) <= allowed(exact, 1 - nash(d1, d2), d1, d2)


@rows("inside")
def test_inside_options_split_the_difference(row, tmp_path):
    d1, d2, g1, g2 = (row[k] for k in ("d1", "d2", "g1", "g2"))
    flows = [f"term: flow, form: constant, weight: {g}, when: {{deal: no}}" for g in (g1, g2)]
    share = share_at_once(play(tmp_path, dollar(d1, d2, a_terms=flows[:1], b_terms=flows[1:])))
    assert abs(share - row["x1"]) <= allowed(row["x1"], nash(d1, d2, g1, g2), d1, d2)


def _breakdown(d1: float, d2: float, q: float, b1: float, b2: float) -> str:
    payoffs = [f"term: collapse, form: linear, of: collapsed, weight: {b}" for b in (b1, b2)]
    return dollar(
        d1,
        d2,
        issues=("collapsed: {levels: {no: 0, yes: 1}, start: no}",),
        a_terms=payoffs[:1],
        b_terms=payoffs[1:],
        table=(f"breakdown: {{hazard: {q!r}, sets: {{collapsed: yes}}}}",),
    )


@rows("breakdown")
def test_breakdown(row, tmp_path):
    d1, d2, q, b1, b2 = min(row["d1"], PATIENT), min(row["d2"], PATIENT), row["q"], row["b1"], row["b2"]
    share = share_at_once(play(tmp_path, _breakdown(d1, d2, q, b1, b2)))
    e1, e2 = (1 - q) * d1, (1 - q) * d2
    end = nash(e1, e2, q * b1 / (1 - e1), q * b2 / (1 - e2))
    assert abs(share - row["x1"]) <= allowed(row["x1"], end, e1, e2)


@rows("brw_limit")
def test_frequent_offers_tend_to_the_nash_solution(row, tmp_path):
    """D = .01 leaves the closed form 7e-4 from its limit; the rest is the grid."""
    d1, d2, q = math.exp(-row["r1"] * 0.01), math.exp(-row["r2"] * 0.01), 1 - math.exp(-row["lam"] * 0.01)
    text = _breakdown(d1, d2, q, row["b1"], row["b2"]) if q else dollar(d1, d2)
    assert abs(share_at_once(play(tmp_path, text)) - row["x1_limit"]) <= 7e-4 + 4 * H


@rows("outside")
def test_outside_options_bind_only_above_the_rubinstein_share(row, tmp_path):
    d1, d2, w1, w2 = (row[k] for k in ("d1", "d2", "w1", "w2"))
    payoffs = [f"term: outside, form: linear, of: left, weight: {w}" for w in (w1, w2)]
    options = {
        "issues": ("left: {levels: {no: 0, yes: 1}, start: no}",),
        "a_terms": payoffs[:1],
        "b_terms": payoffs[1:],
        "table": ("walk_away: {by: [A, B], sets: {left: yes}}",),
    }
    end = min(max(nash(d1, d2), w1), 1 - w2)
    share = share_at_once(play(tmp_path, dollar(d1, d2, **options)))
    assert abs(share - row["x1"]) <= allowed(row["x1"], end, d1, d2)
    share = share_at_once(play(tmp_path, dollar(d1, d2, first="B", **options)))
    assert abs((1 - share) - row["m2"]) <= allowed(row["m2"], 1 - end, d1, d2)
