"""Twins of a scenario: the same worlds with one thing changed, one for each reason why a bargain may fail.

After Fearon (1995): private information, promises that aren't kept, issues that can't be divided; and beside these what
lapses, third parties with a veto, and time. Every change is one that the scenario language has, so that any twin can
be played, compared and explained by itself. The placebo changes nothing but luck: private draws are drawn anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sim.errors import ScenarioError
from sim.montecarlo.draws import AS_IT_IS, Redraw
from sim.payoff.terms import profiles
from sim.scenario.laws import Fixed
from sim.scenario.loader import Loaded, again
from sim.scenario.schema import Scenario
from sim.scenario.tables import Table

LUCK = "luck"
MOST, STEPS, ROOM = 0.5, (5, 4, 3, 2, 1), 4_000  # of side payments: up to half of the stakes; packages with them


@dataclass(frozen=True)
class Twin:
    """`says` what is different, in words; `changes`: as `--set` takes them."""

    name: str
    says: str
    changes: tuple[str, ...] = ()
    redraw: Redraw = AS_IT_IS


def twins(loaded: Loaded, seed: int) -> tuple[list[Twin], dict[str, str]]:
    """Every twin that changes something in a scenario, the placebo last; and for the others why they wouldn't."""
    found, idle = [], {}
    for name, (make, why) in KINDS.items():
        made = make(loaded)
        if made is None:
            idle[name] = why
        else:
            found.append(Twin(name, *made))
    if not _hidden(loaded.scenario):
        idle[LUCK] = KINDS["information"][1]
    else:
        says = "types, resolve and tolerance drawn anew, and nothing else changed"
        found.append(Twin(LUCK, says, redraw=Redraw(private=seed + 1)))
    return found, idle


Made = tuple[str, tuple[str, ...]] | None


def information(loaded: Loaded) -> Made:
    if not _hidden(loaded.scenario) or loaded.scenario.information == "public":
        return None
    return "everyone knows everyone's types, resolve and tolerance", ("information=public",)


def _hidden(scenario: Scenario) -> bool:
    """Whether anyone has something to hide."""
    seated = {p for t in scenario.tables.values() for p in t.parties}
    asked = {c for t in scenario.tables.values() for c in t.consent}
    hidden = any(len(profiles(a)) > 1 for a in scenario.actors.values())
    hidden |= any(not isinstance(scenario.actors[p].resolve, Fixed) for p in seated)
    return hidden or any(not isinstance(scenario.actors[c].tolerance, Fixed) for c in asked)


def openness(loaded: Loaded) -> Made:
    return _at(_tables(loaded.scenario, lambda t: t.secret is not None), "no deal is secret", "secret=null")


def promises(loaded: Loaded) -> Made:
    tables = _tables(loaded.scenario, lambda t: bool(t.renege))
    return _at(tables, "nobody can break a deal", "renege={}")


def lasting(loaded: Loaded) -> Made:
    lapse = _tables(loaded.scenario, lambda t: bool(t.lapses))
    reopen = _tables(loaded.scenario, lambda t: t.reopens)
    changes = (*(f"tables.{t}.lapses={{}}" for t in lapse), *(f"tables.{t}.reopens=false" for t in reopen))
    tables = list(dict.fromkeys((*lapse, *reopen)))
    return (f"a deal lasts for good and isn't opened again ({', '.join(tables)})", changes) if tables else None


def consent(loaded: Loaded) -> Made:
    return _at(_tables(loaded.scenario, lambda t: bool(t.consent)), "no third party is asked", "consent={}")


def payments(loaded: Loaded) -> Made:
    """As finely as keeps the packages within bounds, at every table where the checks allow it."""
    changes, at = [], []
    for name, table in loaded.scenario.tables.items():
        count, others = loaded.scenario.packages(name), len(table.parties) - 1
        steps = next((s for s in STEPS if count * (2 * s + 1) ** others <= ROOM), None)
        change = f"tables.{name}.payments={{most: {MOST:g}, steps: {steps}, assumption: what if they could pay}}"
        plain = not table.strategies  # others ask for a share of their best, which money would raise
        if steps is not None and table.payments is None and plain and _stands(loaded, change):
            changes.append(change)
            at.append(name)
    says = f"parties may pay one another up to {100 * MOST:.0f} % of what each has at stake ({', '.join(at)})"
    return (says, tuple(changes)) if at else None


def time(loaded: Loaded) -> Made:
    scenario = loaded.scenario
    periods = min(2 * scenario.horizon, 10_000)
    changes = [f"horizon={periods}"]
    late = {n: t.deadline for n, t in scenario.tables.items() if t.deadline is not None and t.beliefs == "naive"}
    for name, deadline in late.items():  # by whole rounds, so that who speaks last stays who it was
        table = scenario.tables[name]
        cycle = table.protocol.rule.cycle(table.parties)
        changes.append(f"tables.{name}.deadline={deadline + cycle * -(-deadline // cycle)}")
    says = f"{periods} {scenario.period}s instead of {scenario.horizon}"
    return says + (f", twice the meetings before a deadline ({', '.join(late)})" if late else ""), tuple(changes)


KINDS: dict[str, tuple[Callable[[Loaded], Made], str]] = {
    "information": (information, "nobody has a type, resolve or tolerance to hide as it is"),
    "openness": (openness, "no table is secret as it is"),
    "promises": (promises, "nobody may break a deal as it is"),
    "lasting": (lasting, "none lapses or is opened again as it is"),
    "consent": (consent, "no third party is asked as it is"),
    "payments": (payments, "every table has them, too many packages for them, or rules that rule them out"),
    "time": (time, ""),
}


def _tables(scenario: Scenario, that: Callable[[Table], bool]) -> list[str]:
    return [name for name, table in scenario.tables.items() if that(table)]


def _at(tables: Iterable[str], says: str, change: str) -> Made:
    tables = list(tables)
    return (f"{says} ({', '.join(tables)})", tuple(f"tables.{t}.{change}" for t in tables)) if tables else None


def _stands(loaded: Loaded, change: str) -> bool:
    try:
        again(loaded, (change,))
    except ScenarioError:
        return False
    return True
