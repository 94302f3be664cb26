"""How parties answer: what refusing is worth to each, and the chance that the others see for its assent. Arrays in,
arrays out.

Lists run over the table's parties; K types, n worlds. Packages are the trailing axis: all M of them as (n, M) at the
meeting now, or as flat cells (C,) in a look-ahead; `spread` carries a quantity of the world (n,) to either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import reduce

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.beliefs import TIE, Hidden

STAKELESS = 1e-12
Spread = Callable[[Floats], Floats]


@dataclass
class Belief:
    """What the others know of one party: its resolve, the odds of its types (K, n), what each type has refused (K,
    n), and its stakes R (n,). `leaves`: whether it may walk away instead of answering; `outvoted`: whether a deal may
    bind it against its will."""

    resolve: Hidden
    odds: Floats
    low: Floats
    stakes: Floats
    leaves: bool
    outvoted: bool = False

    def take(self, who: Ints) -> Belief:
        resolve, stakes = self.resolve.take(who), self.stakes[who]
        return replace(self, resolve=resolve, odds=self.odds[:, who], low=self.low[:, who], stakes=stakes)

    def floor(self, no_deal: Floats, refuse: Floats) -> Floats:
        """What a gain is measured from: no deal, or refusing where something worse can be imposed."""
        return np.minimum(no_deal, refuse) if self.outvoted else no_deal

    def tolerance(self) -> Floats:
        return TIE * self.stakes + STAKELESS


@dataclass
class Stance:
    """One party at one meeting: values A (K, n, M) or (K, C), no deal N (K, n), refusing W (K, n), walking away o (K,
    n) or None. `kept`: A if what lapses were renewed for ever, from which gains are measured."""

    agreed: Floats
    kept: Floats
    no_deal: Floats
    refuse: Floats
    out: Floats | None

    def take(self, who: Ints) -> Stance:
        agreed = self.agreed[:, who]
        kept = agreed if self.kept is self.agreed else self.kept[:, who]
        out = None if self.out is None else self.out[:, who]
        return Stance(agreed, kept, self.no_deal[:, who], self.refuse[:, who], out)

    def walks(self, belief: Belief) -> Bools:
        assert self.out is not None
        return self.out > self.refuse + belief.tolerance()


@dataclass
class Onlooker:
    """A member that neither proposes nor answers, by its place in the forecast. `truths`: (party, what that party is
    known to be) for each thing that it may know; its values then have one row for each, else one for each own type.
    third: which of those asked for consent it is; of type `kind`, if its rows don't tell."""

    place: int
    truths: list[tuple[int, Belief]] = field(default_factory=list)
    third: int | None = None
    kind: int | None = None

    def consents(self, row: int) -> tuple[int, int] | None:
        """Which third party it is, and of what type, in one row of its values."""
        return None if self.third is None else (self.third, row if self.kind is None else self.kind)


def dense(values: Floats) -> Floats:
    return values[:, None]


def gains(agreed: Floats, no_deal: Floats, stakes: Floats) -> Floats:
    """x (n, M): what each package gains over no deal, as a share of the stakes; ±∞ without stakes, so that resolve
    plays no part."""
    difference = agreed - no_deal[:, None]
    some = (stakes >= STAKELESS)[:, None]
    if some.all():
        return difference / stakes[:, None]
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
    resolve: Hidden
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
        past = [belief.resolve.cdf(v + TIE) for v in belief.low]  # who ties accepts
        left = [np.where(f < 1, 1 / np.where(f < 1, 1 - f, 1.0), 0.0) for f in past]
        return cls(
            belief,
            belief.resolve.carried(spread),
            spread,
            spread(np.where(some, 1 / np.where(some, belief.stakes, 1.0), 0.0)),
            None if some.all() else spread(some * 1.0),
            np.where(some, low * belief.stakes, -STAKELESS),
            [spread(f) if f.any() else None for f in past],
            [spread(r) if f.any() else None for f, r in zip(past, left, strict=True)],
        )

    def likely(self, agreed: Floats, no_deal: Floats, kind: int) -> Floats:
        """Pr(r ≤ x | r > low) of one type where x ≥ 0 (elsewhere the caller's own condition makes it 0)."""
        p = self.resolve.above((agreed - self.spread(no_deal)) * self.per_stake + TIE)
        refused, rescale = self.refused[kind], self.rescale[kind]
        if refused is not None and rescale is not None:
            p = (p - refused) * rescale
        return p if self.staked is None else p * self.staked + (1 - self.staked)

    def assent(self, stance: Stance, kind: int, least: Floats) -> Floats:
        """P: the others' chance that this type accepts each package, `least` (n,) being what it is worth to refuse."""
        floor = self.belief.floor(stance.no_deal[kind], least)
        patient, gainful = least - self.belief.tolerance(), floor + self.least[kind]
        a, kept = stance.agreed[kind], stance.kept[kind]
        likely = self.likely(kept, floor, kind)
        if stance.kept is stance.agreed:
            likely *= a >= self.spread(np.maximum(patient, gainful))
        else:
            likely *= (a >= self.spread(patient)) & (kept >= self.spread(gainful))
        return likely


def fallback(i: int, j: int, beliefs: list[Belief], stances: list[Stance]) -> Floats:
    """What refusing j's proposal is worth to responder i: (K, n). Who may walk away takes the better; when one party
    leaves, all get what that leaves them. Whoever stands behind the parties in `stances` only looks on."""
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


def mean(odds: Floats, arrays: list[Floats], spread: Spread = dense) -> Floats:
    """Mean over types: odds (K, n), one array for each type."""
    if len(arrays) == 1:
        return arrays[0]
    return reduce(np.add, [spread(o) * a for o, a in zip(odds, arrays, strict=True)])
