"""Backward induction at one table (model.md §3): what refusing is worth, and who would propose what. Arrays in,
arrays out.

Beliefs are held in the look-ahead as they are now; the value of a type uses that type's chance of assent, not its own
resolve. Lists run over the table's parties; K types, n worlds. Packages are the trailing axis: all M of them as (n,
M) at the meeting now, or as flat cells (C,) in the look-ahead; `spread` carries a quantity of the world (n,) to
either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from itertools import product

import numpy as np

from sim.arrays import Bools, Floats
from sim.beliefs import TIE, resolve_cdf
from sim.cells import Cells, Flat, individually_rational
from sim.forecast import Forecast
from sim.menu import BREAKDOWN, WALK_AWAY
from sim.scenario.laws import Prior

STAKELESS = 1e-12
Spread = Callable[[Floats], Floats]
Consent = Callable[[Cells, int], Floats | None]


@dataclass
class Belief:
    """What the others know of one party: its resolve's prior, the odds of its types (K, n), what each type has
    refused (K, n), and its stakes R (n,). `leaves`: whether it may walk away instead of answering."""

    resolve: Prior
    odds: Floats
    low: Floats
    stakes: Floats
    leaves: bool

    def tolerance(self) -> Floats:
        return TIE * self.stakes + STAKELESS


@dataclass
class Stance:
    """One party at one meeting: values A (K, n, M) or (K, C), no deal N (K, n), refusing W (K, n), walking away o (K,
    n) or None."""

    agreed: Floats
    no_deal: Floats
    refuse: Floats
    out: Floats | None

    def walks(self, belief: Belief) -> Bools:
        assert self.out is not None
        return self.out > self.refuse + belief.tolerance()


def dense(values: Floats) -> Floats:
    return values[:, None]


def gains(agreed: Floats, no_deal: Floats, stakes: Floats) -> Floats:
    """x (n, M): what each package gains over no deal, as a share of the stakes; ±∞ without stakes, so that resolve
    plays no part."""
    difference = agreed - no_deal[:, None]
    some = (stakes >= STAKELESS)[:, None]
    x = difference / np.where(some, stakes[:, None], 1.0)
    return np.where(some, x, np.where(difference >= -STAKELESS, np.inf, -np.inf))


@dataclass
class AssentRule:
    """How one party is expected to answer: what of a belief stays the same through a look-ahead, carried to the shape
    of the packages once.

    per_stake: 1/R (0 without stakes) · staked: 0 where the party has no stakes, None if it has some everywhere ·
    least (K, n): gain that it takes to be accepted at all, for what was refused isn't · refused, rescale: F(low) and
    1/(1 − F(low)) of each type, None while nothing was refused.
    """

    belief: Belief
    spread: Spread
    per_stake: Floats
    staked: Floats | None
    least: Floats
    refused: list[Floats | None]
    rescale: list[Floats | None]

    @classmethod
    def of(cls, belief: Belief, spread: Spread = dense) -> AssentRule:
        some = belief.stakes >= STAKELESS
        low = np.where(belief.low >= 0, belief.low + TIE, -TIE)
        past = [resolve_cdf(belief.resolve, v) for v in belief.low]
        left = [np.where(f < 1, 1 / np.where(f < 1, 1 - f, 1.0), 0.0) for f in past]
        return cls(
            belief,
            spread,
            spread(np.where(some, 1 / np.where(some, belief.stakes, 1.0), 0.0)),
            None if some.all() else spread(some * 1.0),
            np.where(some, low * belief.stakes, -STAKELESS),
            [spread(f) if f.any() else None for f in past],
            [spread(r) if f.any() else None for f, r in zip(past, left, strict=True)],
        )

    def likely(self, agreed: Floats, no_deal: Floats, kind: int) -> Floats:
        """Pr(r ≤ x | r > low) of one type where x ≥ 0 (elsewhere the caller's own condition makes it 0)."""
        p = self.belief.resolve.cdf((agreed - self.spread(no_deal)) * self.per_stake + TIE)
        refused, rescale = self.refused[kind], self.rescale[kind]
        if refused is not None and rescale is not None:
            p = (p - refused) * rescale
        return p if self.staked is None else p * self.staked + (1 - self.staked)

    def assent(self, stance: Stance, kind: int, least: Floats) -> Floats:
        """P: the others' chance that this type accepts each package, `least` (n,) being what it is worth to refuse."""
        a, no_deal = stance.agreed[kind], stance.no_deal[kind]
        needed = np.maximum(least - self.belief.tolerance(), no_deal + self.least[kind])
        return self.likely(a, no_deal, kind) * (a >= self.spread(needed))


def fallback(i: int, j: int, beliefs: list[Belief], stances: list[Stance]) -> Floats:
    """What refusing j's proposal is worth to responder i: (K, n). Who may walk away takes the better; when one party
    leaves, all get what that leaves them."""
    refuse, out = stances[i].refuse, stances[i].out
    walker = next((w for w in range(len(beliefs)) if w != j and beliefs[w].leaves), None)
    if walker is None or out is None:
        return refuse
    if walker == i:
        return np.maximum(out, refuse)
    leaves = stances[walker].walks(beliefs[walker])
    return reduce(
        np.add, [o * np.where(gone, out, refuse) for o, gone in zip(beliefs[walker].odds, leaves, strict=True)]
    )


@dataclass
class Proposal:
    """How a proposal by party j looks to type k of j: `score` is the expected gain of each package over proposing
    nothing."""

    score: Floats
    nothing: Floats


def proposals(
    j: int, beliefs: list[Belief], stances: list[Stance], answers: list[list[Floats]], spread: Spread = dense
) -> list[Proposal]:
    """For each type of proposer j: E_j(a) − E_j(nothing), and E_j(nothing) (n,). `answers[i][τ]`: P of responder i's
    types.

    If a responder would rather walk away than wait, a refusal ends the talks, and j gets its own value of that.
    """
    others = [i for i in range(len(beliefs)) if i != j]
    walker = next((i for i in others if beliefs[i].leaves), None)
    rest = [mean(beliefs[i].odds, answers[i], spread) for i in others if i != walker]
    found = []
    for k in range(len(stances[j].agreed)):
        a, w = stances[j].agreed[k], stances[j].refuse[k]
        if walker is None:
            found.append(Proposal(reduce(np.multiply, rest) * (a - spread(w)), w))
            continue
        leaves, out = stances[walker].walks(beliefs[walker]), stances[j].out
        assert out is not None
        score, nothing = np.zeros_like(a), np.zeros_like(w)
        for tau, odds in enumerate(beliefs[walker].odds):
            fall = np.where(leaves[tau], out[k], w)
            score += spread(odds) * answers[walker][tau] * (a - spread(fall))
            nothing += odds * fall
        found.append(Proposal(reduce(np.multiply, rest, score), nothing))
    return found


def mean(odds: Floats, arrays: list[Floats], spread: Spread = dense) -> Floats:
    """Mean over types: odds (K, n), one array for each type."""
    if len(arrays) == 1:
        return arrays[0]
    return reduce(np.add, [spread(o) * a for o, a in zip(odds, arrays, strict=True)])


def meeting(
    recognition: tuple[float, ...], rules: list[AssentRule], stances: list[Stance], cells: Cells, chance: Floats | None
) -> list[Floats]:
    """V_i (K, n) of a meeting in the look-ahead, before anyone knows who proposes what; the mean over tied packages.

    chance: (C,) that a package on which all agree stands (third parties consent; 0 where it is not admissible at this
    time), or None where all do.
    """
    n, beliefs, spread = len(rules), [e.belief for e in rules], cells.spread
    values = [np.zeros_like(s.refuse) for s in stances]
    for j in range(n):
        rho = recognition[j]
        if rho == 0:
            continue
        others = [i for i in range(n) if i != j]
        fallbacks = {i: fallback(i, j, beliefs, stances) for i in others}
        answers: list[list[Floats]] = [[] for _ in range(n)]
        for i in others:
            answers[i] = [rules[i].assent(stances[i], k, fallbacks[i][k]) for k in range(len(fallbacks[i]))]
            values[i] += rho * fallbacks[i]
        for k, p in enumerate(proposals(j, beliefs, stances, answers, spread)):
            own = rules[j].assent(stances[j], k, p.nothing)
            if chance is not None:
                own = own * chance
            score = own * p.score
            best = cells.most(score)
            some = best > beliefs[j].tolerance()
            values[j][k] += rho * (p.nothing + np.where(some, best, 0.0))
            chosen = cells.winners(score, np.where(some, best - TIE * beliefs[j].stakes, np.inf))
            for i in others:
                company = [mean(beliefs[m].odds, answers[m], spread) for m in others if m != i]
                for tau in range(len(fallbacks[i])):
                    gain = chosen.mean(stances[i].agreed[tau], fallbacks[i][tau], own, answers[i][tau], *company)
                    values[i][tau] += rho * beliefs[j].odds[k] * gain
    return values


def nash_end(
    fc: Forecast,
    flat: list[Flat],
    cells: Cells,
    rules: list[AssentRule],
    shares: tuple[float, ...],
    chance: Floats | None,
) -> list[Floats]:
    """V_i (K, n) at the end of the look-ahead: the asymmetric Nash solution, accepted with probability π (model.md §3).

    What alternating offers tend to (Binmore, Rubinstein & Wolinsky 1986): power ρ_i / (−log e_i), e_i = (1−b) δ_i, no
    deal as the disagreement point; an option to walk away is a constraint (Binmore, Shaked & Sutton 1989).
    """
    t, parties, beliefs, spread = fc.steps, range(len(rules)), [e.belief for e in rules], cells.spread
    allowed = fc.admissible(t)[cells.row, cells.package]
    no_deal = [fc.no_deal[i][0][:, t] for i in parties]
    outside = [fc.left(WALK_AWAY, i)[:, t] if beliefs[i].leaves else no_deal[i] for i in parties]
    values = [v.copy() for v in no_deal]
    patience = [-np.log(np.maximum((1 - fc.rules.hazard) * fc.parties[i].delta, 1e-300)) for i in parties]
    power = [s / p for s, p in zip(shares, patience, strict=True)]
    total = np.maximum(reduce(np.add, power), 1e-300)
    agreed = [flat[i].at(t) for i in parties]
    for profile in product(*(range(len(v)) for v in values)):
        surplus, good = np.zeros(len(cells.row)), allowed
        likely = np.ones(len(cells.row)) if chance is None else chance
        for i, k in enumerate(profile):
            gain = agreed[i][k] - spread(no_deal[i][k])
            floor = np.maximum(no_deal[i][k], outside[i][k]) - beliefs[i].tolerance()
            good = good & (agreed[i][k] >= spread(floor))
            part = np.where(beliefs[i].stakes >= STAKELESS, power[i] / total, 0.0)
            surplus += spread(part) * np.log(np.maximum(gain, 1e-300))
            needed = no_deal[i][k] + rules[i].least[k]
            likely = likely * rules[i].likely(agreed[i][k], no_deal[i][k], k) * (agreed[i][k] >= spread(needed))
        surplus = np.where(good, surplus, -np.inf)
        best = cells.most(surplus)
        chosen = cells.winners(surplus, np.where(np.isfinite(best), best - TIE, np.inf))
        for i, k in enumerate(profile):
            weight = reduce(np.multiply, [beliefs[m].odds[profile[m]] for m in parties if m != i], np.ones(fc.n))
            values[i][k] += weight * chosen.mean(agreed[i][k], no_deal[i][k], likely)
    return values


def solve(
    fc: Forecast,
    beliefs: list[Belief],
    consent: Consent,
    recognitions: list[tuple[float, ...]],
    shares: tuple[float, ...],
) -> list[Floats]:
    """V_i(1) (K, n): what each type expects of the talks from the next period on.

    consent(cells, t): the chance (C,) that every third party asked lets a package pass, or None where nobody is asked.
    recognitions[t]: who proposes at the meeting t periods from now. With `talks_end` nothing is agreed after the
    look-ahead.
    """
    cells = Cells.of(individually_rational(fc, [m.tolerance() for m in beliefs]))
    rules = [AssentRule.of(m, cells.spread) for m in beliefs]
    flat = [Flat.of(v, cells) for v in fc.values[: len(beliefs)]]
    if fc.ahead.talks_end:
        values = [no_deal[:, fc.steps] for no_deal, _ in fc.no_deal[: len(beliefs)]]
    else:
        values = nash_end(fc, flat, cells, rules, shares, consent(cells, fc.steps))
    ends = [fc.left(BREAKDOWN, i) if BREAKDOWN in fc.leaving else None for i in range(len(beliefs))]
    outs = [fc.left(WALK_AWAY, i) if WALK_AWAY in fc.leaving else None for i in range(len(beliefs))]
    for t in range(fc.steps - 1, 0, -1):
        stances = []
        for i, f in enumerate(flat):
            stances.append(stance(fc, i, t, values[i], f.at(t), ends[i], outs[i]))
        may = fc.admissible(t)
        chance = consent(cells, t)
        if may is not fc.admissible(0):
            chance = may[cells.row, cells.package] * (1.0 if chance is None else chance)
        values = meeting(recognitions[t], rules, stances, cells, chance)
    return values


def stance(
    fc: Forecast, i: int, t: int, later: Floats, agreed: Floats, ends: Floats | None, outs: Floats | None
) -> Stance:
    """Party i at time t, given V_i(t+1) (K, n): what refusing and walking away are worth."""
    no_deal, flows = fc.no_deal[i]
    b, delta = fc.rules.hazard, fc.parties[i].delta
    refuse = (1 - delta) * flows[:, t] + delta * later
    if ends is not None:
        refuse = b * ends[:, t] + (1 - b) * refuse
    return Stance(agreed, no_deal[:, t], refuse, None if outs is None else outs[:, t])
