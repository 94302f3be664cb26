"""How fast it is, beside what people know: `python benchmarks/speed.py [--quick]`; README.md says what the rows mean.

One table. Every row but (g) is a ratio of CPU times taken in turns in this one run, on the same work and, where both
give one, with the same answer: median [smallest, largest]. Needs the extra [bench]. Nothing else should run meanwhile.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest import mock

import numpy as np
import rivals
from machine import Plain, Recursion
from measuring import (
    DETENTE,
    KURSK,
    Ratio,
    Row,
    Spent,
    blocks_of,
    calibrate,
    child,
    in_turns,
    show,
    timed_run,
    timing,
)
from tables import scenario

import sim.round
import sim.solution
from sim.exporting import export
from sim.model import Negotiation
from sim.montecarlo.draws import ClaimRule, Draws, draw
from sim.rivals.challenge import SCHOLZ_2011
from sim.runs import run
from sim.scenario.loader import Loaded, load, loads
from sim.scenario.schema import Scenario
from sim.simulate import simulate

TESTS = Path(__file__).parents[1] / "tests" / "rivals"
sys.path.insert(0, str(TESTS))
from slow_challenge import Group  # noqa: E402

NOMINAL = 10.0  # ns: the yardstick's step …
REFERENCE = 1.5  # … on a machine whose calibration loop takes so many ns an element
REPLICATION = 2.7  # CPU-seconds that the published Python replication takes for this example
IMPORTS = "import click, yaml, pydantic"
PARTS = {  # of `check`: what it takes before a file is read
    "the imports and pydantic's BaseModel": "pydantic.BaseModel",
    "also the scenario language's models": "from sim.scenario.schema import Scenario; Scenario.model_rebuild()",
}
KNOWN = ", resolve: 0"
CONCEDE = "    strategies: {A: {concession: {beta: 0.25}}, B: {concession: {beta: 0.25}}}"


def drawn(loaded: Loaded, keep: slice) -> Draws:
    return draw(loaded.scenario, loaded.claims, ClaimRule(), 1, 0, keep)


def played(loaded: Loaded, keep: slice) -> dict[str, np.ndarray]:
    return simulate(loaded.scenario, drawn(loaded, keep))


def same(what: str, ours: object, theirs: object) -> None:
    """SystemExit unless both give the same answer."""
    if ours != theirs:
        raise SystemExit(f"{what}: the answers differ: {ours} and {theirs}")


def close(what: str, ours: Sequence[float], theirs: Sequence[float]) -> None:
    if not np.allclose(ours, theirs, rtol=0, atol=1e-9):
        raise SystemExit(f"{what}: the values differ: {ours} and {theirs}")


def repeats(quick: bool) -> int:
    return 2 if quick else 5


# --- the rows ---


def vectorised(quick: bool) -> Iterator[Row]:
    loaded, outcome = load(KURSK), next(iter(load(KURSK).scenario.outcomes))
    for worlds, sample, goal in ((2000, 4 if quick else 20, 150), (32, 4 if quick else 16, 15)):
        with blocks_of(2000):
            chosen = range(0, worlds, worlds // sample)
            together = drawn(loaded, slice(0, worlds))
            parts = [drawn(loaded, slice(k, k + 1)) for k in chosen]
            answer = simulate(loaded.scenario, together)[f"outcome.{outcome}"][list(chosen)].tolist()
            alone = [bool(simulate(loaded.scenario, d)[f"outcome.{outcome}"][0]) for d in parts]
            same("(a)", answer, alone)
            same("(a)", answer, rivals.batch(loaded.scenario, parts, outcome))
            all_of_them, each, batch = in_turns(
                repeats(quick),
                partial(simulate, loaded.scenario, together),
                lambda parts=parts: [simulate(loaded.scenario, d) for d in parts],
                partial(rivals.batch, loaded.scenario, parts, outcome),
            )
            one = np.mean([looks(loaded.scenario, d) for d in parts])
            most = worlds * one / looks(loaded.scenario, together)
        for name, slow in (("one model a world", each), ("mesa.batch_run", batch)):
            ratio = Ratio.of(slow, all_of_them, worlds / sample)
            yield ratio.at_least(f"(a) a world in one Mesa model of {worlds:,}, against {name}", goal)
        yield Row("    … if a look-ahead in all of them took as long as in one world", f"{most:.1f}")


def looks(scenario: Scenario, draws: Draws) -> int:
    """How many times a look-ahead is solved, in however many worlds."""
    with mock.patch.object(sim.round, "solve", wraps=sim.round.solve) as solve:
        simulate(scenario, draws)
    return solve.call_count


def bilateral(quick: bool) -> Iterator[Row]:
    worlds, sample, rounds, beta = 200 if quick else 1000, 10 if quick else 50, 50, 0.25
    loaded = loads(scenario("AB", True, periods=rounds, actor=KNOWN, table=CONCEDE))
    draws, issues = drawn(loaded, slice(0, worlds)), list(loaded.scenario.issues)
    weights = np.stack([a.weights.of_type[0] for a in Negotiation(loaded.scenario, draws).actors.values()], axis=1)
    found = played(loaded, slice(0, worlds))
    terms = np.stack([found[f"table.talks.terms.{i}"] for i in issues], axis=1)
    when = found["table.talks.deal_period"].tolist()
    ours = [(t, tuple(p) if t else (0,) * len(issues)) for t, p in zip(when, terms.tolist(), strict=True)]
    theirs = partial(rivals.bilateral, weights[:sample], 10, rounds, beta)
    same("(b)", ours[:sample], theirs())
    single = loads(scenario("AB", True, periods=1, actor=KNOWN, table=CONCEDE))
    works = [partial(played, game, slice(0, worlds)) for game in (loaded, single)]
    each, many, once = in_turns(repeats(quick), theirs, *works)
    told = f"{np.median(each) / sample * 1e3:.1f} ÷ {np.median(many) / worlds * 1e3:.2f} ms"
    ratio = Ratio.of(each, many, worlds / sample)
    yield ratio.at_least(f"(b) 1,000 packages, 50 rounds, NegMAS's time-based negotiators ÷ ours: {told}", 500)
    yield Row("    … ÷ one meeting of ours, the others left out", str(Ratio.of(each, once, worlds / sample)))


def challenge(quick: bool) -> Iterator[Row]:
    found = json.loads((TESTS / "emissions.json").read_text(encoding="utf-8"))
    x, c, s = (np.array(found[k], float) for k in ("position", "capability", "salience"))
    rounds, again = 2 if quick else 10, 20
    model = replace(SCHOLZ_2011, rounds=rounds)

    def loops() -> list[float]:
        group = Group(list(x), list(c), list(s))
        for _ in range(rounds):
            group.play()
        return group.x

    def vectorised() -> np.ndarray:
        for _ in range(again):
            *_, (last, _) = model.played(x[None], c, s[None])
        return last[0]

    close("(c)", vectorised(), loops())
    slow, fast = in_turns(repeats(quick), loops, vectorised)
    plain, published = Ratio.of(slow, fast, again), Ratio.of([REPLICATION * rounds / 10] * len(fast), fast, again)
    yield plain.at_least(f"(c) the challenge model, ten actors, {rounds} rounds: plain loops ÷ ours", 100)
    yield published.at_least("    … what its published replication takes, 2.7 CPU-seconds for ten, ÷ ours", 100)


def equilibrium(quick: bool) -> Iterator[Row]:
    for levels, rounds in ((2, 2),) if quick else ((2, 2), (2, 3), (3, 2)):
        loaded = loads(scenario("AB", True, levels=levels, periods=rounds, actor=KNOWN))
        text, worlds = export(loaded, "efg"), 1000
        together = drawn(loaded, slice(0, worlds))
        first = simulate(loaded.scenario, together)
        ours, theirs = [first[f"value.{a}"][0] for a in "AB"], rivals.gambit(text)
        close("(d)", ours, theirs)
        nodes = sum(text.count(f"\n{kind} ") for kind in "pct")
        ours_too, theirs_too = partial(simulate, loaded.scenario, together), partial(rivals.gambit, text)
        fast, slow = in_turns(repeats(quick), ours_too, theirs_too)
        what = f"(d) {levels**3} packages, {rounds} rounds, {nodes} nodes: Gambit ÷ one of our {worlds:,} worlds"
        yield Row(what, str(Ratio.of(slow, fast, worlds)))


def whole(quick: bool) -> Iterator[Row]:
    loaded, ratios, elements, shares = load(KURSK), [], [], []
    run(loaded, 100)  # imports are not the run's
    for _ in range(repeats(quick)):
        recursions: list[float] = []
        with timing(sim.solution, "backwards", recursions):
            before, (spent, n), after = calibrate(), timed_run(loaded, 2000), calibrate()
        shares.append(sum(recursions) / spent)
        elements.append((before + after) / 2)
        ratios.append(spent / n * 1e9 / (NOMINAL * elements[-1] / REFERENCE))
    told = f"{np.median(elements):.2f} ns an element"
    yield Ratio(ratios).at_most(f"(e) the whole run, 2,000 worlds, ÷ the yardstick (calibrated at {told})", 1.5)
    yield Row("    … the bare recursion's share of it", str(Ratio(shares)))


def bare(quick: bool) -> Iterator[Row]:
    recursion = Recursion.of_kursk()
    needed, plain, again = recursion.needed(), Plain(recursion.cells), 5
    recursion.solve()
    works = plain.sum, plain.exp, lambda: [recursion.solve() for _ in range(again)]
    sums, exps, taken = in_turns(repeats(quick) + 3, *works)
    least = [needed.least(s / plain.numbers, e / plain.numbers) for s, e in zip(sums, exps, strict=True)]
    ratio = Ratio.of(least, taken, again)
    told = f"{needed.bytes / 1e6:.1f} MB, {needed.flops / 1e6:.1f} M flops, {needed.exps / 1e6:.2f} M exps"
    yield ratio.at_least(f"(f) the least time for {told} ÷ the bare recursion", 0.5)


def start_up(quick: bool) -> Iterator[Row]:
    def against_imports(*command: str | Path) -> list[tuple[Spent, Spent]]:
        child(*command)  # modules are compiled once
        return [(child(*command), child(*python(IMPORTS))) for _ in range(3 if quick else 9)]

    for name, rest in (("--help", ["--help"]), ("check", ["check", KURSK])):
        found = against_imports(*DETENTE, *rest)
        spent = Ratio([mine.cpu / theirs.cpu for mine, theirs in found])
        yield spent.at_most(f"(g) detente {name} ÷ import click, yaml, pydantic: CPU", 1.6)
        yield Row("    … wall", str(Ratio([mine.wall / theirs.wall for mine, theirs in found])))
    for what, code in PARTS.items():
        found = against_imports(*python(f"{IMPORTS}; {code}"))
        yield Row(f"    … of which {what}: CPU", str(Ratio([mine.cpu / theirs.cpu for mine, theirs in found])))


def python(code: str) -> tuple[str, str, str]:
    return sys.executable, "-c", code


ROWS = {"a": vectorised, "b": bilateral, "c": challenge, "d": equilibrium, "e": whole, "f": bare, "g": start_up}


def main() -> None:
    show(__doc__ or "", ROWS)


if __name__ == "__main__":
    main()
