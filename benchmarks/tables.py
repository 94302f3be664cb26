"""A large table's cost against its goals: `python benchmarks/tables.py [--quick]`; README.md says what the rows mean.

Every row compares CPU times of this one run, taken in turns, medians of at least three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from unittest import mock

import numpy as np
from measuring import Row, medians, show

from sim import solution
from sim.arrays import Floats, Ints
from sim.cells import admitted
from sim.model import Negotiation
from sim.montecarlo.draws import ClaimRule, draw
from sim.outlook import game
from sim.scenario.loader import loads
from sim.solution import solve
from sim.streams import shares
from sim.talks import Talks

PERIODS, WORLDS, TIMES = 24, 10_000, 3
TIE, NOTHING = 1e-9, 1e-12


def scenario(
    parties: str,
    deadline: bool,
    assent: str = "all",
    moving: bool = False,
    *,
    levels: int = 10,
    periods: int = PERIODS,
    actor: str = "",
    table: str = "",
) -> str:
    """Three issues of as many levels, each actor's interests drawn per world, sign included; private resolve as by
    default; `moving`: a front moves until an issue is half agreed, and is worth something to everyone. actor, table:
    more to say of every actor and of the table."""
    issues, weight = ("one", "two", "three"), "weight: {uniform: {low: -1, high: 1}}"
    rows = ["title: A large table", "assumption: a benchmark", f"horizon: {periods}", "normalise: false", "actors:"]
    rows += [f"  {a}: {{discount: {{uniform: {{low: 0.96, high: 0.99}}}}{actor}}}" for a in parties]
    rows += ["issues:", *(f"  {i}: {{levels: {{from: 0, to: 1, steps: {levels}}}, start: 0}}" for i in issues)]
    if moving:
        rows += ["stocks:", "  front:", "    start: {uniform: {low: 0.3, high: 0.7}}", "    range: [0, 1]"]
        rows += ["    change: [{by: -0.03, when: {one: {below: 0.5555555556}}}]"]
    rows += ["interests:"]
    for a in parties:
        rows += [f"  {a}:"]
        rows += [f"    - {{term: {i}, form: linear, of: {i}, {weight}}}" for i in issues]
        if moving:
            rows += [f"    - {{term: line, form: product, of: [two, front], {weight}}}"]
    rows += ["tables:", "  talks:", f"    parties: [{', '.join(parties)}]", f"    agenda: [{', '.join(issues)}]"]
    rows += [f"    protocol: {{alternating_offers: {{first: {parties[0]}}}}}", f"    assent: {assent}", table]
    return "\n".join([*rows, f"    {'deadline' if deadline else 'lookahead'}: {periods}"])


@dataclass
class Table:
    """The table of a scenario in so many worlds, opened and not yet met: one `Talks` a block of them."""

    blocks: list[Talks]

    @classmethod
    def of(cls, text: str, worlds: int) -> Table:
        loaded, blocks = loads(text), []
        for block, n in shares(worlds):
            drawn = draw(loaded.scenario, loaded.claims, ClaimRule(), 1, block, slice(0, n))
            model = Negotiation(loaded.scenario, drawn)
            talks = model.tables["talks"]
            talks.set_stakes(np.arange(n), model.state.levels)
            blocks.append(talks)
        return cls(blocks)

    def solved(self) -> list[Floats]:
        """V_i(1) of each party (parties, worlds), forecast and solved portion by portion, as in a run."""
        found = []
        for talks in self.blocks:
            for worlds in talks.portions(np.arange(talks.model.worlds)):
                fc = talks.look(worlds, talks.model.state.levels[worlds], whole=True)
                found.append(np.array([v[0] for v in solve(game(talks, worlds, fc)).values[1]]))
        return found

    def bare(self) -> list[Floats]:
        """The same by `recursion`, in the same portions."""
        found = []
        for talks in self.blocks:
            model, columns = talks.model, talks.menu.packages.columns
            actors = [model.actor(p) for p in talks.parties]
            for worlds in talks.portions(np.arange(model.worlds)):
                agreed = []
                for actor in actors:
                    theta = dict(zip(actor.weights.columns, actor.weights.of_type[0][worlds].T, strict=True))
                    agreed.append(sum(theta[c.term][:, None] * c.coefficient for c in columns if c.term in theta))
                now = talks.menu.index(model.state.levels[worlds])
                stakes = [talks.stakes[p][worlds] for p in talks.parties]
                deltas = [a.delta[worlds] for a in actors]
                found.append(recursion(agreed, now, stakes, deltas, talks.table.deadline is not None))
        return found


def recursion(agreed: list[Floats], now: Ints, stakes: list[Floats], deltas: list[Floats], ends: bool) -> Floats:
    """Two parties in turns, nothing moving: V_i(1) (2, n), from the values (n, M) of all packages, in plain numpy."""
    some = np.arange(len(now))
    no_deal = [a[some, now] for a in agreed]
    for a, n, r in zip(agreed, no_deal, stakes, strict=True):
        a[some, now] = n - r  # "no change" is no deal
    ties = [TIE * r + NOTHING for r in stakes]
    values = no_deal if ends else nash(agreed, no_deal, stakes, deltas)
    for t in range(PERIODS - 1, 0, -1):
        j, i = t % 2, 1 - t % 2
        refuse = [(1 - d) * n + d * v for d, n, v in zip(deltas, no_deal, values, strict=True)]
        likely = 1.0
        for a, n, w, r, tie in zip(agreed, no_deal, refuse, stakes, ties, strict=True):
            x = a - n[:, None]
            x /= r[:, None]
            p = logistic(x)
            p *= a >= np.maximum(w - tie, n - TIE * r)[:, None]
            p *= likely
            likely = p
        score = agreed[j] - refuse[j][:, None]
        score *= likely
        best = score.max(axis=1)
        put = best > ties[j]
        tied = score >= np.where(put, best - TIE * stakes[j], np.inf)[:, None]
        gain = agreed[i] - refuse[i][:, None]
        gain *= likely
        gain *= tied
        values = [np.zeros(0)] * 2
        values[j] = refuse[j] + np.where(put, best, 0.0)
        values[i] = refuse[i] + gain.sum(axis=1) / np.maximum(tied.sum(axis=1), 1)
    return np.array(values)


def nash(agreed: list[Floats], no_deal: list[Floats], stakes: list[Floats], deltas: list[Floats]) -> list[Floats]:
    """The asymmetric Nash solution, accepted with its probability: (n,) each."""
    power = [-0.5 / np.log(d) for d in deltas]
    surplus, likely, good = 0.0, 1.0, True
    for a, n, r, p in zip(agreed, no_deal, stakes, power, strict=True):
        gain = a - n[:, None]
        good = good & (gain >= -(TIE * r + NOTHING)[:, None])
        surplus = surplus + (p / sum(power))[:, None] * np.log(np.maximum(gain, 1e-300))
        likely = likely * logistic(gain / r[:, None]) * (gain >= -TIE * r[:, None])
    surplus = np.where(good, surplus, -np.inf)
    best = surplus.max(axis=1)
    tied = surplus >= np.where(np.isfinite(best), best - TIE, np.inf)[:, None]
    count = np.maximum(tied.sum(axis=1), 1)
    return [n + (tied * likely * (a - n[:, None])).sum(axis=1) / count for a, n in zip(agreed, no_deal, strict=True)]


def logistic(x: Floats) -> Floats:
    """Pr(r ≤ x) of the default resolve, x ≥ 0; overwrites x."""
    x -= 0.15 - TIE
    x /= -0.1
    np.exp(x, out=x)
    x += 1
    return np.divide(1.0, x, out=x)


@contextmanager
def leaving_out(hopeless: bool, dominated: bool) -> Iterator[None]:
    """Which packages are left out: those that some party would never accept, those that another beats."""
    with ExitStack() as stack:
        if not hopeless:
            stack.enter_context(mock.patch.object(solution, "individually_rational", lambda fc, slack: admitted(fc)))
        if not dominated:
            stack.enter_context(mock.patch.object(solution, "undominated", lambda game, cells, periods: cells))
        yield


def solving(table: Table, hopeless: bool = True, dominated: bool = True) -> Callable[[], list[Floats]]:
    def work() -> list[Floats]:
        with leaving_out(hopeless, dominated):
            return table.solved()

    return work


def agree(some: list[Floats], others: list[Floats]) -> None:
    """SystemExit unless both are the same values."""
    gap = max(np.abs(a - b).max() for a, b in zip(some, others, strict=True))
    if not gap < 1e-9:
        raise SystemExit(f"the recursions differ by {gap:g}")


# --- the rows ---


def size(quick: bool) -> int:
    return 1000 if quick else WORLDS


def two_parties(quick: bool) -> Iterator[Row]:
    for deadline in (False, True):
        table = Table.of(scenario("AB", deadline), size(quick))
        every, rational, pruned = solving(table, False, False), solving(table, dominated=False), solving(table)
        agree(every(), table.bare())
        agree(every(), pruned())
        bare, whole, some, few = medians(TIMES, table.bare, every, rational, pruned)
        what = f"(h) {named(deadline)}: every package {whole:.1f} s ÷ bare recursion {bare:.1f} s"
        yield Row(what, f"{whole / bare:.2f}", "≤ 1.5", whole <= 1.5 * bare)
        what = f"    … ÷ {few:.2f} s without hopeless and dominated packages"
        yield Row(what, f"{whole / few:.1f} times", "≥ 3", whole >= 3 * few)
        yield Row(f"    without the hopeless {some:.2f} s ÷ {few:.2f} s without both", f"{some / few:.1f} times", "")


def moving(quick: bool) -> Iterator[Row]:
    table = Table.of(scenario("AB", False, moving=True), size(quick))
    every, pruned = solving(table, False, False), solving(table)
    agree(every(), pruned())
    whole, few = medians(TIMES, every, pruned)
    what = f"(i) a front moves: every package {whole:.1f} s ÷ {few:.2f} s without hopeless and dominated"
    yield Row(what, f"{whole / few:.1f} times", "")


def votes(quick: bool) -> Iterator[Row]:
    for deadline in (True, False):
        tables = [Table.of(scenario("AB", deadline), size(quick))]
        tables += [Table.of(scenario("ABC", deadline, assent), size(quick)) for assent in ("all", "{quota: 2}")]
        spent = medians(TIMES, *(solving(t, False, False) for t in tables), *(solving(t) for t in tables))
        for rule, three, few in (("all assent", spent[1], spent[4]), ("two carry", spent[2], spent[5])):
            what = f"(j) {named(deadline)}: three parties, {rule}, {three:.1f} s ÷ two parties {spent[0]:.1f} s"
            yield Row(what, f"{three / spent[0]:.2f}", "≤ 2", three <= 2 * spent[0])
            yield Row(f"    pruned {few:.2f} s ÷ {spent[3]:.2f} s", f"{few / spent[3]:.2f}", "")


def named(deadline: bool) -> str:
    return "deadline" if deadline else "no deadline"


ROWS = {"h": two_parties, "i": moving, "j": votes}


def main() -> None:
    show(__doc__ or "", ROWS)


if __name__ == "__main__":
    main()
