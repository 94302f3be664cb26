"""Two tables at once: what the simulation plays beside the exact joint solution."""

from __future__ import annotations

import textwrap
from itertools import product
from typing import NamedTuple

import numpy as np
from spelled import PLAYERS, Term
from spelled import two_tables as spelled
from theory.lines import grid_of

import sim
from sim.montecarlo.draws import ClaimRule, draw
from sim.scenario.loader import loads
from sim.theory.two_tables import Deal, Game, Path, Table, apart, game, jointly

GAMES, SEED = 200, 1
LINKS = (0.0, 0.1, 0.3, 1.0)
Played = list[Path]


def play(text: str, worlds: int) -> Played:
    """What the simulation does with a file of two tables, world by world."""
    found = sim.run(loads(text), worlds, SEED).frame
    names = [c.removeprefix("value.") for c in found.columns if c.startswith("value.")]

    def deal(w: int, issue: str) -> Deal | None:
        period = int(found[f"table.{issue}_table.deal_period"][w])
        return (period, int(str(found[f"table.{issue}_table.terms.{issue}"][w]).removeprefix("p"))) if period else None

    return [
        Path((deal(w, "first"), deal(w, "second")), found.loc[w, [f"value.{n}" for n in names]].to_numpy(float))
        for w in range(worlds)
    ]


# --- games made up to show something ---


class Story(NamedTuple):
    """A game, what it is about, the players' names and those of the packages at both tables."""

    title: str
    text: str
    game: Game
    players: tuple[str, ...]
    packages: tuple[tuple[str, ...], tuple[str, ...]]


def better_aid() -> Story:
    """Aid makes relief less needed: u_D = ½ aid + relief (1 − .8 aid) − .2 [freeze]."""
    aid, relief = np.array([0, 0.5, 1])[:, None], np.array([0, 0.25, 0.5, 0.75, 1])[None]
    freeze = relief > 0
    russia = 0.3 * (aid > 0) - 0.2 * aid - 0.3 * freeze
    dprk = 0.5 * aid + relief * (1 - 0.8 * aid) - 0.2 * freeze
    us = freeze * 1.0 - relief + 0 * aid
    tables = Table((0, 1), (0,), 4), Table((1, 2), (2,), 4)
    text = """Russia offers the DPRK aid against shells (table 1), the US offers relief for a freeze (table 2); both
propose at every meeting. The more aid, the less the DPRK needs relief, and the more it can hold out
for: nothing in the file says so. Each table by itself: some aid is what suits Russia best there, and
relief .5 what the DPRK then takes. A Russia that looks ahead to table 2, where a freeze costs it .3,
gives much aid, and leaves the US nothing to offer. Jointly it is the DPRK that gains most by looking
across: it lets Russia's offer stand, which will be there tomorrow too, and the US has to outbid it."""
    packages = ("–", "some aid", "much aid"), ("–", *(f"freeze, relief {r:g}" for r in relief[0, 1:]))
    flows = np.stack(np.broadcast_arrays(russia, dprk, us), axis=-1)
    return Story("Better aid", text, game(flows, [0.9] * 3, tables), ("Russia", "DPRK", "US"), packages)


def opening() -> Story:
    """A ceasefire costs both a little; the talks that it opens bring more."""
    flows = np.zeros((2, 3, 2))
    flows[1] = [-0.05, -0.05]
    flows[1, 1:] += [[0.4, 0.2], [0.2, 0.4]]
    tables = Table((0, 1), (0, 1), 4), Table((0, 1), (1, 0), 4, opens_on=(1,))
    text = """A ceasefire (table 1) costs each side .05 a period. It opens talks on arms control (table 2), which are
worth .4 to one side and .2 to the other, by the terms; A would have the last word there. Taken by
itself the ceasefire is a loss, so nobody signs it who looks at its own table only."""
    packages = ("–", "ceasefire"), ("–", "arms control, A's terms", "arms control, B's terms")
    return Story("A deal that opens a table", text, game(flows, [0.9] * 2, tables), ("A", "B"), packages)


def in_a_hurry() -> Story:
    """B sells to C, who comes first, what A would pay more for."""
    flows = np.zeros((2, 2, 3))
    flows[0, 1], flows[1, 0], flows[1, 1] = [0.5, 0.6, 0.0], [-0.1, 0.2, 0.4], [-0.4, 0.1, 0.3]
    tables = Table((1, 2), (2,), 1), Table((0, 1), (0,), 4)
    text = """B can have .2 from C, whose offer stands for one meeting (table 1), or .6 from A (table 2); the two
don't go together. B meets C first."""
    packages = ("–", "deal with C"), ("–", "deal with A")
    return Story("Who comes first", text, game(flows, [0.9] * 3, tables), ("A", "B", "C"), packages)


def told(story: Story) -> str:
    ways = {"each table by itself": spelled(story.game), "table 1 foresees table 2": spelled(story.game, foresees=True)}
    rows = [(way, *_row(story, play(text, 1)[0])) for way, text in ways.items()]
    rows.append(("jointly, exact", *_row(story, jointly(story.game))))
    heads = ["", "table 1", "table 2", *story.players]
    return f"## {story.title}\n\n{textwrap.fill(story.text, 120)}\n\n{grid_of(heads, rows)}"


def _row(story: Story, path: Path) -> list[object]:
    deals = [
        "no deal" if d is None else f"{names[d[1]]}, period {d[0]}"
        for d, names in zip(path.deals, story.packages, strict=True)
    ]
    return [*deals, *(float(round(v, 4)) + 0.0 for v in path.values)]


# --- games drawn ---


def drawn_terms(link: float) -> list[Term]:
    """Payoffs f(a) + g(b) + link · h(a, b), each uniform on [0, 1], for three players and three packages a table."""
    cells = [*product(range(3), (None,)), *product((None,), range(3)), *(product(range(3), range(3)) if link else ())]
    found = []
    for i, (a, b) in product(range(3), cells):
        packages = {k: v for k, v in (("first", a), ("second", b)) if v is not None}
        size = link if len(packages) == 2 else 1.0
        name = "".join(f"{k[0]}{v}" for k, v in packages.items())
        found.append((i, name, f"{{uniform: {{low: 0, high: {size}}}}}", packages))
    return found


def drawn_games(text: str, terms: list[Term]) -> list[Game]:
    """The payoffs that the simulation draws for the file's worlds."""
    loaded = loads(text)
    weights = draw(loaded.scenario, loaded.claims, ClaimRule(), SEED, 0).weights
    flows = np.zeros((GAMES, 3, 3, 3))
    for i, name, _, packages in terms:
        a, b = (slice(packages[k], packages[k] + 1) if k in packages else slice(None) for k in ("first", "second"))
        flows[:, a, b, i] += weights[PLAYERS[i], name][:GAMES, None, None]
    return [game(f, [0.9] * 3, TABLES) for f in flows]


TABLES = Table((0, 1), (0, 1), 4), Table((1, 2), (1, 2), 4)


def compared(link: float) -> list[list[object]]:
    """One row for each way of playing the same games."""
    terms = drawn_terms(link)
    empty = game(np.zeros((3, 3, 3)), [0.9] * 3, TABLES)
    text, ahead = (spelled(empty, terms, foresees) for foresees in (False, True))
    games = drawn_games(text, terms)
    exact = [jointly(g) for g in games]
    ways = {"each by itself": play(text, GAMES), "table 1 foresees": play(ahead, GAMES), "jointly": exact}
    alone = [apart(g) for g in games]
    same = sum(bool(np.allclose(p.values, a.values)) for p, a in zip(ways["each by itself"], alone, strict=True))
    assert same == GAMES, f"{GAMES - same} games in which the simulation doesn't play what `apart` says"
    rows = []
    for way, paths in ways.items():
        other = np.mean([p.deals != e.deals for p, e in zip(paths, exact, strict=True)])
        loss = np.mean([e.values - p.values for p, e in zip(paths, exact, strict=True)], axis=0)
        agreed = [np.mean([p.deals[k] is not None for p in paths]) for k in range(2)]
        losses = (f"{x if abs(x) > 5e-5 else 0.0:+.4f}" for x in loss)
        rows.append([f"{link:g}", way, f"{other:.3f}", *(f"{a:.3f}" for a in agreed), *losses])
    return rows


SAMPLE = f"""## Games drawn at random

Three players, A and B at table 1, B and C at table 2, two packages at each and the status quo, four meetings with
offers in turn, δ = .9. A player's payoff is f(first) + g(second) + ε h(first, second), each value uniform on [0, 1]:
ε is how much the tables have to do with each other. {GAMES} games a row, seed {SEED}: the worlds of one run, whose
weights are the payoffs. *Other deals*: the share of games in which what is agreed, or when, isn't as in the joint
solution. *Deal at 1, at 2*: how often there is one. A loss is the joint solution's value minus what was got, on
average; below zero a player gains by it that others don't look across. In every game the simulation, each table by
itself, plays just what `sim.theory.two_tables.apart` says."""


def page() -> str:
    heads = ["ε", "played", "other deals", "deal at 1", "deal at 2", "A's loss", "B's loss", "C's loss"]
    rows = [row for link in LINKS for row in compared(link)]
    return "\n\n".join([*(told(s()) for s in (better_aid, opening, in_a_hurry)), f"{SAMPLE}\n\n{grid_of(heads, rows)}"])
