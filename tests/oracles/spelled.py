"""Games of two tables spelled as scenario files: every payoff a constant under the levels that it needs."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from sim.theory.two_tables import Game, Table

PLAYERS = "ABCDEFG"
ISSUES = ("first", "second")
Term = tuple[int, str, str, dict[str, int]]  # player, name, weight as written, the packages under which it counts


def constants(g: Game) -> list[Term]:
    """The game's flows, one term for each player and pair of packages."""
    m1, m2, players = g.flows.shape
    return [
        (i, f"t{a}_{b}", repr(float(g.flows[a, b, i])), {"first": a, "second": b})
        for i, a, b in product(range(players), range(m1), range(m2))
    ]


def two_tables(g: Game, terms: Iterable[Term] | None = None, foresees: bool = False) -> str:
    """The file; `foresees`: table 1 looks ahead to table 2. With `terms` the game's own flows are left out."""
    names = PLAYERS[: len(g.deltas)]
    head = ["title: Two tables", "assumption: a game made up or drawn", "period: round", "normalise: false"]
    head += [f"horizon: {2 * max(table.meetings for table in g.tables)}", "actors:"]
    head += [f"  {n}: {{discount: {d!r}, resolve: 0}}" for n, d in zip(names, g.deltas.tolist(), strict=True)]
    issues = ["issues:"]
    for issue, count in zip(ISSUES, g.flows.shape[:2], strict=True):
        levels = ", ".join(f"p{a}: {a / max(1, count - 1)!r}" for a in range(count))
        issues.append(f"  {issue}: {{levels: {{{levels}}}, start: p0}}")
    lines: dict[int, list[str]] = {i: [] for i in range(len(names))}
    for i, term, weight, packages in constants(g) if terms is None else terms:
        when = ", ".join(f"{issue}: p{a}" for issue, a in packages.items())
        lines[i].append(f"    - {{term: {term}, form: constant, weight: {weight}, when: {{{when}}}}}")
    interests = ["interests:", *(line for i, n in enumerate(names) for line in (f"  {n}:", *lines[i]))]
    tables = ["tables:", *(line for k in range(2) for line in _table(g.tables[k], k, names, foresees and k == 0))]
    return "\n".join([*head, *issues, *interests, *tables, "outcomes:", "  dealt: {first: {at_least: p1}}", ""])


def _table(table: Table, k: int, names: str, foresees: bool) -> list[str]:
    lines = [f"  {ISSUES[k]}_table:", f"    parties: [{', '.join(names[i] for i in table.parties)}]"]
    lines += [
        f"    protocol: {_protocol(table, names)}",
        f"    agenda: [{ISSUES[k]}]",
        f"    deadline: {table.meetings}",
    ]
    if table.opens_on is not None:
        lines.append(f"    opens: {{when: {{{ISSUES[1 - k]}: [{', '.join(f'p{a}' for a in table.opens_on)}]}}}}")
    return [*lines, f"    foresees: [{ISSUES[1 - k]}_table]"] if foresees else lines


def _protocol(table: Table, names: str) -> str:
    first = names[table.proposers[0]]
    if len(table.proposers) == 1:
        return f"{{ultimatum: {{by: {first}}}}}"
    turn = table.parties.index(table.proposers[0])
    if table.proposers != table.parties[turn:] + table.parties[:turn]:
        raise ValueError(f"{table}: proposers are to be one party, or all in turn")
    return f"{{alternating_offers: {{first: {first}}}}}"
