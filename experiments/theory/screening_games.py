"""Screening games spelled as scenario files, as a user would write them, with the equilibrium from sim/theory."""

from __future__ import annotations

from string import Template
from typing import Any, NamedTuple

from sim.theory import fighting_costs, fighting_power, screening

PATIENT = 1 - 1e-8  # stands for δ = 1, as near to it as a scenario may be
HEAD = """title: $title
assumption: textbook case
period: round
horizon: $meetings
normalise: false
actors:
  A: {discount: $delta, resolve: 0}
  D:
    discount: $delta
    resolve: 0
    types: $types
issues:
  deal:  {levels: {no: 0, yes: 1}, start: no}
  share: {levels: {from: 0, to: 1, steps: $steps}, start: 0}      # $means
"""
TABLE = """tables:
  talks:
    parties: [A, D]
    protocol: {ultimatum: {by: A}}
    agenda: [deal, share]
    require: {deal: yes}
    deadline: $meetings
    beliefs: $beliefs
"""
SALE = """interests:
  A: [{term: price, form: product, of: [deal, share], weight: 1}]
  D:
    - {term: good, form: linear, of: deal, weight: 1}
    - {term: paid, form: product, of: [deal, share], weight: -1}
"""
WAR = """interests:
  A:
    - {term: dollar, form: linear, of: deal, weight: 1}
    - {term: given, form: product, of: [deal, share], weight: -1}
$a_terms
  D:
    - {term: share, form: product, of: [deal, share], weight: 1}
$d_terms
"""
CLOCK = """  collapsed: {levels: {no: 0, yes: 1}, start: no}
stocks:
  clock: {start: 0, range: [0, $after], change: [{by: 1}]}
"""
FRONT = """stocks:
  front:                                                          # battles won by A, less those lost
    start: 0
    range: [-$units, $units]
    change:
      - by_type: {actor: D, type: power, by: {weak: {choice: $weak}, strong: {choice: $strong}}}
        when: $fighting
  battles: {start: 0, range: [0, $most], change: [{by: 1, when: $fighting}]}
"""


class Game(NamedTuple):
    """A file, and the equilibrium: the chance of a deal at each offer, and the first offer (D's share, or a price)."""

    name: str
    text: str
    settles: tuple[float, ...]
    offer: float

    def spelled(self, beliefs: str) -> str:
        """The file with these `beliefs`."""
        return Template(self.text).substitute(beliefs=beliefs)


def _file(*parts: str, **given: Any) -> str:
    return Template("".join(parts)).safe_substitute({k: v if isinstance(v, str) else repr(v) for k, v in given.items()})


def _lines(terms: dict[str, tuple[float, str]], form: str = "constant") -> str:
    """Terms of a payoff: name -> (weight, when)."""
    return "\n".join(f"    - {{term: {t}, form: {form}, weight: {w!r}, when: {c}}}" for t, (w, c) in terms.items())


def sale(offers: int, delta: float, points: int, steps: int) -> Game:
    """A seller (A) names a falling price; D's value of the good is uniform (Sobel & Takahashi 1983)."""
    stages = screening.steps(offers, delta)[::-1]
    left, settles = 1.0, []
    for stage in stages:
        settles.append(left * (1 - stage.beta))
        left *= stage.beta
    types = f"{{value: {{scale: {{good: {{uniform: {{low: 0, high: 1}}}}}}, points: {points}}}}}"
    more = {"title": "A falling price", "means": "the price", "types": types}
    text = _file(HEAD, SALE, TABLE, meetings=offers, delta=delta, steps=steps, **more)
    return Game(f"T = {offers}, δ = {delta:g}", text, tuple(settles), stages[0].gamma)


def costs(row: dict[str, Any], points: int, steps: int) -> Game:
    """Fighting costs D a secret amount a round (after Powell 2004).

    The cost k of a round is a flow of −k / (1 − δ), the collapse a breakdown that leaves o: q o + (1 − q)(1 − δ) u is
    then δ q p − k, what a round brings besides the next offer. After the last offer, fighting on to the collapse is a
    flow of all that it is worth.
    """
    offers, q, p, cost = row["T"], row["q"], row["p"], row["kA"]
    exact = fighting_costs.solve(offers, row["delta"], q, cost, p, row["c_lo"], row["c_hi"])
    delta = min(row["delta"], PATIENT)
    d, one = delta * (1 - q), 1 - delta
    during = f"{{deal: no, collapsed: no, clock: {{below: {offers + 0.5}}}}}"
    later = f"{{deal: no, collapsed: no, clock: {{at_least: {offers + 0.5}}}}}"
    over = "{collapsed: yes}"
    a_terms = {
        "round": (-cost / one, during),
        "later": ((delta * q * p - cost) / (1 - d), later),
        "last": (delta * p - cost, over),
    }
    d_terms = {
        "round": (-1 / one, during),  # times c, as the two below
        "later": (-1 / (1 - d), later),
        "last": (-1.0, over),
        "wins_later": (delta * q * (1 - p) / (1 - d), later),
        "wins_last": (delta * (1 - p), over),
    }
    law = f"{{uniform: {{low: {row['c_lo']!r}, high: {row['c_hi']!r}}}}}"
    types = f"{{cost: {{scale: {{round: {law}, later: {law}, last: {law}}}, points: {points}}}}}"
    breakdown = f"    breakdown: {{hazard: {q!r}, sets: {{collapsed: yes}}}}\n"
    text = _file(
        HEAD, CLOCK, WAR, TABLE, breakdown, title="Fighting at a secret cost", means="D's", types=types, delta=delta,
        meetings=offers, steps=steps, after=offers + 1, a_terms=_lines(a_terms), d_terms=_lines(d_terms),
    )  # fmt: skip
    name = f"T = {offers}, δ = {row['delta']:g}, q = {q:g}, k_A = {cost:g}, c up to {row['c_hi']:g}"
    return Game(name, text, exact.realised, exact.offers[0])


def battles(row: dict[str, Any], steps: int) -> Game:
    """D knows how strong it is (after Filson & Werner 2002). With one unit each, war is a lottery; with more, the front
    and the number of battles tell who has won."""
    war = fighting_power.War(row["pW"], row["pS"], row["kA"], row["kD"], row["delta"])
    units, mu = row["units"][0], row["mu0"]
    solver = fighting_power.Solver(war)
    course, first = fighting_power.course(solver, units, units, mu), solver.position(units, units).best(mu)
    settles = tuple(course.settles.get(t, 0.0) for t in range(1, 2 * units))
    each = f"{units} unit{'s' if units > 1 else ''} each"
    name = f"{each}, p_W = {war.p_weak:g}, p_S = {war.p_strong:g}, k = {war.cost_a:g} and {war.cost_d:g}, μ = {mu:.3g}"
    spelled = _lottery if units == 1 else _front
    return Game(name, spelled(war, units, mu, round(1 - mu, 12), steps), settles, first.offer)


def _lottery(war: fighting_power.War, units: int, mu: float, rest: float, steps: int) -> str:
    weak, strong = (war.delta * (1 - p) - war.cost_d for p in (war.p_weak, war.p_strong))
    types = (
        f"{{power: {{weak: {{probability: {mu!r}, scale: {{war: {weak!r}}}}}, "
        f"strong: {{probability: {rest!r}, scale: {{war: {strong!r}}}}}}}}}"
    )
    against_the_strong = war.delta * war.p_strong - war.cost_a
    a_terms, d_terms = ({"war": (w, "{deal: no}")} for w in (against_the_strong, 1.0))
    return _file(
        HEAD, WAR, TABLE, title="One battle", means="D's", types=types, delta=min(war.delta, PATIENT), meetings=units,
        steps=steps, a_terms=_lines(a_terms), d_terms=_lines(d_terms),
    )  # fmt: skip


def _front(war: fighting_power.War, units: int, mu: float, rest: float, steps: int) -> str:
    most, delta = 2 * units - 1, min(war.delta, PATIENT)
    ends = [(b, 2 * units - b - 0.5) for b in range(units, most + 1)]  # who leads by more after b battles has won
    won = ", ".join(f"{{battles: {{at_least: {b}}}, front: {{at_least: {lead}}}}}" for b, lead in ends)
    lost = ", ".join(f"{{battles: {{at_least: {b}}}, front: {{below: {-lead}}}}}" for b, lead in ends)
    fighting = f"{{deal: no, not: {{any: [{won}, {lost}]}}}}"
    by_a, by_d = (f"{{deal: no, any: [{side}]}}" for side in (won, lost))

    def terms(cost: float, wins: str, loses: str) -> str:
        """A battle's cost falls due with it, the prize a period later: a flow worth δ − k from the battle on."""
        return _lines({"battle": (-cost / (1 - delta), fighting), "won": (delta - cost, wins), "lost": (-cost, loses)})

    laws = [f"{{1: {p!r}, -1: {round(1 - p, 12)!r}}}" for p in (war.p_weak, war.p_strong)]
    types = f"{{power: {{weak: {{probability: {mu!r}}}, strong: {{probability: {rest!r}}}}}}}"
    ended = f"    forbid: [{{when: {{any: [{won}, {lost}]}}}}]\n"
    return _file(
        HEAD, FRONT, WAR, TABLE, ended, title="A war of battles", means="D's", types=types, delta=delta, meetings=most,
        steps=steps, units=units, most=most, weak=laws[0], strong=laws[1], fighting=fighting,
        a_terms=terms(war.cost_a, by_a, by_d), d_terms=terms(war.cost_d, by_d, by_a),
    )  # fmt: skip
