"""Bargaining while fighting with private power: battles inform. After Filson & Werner (2002) and Slantchev (2003).

AJPS 46(4):819–838; APSR 97(4):621–632; also Smith & Stam (2004), JCR 48(6):783–813. A and D hold units; A wins each
battle with p_W against a weak D (probability μ), p_S < p_W against a strong one. Each period A offers D a share; on a
refusal both pay, the loser of the battle loses a unit, and time is discounted. Without units a side has lost all.

The strong type never gets more than its value of fighting F_S. A either pays F_S to everybody (*pool*) or offers
less, refused by the strong and by just so many of the weak that the belief m after a refusal makes them indifferent.
(If battles cost so much that a strong D, fighting longer, would do worse than a weak one, the argument doesn't hold.)
The weak type's value falls in steps with the belief, so m is 0 (*separate*) or one of the jumps (*semi-sep*), and A's
value of each choice is linear in its belief: the equilibrium is an upper envelope of half-lines, exact without a grid.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from typing import NamedTuple

TIE = 1e-12


class War(NamedTuple):
    """p_W, p_S with 0 < p_S < p_W < 1; costs of a battle k_A, k_D > 0; discount factor in (0, 1]."""

    p_weak: float
    p_strong: float
    cost_a: float
    cost_d: float
    delta: float


class Choice(NamedTuple):
    """An offer: `kind`, `offer` (D's share; below 0 an indemnity), `after`: the belief m that a refusal leaves, and
    A's value once refused. At belief μ ≥ m the offer is accepted with probability (μ − m) / (1 − m)."""

    kind: str
    offer: float
    after: float
    refused: float

    def accepted(self, mu: float) -> float:
        return 1.0 if self.kind == "pool" else max(0.0, (mu - self.after) / (1 - self.after))

    def value(self, mu: float) -> float:
        yes = self.accepted(mu)
        return yes * (1 - self.offer) + (1 - yes) * self.refused

    def slope(self) -> float:
        return 0.0 if self.kind == "pool" else (1 - self.offer - self.refused) / (1 - self.after)


class Position(NamedTuple):
    """A state of the war: the fight values F_W, F_S, and A's best choice on each interval [starts_k, starts_{k+1})
    of beliefs."""

    fight_weak: float
    fight_strong: float
    starts: tuple[float, ...]
    choices: tuple[Choice, ...]

    def best(self, mu: float) -> Choice:
        """A's choice at belief mu; at a jump the one just above it."""
        return self.choices[bisect_right(self.starts, mu + TIE) - 1]


class Solver:
    """The equilibrium of every state of one war, each solved once.

    ValueError: parameters outside their ranges, or, from `position`, a state in which F_S < F_W.
    """

    def __init__(self, war: War):
        if not 0 < war.p_strong < war.p_weak < 1 or min(war.cost_a, war.cost_d) <= 0 or not 0 < war.delta <= 1:
            raise ValueError(f"{war}: 0 < p_strong < p_weak < 1, costs > 0, delta in (0, 1]")
        self.war = war
        self.position = cache(self._position)

    def bayes(self, mu: float, won: bool) -> float:
        """The belief in a weak D after a battle that A won or lost."""
        weak, strong = self._odds(won)
        return mu * weak / (mu * weak + (1 - mu) * strong)

    def before(self, mu: float, won: bool) -> float:
        """The belief from which such a battle leads to mu: `bayes` inverted."""
        weak, strong = self._odds(won)
        return mu * strong / (mu * strong + (1 - mu) * weak)

    def _odds(self, won: bool) -> tuple[float, float]:
        return (self.war.p_weak, self.war.p_strong) if won else (1 - self.war.p_weak, 1 - self.war.p_strong)

    def _position(self, a: int, d: int) -> Position:
        if a == 0 or d == 0:
            all_or_nothing = 1.0 if a == 0 else 0.0
            end = Choice("pool", all_or_nothing, 0.0, 0.0)
            return Position(all_or_nothing, all_or_nothing, (0.0,), (end,))
        won, lost = self.position(a, d - 1), self.position(a - 1, d)
        weak = self._after_battle(self.war.p_weak, won.fight_weak, lost.fight_weak)
        strong = self._after_battle(self.war.p_strong, won.fight_strong, lost.fight_strong)
        if weak > strong + TIE:
            raise ValueError(f"{self.war}: at {a} to {d} units fighting longer costs a strong D more than it wins")
        jumps = {self.before(s, True) for s in won.starts} | {self.before(s, False) for s in lost.starts}
        options = [Choice("pool", strong, 0.0, 0.0)] + [self._option(m, won, lost) for m in sorted(jumps)]
        starts, choices = _envelope(options)
        return Position(weak, strong, starts, choices)

    def _after_battle(self, p: float, won: float, lost: float) -> float:
        return -self.war.cost_d + self.war.delta * (p * won + (1 - p) * lost)

    def _option(self, m: float, won: Position, lost: Position) -> Choice:
        """Offer the weak type what refusing is worth to it once refusals leave belief m."""
        after_win, after_loss = self.bayes(m, True), self.bayes(m, False)
        best_won, best_lost = won.best(after_win), lost.best(after_loss)
        p = m * self.war.p_weak + (1 - m) * self.war.p_strong
        value = p * best_won.value(after_win) + (1 - p) * best_lost.value(after_loss)
        offer = self._after_battle(self.war.p_weak, best_won.offer, best_lost.offer)
        kind = "semi-sep" if m > TIE else "separate"
        return Choice(kind, offer, m, -self.war.cost_a + self.war.delta * value)


def _envelope(options: list[Choice]) -> tuple[tuple[float, ...], tuple[Choice, ...]]:
    """The best option on [0, 1], by interval, from left to right."""
    mu: float | None = 0.0
    starts: list[float] = []
    choices: list[Choice] = []
    while mu is not None:
        best = _best_from(options, mu)
        if not choices or abs(best.offer - choices[-1].offer) > TIE:
            starts.append(mu)
            choices.append(best)
        mu = _overtaken(options, best, mu)
    return tuple(starts), tuple(choices)


def _overtaken(options: list[Choice], best: Choice, mu: float) -> float | None:
    """Where some option first becomes better than `best` above mu: where it begins, or where it crosses."""
    points = []
    for option in options:
        if option.after > mu and option.value(option.after) > best.value(option.after) + TIE:
            points.append(option.after)
        elif option.slope() > best.slope() + TIE:
            points.append(max(option.after, _crossing(option, best)))
    return min((m for m in points if mu + TIE < m < 1), default=None)


def _crossing(one: Choice, other: Choice) -> float:
    """Where two lines meet, each read off at μ = 1, where every option is open."""
    return 1 - (one.value(1.0) - other.value(1.0)) / (one.slope() - other.slope())


def _best_from(options: list[Choice], mu: float) -> Choice:
    """The best option just above mu: among ties the one whose value rises fastest."""
    values = [(o.value(mu), o) for o in options if o.after <= mu + TIE]
    most = max(v for v, _ in values)
    return max((o for v, o in values if v >= most - TIE), key=lambda o: o.slope())


class Course(NamedTuple):
    """What happens. `settles`: {t: probability of settling at offer t}. `to_the_finish`: of fighting till one side has
    no unit. `beliefs`: {battles so far, as 'wl' for won then lost by A: (belief in a weak D, kind, offer)}."""

    settles: dict[int, float]
    to_the_finish: float
    beliefs: dict[str, tuple[float, str, float]]


def course(solver: Solver, a: int, d: int, mu: float) -> Course:
    """The equilibrium path from a ≥ 1, d ≥ 1 units and belief mu in [0, 1]."""
    settles: dict[int, float] = {}
    beliefs: dict[str, tuple[float, str, float]] = {}

    def follow(a: int, d: int, mu: float, chance: float, history: str) -> float:
        """The probability of a fight to the finish from here."""
        if a == 0 or d == 0:
            return chance
        choice = solver.position(a, d).best(mu)
        beliefs[history] = (mu, choice.kind, choice.offer)
        yes = choice.accepted(mu)
        settles[len(history) + 1] = settles.get(len(history) + 1, 0.0) + chance * yes
        left = chance * (1 - yes)
        if left <= 0:
            return 0.0
        m = choice.after
        win = m * solver.war.p_weak + (1 - m) * solver.war.p_strong
        won = follow(a, d - 1, solver.bayes(m, True), left * win, history + "w")
        return won + follow(a - 1, d, solver.bayes(m, False), left * (1 - win), history + "l")

    return Course(settles, follow(a, d, mu, 1.0, ""), beliefs)


def separation_threshold(war: War) -> float:
    """With one unit each A separates iff μ ≥ (k_A + k_D + 1 − δ) / (k_A + k_D + 1 − δ + δ(p_W − p_S))."""
    waste = war.cost_a + war.cost_d + 1 - war.delta
    return waste / (waste + war.delta * (war.p_weak - war.p_strong))
