"""Discounted sums along forecast paths: certainty equivalent, every path followed until it stands still or the
horizon ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.menu import Column, Drift
from sim.scenario.selectors import NEVER, Selector
from sim.state import Layout, Line, State, holds, reads_stocks


@dataclass
class Motion:
    """How stocks and decays move in each of n worlds under one drift class, levels standing still.

    step (S, n): change per period that doesn't depend on the stocks; `bends`: lines whose condition does;
    fading (D, n): whether each decay runs, or, where that depends on the stocks, the condition in `fades`.
    """

    step: Floats
    bends: list[tuple[Line, Selector]]
    fading: Bools
    fades: dict[int, Selector]

    def straight(self, stock: int) -> bool:
        """Whether a stock moves by the same step every period until it meets its range."""
        return all(line.stock != stock for line, _ in self.bends)


def motion(drift: Drift, lines: list[Line], layout: Layout, state: State) -> Motion:
    n = len(state.levels)
    step, bends = np.zeros((len(layout.stocks), n)), []
    for line, when in zip(lines, drift.lines, strict=True):
        if when == NEVER:
            continue
        if reads_stocks(when, layout):
            bends.append((line, when))
        else:
            step[line.stock] += np.where(line.on & holds(when, layout, state.levels, state.stocks), line.mean, 0.0)
    fading, fades = np.zeros((len(layout.decays), n), bool), {}
    for k, since in enumerate(drift.decays):
        if reads_stocks(since, layout):
            fades[k] = since
        elif since != NEVER:
            fading[k] = holds(since, layout, state.levels, state.stocks)
    return Motion(step, bends, fading, fades)


def move(m: Motion, world: Ints, x: Floats, d: Floats, layout: Layout, levels: Ints) -> tuple[Floats, Floats, Bools]:
    """One period for rows of `world` (R,): stocks (S, R), decays (D, R), and which decays ran (D, R)."""
    new = x + m.step[:, world]
    for line, when in m.bends:
        active = line.on[world] & holds(when, layout, levels[world], x.T)
        new[line.stock] += np.where(active, line.mean[world], 0.0)
    np.clip(new, layout.low[:, None], layout.high[:, None], out=new)
    fading = m.fading[:, world]
    for k, since in m.fades.items():
        fading[k] = holds(since, layout, levels[world], new.T)
    return new, np.where(fading, d * layout.ratios[:, None], 1.0), fading


def path(m: Motion, state: State, layout: Layout, periods: int) -> tuple[Floats, Floats]:
    """Stocks (S, T+1, n) and decays (D, T+1, n) before the battle of every period, and after the last."""
    x, d = state.stocks.T, state.decays.T
    if not m.bends and not len(layout.decays):
        elapsed = np.arange(periods + 1)[None, :, None]
        low, high = layout.low[:, None, None], layout.high[:, None, None]
        return np.clip(x[:, None] + elapsed * m.step[:, None], low, high), np.ones((0, periods + 1, len(state.levels)))
    world = np.arange(len(state.levels))
    xs, ds = [x], [d]
    for _ in range(periods):
        x, d, _ran = move(m, world, x, d, layout, state.levels)
        xs.append(x)
        ds.append(d)
    return np.stack(xs, axis=1), np.stack(ds, axis=1)


@dataclass
class Reading:
    """A column made ready for n worlds: `still` (n,) is the part that stands still, the rest is read off the stocks."""

    column: Column
    still: Floats
    stocks: list[int]
    linear: bool  # moves only with one stock, in proportion to it

    def __call__(self, world: Ints, x: Floats, d: Floats, layout: Layout, levels: Ints) -> Floats:
        value = self.still[world]
        for f in self.column.factors:
            if f.variable in layout.stocks:
                value = value * f.shape(x[layout.stocks[f.variable]])
        if reads_stocks(self.column.when, layout):
            value = value * holds(self.column.when, layout, levels[world], x.T)
        return value if self.column.decay is None else value * d[self.column.decay]


def reading(column: Column, layout: Layout, state: State) -> Reading:
    value = np.ones(len(state.levels))
    moving = [f for f in column.factors if f.variable in layout.stocks]
    for f in column.factors:
        if f.variable in layout.issues:
            k = layout.issues[f.variable]
            value = value * f.shape(layout.values[k][state.levels[:, k]])
    conditional = reads_stocks(column.when, layout)
    if not conditional:
        value = value * holds(column.when, layout, state.levels, state.stocks)
    linear = len(moving) == 1 and moving[0].linear and column.decay is None and not conditional
    return Reading(column, value, [layout.stocks[f.variable] for f in moving], linear)


def straight_sums(
    x: Floats, step: Floats, low: float, high: float, periods: Ints, deltas: list[Floats]
) -> list[Floats]:
    """Average discounted value, at each discount, of a stock that moves by `step` a period within [low, high], and
    stands still after `periods`.

    Σ_{k=1..n} (1−δ) δ^{k−1} (x + k m) + δ^n y, n the steps it takes before it meets its range (or the periods run out),
    y where it then stays. All arguments broadcast; x is the stock before the first step; δ in [0, 1).
    """
    if not step.any():
        return [x for _ in deltas]
    room = np.where(step > 0, high - x, x - low)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        steps = np.where(step == 0, 0.0, np.floor(room / np.abs(step)))
    n = np.minimum(steps, periods)
    final = np.clip(x + np.where(steps < periods, n + 1, n) * step, low, high)
    sums = []
    for delta in deltas:
        gone = -np.expm1(n * np.log(np.maximum(delta, 1e-300)))  # 1 − δ^n
        sums.append(x * gone + step * (gone / (1 - delta) - n * (1 - gone)) + (1 - gone) * final)
    return sums


def follow(
    m: Motion,
    readings: list[Reading],
    layout: Layout,
    levels: Ints,
    world: Ints,
    x: Floats,
    d: Floats,
    periods: Ints,
    deltas: Floats,
) -> Floats:
    """Average discounted value of every column along the path of each row, period by period: (parties, columns, R).

    Rows start from stocks x (S, R) and decays d (D, R) of `world` (R,), before a battle; flows are taken after it. A
    row runs for `periods` (R,) ≥ 1 and then stands still for ever; one that stands still earlier is closed at once,
    by the geometric sum where a decay still runs. deltas (parties, R) in [0, 1).
    """
    shape = (len(deltas), len(readings), len(world))
    result, total = np.zeros(shape), np.zeros(shape)
    rows, left = np.arange(len(world)), periods.copy()
    weight, keep = np.ones_like(deltas), 1 - deltas
    while len(rows):
        new, d, fading = move(m, world, x, d, layout, levels)
        left -= 1
        flow = np.array([r(world, new, d, layout, levels) for r in readings])
        total += (keep * weight)[:, None] * flow
        weight = weight * deltas
        done = (new == x).all(axis=0) | (left == 0)
        if done.any():
            for c, r in enumerate(readings):
                k = r.column.decay
                ratio = np.ones(done.sum()) if k is None else np.where(fading[k, done], layout.ratios[k], 1.0)
                rest = flow[c, done] * weight[:, done] * _tail(deltas[:, done], ratio, left[done])
                result[:, c, rows[done]] = total[:, c, done] + rest
            stay = ~done
            rows, world, left, new, d = rows[stay], world[stay], left[stay], new[:, stay], d[:, stay]
            total, weight, deltas, keep = total[:, :, stay], weight[:, stay], deltas[:, stay], keep[:, stay]
        x = new
    return result


def _tail(delta: Floats, ratio: Floats, periods: Ints) -> Floats:
    """Σ_{k=1..n} (1−δ) δ^{k−1} q^k + δ^n q^n: what is still to come, as a share of the last flow, if it shrinks by q
    a period."""
    e = delta * ratio
    power = e**periods
    return np.where(ratio == 1, 1.0, (1 - delta) * ratio * (1 - power) / (1 - e) + power)
