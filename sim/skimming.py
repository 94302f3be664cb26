"""Skimming: one meeting at which an informed responder has types that differ in eagerness. Arrays in, arrays out.

Refusals cut the eager off (Fudenberg, Levine & Tirole 1985), so a belief is one number: the mass q of the types still
there, the least eager first. Whoever lies above a cut-off c(a) accepts package a, which leaves min(q, c(a)); the type
at the cut-off accepts with just the probability that keeps it indifferent.

Let F(q) be q times the proposer's value, and F' the same for waiting. Offering a gives (q − c(a)) A_j(a) + F'(c(a)): a
line that starts on F'. So F is an upper envelope of lines, known exactly by its edges: no grid of beliefs, whose
rounding would grow from period to period. Offers get tougher as q rises. At an edge the proposer is indifferent
between two of them; once a refusal has led there, it mixes so that the type at the margin was indifferent (as in Gul,
Sonnenschein & Wilson 1986, JET 39:155–190).

A cut-off is unique where one order of eagerness holds for all packages, now and later. `skims` is False where none
does; nothing here holds there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import Bools, Floats, Ints

MASS = 1e-9  # a share of types that is as good as none
BELOW, ABOVE = -MASS, MASS


@dataclass
class Waiting:
    """What refusing is worth: add (n,) or (K, n) + keep (n,) · V(t + 1).

    With a breakdown at hazard b: add = b o + (1−b)(1−δ) u, keep = (1−b) δ.
    """

    add: Floats
    keep: Floats

    def take(self, rows: Ints) -> Waiting:
        return Waiting(self.add[..., rows], self.keep[rows])


@dataclass
class Round:
    """One meeting: packages to the proposer (n, M) and to each type (K, n, M), which are admissible (n, M), waiting."""

    proposer: Floats
    types: Floats
    allowed: Bools
    proposer_waits: Waiting
    types_wait: Waiting

    def take(self, rows: Ints) -> Round:
        waits = self.proposer_waits.take(rows), self.types_wait.take(rows)
        return Round(self.proposer[rows], self.types[:, rows], self.allowed[rows], *waits)

    def sorted(self, order: Ints) -> Round:
        wait = Waiting(np.take_along_axis(self.types_wait.add, order, axis=0), self.types_wait.keep)
        types = np.take_along_axis(self.types, order[:, :, None], axis=0)
        return Round(self.proposer, types, self.allowed, self.proposer_waits, wait)

    def key(self, w: int) -> bytes:
        """All that the solution of world w depends on."""
        j, i = self.proposer_waits, self.types_wait
        parts = (self.proposer[w], self.types[:, w], self.allowed[w], j.add[w], j.keep[w], i.add[:, w], i.keep[w])
        return b"".join(p.tobytes() for p in parts)


@dataclass
class Curve:
    """Values by the mass q of types still there: `edges` (n, P+1) from 0 to 1, `worth` (n, P+1) q times the proposer's
    value there (straight between), `types` (K, n, P) each type's value on each piece. Rows end in empty pieces."""

    edges: Floats
    worth: Floats
    types: Floats

    def take(self, rows: Ints) -> Curve:
        return Curve(self.edges[rows], self.worth[rows], self.types[:, rows])

    def waiting(self, r: Round) -> Curve:
        """The curve of waiting at r, this one being that of the next meeting."""
        j, i = r.proposer_waits, r.types_wait
        worth = j.add[:, None] * self.edges + j.keep[:, None] * self.worth
        return Curve(self.edges, worth, i.add[:, :, None] + i.keep[:, None] * self.types)

    def piece(self, q: Floats, side: float) -> Ints:
        """The piece (n, L) just BELOW or just ABOVE beliefs q (n, L)."""
        return _interval(self.edges, q + side)

    def slopes(self) -> Floats:
        """(n, P), 0 on empty pieces."""
        width = np.diff(self.edges, axis=1)
        return np.diff(self.worth, axis=1) / np.where(width > 0, width, 1.0)

    def at(self, q: Floats) -> Floats:
        """Worth (n, L) at beliefs q (n, L)."""
        p = self.piece(q, BELOW)
        x, y, s = (np.take_along_axis(v, p, axis=1) for v in (self.edges, self.worth, self.slopes()))
        return y + (q - x) * s


@dataclass
class Meeting:
    """A meeting solved. Types in rising order of eagerness fill [0, 1]: type k from bounds[:, k] to bounds[:, k + 1].

    bounds (n, K+1) · cuts (n, M): c(a), 1 where nobody accepts · waits: the curve of waiting · skims (n,).
    """

    round: Round
    bounds: Floats
    cuts: Floats
    waits: Curve
    skims: Bools

    def take(self, rows: Ints) -> Meeting:
        return Meeting(
            self.round.take(rows), self.bounds[rows], self.cuts[rows], self.waits.take(rows), self.skims[rows]
        )

    def type_at(self, q: Floats, side: float) -> Ints:
        """The type (n, L) just BELOW or just ABOVE beliefs q (n, L)."""
        return _interval(self.bounds, q + side)

    def after(self, package: Ints) -> tuple[Ints, Ints, Floats]:
        """What a refusal of packages (n, L) leads to: two pieces of the curve of waiting, and the chance of the first.

        They differ at an edge, where the proposer mixes so that the least eager type that accepts is indifferent.
        """
        cut, world = np.take_along_axis(self.cuts, package, axis=1), np.arange(len(package))[:, None]
        least, soft, tough = self.type_at(cut, ABOVE), self.waits.piece(cut, BELOW), self.waits.piece(cut, ABOVE)
        first, second = self.waits.types[least, world, soft], self.waits.types[least, world, tough]
        agreed, apart = self.round.types[least, world, package], first > second
        share = (agreed - second) / np.where(apart, first - second, 1.0)
        return soft, tough, np.where(apart, np.clip(share, 0.0, 1.0), (agreed >= first) * 1.0)

    def refusing(self, kind: int, after: tuple[Ints, Ints, Floats]) -> Floats:
        """What it is worth to a type to be where refusals lead: (n, L)."""
        soft, tough, share = after
        values, world = self.waits.types[kind], np.arange(len(soft))[:, None]
        return share * values[world, soft] + (1 - share) * values[world, tough]

    def curve(self, slack: Floats) -> Curve:
        """The value of the meeting by belief: the best of all offers and of offering nothing."""
        r, waits, world = self.round, self.waits, np.arange(len(self.cuts))[:, None]
        slopes, still = waits.slopes(), waits.types.shape[2]
        rising = r.proposer >= np.take_along_axis(slopes, waits.piece(self.cuts, ABOVE), axis=1)
        useful = r.allowed & (self.cuts < 1) & rising
        start = np.where(useful, waits.at(self.cuts) - self.cuts * r.proposer, -np.inf)
        none = np.where(np.diff(waits.edges, axis=1) > 0, waits.worth[:, :-1] - waits.edges[:, :-1] * slopes, -np.inf)
        start, slope = np.concatenate([none, start], axis=1), np.concatenate([slopes, r.proposer], axis=1)
        edges, line = _envelope(start, slope, slack)
        worth = np.take_along_axis(start, line, axis=1)
        worth = np.concatenate([worth, worth[:, -1:]], axis=1)
        worth += edges * np.take_along_axis(slope, np.concatenate([line, line[:, -1:]], axis=1), axis=1)
        package = np.maximum(line - still, 0)
        after, waited, offered = self.after(package), np.minimum(line, still - 1), line >= still
        types = [
            np.where(offered, np.maximum(a[world, package], self.refusing(k, after)), waits.types[k][world, waited])
            for k, a in enumerate(r.types)
        ]
        return Curve(edges, worth, np.array(types))


def _interval(edges: Floats, q: Floats) -> Ints:
    """In which of the intervals between edges (n, E+1) each q (n, L) lies; the last one is closed."""
    return (edges[:, None, 1:-1] < q[:, :, None]).sum(axis=2)


def _envelope(start: Floats, slope: Floats, slack: Floats) -> tuple[Floats, Ints]:
    """The highest of the lines start + q slope (n, L) on [0, 1]: edges (n, P+1), and which line on each piece (n, P).
    slack (n,): slopes that differ by less are the same."""
    world = np.arange(len(start))
    line = np.where(start >= start.max(axis=1)[:, None] - slack[:, None], slope, -np.inf).argmax(axis=1)
    edges, lines = [np.zeros(len(start))], [line]
    while True:
        rise = slope - slope[world, line][:, None]
        ahead = (rise > slack[:, None]) & np.isfinite(start)
        gap = start[world, line][:, None] - np.where(ahead, start, 0.0)
        crossing = np.where(ahead, gap / np.where(ahead, rise, 1.0), np.inf)
        edge = np.maximum(crossing.min(axis=1), edges[-1])
        more = edge < 1 - MASS
        edges.append(np.where(more, edge, 1.0))
        if not more.any():
            return np.stack(edges, axis=1), np.stack(lines, axis=1)
        steepest = np.where(crossing <= (edge + MASS)[:, None], slope, -np.inf).argmax(axis=1)
        line = np.where(more, steepest, line)
        lines.append(line)


def _cut_offs(r: Round, bounds: Floats, waits: Curve, slack: Floats) -> tuple[Floats, Bools]:
    """c(a) (n, M): above it every type's assent is consistent with what refusing is then worth to the type that is
    left at the margin; and whether below it no type would rather accept (n,), as skimming has it."""
    world, size = np.arange(len(bounds)), waits.edges.shape[1]
    both = np.concatenate([waits.edges, bounds], axis=1)
    order = np.argsort(both, axis=1, kind="stable")
    edges, is_bound = np.take_along_axis(both, order, axis=1), order >= size
    kinds = np.clip(np.cumsum(is_bound, axis=1) - 1, 0, len(r.types) - 1)
    pieces = np.clip(np.cumsum(~is_bound, axis=1) - 1, 0, size - 2)
    cuts, keen, skims = np.zeros_like(r.proposer), np.zeros_like(r.allowed), np.ones(len(bounds), bool)
    for e in range(edges.shape[1] - 1):
        wide = edges[:, e + 1] - edges[:, e] > MASS
        if not wide.any():
            continue
        k = kinds[:, e]
        gain = r.types[k, world] - waits.types[k, world, pieces[:, e]][:, None]
        refuses = (gain < -slack[:, None]) & wide[:, None]
        skims &= ~(keen & refuses & r.allowed).any(axis=1)
        cuts = np.where(refuses, edges[:, e + 1][:, None], cuts)
        keen |= (gain > slack[:, None]) & wide[:, None]
    return cuts, skims


def meeting_of(r: Round, bounds: Floats, waits: Curve, slack: Floats) -> Meeting:
    """A meeting solved. Types away from the margin must agree with it: accept if they are above, refuse below."""
    cuts, skims = _cut_offs(r, bounds, waits, slack)
    found = Meeting(r, bounds, cuts, waits, skims)
    after, there = found.after(np.broadcast_to(np.arange(cuts.shape[1]), cuts.shape)), np.diff(bounds, axis=1) > 0
    for k, agreed in enumerate(r.types):
        g = agreed - found.refusing(k, after)
        wrong = (g < -slack[:, None]) & (bounds[:, [k]] >= cuts) | (g > slack[:, None]) & (bounds[:, [k + 1]] <= cuts)
        found.skims &= ~((wrong & r.allowed).any(axis=1) & there[:, k])
    return found
