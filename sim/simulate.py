"""One block from start to end: a pure function of the scenario and its draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrays import Array
from sim.model import SEATLESS, Negotiation
from sim.outcomes import Watch
from sim.scenario.schema import Scenario
from sim.scenario.strategy import Strategy
from sim.streams import BLOCK

if TYPE_CHECKING:
    from sim.montecarlo.draws import Draws
    from sim.talks import Talks


def simulate(
    scenario: Scenario, draws: Draws, trace: Any = None, seated: Mapping[tuple[str, str], Strategy] = SEATLESS
) -> dict[str, Array]:
    """Columns of one block's worlds, named as in `sim.store.columns`: (N,) each.

    trace: records every step of a single world (`sim.analysis.trace`). seated: who plays otherwise than the file says,
    by (actor, table). Depends on nothing but its arguments: worlds don't touch, and any worker gives the same bits.
    """
    model = Negotiation(scenario, draws, trace, seated)
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
    for k, name in enumerate(model.spec.issues):
        columns[f"level.{name}"] = model.state.levels[:, k].astype(np.int32)
    outside = model.known_by(frozenset(), np.arange(model.worlds))
    for table in (t.table for t in model.tables.values() if t.table.secret is not None):
        for issue in table.agenda:
            columns[f"announced.{issue}"] = outside[:, model.layout.issues[issue]].astype(np.int32)
    for k, name in enumerate(model.spec.stocks):
        columns[f"stock.{name}"] = model.state.stocks[:, k].copy()
    for name, talks in model.tables.items():
        columns |= {f"table.{name}.{what}": values for what, values in _of_table(talks, draws).items()}
    for name, count in model.occurred.items():
        columns[f"event.{name}"] = count.astype(np.int32)
    for name, actor in model.actors.items():
        columns[f"value.{name}"] = actor.payoff()
        if len(actor.profiles) > 1:
            columns[f"type.{name}"] = actor.kind.astype(np.int16)
    for claim, on in draws.claims.items():
        columns[f"claim.{claim}"] = on
    return columns


def _of_table(talks: Talks, draws: Draws) -> dict[str, Array]:
    """What is told of one table, by what follows its name."""
    columns: dict[str, Array] = {
        "status": talks.status.astype(np.int8),
        "deal_period": talks.first_deal.astype(np.int32),
        "deals": talks.deals.astype(np.int32),
    }
    for issue, agreed in zip(talks.table.agenda, talks.terms().T, strict=True):
        columns[f"terms.{issue}"] = agreed.astype(np.int32)
    columns["zone"], columns["room"] = talks.zone, talks.room
    for party in talks.parties:
        columns[f"refusals.{party}"] = talks.refusals[party].astype(np.int32)
        columns[f"shortfall.{party}"] = talks.shortfall[party]
        columns[f"resolve.{party}"] = draws.resolve[party, talks.name]
    for third in talks.consenters:
        columns[f"vetoes.{third}"] = talks.refusals[third].astype(np.int32)
        columns[f"tolerance.{third}"] = draws.tolerance[third, talks.name]
    if talks.breaches:
        columns["broken"] = talks.broken_in.astype(np.int32)
    for party, count in talks.breaches.items():
        columns[f"breaches.{party}"] = count.astype(np.int32)
    if talks.table.secret is not None:
        columns["revealed"] = talks.revealed_in.astype(np.int32)
    for subject, believed in talks.believed.items():
        columns[f"believed.{subject}"] = believed.astype(np.int8)
    return columns
