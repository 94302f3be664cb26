"""Salami in slices of equal size, by backward induction; after Fearon (1996) and Schelling (1966).

Fearon, "Bargaining over objects that influence future bargaining power"; Schelling, *Arms and Influence*. The game of
`salami` where shares are multiples of 1/N. A takes the largest demand that D yields to: D gets at least its value of
war, counting what it will lose later. Shares stay within about (2 + 1 / (1 − ρ)) / N of the continuous path; slices
larger than what A would gain by a step make the path end early.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.theory.salami import Object

TIE = 1e-12


def next_slices(terms: Object, slices: int) -> NDArray[np.int64]:
    """What A holds a period later, by what it holds now, in slices: (N + 1,), each entry at least its index.

    slices: N ≥ 1. Where D yields nothing more A keeps what it has.
    """
    share = np.arange(slices + 1) / slices
    war = (1 - (terms.a + terms.b * share)) / (1 - terms.delta) - terms.cost_d
    yielded = np.full(slices + 1, -np.inf)  # D's value of A's holding a share from now on, before the next demand
    after = np.arange(slices + 1)
    for held in range(slices, -1, -1):
        open_to = np.flatnonzero(yielded[held + 1 :] >= war[held] - TIE)
        if len(open_to):
            after[held] = held + 1 + open_to[-1]
            value = yielded[after[held]]
        else:
            value = max((1 - share[held]) / (1 - terms.delta), war[held])
        yielded[held] = (1 - share[held]) + terms.delta * value
    return after


def path(terms: Object, start: int, slices: int, periods: int) -> NDArray[np.float64]:
    """A's shares (periods + 1,) from `start` slices of 1 / `slices` on."""
    after = next_slices(terms, slices)
    held = [start]
    for _ in range(periods):
        held.append(int(after[held[-1]]))
    return np.array(held) / slices
