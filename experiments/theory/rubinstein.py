"""Alternating offers: the page's rows."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import test_rubinstein as rubinstein_tests
from games import dollar, figures, share_at_once
from theory.lines import H, Line, Row, label, played, table

LOOKAHEADS = (6, 12, 24, 48)


def options(term: str, issue: str, *sizes: float) -> dict[str, Any]:
    """A file's lines for an issue that, once set, pays the parties these."""
    payoffs = [f"term: {term}, form: linear, of: {issue}, weight: {s}" for s in sizes]
    issues = (f"{issue}: {{levels: {{no: 0, yes: 1}}, start: no}}",)
    return {"issues": issues, "a_terms": payoffs[:1], "b_terms": payoffs[1:]}


def finite(row: Row) -> Line:
    share = share_at_once(played(dollar(row["d1"], row["d2"], deadline=row["T"])))
    return label(row, "d1", "d2", "T"), row["x1"], share, H / (1 - max(row["d1"], row["d2"]))


def grid(row: Row) -> Line:
    share = share_at_once(played(dollar(row["d1"], row["d2"], steps=row["M"] + 1, deadline=row["T"])))
    return label(row, "d1", "d2", "T") + f", h = {1 / row['M']:g}", row["x1_grid"], share, 0.0


def infinite(row: Row) -> Line:
    d1, d2 = row["d1"], row["d2"]
    allowed = rubinstein_tests.allowed(row["x1"], rubinstein_tests.nash(d1, d2), d1, d2)
    return label(row, "d1", "d2"), row["x1"], share_at_once(played(dollar(d1, d2))), allowed


def inside(row: Row) -> Line:
    d1, d2, g1, g2 = (row[k] for k in ("d1", "d2", "g1", "g2"))
    flows = [f"term: flow, form: constant, weight: {g}, when: {{deal: no}}" for g in (g1, g2)]
    share = share_at_once(played(dollar(d1, d2, a_terms=flows[:1], b_terms=flows[1:])))
    allowed = rubinstein_tests.allowed(row["x1"], rubinstein_tests.nash(d1, d2, g1, g2), d1, d2)
    return label(row, "d1", "d2", "g1", "g2"), row["x1"], share, allowed


def breakdown(row: Row) -> Line:
    q, b1, b2 = row["q"], row["b1"], row["b2"]
    d1, d2 = (min(row[d], rubinstein_tests.PATIENT) for d in ("d1", "d2"))
    collapse = (f"breakdown: {{hazard: {q!r}, sets: {{collapsed: yes}}}}",)
    share = share_at_once(played(dollar(d1, d2, table=collapse, **options("collapse", "collapsed", b1, b2))))
    e1, e2 = (1 - q) * d1, (1 - q) * d2
    end = rubinstein_tests.nash(e1, e2, q * b1 / (1 - e1), q * b2 / (1 - e2))
    return label(row, "d1", "d2", "q", "b1", "b2"), row["x1"], share, rubinstein_tests.allowed(row["x1"], end, e1, e2)


def outside(row: Row) -> Line:
    d1, d2, w1, w2 = (row[k] for k in ("d1", "d2", "w1", "w2"))
    leave = ("walk_away: {by: [A, B], sets: {left: yes}}",)
    share = share_at_once(played(dollar(d1, d2, table=leave, **options("outside", "left", w1, w2))))
    end = min(max(rubinstein_tests.nash(d1, d2), w1), 1 - w2)
    return label(row, "d1", "d2", "w1", "w2"), row["x1"], share, rubinstein_tests.allowed(row["x1"], end, d1, d2)


def frequent(row: Row) -> Line:
    d1, d2 = (math.exp(-row[r] * 0.01) for r in ("r1", "r2"))
    text = dollar(d1, d2)
    if row["lam"]:
        collapse = (f"breakdown: {{hazard: {1 - math.exp(-row['lam'] * 0.01)!r}, sets: {{collapsed: yes}}}}",)
        text = dollar(d1, d2, table=collapse, **options("collapse", "collapsed", row["b1"], row["b2"]))
    return label(row, "r1", "r2", "lam", "b1", "b2"), row["x1_limit"], share_at_once(played(text)), 7e-4 + 4 * H


def other_first(row: Row) -> Line:
    d1, d2, exact = row["d1"], row["d2"], row["second_mover_if_2_proposes"]
    share = 1 - share_at_once(played(dollar(d1, d2, first="B")))
    return (
        label(row, "d1", "d2"),
        exact,
        share,
        rubinstein_tests.allowed(exact, 1 - rubinstein_tests.nash(d1, d2), d1, d2),
    )


GAMES: tuple[tuple[str, str, Callable[[Row], Line], str], ...] = (
    ("With a last period", "finite", finite, "A's share if A proposes first and T offers are made in all."),
    ("In cents and in tenths of cents", "discrete_dollar", grid, "The last-period game, to be met exactly."),
    ("Without a last period", "infinite", infinite, "The first proposer's share."),
    ("Without a last period, the second player proposing first", "infinite", other_first, "The second player's share."),
    (
        "With a flow while there is no deal",
        "inside",
        inside,
        "The difference from what both have without a deal is split.",
    ),
    ("Talks that can break down", "breakdown", breakdown, "Whoever loses more by a collapse gets less."),
    ("With somewhere to go", "outside", outside, "Either may leave for w instead of answering: worth what it beats."),
    ("Offers in quick succession", "brw_limit", frequent, "D = 0.01 of a period, against the limit D → 0, 7e-4 away."),
)
NASH_END = """## What the end of the look-ahead costs

The recursion has to start somewhere: from the asymmetric Nash solution with power 1 / −log δ, to which alternating
offers tend as offers become frequent (Binmore, Rubinstein & Wolinsky 1986). Two periods map a first proposer's share v
to (1 − δ₂) + δ₁δ₂ v, so every two periods shrink the solution's distance from the equilibrium by δ₁δ₂. Shares in
steps of 0.0001 here; rounding offers to them costs the proposer at most a few steps.

| | look-ahead L | exact | simulated | Nash end's distance × (δ₁δ₂)^(L/2) | distance |
|---|---|---|---|---|---|
"""


def nash_end() -> str:
    """How fast the end of the look-ahead stops mattering."""
    lines = []
    for row in figures("rubinstein")["infinite"]:
        d1, d2, exact = row["d1"], row["d2"], row["x1"]
        for ahead in LOOKAHEADS:
            share = share_at_once(played(dollar(d1, d2, steps=10_001, table=(f"lookahead: {ahead}",))))
            end = abs(rubinstein_tests.nash(d1, d2) - exact) * (d1 * d2) ** (ahead / 2)
            name = label(row, "d1", "d2")
            lines.append(f"| {name} | {ahead} | {exact:.4f} | {share:.4f} | {end:.4f} | {abs(share - exact):.4f} |")
    return NASH_END + "\n".join(lines)


def page() -> str:
    rows = figures("rubinstein")
    parts = []
    for title, key, game, what in GAMES:
        source = rows["sources"][key]
        parts.append(table(title, [game(r) for r in rows[key]], f"{what} Source: {source}."))
    return "\n\n".join([*parts, nash_end()])
