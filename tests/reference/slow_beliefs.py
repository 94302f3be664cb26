"""What the members of a table think of one another's resolve, tolerance and types, and what they learn."""

from __future__ import annotations

from collections.abc import Iterable

from slow_table import STAKELESS, TIE, Table


def _cdf(table: Table, who: str, x: float) -> float:
    """Pr(number ≤ x), of a party's resolve or a third party's tolerance; sure where everything is public."""
    third, actor = who in table.asked, table.world.scenario.actors[who]
    if table.world.scenario.information == "public":
        return float(x >= (table.tolerance if third else table.resolve)[who])
    prior = actor.tolerance if third else actor.resolve
    key = "cdf", id(prior), x
    if key not in table.world.seen:
        table.world.seen[key] = float(prior.cdf(x))
    return table.world.seen[key]


def halved(cdf: float, upper: float) -> float:
    """A prior's cdf once its upper half is thought to be `upper` likely."""
    return (1 - upper) * min(2 * cdf, 1.0) + upper * max(2 * cdf - 1, 0.0)


def below(table: Table, party: str, x: float) -> float:
    """Pr(r ≤ x), the prior floored at 0, its halves as likely as the table thinks."""
    if x < -TIE:
        return 0.0
    return halved(_cdf(table, party, max(x, 0.0) + TIE), table.upper[party])


def strictly_below(table: Table, party: str, x: float) -> float:
    """Pr(r < x), as a party breaks its word where it gains more than a tie's width."""
    return halved(_cdf(table, party, x - TIE), table.upper[party]) if x > TIE else 0.0


def beyond(table: Table, party: str, k: int, chance: float) -> float:
    """Pr(r ≤ x | r > low) of a chance Pr(r ≤ x) with x ≥ low."""
    low = table.low[party][k]
    if low is None:
        return chance
    known = below(table, party, low)
    return (chance - known) / (1 - known) if 1 - known >= STAKELESS else 0.0


def willing(table: Table, party: str, k: int, gain: float) -> float:
    """Pr(r ≤ x | r > low) for a gain over no deal."""
    stakes = table.stakes[party]
    if stakes < STAKELESS:
        return 1.0 if gain >= -STAKELESS else 0.0
    x, low = gain / stakes, table.low[party][k]
    if low is not None and x <= low + TIE:
        return 0.0
    return beyond(table, party, k, below(table, party, x))


def tolerant(table: Table, who: str, k: int, gain: float) -> float:
    """Pr(tolerance ≥ loss | tolerance < high)."""
    stakes = table.stakes[who]
    if stakes < STAKELESS:
        return 1.0 if gain >= -STAKELESS else 0.0
    loss, high = -gain / stakes, table.high[who][k]
    if loss <= TIE:
        return 1.0
    less = _cdf(table, who, loss - TIE)
    if high is None:
        return 1 - less
    all_of_it = _cdf(table, who, high - TIE)
    return (all_of_it - less) / all_of_it if loss < high - TIE else 0.0


# --- learning -----------------------------------------------------------------------------------------------------


def bayes(odds: list[float], likelihood: list[float]) -> None:
    """Revise in place; what nobody expected teaches nothing."""
    total = sum(mu * x for mu, x in zip(odds, likelihood, strict=True))
    if total > 1e-300:
        odds[:] = [mu * x / total for mu, x in zip(odds, likelihood, strict=True)]


def all_see(tables: Iterable[Table], actor: str, likelihood: list[float]) -> None:
    for table in tables:
        bayes(table.odds[actor], likelihood)


def audience(table: Table) -> list[Table]:
    """The tables at which an act at this one is seen."""
    return [table] if table.secret and not table.revealed else list(table.peers.values())


def halves_move(table: Table, party: str, below_median: float, above_median: float) -> None:
    w = table.upper[party]
    total = w * above_median + (1 - w) * below_median
    if total > 1e-300:
        table.upper[party] = w * above_median / total


def refused(table: Table, who: str, gains: list[float], strategic: list[bool]) -> None:
    """Skimming, by profile: who refuses a gain has a resolve above it, unless refusing was strategic; a third party
    that refuses a loss tolerates less."""
    stakes = table.stakes[who]
    if stakes < STAKELESS:
        return
    for k, gain in enumerate(gains):
        if who in table.asked:
            loss, high = -gain / stakes, table.high[who][k]
            possible = _cdf(table, who, loss - TIE) >= STAKELESS
            if loss > TIE and possible and (high is None or loss < high):
                table.high[who][k] = loss
            continue
        x, low = gain / stakes, table.low[who][k]
        if strategic[k] or 1 - below(table, who, x) < STAKELESS:
            continue
        if low is None or x > low:
            table.low[who][k] = x
