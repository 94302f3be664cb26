"""Side payments: what parties may pay one another on top of a package, counted in shares of their stakes.

A table with `payments` gets an issue on its agenda for each party but the last, who takes or gives the rest. What a
share is worth to a party is its stakes R there times that share, so nothing else changes: neither R nor anyone's other
weights. A deal can be made wherever the parties' gains together, counted in these shares, exceed what they need (side
payments make the indivisible divisible: Fearon 1995). A payment by itself is no deal.
"""

from __future__ import annotations

from typing import Any

from sim.scenario.interest import Factor, Interest
from sim.scenario.laws import Fixed
from sim.scenario.levels import Levels
from sim.scenario.schema import Event, Issue, Scenario
from sim.scenario.tables import Table

NOTHING = "nothing"


class Payment(Interest):
    """What a party pays or is paid at a table. Its weight, the party's stakes R, is known once the table opens."""

    term: str
    form: str = "payment"
    of: str
    table: str
    pays: bool

    def factors(self) -> tuple[Factor, ...]:
        return (Factor(self.of, (lambda v: -v) if self.pays else (lambda v: v)),)

    def paid_at(self) -> str | None:
        return self.table


def issue_name(table: str, party: str) -> str:
    return f"{party}@{table}"  # no name in a file has an @


def with_payments(scenario: Scenario) -> Scenario:
    """The scenario with an issue and terms for every side payment that its tables allow."""
    paying = {name: table for name, table in scenario.tables.items() if table.payments is not None}
    if not paying:
        return scenario
    issues, interests = dict(scenario.issues), dict(scenario.interests)
    for name, table in paying.items():
        *payers, last = table.parties
        for party in payers:
            issue = issue_name(name, party)
            issues[issue] = _issue(table)
            for actor in (party, last):
                interests[actor] = (*interests.get(actor, ()), _term(name, issue, pays=actor == party))
    tables = {name: _with_agenda(name, table) for name, table in scenario.tables.items()}
    events = {name: _ending(event, scenario) for name, event in scenario.events.items()}
    return scenario.model_copy(update={"issues": issues, "interests": interests, "tables": tables, "events": events})


def _issue(table: Table) -> Issue:
    """From being paid to paying `most`, in equal steps."""
    assert table.payments is not None
    values = tuple(table.payments.most * k / table.payments.steps for k in range(-table.payments.steps, 1))
    values = (*values, *(-v for v in values[-2::-1]))
    names = (f"{'pays' if v > 0 else 'gets'} {abs(v):.4g}" if v else NOTHING for v in values)
    about = "a side payment, as a share of one's stakes"
    return Issue(
        about=about, levels=Levels(tuple(names), values), start=NOTHING, claims=table.payments.claims, assumption=about
    )


def _term(table: str, issue: str, pays: bool) -> Payment:
    why = "a side payment is worth its share of the stakes"
    return Payment(term=issue, of=issue, table=table, pays=pays, weight=Fixed(0.0), assumption=why)


def _with_agenda(name: str, table: Table) -> Table:
    """Payments are bargained over with the rest, lapse with it, and end with whatever undoes some of it."""
    if table.payments is None:
        return table
    mine = payment_issues(name, table)
    lapses = table.lapses | dict.fromkeys(mine, next(iter(table.lapses.values()))) if table.lapses else {}
    ends = {k: _undoing(getattr(table, k), table, mine) for k in ("breakdown", "walk_away") if getattr(table, k)}
    nothing = dict.fromkeys(mine, NOTHING)  # a breach ends the deal, whatever it sets
    renege = {p: r.model_copy(update={"sets": r.sets | nothing}) for p, r in table.renege.items()}
    return table.model_copy(update={"agenda": (*table.agenda, *mine), "lapses": lapses, "renege": renege, **ends})


def payment_issues(name: str, table: Table) -> list[str]:
    """Its side payments, on its agenda though no file names them."""
    return [] if table.payments is None else [issue_name(name, party) for party in table.parties[:-1]]


def _undoing(end: Any, table: Table, payments: list[str]) -> Any:
    """The same end, with no more paid if it sets what the table agrees on."""
    if not set(end.sets) & set(table.agenda):
        return end
    return end.model_copy(update={"sets": end.sets | dict.fromkeys(payments, NOTHING)})


def _ending(event: Event, scenario: Scenario) -> Event:
    for name, table in scenario.tables.items():
        event = _undoing(event, table, payment_issues(name, table))
    return event
