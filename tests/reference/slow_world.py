"""One world of a scenario in plain loops and floats: what its states are worth, what a period's battle does.

Written from model.md alone, and sharing nothing with `sim` but the scenario as read, its priors and a world's draws.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sim.scenario.selectors import All, Any_, Not
from sim.streams import uniforms

MONTHS = {"day": 12 / 365.25, "week": 12 / 52, "month": 1.0, "quarter": 3.0, "year": 12.0, "round": 1.0}


class Now(NamedTuple):
    """A state: every issue's level (its index), every stock, every decaying term's factor, in the file's order."""

    levels: tuple[int, ...]
    stocks: tuple[float, ...]
    fades: tuple[float, ...]


class Profile(NamedTuple):
    """One combination of an actor's types; `values`: dimension -> the name of its value."""

    odds: float
    scale: dict[str, float]
    put: dict[str, float]
    values: dict[str, str]


def periods_of(scenario: Any, months: float) -> int:
    return round(months / MONTHS[scenario.period])


def profiles_of(actor: Any) -> list[Profile]:
    """Every combination of the actor's types, the first named dimension moving slowest."""
    dimensions = []
    for dimension, kinds in actor.types.items():
        if hasattr(kinds, "points"):
            at = [(k + 0.5) / kinds.points for k in range(kinds.points)]
            dimensions.append([
                Profile(1 / kinds.points, {t: float(p.ppf(q)) for t, p in kinds.scale.items()},
                        {t: float(p.ppf(q)) for t, p in kinds.set.items()}, {dimension: str(k + 1)})
                for k, q in enumerate(at)
            ])  # fmt: skip
        else:
            dimensions.append(
                [Profile(v.probability, dict(v.scale), dict(v.set), {dimension: n}) for n, v in kinds.items()]
            )
    found = []
    for combination in itertools.product(*dimensions):
        odds, scale, put, values = 1.0, {}, {}, {}
        for value in combination:
            odds *= value.odds
            put |= value.put
            values |= value.values
            for term, factor in value.scale.items():
                scale[term] = scale.get(term, 1.0) * factor
        found.append(Profile(odds, scale, put, values))
    return found


@dataclass
class World:
    """World `index` of a block of draws. `all_on` asks for the same world with every claim true."""

    scenario: Any
    draws: Any
    index: int
    seen: dict[Any, Any] = field(default_factory=dict)
    paid: dict[tuple[str, str], float] = field(default_factory=dict)  # (table, party): what a share of the stakes is

    def __post_init__(self) -> None:
        s, d, w = self.scenario, self.draws, self.index
        self.issues, self.stocks = list(s.issues), list(s.stocks)
        self.discount = {a: float(d.discount[a][w]) for a in s.actors}
        self.kind = {a: int(d.kind[a][w]) for a in s.actors}
        self.profiles = {a: profiles_of(actor) for a, actor in s.actors.items()}
        self.fading = [(a, i.term) for a, terms in s.interests.items() for i in terms if i.form == "decaying"]
        self.weights = {(a, on): self._weights(a, on) for a in s.actors for on in (False, True)}
        self.lines = [(s, k, line) for s, stock in s.stocks.items() for k, line in enumerate(stock.change)]

    def uniform(self, purpose: str, period: int | None = None) -> float:
        """The world's number for a purpose, drawn once or (with `period`) anew in every period."""
        d, key = self.draws, ("uniform", purpose, period is None)
        if key not in self.seen:
            self.seen[key] = uniforms(d.seed, d.block, purpose, None if period is None else self.scenario.horizon)
        found = self.seen[key] if period is None else self.seen[key][period]
        return float(found[d.keep][self.index])

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

    def along(self, hazard: Any, now: Now) -> float:
        """A hazard that follows a stock in a straight line."""
        low, high = self.scenario.stocks[hazard.along].range
        share = (self.number(hazard.along, now) - low) / (high - low)
        return hazard.at_low + (hazard.at_high - hazard.at_low) * share

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
        if term.form == "payment":
            return -v if term.pays else v
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
            paid = 0.0 if all_on else self._paid(actor, shapes)
            self.seen[key] = [sum(w * f for w, f in zip(row, shapes, strict=True)) + paid for row in rows]
        return self.seen[key]

    def _paid(self, actor: str, shapes: list[float]) -> float:
        """What side payments are worth to an actor: shares of its stakes where they are made."""
        terms = self.scenario.interests.get(actor, ())
        made = ((t.table, f) for t, f in zip(terms, shapes, strict=True) if t.form == "payment")
        return sum(self.paid.get((table, actor), 0.0) * f for table, f in made)

    def pay_by(self, table: str, stakes: dict[str, float]) -> None:
        """The stakes at a table are known: what was worked out without them is forgotten."""
        if self.scenario.tables[table].payments is not None:
            self.paid.update({(table, party): r for party, r in stakes.items()})
            self.seen = {k: v for k, v in self.seen.items() if k[0] in ("uniform", "cdf")}

    # --- what a period changes ------------------------------------------------------------------------------------

    def active(self, line: Any, now: Now, all_on: bool = False) -> bool:
        """Whether a stock's line of change holds."""
        return self.backed(line.claims, all_on) and self.holds(line.when, now)

    def battle(self, now: Now, amounts: dict[tuple[str, int], float], all_on: bool = False) -> Now:
        """The state after a period's battle, `amounts` being what each line adds where it holds."""
        stocks = []
        for name, value in zip(self.stocks, now.stocks, strict=True):
            stock = self.scenario.stocks[name]
            for k, line in enumerate(stock.change):
                if self.active(line, now, all_on):
                    value += amounts[name, k]
            stocks.append(min(max(value, stock.range[0]), stock.range[1]))
        after = Now(now.levels, tuple(stocks), now.fades)
        fades = []
        for (actor, name), factor in zip(self.fading, now.fades, strict=True):
            term = next(i for i in self.scenario.interests[actor] if i.term == name)
            fades.append(factor * 0.5 ** (1 / term.half_life) if self.holds(term.since, after) else 1.0)
        return Now(now.levels, tuple(stocks), tuple(fades))

    def put(self, now: Now, levels: dict[str, int], all_on: bool = False) -> Now:
        """The state with some issues set. What is closed stays at its start; what is irreversible doesn't go back."""
        found = list(now.levels)
        for name, level in levels.items():
            k, issue = self.issues.index(name), self.scenario.issues[name]
            if self.backed(issue.claims, all_on) and not (issue.irreversible and level < found[k]):
                found[k] = level
        return Now(tuple(found), now.stocks, now.fades)

    def imposed(self, now: Now, sets: dict[str, str], all_on: bool = False) -> Now:
        """The state that a breakdown, a walk-out, a breach or an event leaves."""
        return self.put(now, {i: self.scenario.issues[i].levels.names.index(v) for i, v in sets.items()}, all_on)

    def of(self, issue: str, now: Now) -> int:
        return now.levels[self.issues.index(issue)]
