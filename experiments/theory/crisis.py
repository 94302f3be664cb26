"""Crisis bargaining: the page's rows."""

from __future__ import annotations

from collections.abc import Iterator

import test_crisis as crisis_tests
from games import crisis, demands, figures, share_at_once, war
from theory.lines import WORLDS, H, Line, Row, label, played, table


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


def page() -> str:
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
