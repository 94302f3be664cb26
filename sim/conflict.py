"""The war: once a period the stocks move, by their lines' mean in a forecast and by a draw in a world."""

from __future__ import annotations

from sim.arrays import Floats
from sim.scenario.schema import Scenario


def line_names(scenario: Scenario) -> list[tuple[str, int]]:
    """(stock, number of the line) for every line of change, in the order of the file."""
    return [(s, k) for s, stock in scenario.stocks.items() for k in range(len(stock.change))]


def battle_draw(scenario: Scenario, uniforms: list[Floats]) -> list[Floats]:
    """What each line adds in each world this period, where it holds: list of (N,), by the line's prior."""
    lines = [scenario.stocks[s].change[k] for s, k in line_names(scenario)]
    return [line.by.ppf(u) for line, u in zip(lines, uniforms, strict=True)]
