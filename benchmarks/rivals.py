"""Other programs on work that ours does too: Mesa's batch runner, NegMAS's negotiators, Gambit's solver. Each gives the
answer with it, so that both can be held to the same."""

from __future__ import annotations

import io

import mesa

from sim.arrays import Floats
from sim.errors import UserError
from sim.model import Negotiation
from sim.montecarlo.draws import Draws
from sim.outcomes import Watch
from sim.scenario.schema import Scenario

LEAST = 1e-12
SOME = 1e-4  # of the best: NegMAS takes what is nearer to nothing than about 1e-5 for nothing


def needed(error: ImportError) -> UserError:
    return UserError(f"{error.name} is not installed; pip install 'detente[bench]'")


# --- Mesa ---


def batch(scenario: Scenario, parts: list[Draws], outcome: str) -> list[bool]:
    """Whether an outcome holds at the end of each world, one Mesa model a world, by `mesa.batch_run`."""

    class World(Negotiation):
        def __init__(self, world: int) -> None:
            super().__init__(scenario, parts[world])
            self.watch = Watch.start(scenario.outcomes[outcome], self.layout, self.state)
            self.datacollector = mesa.DataCollector(model_reporters={outcome: lambda m: bool(m.watch.now[0])})

        def step(self) -> None:
            super().step()
            self.watch.look(self.state, self.period)
            self.datacollector.collect(self)
            self.running = self.period < scenario.horizon

    rows = mesa.batch_run(World, {"world": range(len(parts))}, number_processes=1, display_progress=False)
    return [row[outcome] for row in rows]


# --- NegMAS ---


def bilateral(weights: Floats, levels: int, rounds: int, beta: float) -> list[tuple[int, tuple[int, ...]]]:
    """NegMAS's stacked alternating offers between two time-based negotiators, one negotiation a row of weights (n, 2,
    issues): the round of the deal, from 1, and the levels agreed; round 0 where there is no deal.

    Both aim at (1 − τ^(1/β)) of their best and accept what is no less than what they would ask for at the next meeting,
    as `sim.strategies.concession` does; no deal is worth 0, as is the first level of every issue.
    """
    try:
        from negmas import LinearUtilityFunction, SAOMechanism, make_issue
        from negmas.negotiators.helpers import TimeCurve
        from negmas.sao import TimeBasedNegotiator
    except ImportError as error:
        raise needed(error) from error

    class Clock(TimeCurve):
        def utility_range(self, t: float) -> tuple[float, float]:
            meeting = round(t * (rounds + 2)) - 1
            return max(1 - min(meeting / (rounds - 1), 1.0) ** (1 / beta), SOME), 1.0  # nothing is no deal

    issues, found = [make_issue(levels, f"issue {k}") for k in range(weights.shape[2])], []
    for pair in weights / (levels - 1):
        # an offer is answered in the next step: one more than there are offers, each a step later on the clock
        mechanism = SAOMechanism(issues=issues, n_steps=rounds + 1, one_offer_per_step=True)
        for name, w in zip("AB", pair, strict=True):
            negotiator = TimeBasedNegotiator(name=name, offering_curve=Clock(), stochastic=False, eps=LEAST)
            mechanism.add(negotiator, ufun=LinearUtilityFunction(list(w), issues=issues, reserved_value=0.0))
        state = mechanism.run()
        deal = state.agreement if state.agreement is not None and any(state.agreement) else None
        found.append((0, (0,) * len(issues)) if deal is None else (state.step - 1, tuple(map(int, deal))))
    return found


# --- Gambit ---


def gambit(text: str) -> list[float]:
    """What each player gets in the equilibrium that Gambit finds for a game in its format .efg: the limit of logit
    quantal responses (McKelvey & Palfrey 1998), which is sequential. Its linear complementarity finds some Nash
    equilibrium, which threats that nobody would carry out may hold up; its search of pure ones looks at all of them,
    too many for two rounds and eight packages."""
    try:
        import pygambit
    except ImportError as error:
        raise needed(error) from error
    game = pygambit.read_efg(io.StringIO(text))
    (profile,) = pygambit.nash.logit_solve(game, use_strategic=False, maxregret=1e-12).equilibria
    return [float(profile.payoff(player)) for player in game.players]
