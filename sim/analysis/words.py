"""How a story puts numbers, packages and odds."""

from __future__ import annotations

from collections.abc import Sequence

from sim.analysis.records import Levels, Odds

SHOWN, SAME = 5e-4, 5e-3  # least part of a value, and least move of a share, that is told


def percent(share: float) -> str:
    return f"{100 * round(share, 2) + 0.0:.0f} %"  # never -0 %


def value(utility: float) -> str:
    return f"{round(utility, 3) + 0.0:+.3f}"


def plain(name: str) -> str:
    return name.replace("_", " ").replace("@", " at ")


def listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def package(levels: Levels) -> str:
    return ", ".join(f"{plain(i)} {plain(level)}" for i, level in levels.items())


def moves(before: Levels, after: Levels) -> str:
    """What changes; an issue that stays is left out."""
    changed = {i: level for i, level in after.items() if before[i] != level}
    return ", ".join(f"{plain(i)} {plain(before[i])} → {plain(level)}" for i, level in changed.items())


def leaving(sets: dict[str, str]) -> str:
    return f"; that leaves {package(sets)}" if sets else ""


def moved(odds: tuple[Odds, Odds]) -> bool:
    """Whether odds before and after differ by enough to be told."""
    return bool(changes(odds))


def changes(odds: tuple[Odds, Odds]) -> str:
    """Odds that moved, neighbours that moved alike together."""
    runs: list[tuple[str, list[str]]] = []
    for name, past in odds[0].items():
        text = f"{percent(past)} → {percent(odds[1][name])}" if abs(past - odds[1][name]) > SAME else ""
        if runs and runs[-1][0] == text:
            runs[-1][1].append(name)
        else:
            runs.append((text, [name]))
    return ", ".join(f"{_range(names)} {text}" for text, names in runs if text)


def _range(names: list[str]) -> str:
    """`weak`, `weak, strong each` or `value 1 to value 9 each`."""
    if len(names) < 3:
        return ", ".join(names) + " each" * (len(names) > 1)
    return f"{names[0]} to {names[-1]} each"


def likely(odds: Odds) -> str:
    return ", ".join(f"{k} {percent(p)}" for k, p in odds.items())
