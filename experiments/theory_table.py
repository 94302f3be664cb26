"""Simulated against closed form, as pages: `python experiments/theory_table.py` writes docs/theory/*.md.

The rows are those of tests/oracles/*.json; the games are the files that the oracle tests play (so this needs the
`test` extra). The words are in experiments/theory/. `--check` writes nothing and exits 1 if a page is stale.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "oracles"))

import test_crisis as crisis_tests  # noqa: E402
import test_rubinstein as rubinstein_tests  # noqa: E402
from games import crisis, demands, dollar, figures, play, share_at_once, war  # noqa: E402

Row = dict[str, Any]
Line = tuple[str, float, float, float]  # parameters, closed form, simulated, allowed distance
H, WORLDS = 0.001, 4000
LOOKAHEADS = (6, 12, 24, 48)
NO_EDIT = "<!-- Printed by: python experiments/theory_table.py. Don't edit; the words are in experiments/theory/. -->"


def played(text: str, worlds: int = 8) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return play(Path(folder), text, worlds)


def table(name: str, rows: list[Line], text: str) -> str:
    heads = "| | closed form | simulated | distance | allowed | |\n|---|---|---|---|---|---|"
    lines = [
        f"| {label} | {exact:.4f} | {found:.4f} | {abs(found - exact):.4f} | {allowed:.4f} | "
        f"{'✓' if abs(found - exact) <= allowed + 1e-9 else '**outside**'} |"
        for label, exact, found, allowed in rows
    ]
    return f"## {name}\n\n{text}\n\n" + "\n".join([heads, *lines])


def label(row: dict[str, Any], *names: str) -> str:
    spelled = {"d1": "δ₁", "d2": "δ₂", "g1": "g₁", "g2": "g₂", "b1": "b₁", "b2": "b₂", "w1": "w₁", "w2": "w₂"}
    spelled |= {"cA": "c_A", "cB": "c_B", "cL": "c_L", "cH": "c_H", "pL": "p_L", "pH": "p_H"}
    spelled |= {"r1": "r₁", "r2": "r₂", "lam": "λ"}
    return ", ".join(f"{spelled.get(n, n)} = {row[n]:g}" for n in names)


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


def rubinstein() -> str:
    rows = figures("rubinstein")
    parts = []
    for title, key, game, what in GAMES:
        source = rows["sources"][key]
        parts.append(table(title, [game(r) for r in rows[key]], f"{what} Source: {source}."))
    return "\n\n".join([*parts, nash_end()])


def known_cost(row: Row) -> Line:
    a_terms, b_terms = [crisis_tests.fights(row["p"] - row["cA"])], [crisis_tests.fights(1 - row["p"] - row["cB"])]
    share = share_at_once(played(crisis(a_terms=a_terms, b_terms=b_terms, b_actor=", resolve: 0")))
    return label(row, "p", "cA", "cB"), row["tioli_A"], share, H


def secret_costs() -> Iterator[tuple[Line, Line]]:
    """(demand, probability of war) of every row with a uniform cost."""
    for row in figures("crisis")["uniform_cost"]:
        text = crisis_tests._resolve(row["p"], row["cA"], row["a"], row["b"])
        found, name = played(text, WORLDS), label(row, "p", "cA", "a", "b")
        allowed = crisis_tests.noise(row["pr_war"]) + H / (row["b"] - row["a"])
        yield (name, row["x_star"], demands(found)[0], H), (name, row["pr_war"], war(found), allowed)


def spread(row: Row) -> Line:
    a, b = row["mean"] - row["halfwidth"], row["mean"] + row["halfwidth"]
    found = war(played(crisis_tests._resolve(0.5, row["cA"], a, b), WORLDS))
    name = f"p = 0.5, c_A = {row['cA']:g}, cost {row['mean']:g} ± {row['halfwidth']:g}"
    return name, row["pr_war"], found, crisis_tests.noise(row["pr_war"]) + H / (b - a)


def two_costs(row: Row) -> Iterator[Line]:
    for side in (-0.03, 0.03):
        mu = row["mu_star"] + side
        actor = crisis_tests._two("cost", "war", (row["cL"], row["cH"]), mu)
        a_terms = [crisis_tests.fights(row["p"] - row["cA"])]
        b_terms = [crisis_tests.fights(1 - row["p"], "chance"), crisis_tests.fights(-1)]
        found = war(played(crisis(a_terms=a_terms, b_terms=b_terms, b_actor=actor, steps=101), WORLDS))
        exact = 1 - mu if side > 0 else 0.0
        name = f"{label(row, 'p', 'cA', 'cL', 'cH')}, Pr(c_H) = {mu:g} (threshold {row['mu_star']:g})"
        yield name, exact, found, crisis_tests.noise(exact)


def two_powers(row: Row) -> Iterator[Line]:
    for side in (-0.03, 0.03):
        low, high, mu = row["pL"], row["pH"], row["mu_star"] + side
        actor = crisis_tests._two("power", "loses", (low, high), mu)
        a_terms = [crisis_tests.fights(low - row["cA"])]
        b_terms = [crisis_tests.fights(1 - row["cB"]), crisis_tests.fights(-1, "loses")]
        found = war(played(crisis(a_terms=a_terms, b_terms=b_terms, b_actor=actor, steps=101), WORLDS))
        exact = 1 - mu if side > 0 else 0.0
        name = f"{label(row, 'pL', 'pH', 'cA', 'cB')}, Pr(p_H) = {mu:g} (threshold {row['mu_star']:g})"
        yield name, exact, found, crisis_tests.noise(exact)


def crisis_page() -> str:
    rows, both = figures("crisis"), list(secret_costs())
    costs = [r for row in rows["two_type_cost"] for r in two_costs(row)]
    powers = [r for row in rows["two_type_power"] for r in two_powers(row)]
    parts = [
        table("Known costs", [known_cost(r) for r in rows["range"]], "No war, and A's demand takes the whole range."),
        table("A secret cost: A's demand", [d for d, _ in both], "B's cost is uniform on [a, b]."),
        table("A secret cost: war", [w for _, w in both], "The probability of war in the same games."),
        table(
            "More uncertainty, the same mean", [spread(r) for r in rows["spread"]], "A wider range of costs: more war."
        ),
        table("Two possible costs", costs, "The probability of war just below and just above the threshold."),
        table("Two possible balances of power", powers, "The same where B alone knows how strong A is."),
        f"Source of all rows: {rows['sources']['all']}.",
    ]
    return "\n\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="exit 1 if a page in docs/theory differs")
    check, stale = parser.parse_args().check, []
    for name, body in (("rubinstein", rubinstein), ("crisis", crisis_page)):
        words = (ROOT / "experiments" / "theory" / f"{name}.md").read_text(encoding="utf-8").strip()
        title, _, text = words.partition("\n\n")
        page, file = f"{title}\n\n{NO_EDIT}\n\n{text}\n\n{body()}\n", ROOT / "docs" / "theory" / f"{name}.md"
        if not check:
            file.write_text(page, encoding="utf-8")
        elif not file.exists() or file.read_text(encoding="utf-8") != page:
            stale.append(str(file.relative_to(ROOT)))
    if stale:
        print(f"stale: {', '.join(stale)}; run python experiments/theory_table.py", file=sys.stderr)
        raise SystemExit(1)


if __name__ == "__main__":
    main()
