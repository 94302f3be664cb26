"""What rival models are told of a scenario: where every actor stands on every issue and how much it cares, worked out
from our own payoffs in each world, and what the packages of each table gain its parties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.openings import Opening
from sim.analysis.textbook import solved
from sim.answers import STAKELESS
from sim.arrays import Bools, Floats, Ints, at_index, of_type
from sim.model import Negotiation
from sim.outlook import forecast
from sim.payoff.forms.share import Share
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from sim.montecarlo.draws import Draws
    from sim.talks import Talks

TIE = 1e-9  # of an actor's stakes: what is worth less apart is worth the same


@dataclass(frozen=True)
class Case:
    """N worlds, A actors, I issues.

    positions (N, A, I): where each actor would have an issue, as a level's number · salience (N, A, I): in [0, 1] ·
    capability (A,): at least 0 · start (I,): the status quo · span (I,): from the lowest to the highest level, above
    0 · levels: of each issue, their numbers · tables: of each table, which issues its packages set (the columns of I,
    −1: one that isn't counted) and what they gain its parties over the status quo.
    """

    positions: Floats
    salience: Floats
    capability: Floats
    start: Floats
    span: Floats
    levels: tuple[Floats, ...]
    tables: tuple[tuple[Ints, Opening], ...]

    @property
    def worlds(self) -> int:
        return len(self.positions)

    def settled(self, solve: Callable[..., int | None]) -> Floats:
        """The levels (N, I) of the package that a bargaining solution picks at every table; the status quo where no
        package gains all parties something."""
        found = np.repeat(self.start[None], self.worlds, axis=0)
        for columns, opening in self.tables:
            package = solved(opening, solve)
            deal = package >= 0
            for agenda, k in enumerate(columns):
                if k >= 0:
                    found[deal, k] = self.levels[k][opening.levels[package[deal], agenda]]
        return found


def counted_issues(scenario: Scenario) -> tuple[list[str], dict[str, str]]:
    """The issues that rivals speak of, and of the others why not."""
    terms = (i for interests in scenario.interests.values() for i in interests)
    divided = {f.variable for i in terms if isinstance(i, Share) for f in i.factors()}
    agendas = [i for t in scenario.tables.values() for i in t.agenda]
    why = {i: "a division of a pie has no order from low to high" for i in divided}
    why |= {i: "on no table's agenda" for i in scenario.issues if i not in agendas}
    why |= {i: "it has one level only" for i, issue in scenario.issues.items() if len(issue.levels.names) < 2}
    return [i for i in agendas if i not in why], why


def case_of(scenario: Scenario, draws: Draws, capability: Mapping[str, float]) -> Case:
    """The case in the worlds of `draws`, as things stand at the start, with everyone's true type. Capability: of each
    actor.

    An actor's position is its level of the issue in the package that is best for it of all that may be agreed at the
    table (or the status quo), kept from now on; of equally good ones the nearest to the status quo. Salience is how
    much its payoff varies with the issue, the rest being as in that package, as a share of the sum over all issues.
    """
    names, _ = counted_issues(scenario)
    model = Negotiation(scenario, draws)
    try:
        places = [model.layout.issues[i] for i in names]
        shape = (model.worlds, len(scenario.actors), len(names))
        positions, ranges, tables = np.zeros(shape), np.zeros(shape), []
        for talks in model.tables.values():
            columns = np.array([names.index(i) if i in names else -1 for i in talks.table.agenda])
            best, varies, opening = _at_table(talks)
            new = columns >= 0
            positions[:, :, columns[new]], ranges[:, :, columns[new]] = best[:, :, new], varies[:, :, new]
            tables.append((columns, opening))
        levels = tuple(model.layout.values[p] for p in places)
        start = np.array([v[model.state.levels[0, p]] for v, p in zip(levels, places, strict=True)])
    finally:
        model.close()
    total = ranges.sum(axis=2, keepdims=True)
    salience = np.divide(ranges, total, out=np.zeros_like(ranges), where=total > 0)
    weight = np.array([capability[a] for a in scenario.actors], float)
    span = np.array([v[-1] - v[0] for v in levels])
    return Case(positions, salience, weight, start, span, levels, tuple(tables))


def _at_table(talks: Talks) -> tuple[Floats, Floats, Opening]:
    """Every actor's positions and the ranges of its payoff (N, A, agenda), and what the parties gain."""
    actors, menu = list(talks.model.actors), talks.menu
    n, count = talks.model.worlds, menu.packages.count
    best, varies = np.zeros((2, n, len(actors), len(menu.agenda)))
    gains, allowed = np.zeros((n, len(talks.parties), count)), np.zeros((n, count), bool)
    for worlds in talks.portions(np.arange(n)):
        worth, allowed[worlds], now = _worth(talks, worlds)
        for a, name in enumerate(actors):
            value = worth[name]
            stakes = value.max(axis=1) - value.min(axis=1)
            ideal = _ideal(talks, value, stakes, allowed[worlds], now)
            for k in range(len(menu.agenda)):
                best[worlds, a, k] = talks.model.layout.values[menu.agenda[k]][menu.levels[ideal, k]]
                width = _range(talks, value, ideal, k, worlds)
                varies[worlds, a, k] = np.where(width > TIE * stakes + STAKELESS, width, 0.0)
            if name in talks.parties:
                over = value - at_index(value, now)[:, None]
                share = over / np.where(stakes < STAKELESS, 1.0, stakes)[:, None]
                gains[worlds, talks.parties.index(name)] = share
    return best, varies, Opening(gains, allowed, np.ones(n, bool), menu.levels)


def _worth(talks: Talks, worlds: Ints) -> tuple[dict[str, Floats], Bools, Ints]:
    """What every package, kept from now on, is worth to every actor (n, M), with its true type; which may be agreed;
    and which is the status quo (n,)."""
    model = talks.model
    talks.set_stakes(worlds, model.state.levels[worlds])  # side payments are shares of them
    others = [a for a in model.actors if a not in talks.members]
    fc = forecast(talks, worlds, model.state.levels[worlds], whole=False, onlookers=others)
    worth = {}
    for i, name in enumerate((*talks.members, *others)):
        kinds = np.array([fc.kept[i].at(k, 0) for k in range(len(fc.kept[i].still))])
        worth[name] = of_type(kinds, model.actor(name).kind[worlds])
    return worth, fc.admissible(0), fc.now


def _ideal(talks: Talks, value: Floats, stakes: Floats, allowed: Bools, now: Ints) -> Ints:
    """The best package (n,) of those allowed and the status quo; of equally good ones the nearest to that."""
    numbers = np.column_stack(
        [talks.model.layout.values[i][talks.menu.levels[:, k]] for k, i in enumerate(talks.menu.agenda)]
    )
    among = allowed.copy()
    among[np.arange(len(now)), now] = True
    value = np.where(among, value, -np.inf)
    good = value >= (value.max(axis=1) - TIE * stakes - STAKELESS)[:, None]
    far = np.abs(numbers - numbers[now][:, None]).sum(axis=2)
    return np.where(good, far, np.inf).argmin(axis=1)


def _range(talks: Talks, value: Floats, ideal: Ints, k: int, worlds: Ints) -> Floats:
    """How much the payoff varies (n,) with the k-th issue alone, from the ideal package; 0 where it may not change."""
    menu, issue = talks.menu, talks.menu.agenda[k]
    code = menu.levels[ideal] @ menu.radix - menu.levels[ideal, k] * menu.radix[k]
    steps = np.arange(len(talks.model.layout.values[issue])) * menu.radix[k]
    values = np.take_along_axis(value, menu.lookup[code[:, None] + steps], axis=1)
    return (values.max(axis=1) - values.min(axis=1)) * talks.model.open_issues[worlds, issue]
