"""One world of a scenario in plain loops and floats: what its states are worth, where they drift, what is admissible.

Written from model.md alone, and sharing nothing with `sim` but the scenario as read, its priors and a world's draws.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sim.scenario.selectors import All, Any_, Not

FOLLOWED_MONTHS = 48
MONTHS = {"day": 12 / 365.25, "week": 12 / 52, "month": 1.0, "quarter": 3.0, "year": 12.0, "round": 1.0}


class Now(NamedTuple):
    """A state: every issue's level (its index), every stock, every decaying term's factor, in the file's order."""

    levels: tuple[int, ...]
    stocks: tuple[float, ...]
    fades: tuple[float, ...]


class Profile(NamedTuple):
    odds: float
    scale: dict[str, float]
    put: dict[str, float]


def periods_of(scenario: Any, months: float) -> int:
    return round(months / MONTHS[scenario.period])


def profiles_of(actor: Any) -> list[Profile]:
    """Every combination of the actor's types, the first named dimension moving slowest."""
    dimensions = []
    for kinds in actor.types.values():
        if hasattr(kinds, "points"):
            at = [(k + 0.5) / kinds.points for k in range(kinds.points)]
            dimensions.append([
                Profile(1 / kinds.points, {t: float(p.ppf(q)) for t, p in kinds.scale.items()},
                        {t: float(p.ppf(q)) for t, p in kinds.set.items()})
                for q in at
            ])  # fmt: skip
        else:
            dimensions.append([Profile(v.probability, dict(v.scale), dict(v.set)) for v in kinds.values()])
    found = []
    for combination in itertools.product(*dimensions):
        odds, scale, put = 1.0, {}, {}
        for value in combination:
            odds *= value.odds
            put |= value.put
            for term, factor in value.scale.items():
                scale[term] = scale.get(term, 1.0) * factor
        found.append(Profile(odds, scale, put))
    return found


@dataclass
class World:
    """World `index` of a block of draws. `all_on` asks for the same world with every claim true."""

    scenario: Any
    draws: Any
    index: int
    seen: dict[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        s, d, w = self.scenario, self.draws, self.index
        self.issues, self.stocks = list(s.issues), list(s.stocks)
        self.discount = {a: float(d.discount[a][w]) for a in s.actors}
        self.kind = {a: int(d.kind[a][w]) for a in s.actors}
        self.profiles = {a: profiles_of(actor) for a, actor in s.actors.items()}
        self.fading = [(a, i.term) for a, terms in s.interests.items() for i in terms if i.form == "decaying"]
        self.weights = {(a, on): self._weights(a, on) for a in s.actors for on in (False, True)}

    def backed(self, claims: tuple[str, ...], all_on: bool = False) -> bool:
        return all_on or not claims or any(bool(self.draws.claims[c][self.index]) for c in claims)

    def start(self) -> Now:
        levels = tuple(i.levels.names.index(str(i.start)) for i in self.scenario.issues.values())
        stocks = tuple(float(self.draws.start[s][self.index]) for s in self.stocks)
        return Now(levels, stocks, (1.0,) * len(self.fading))

    # --- conditions and values of a state -------------------------------------------------------------------------

    def number(self, name: str, now: Now) -> float:
        """The number that stands for an issue's level, or a stock."""
        if name in self.issues:
            return self.scenario.issues[name].levels.values[now.levels[self.issues.index(name)]]
        return now.stocks[self.stocks.index(name)]

    def holds(self, when: Any, now: Now) -> bool:
        if isinstance(when, All):
            return all(self.holds(p, now) for p in when.parts)
        if isinstance(when, Any_):
            return any(self.holds(p, now) for p in when.parts)
        if isinstance(when, Not):
            return not self.holds(when.part, now)
        if when.variable in self.issues:
            names = self.scenario.issues[when.variable].levels.names
            here: float = now.levels[self.issues.index(when.variable)]
            bounds = [float(names.index(v)) for v in when.values]
        else:
            here, bounds = self.number(when.variable, now), [float(v) for v in when.values]
        if when.how == "is":
            return here in bounds
        if when.how == "at_least":
            return here >= bounds[0]
        return here < bounds[0] if when.how == "below" else bounds[0] <= here <= bounds[1]

    def shape(self, actor: str, term: Any, now: Now, all_on: bool) -> float:
        """φ of one term."""
        if not self.holds(term.when, now):
            return 0.0
        if term.form == "constant":
            return 1.0
        if term.form == "regard":
            return self.regarded(term.actor, now, all_on)
        if term.form == "product":
            value = 1.0
            for name in term.of:
                value *= self.number(name, now)
            return value
        v = self.number(term.of, now)
        if term.form == "linear":
            return v
        if term.form == "ideal":
            return -abs(v - term.at)
        if term.form == "threshold":
            return 1.0 if v >= term.at - 1e-12 else 0.0
        assert term.form == "decaying"
        return v * now.fades[self.fading.index((actor, term.term))]

    def _weights(self, actor: str, all_on: bool) -> list[list[float]]:
        """Weight of every term under every profile: normalised with all claims on, then claims, then types."""
        terms = self.scenario.interests.get(actor, ())
        raw = [float(self.draws.weights[actor, i.term][self.index]) for i in terms]
        total = sum(abs(w) for w in raw)
        norm = total if self.scenario.normalise and total > 0 else 1.0
        found = []
        for profile in self.profiles[actor]:
            row = []
            for term, drawn in zip(terms, raw, strict=True):
                weight = profile.put.get(term.term, drawn) * profile.scale.get(term.term, 1.0) / norm
                row.append(weight if self.backed(term.claims, all_on) else 0.0)
            found.append(row)
        return found

    def regarded(self, actor: str, now: Now, all_on: bool) -> float:
        """Flow utility of another's own terms, its types at their prior mean."""
        total = 0.0
        for profile, row in zip(self.profiles[actor], self.weights[actor, all_on], strict=True):
            for term, weight in zip(self.scenario.interests.get(actor, ()), row, strict=True):
                if term.form != "regard":
                    total += profile.odds * weight * self.shape(actor, term, now, all_on)
        return total

    def flow(self, actor: str, now: Now, all_on: bool = False) -> list[float]:
        """u of a state, for each of the actor's profiles."""
        key = ("flow", actor, now, all_on)
        if key not in self.seen:
            shapes = [self.shape(actor, t, now, all_on) for t in self.scenario.interests.get(actor, ())]
            rows = self.weights[actor, all_on]
            self.seen[key] = [sum(w * f for w, f in zip(row, shapes, strict=True)) for row in rows]
        return self.seen[key]

    # --- where a state goes ---------------------------------------------------------------------------------------

    def battle(self, now: Now, amounts: dict[tuple[str, int], float] | None, all_on: bool = False) -> Now:
        """The state after a period's battle; `amounts` of the lines, their means in a forecast."""
        key = ("battle", now, all_on)
        if amounts is None and key in self.seen:
            return self.seen[key]
        stocks = []
        for name, value in zip(self.stocks, now.stocks, strict=True):
            stock = self.scenario.stocks[name]
            for k, line in enumerate(stock.change):
                if self.backed(line.claims, all_on) and self.holds(line.when, now):
                    value += line.by.mean() if amounts is None else amounts[name, k]
            stocks.append(min(max(value, stock.range[0]), stock.range[1]))
        after = Now(now.levels, tuple(stocks), now.fades)
        fades = []
        for (actor, name), factor in zip(self.fading, now.fades, strict=True):
            term = next(i for i in self.scenario.interests[actor] if i.term == name)
            fades.append(factor * 0.5 ** (1 / term.half_life) if self.holds(term.since, after) else 1.0)
        after = Now(now.levels, tuple(stocks), tuple(fades))
        if amounts is None:
            self.seen[key] = after
        return after

    def stay(self, actor: str, now: Now, periods: int, all_on: bool = False) -> list[float]:
        """Average discounted value, by profile, of the levels as they are for good: `periods` battles, then frozen."""
        key = ("stay", actor, now, periods, all_on)
        if key not in self.seen:
            after = self.battle(now, None, all_on)
            here = self.flow(actor, after, all_on)
            d = self.discount[actor]
            if periods <= 1:
                self.seen[key] = here
            else:
                later = self.stay(actor, after, periods - 1, all_on)
                self.seen[key] = [(1 - d) * u + d * v for u, v in zip(here, later, strict=True)]
        return self.seen[key]

    # --- what may be agreed or imposed ----------------------------------------------------------------------------

    def put(self, now: Now, levels: dict[str, int], all_on: bool = False) -> Now:
        """The state with some issues set. What is closed stays at its start; what is irreversible doesn't go back."""
        found = list(now.levels)
        for name, level in levels.items():
            k, issue = self.issues.index(name), self.scenario.issues[name]
            if self.backed(issue.claims, all_on) and not (issue.irreversible and level < found[k]):
                found[k] = level
        return Now(tuple(found), now.stocks, now.fades)

    def imposed(self, now: Now, sets: dict[str, str], all_on: bool = False) -> Now:
        """The state that a breakdown or a walk-out leaves."""
        return self.put(now, {i: self.scenario.issues[i].levels.names.index(v) for i, v in sets.items()}, all_on)

    def combinations(self, table: Any) -> list[tuple[int, ...]]:
        """Every package of a table, the first issue of the agenda moving slowest."""
        return list(itertools.product(*(range(len(self.scenario.issues[i].levels.names)) for i in table.agenda)))

    def admissible(self, table: Any, package: tuple[int, ...], now: Now, all_on: bool = False) -> bool:
        """Whether a package changes something, may be carried out, and is required and not forbidden in this state."""
        asked = dict(zip(table.agenda, package, strict=True))
        then = self.put(now, asked, all_on)
        done = all(then.levels[self.issues.index(i)] == level for i, level in asked.items())
        if then.levels == now.levels or not done or not self.holds(table.require, then):
            return False
        return not any(self.holds(f.when, then) for f in table.forbid if self.backed(f.claims, all_on))
