"""A table's menu: its packages, what is fixed about each of them before any world is known, and which of them are
admissible.

A term's value under a package splits into a coefficient (the factors on the agenda) and a *column* (what is left:
stocks, issues off the agenda, conditions on them). Packages under which the stocks move alike form a *drift class*.
Both are worked out once for a scenario, so that a forecast follows a few paths instead of one for every package.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, product
from typing import Any, TypeVar

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.payoff.terms import Term
from sim.scenario.interest import Factor
from sim.scenario.schema import Scenario
from sim.scenario.selectors import ALWAYS, NEVER, Selector, variables
from sim.scenario.tables import Table
from sim.state import Fixed, Layout, given, holds, reads_stocks

T = TypeVar("T")
BREAKDOWN, WALK_AWAY, BREACH, KEPT = "breakdown", "walk_away", "breach", "kept"  # how talks or a deal may end


@dataclass
class Column:
    """What is left of a term: Π factors · [when] · decay, and its coefficient under every package (M,).

    `moves` says whether it changes along a path on which all levels stay.
    """

    term: int
    factors: tuple[Factor, ...]
    when: Selector
    decay: int | None
    moves: bool
    coefficient: Floats


@dataclass
class Drift:
    """A drift class: what is left of each stock line's and each decay's condition."""

    lines: tuple[Selector, ...]
    decays: tuple[Selector, ...]


@dataclass
class Options:
    """A set of alternatives evaluated together: the packages of a table, or what a breakdown or a walk-out leaves."""

    fixed: list[dict[str, str]]
    classes: list[Drift]
    bounds: list[tuple[int, int]]  # alternatives [a, b) of each class
    columns: list[Column]

    @property
    def count(self) -> int:
        return len(self.fixed)


@dataclass
class Menu:
    """packages: every combination of levels on the agenda (M), ordered by drift class; `levels` (M, agenda) their
    indices."""

    table: Table
    agenda: list[int]  # issue columns of the state
    packages: Options
    stay: Drift  # how the stocks move if nothing is agreed
    levels: Ints
    lookup: Ints  # index of a package by the mixed-radix code of its levels
    radix: Ints
    required: list[tuple[Selector, Bools]]  # condition left over -> packages (M,) that need it to hold
    forbidden: list[tuple[int, Selector, Bools]]  # (which `forbid`, condition left over, packages (M,))
    as_it_is: Options  # the one alternative of leaving every level as the state has it
    leave: dict[str, dict[str, str]]  # BREAKDOWN, WALK_AWAY, BREACH by whom, KEPT: the levels that it sets
    payable: Bools  # packages (M,) in which the last party, too, pays and gets no more than it may

    def index(self, levels: Ints) -> Ints:
        """Which package (N,) the agenda's levels in `levels` (N, issues) are."""
        return self.lookup[levels[:, self.agenda] @ self.radix]


def _memo(of: Callable[[Fixed], T], names: set[str]) -> Callable[[Fixed], T]:
    """A function of a package, remembered by the levels of those issues that it reads."""
    read = sorted(names)
    known: dict[tuple[str | None, ...], T] = {}

    def remembered(fixed: Fixed) -> T:
        key = tuple(map(fixed.get, read))
        if key not in known:
            known[key] = of(fixed)
        return known[key]

    return remembered


def _left(selector: Selector, layout: Layout) -> Callable[[Fixed], Selector]:
    """`given`: what is left of a selector under a package."""
    return _memo(lambda fixed: given(selector, layout, fixed), variables(selector))


def _part(term: Term, fixed: Fixed, layout: Layout) -> tuple[float, tuple[Factor, ...], Selector]:
    """A term's coefficient under a package, and the factors and the condition that are left of it."""
    when, coefficient, factors = given(term.when, layout, fixed), 1.0, []
    for f in term.factors:
        if f.variable in fixed:
            value = layout.levels[f.variable].values[layout.level(f.variable, fixed[f.variable])]
            coefficient *= float(f.shape(value))
        else:
            factors.append(f)
    return 0.0 if when == NEVER else coefficient, tuple(factors), when


def _columns(fixed: list[dict[str, str]], terms: list[Term], layout: Layout) -> list[Column]:
    found: dict[Any, Column] = {}
    for k, term in enumerate(terms):
        part = _memo(partial(_part, term, layout=layout), variables(term.when) | {f.variable for f in term.factors})
        for v, levels in enumerate(fixed):
            coefficient, factors, when = part(levels)
            if coefficient == 0.0:
                continue
            key = (k, tuple(f.variable for f in factors), when)
            if key not in found:
                moves = (
                    term.decay is not None
                    or reads_stocks(when, layout)
                    or any(f.variable in layout.stocks for f in factors)
                )
                found[key] = Column(k, factors, when, term.decay, moves, np.zeros(len(fixed)))
            found[key].coefficient[v] = coefficient
    return list(found.values())


def _options(
    fixed: list[dict[str, str]], scenario: Scenario, terms: list[Term], layout: Layout
) -> tuple[Options, Ints]:
    """The alternatives ordered by drift class, and the order (M,)."""
    lines = [c.when for s in scenario.stocks.values() for c in s.change]
    decays = [d.since for d in layout.decays]
    distinct: dict[Any, int] = {}

    def numbered(levels: Fixed) -> int:
        lefts = (tuple(given(s, layout, levels) for s in every) for every in (lines, decays))
        return distinct.setdefault(tuple(lefts), len(distinct))

    number = np.array(list(map(_memo(numbered, set().union(*map(variables, (*lines, *decays)))), fixed)))
    order = np.argsort(number, kind="stable")
    ordered = [fixed[k] for k in order]
    edges = np.searchsorted(number[order], np.arange(len(distinct) + 1))
    bounds = [(int(a), int(b)) for a, b in pairwise(edges)]
    return Options(ordered, [Drift(*k) for k in distinct], bounds, _columns(ordered, terms, layout)), order


def _conditions(selector: Selector, fixed: list[dict[str, str]], layout: Layout) -> list[tuple[Selector, Bools]]:
    """What is left of a selector under each package -> the packages (M,) for which just that is left."""
    left = _left(selector, layout)
    found: dict[Selector, Bools] = {}
    for v, levels in enumerate(fixed):
        found.setdefault(left(levels), np.zeros(len(fixed), bool))[v] = True
    return list(found.items())


def menu_of(name: str, scenario: Scenario, terms: list[Term], layout: Layout) -> Menu:
    table = scenario.tables[name]
    sizes = [len(layout.levels[i].names) for i in table.agenda]
    combinations = list(product(*(range(n) for n in sizes)))
    fixed = [
        {i: layout.levels[i].names[k] for i, k in zip(table.agenda, combination, strict=True)}
        for combination in combinations
    ]
    packages, order = _options(fixed, scenario, terms, layout)
    radix = np.array([int(np.prod(sizes[k + 1 :])) for k in range(len(sizes))])
    lookup = np.empty(len(combinations), int)
    lookup[order] = np.arange(len(order))
    forbidden = [
        (k, left, where)
        for k, f in enumerate(table.forbid)
        for left, where in _conditions(f.when, packages.fixed, layout)
        if left != NEVER
    ]
    required = [(left, where) for left, where in _conditions(table.require, packages.fixed, layout) if left != ALWAYS]
    leave = {f"{BREACH} {actor}": dict(r.sets) for actor, r in table.renege.items()} | {KEPT: {}}
    leave |= {k: dict(end.sets) for k, end in ((BREAKDOWN, table.breakdown), (WALK_AWAY, table.walk_away)) if end}
    return Menu(
        table,
        [layout.issues[i] for i in table.agenda],
        packages,
        Drift(tuple(c.when for s in scenario.stocks.values() for c in s.change), tuple(d.since for d in layout.decays)),
        np.array(combinations)[order],
        lookup,
        radix,
        required,
        forbidden,
        _options([{}], scenario, terms, layout)[0],
        leave,
        _payable(table, layout, packages.fixed),
    )


def _payable(table: Table, layout: Layout, fixed: list[dict[str, str]]) -> Bools:
    paid = np.zeros(len(fixed))
    for issue in table.agenda[len(table.agenda) - table.paid_by :]:
        values = layout.levels[issue].values
        paid += [values[layout.level(issue, levels[issue])] for levels in fixed]
    return np.ones(len(fixed), bool) if table.payments is None else np.abs(paid) <= table.payments.most + 1e-9


def conditional(menu: Menu, layout: Layout) -> bool:
    """Whether it depends on the stocks which packages are admissible."""
    left = [c for c, _ in menu.required] + [c for _, c, _ in menu.forbidden]
    return any(reads_stocks(c, layout) for c in left)


def admissible(
    menu: Menu,
    layout: Layout,
    levels: Ints,
    stocks: Floats,
    forbid_on: list[Bools],
    open_issues: Bools,
    reach: tuple[Ints, Ints] | None = None,
) -> Bools:
    """Packages (N, M) that may be agreed: required and not forbidden, never undoing what can't be undone, not "no
    change".

    forbid_on: for each `forbid` of the table whether its claims hold (N,); open_issues (N, issues): whether an issue
    may change at all (its claims hold); reach: lowest and highest level (N, agenda) that each may be set to.
    """
    allowed = np.repeat(menu.payable[None], len(levels), axis=0)
    for left, where in menu.required:
        allowed &= ~where | holds(left, layout, levels, stocks)[:, None]
    for k, left, where in menu.forbidden:
        allowed &= ~(where & (forbid_on[k] & holds(left, layout, levels, stocks))[:, None])
    for a, issue in enumerate(menu.agenda):
        now, to = levels[:, [issue]], menu.levels[:, a]
        if not open_issues[:, issue].all():
            allowed &= open_issues[:, [issue]] | (to == now)
        if layout.irreversible[issue]:
            allowed &= to >= now
        if reach is not None:
            allowed &= (to >= reach[0][:, [a]]) & (to <= reach[1][:, [a]])
    if not menu.table.paid_by:
        np.put_along_axis(allowed, menu.index(levels)[:, None], False, axis=1)
        return allowed
    things = slice(None, -menu.table.paid_by)
    return allowed & (menu.levels[:, things] != levels[:, None, menu.agenda[things]]).any(axis=2)
