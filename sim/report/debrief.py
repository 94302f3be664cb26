"""A game's figure: what each player got, laid over what the model gets in the same seat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.layout import page
from sim.report.style import COLOURS, FAINT, INK, SMALL, interval_of, number, shorten, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROW, AXIS = 3.0, 0.75  # inches
NOTE = (
    "Bars: what the model gets in the same seat, with the same interests and secrets, chance drawn anew. "
    "Line: the player. Triangle: the model in this very world."
)


@styled()
def draw(document: dict[str, Any]) -> Figure:
    """For each seat a histogram of what the model gets in it, with the player's value marked. `document`: see
    `sim.seat.debrief`."""
    seats = document["seats"]
    summary = {"scenario": {"title": document["title"]}, "worlds": document["worlds"], "seed": document["seed"]}
    names = " and ".join(found["name"] for found in seats.values())
    sheet = page(f"What did {names} get, and what does the model?", NOTE, summary, ROW * len(seats))
    step = sheet.room / len(seats)
    for k, found in enumerate(seats.values()):
        values, own, model = np.array(found["values"]), found["value"], found["model"]
        axes = sheet.axes(0.1, k * step + 0.75, sheet.width - 0.2, step - 0.75 - AXIS)
        everything = np.array([*values, own, model])
        edges = np.histogram_bin_edges(everything, 40)
        if np.ptp(everything) < 1e-6:  # one value: one bar in the middle
            edges = own + np.linspace(-0.05, 0.05, 40)
        counts, _ = np.histogram(values, edges)
        axes.bar(edges[:-1], counts, np.diff(edges), align="edge", color=COLOURS[5], edgecolor="white", linewidth=0.5)
        axes.set_ylim(0, float(np.max(counts)) * 1.12)
        axes.axvline(own, color=COLOURS[1], linewidth=4)
        axes.plot(model, 0, "^", color=INK, markersize=15, clip_on=False, zorder=5)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.tick_params(labelsize=SMALL, length=0, labelcolor=FAINT, pad=10)
        axes.set_xlabel("average discounted payoff", fontsize=SMALL, color=FAINT)
        scale = max(abs(own), abs(model), 1e-3)
        below = found["below"]
        text = f"The model: {number(model, scale)} in this world; less than the player in {below['count']} of "
        text += f"{document['worlds']:,} ({interval_of(below)})" + f", as much in {below['ties']}" * bool(below["ties"])
        who = f"{shorten(found['name'], 17, sheet.width - 1.5, 'bold')}: {number(own, scale)}"
        sheet.write(who, 0.1, k * step + 0.2, weight="bold", color=COLOURS[1], fontsize=17)
        sheet.write(text, 0.1, k * step + 0.52, fontsize=SMALL)
    return sheet.figure
