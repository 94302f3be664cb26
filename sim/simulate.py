"""One block from start to end: a pure function of the scenario and its draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrays import Array
from sim.model import Negotiation
from sim.outcomes import Watch
from sim.scenario.schema import Scenario
from sim.streams import BLOCK

if TYPE_CHECKING:
    from sim.montecarlo.draws import Draws


def simulate(scenario: Scenario, draws: Draws, trace: Any = None) -> dict[str, Array]:
    """Columns of one block's worlds, named as in `sim.store.columns`: (N,) each.

    trace: records every step of a single world (`sim.analysis.trace`). Depends on nothing but its arguments: worlds
    don't touch, and any worker gives the same bits.
    """
    model = Negotiation(scenario, draws, trace)
    try:
        watches = {name: Watch.start(o, model.layout, model.state) for name, o in scenario.outcomes.items()}
        for t in range(scenario.horizon):
            model.step()
            for watch in watches.values():
                watch.look(model.state, t + 1)
        return _columns(model, draws, watches)
    finally:
        model.close()


def _columns(model: Negotiation, draws: Draws, watches: dict[str, Watch]) -> dict[str, Array]:
    columns: dict[str, Array] = {"world": np.arange(BLOCK)[draws.keep] + draws.block * BLOCK}
    for name, watch in watches.items():
        columns[f"outcome.{name}"] = watch.now
        columns[f"outcome.{name}.since"] = watch.since.astype(np.int32)
    for k, name in enumerate(model.scenario.issues):
        columns[f"level.{name}"] = model.state.levels[:, k].astype(np.int32)
    for k, name in enumerate(model.scenario.stocks):
        columns[f"stock.{name}"] = model.state.stocks[:, k].copy()
    for name, table in model.tables.items():
        columns[f"table.{name}.status"] = table.status.astype(np.int8)
        columns[f"table.{name}.deal_period"] = table.first_deal.astype(np.int32)
        for issue, agreed in zip(table.table.agenda, table.terms().T, strict=True):
            columns[f"table.{name}.terms.{issue}"] = agreed.astype(np.int32)
        columns[f"table.{name}.zone"] = table.zone
        for party in table.parties:
            columns[f"table.{name}.refusals.{party}"] = table.refusals[party].astype(np.int32)
            columns[f"table.{name}.shortfall.{party}"] = table.shortfall[party]
            columns[f"table.{name}.resolve.{party}"] = draws.resolve[party, name]
        for third in table.consenters:
            columns[f"table.{name}.vetoes.{third}"] = table.refusals[third].astype(np.int32)
            columns[f"table.{name}.tolerance.{third}"] = draws.tolerance[third, name]
    for name, count in model.occurred.items():
        columns[f"event.{name}"] = count.astype(np.int32)
    for name, actor in model.actors.items():
        columns[f"value.{name}"] = actor.payoff()
        if len(actor.profiles) > 1:
            columns[f"type.{name}"] = actor.kind.astype(np.int16)
    for claim, on in draws.claims.items():
        columns[f"claim.{claim}"] = on
    return columns
