"""The challenge model actor by actor and pair by pair, in plain loops that keep nothing: an oracle of
`sim.rivals.challenge` that shares no code with it, and, as it does the work that the published replication does, its
yardstick for speed."""

from __future__ import annotations


class Group:
    """Positions x and risk exponents r of actors with capability c and salience s."""

    def __init__(self, x: list[float], c: list[float], s: list[float]):
        self.x, self.c, self.s, self.r = list(x), c, s, [1.0] * len(x)
        self.all, self.width = range(len(x)), max(x) - min(x)

    def votes(self, k: int, one: float, other: float) -> float:
        """What k puts in for one position against another."""
        nearer = (abs(self.x[k] - other) / self.width) ** self.r[k] - (abs(self.x[k] - one) / self.width) ** self.r[k]
        return self.c[k] * self.s[k] * nearer

    def chance(self, i: int, j: int) -> float:
        if self.x[i] == self.x[j]:
            return 0.0
        cast = sum(abs(self.votes(k, self.x[a], self.x[b])) for k in self.all for a in self.all for b in self.all)
        return sum(max(0.0, self.votes(k, self.x[i], self.x[j])) for k in self.all) / cast

    def expects(self, m: int, i: int, j: int) -> float:
        """What i's challenging j is worth to i, with m's exponent."""
        r, d, p = self.r[m], abs(self.x[i] - self.x[j]) / self.width, self.chance(i, j)
        won, failed, stays = (2 - 4 * u**r for u in (0.5 - 0.5 * d, 0.5 + 0.5 * d, 0.5))
        return self.s[j] * (p * won + (1 - p) * failed) + (1 - self.s[j]) * won - stays

    def threat(self, m: int) -> float:
        return sum(self.expects(m, o, m) for o in self.all if o != m)

    def exponent(self, m: int) -> float:
        threats = [self.threat(o) for o in self.all]
        taste = (2 * self.threat(m) - max(threats) - min(threats)) / (max(threats) - min(threats))
        return (1 - taste / 3) / (1 + taste / 3)

    def goes_to(self, m: int) -> float:
        fights, deals = [], []
        for o in self.all:
            if self.x[o] != self.x[m]:
                mine, theirs = self.expects(m, m, o), self.expects(m, o, m)
                if theirs > mine > 0:
                    fights.append((abs(self.x[o] - self.x[m]), self.x[o]))
                elif theirs > -mine > 0:
                    middle = (-mine * self.x[m] + theirs * self.x[o]) / (theirs - mine)
                    deals.append((middle, self.x[m] - (self.x[o] - self.x[m]) * mine / theirs))
        return min(fights or deals, default=(0.0, self.x[m]))[1]

    def play(self) -> None:
        """One round: exponents from the positions alone, then everyone moves at once."""
        self.r = [1.0] * len(self.x)
        self.r = [self.exponent(m) for m in self.all]
        self.x = [self.goes_to(m) for m in self.all]
