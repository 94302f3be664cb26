"""What the look-ahead is worth to everyone at a table's first meeting, by the engine and by plain loops: to 1e-12, in
every period, of every type."""

from __future__ import annotations

from typing import Any
from unittest import mock

import numpy as np
import slow_mediator
import slow_views
from side_by_side import drawn
from slow_offers import Tied
from slow_play import play

import sim.mediation
import sim.round
from sim.simulate import simulate


class Found(Exception):
    pass


def first(module: Any, run: Any) -> tuple[Any, ...] | None:
    """What `solve` of a module is asked first in a run, and what it answers; None where nobody meets."""
    solve = module.solve

    def stop(*asked: Any) -> Any:
        raise Found(*asked, solve(*asked))

    with mock.patch.object(module, "solve", stop):
        try:
            run()
        except Found as found:
            return found.args
        except Tied:
            pass
    return None


def compared(source: str) -> int:
    """How many values were found to agree in the first world."""
    draws = drawn(source, 1, 1)
    mine = first(slow_views, lambda: play(draws.scenario, draws, 0))
    theirs = first(sim.round, lambda: simulate(draws.scenario, draws))
    if mine is None or theirs is None:
        return 0
    (table, _, now, game), (asked, solution) = mine, theirs
    for j, often in zip(table.parties, solution.often or (), strict=False):
        put = np.zeros(len(game.packages))
        for package, times in zip(asked.fc.menu.levels[solution.cells.package], often, strict=True):
            put[game.packages.index(tuple(package))] = times
        habit = np.array(game.habit[j])
        shares = [times / max(times.sum(), 1e-300) for times in (put, habit)]
        np.testing.assert_allclose(*shares, rtol=1e-12, atol=1e-12, err_msg=f"{table.name}, {j}")
    count = 0
    for t in range(1, 1 + sum(period > now for period in game.value)):  # under a quota of the next period only
        for member, values in zip(table.members, solution.values[t], strict=False):
            for k, value in enumerate(values[:, 0]):
                known = game.value[now + t][member][k]
                where = f"{table.name}, {member}, {k}, {t}"
                np.testing.assert_allclose(value, known, rtol=1e-12, atol=1e-12, err_msg=where)
                count += 1
    return count


def told(source: str) -> int:
    """The same of what saying one thing or another is worth to a mediator, of whatever it may have seen."""
    draws, heard = drawn(source, 1, 1), []
    loops = slow_mediator._told

    def listen(*asked: Any) -> float:
        heard.append(loops(*asked))
        return heard[-1]

    with mock.patch.object(slow_mediator, "_told", listen):
        mine = first(slow_views, lambda: play(draws.scenario, draws, 0))
    theirs: list[Any] = []
    about = sim.mediation._about
    with mock.patch.object(sim.mediation, "_about", lambda *asked: theirs.append(about(*asked)) or theirs[-1]):
        first(sim.round, lambda: simulate(draws.scenario, draws))
    if mine is None or not theirs:
        return 0
    count = 0
    for message in theirs:
        v = len(message.values)
        worth, heard = np.reshape(heard[: v * v], (v, v)), heard[v * v :]
        accuracy = draws.scenario.tables[mine[0].name].mediator.accuracy
        seen_if = np.where(np.eye(v, dtype=bool), accuracy, (1 - accuracy) / max(v - 1, 1))
        joint = message.prior[:, 0] * seen_if.T  # (seen, true)
        some = joint.sum(axis=1) > 0
        wanted = (worth @ joint[some].T) / joint[some].sum(axis=1)
        np.testing.assert_allclose(message.worth[:, some, 0], wanted, rtol=1e-12, atol=1e-12)
        count += wanted.size
    return count
