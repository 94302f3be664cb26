"""Where a world drifts, certainty equivalent (model.md §3): what staying, or a deal that lapses, is worth."""

from __future__ import annotations

from slow_world import Now, World


class Outlook:
    """A world's forecast: every line of change adds its mean; one that hangs on a type the mean at given odds."""

    def __init__(self, world: World, means: dict[tuple[str, int], float], all_on: bool):
        self.world, self.means, self.all_on = world, means, all_on
        self.after: dict[Now, Now] = {}
        self.worth: dict[tuple[str, Now, int], list[float]] = {}

    def battle(self, now: Now) -> Now:
        if now not in self.after:
            self.after[now] = self.world.battle(now, self.means, self.all_on)
        return self.after[now]

    def later(self, now: Now, periods: int) -> Now:
        """The state after so many battles."""
        for _ in range(periods):
            now = self.battle(now)
        return now

    def stay(self, actor: str, now: Now, periods: int) -> list[float]:
        """Average discounted value, by profile, of the levels as they are for good: `periods` battles, then frozen."""
        key = actor, now, periods
        if key not in self.worth:
            if periods <= 0:
                return self.world.flow(actor, now, self.all_on)
            after = self.battle(now)
            here = self.world.flow(actor, after, self.all_on)
            if periods > 1:
                here = self.first(actor, here, self.stay(actor, after, periods - 1))
            self.worth[key] = here
        return self.worth[key]

    def first(self, actor: str, here: list[float], later: list[float]) -> list[float]:
        """One period's flow, and then a value."""
        d = self.world.discount[actor]
        return [(1 - d) * u + d * v for u, v in zip(here, later, strict=True)]

    def lapsing(self, actor: str, now: Now, periods: int, n: int, back: dict[str, int]) -> list[float]:
        """The levels as they are for n periods, then some issues `back` at their starts, for good."""
        if n == 0:
            return self.stay(actor, self.world.put(now, back, self.all_on), periods)
        after = self.battle(now) if periods > 0 else now
        here = self.world.flow(actor, after, self.all_on)
        return self.first(actor, here, self.lapsing(actor, after, max(periods - 1, 0), n - 1, back))


def outlook(world: World, odds: dict[str, list[float]], all_on: bool = False) -> Outlook:
    """The forecast of those who hold these odds of everyone's types."""
    means = {}
    for stock, k, line in world.lines:
        if line.by is not None:
            means[stock, k] = line.by.mean()
        else:
            law = line.by_type
            each = [law.by[p.values[law.type]].mean() for p in world.profiles[law.actor]]
            means[stock, k] = sum(mu * m for mu, m in zip(odds[law.actor], each, strict=True))
    key = "outlook", tuple(means.values()), all_on
    if key not in world.seen:
        world.seen[key] = Outlook(world, means, all_on)
    return world.seen[key]
