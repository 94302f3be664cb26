"""Standard shifts of a declared number: what it would be a little lower, and a little higher.

One rule for all: what has a prior goes to its quartiles, a bare number a fifth down and up. What an actor keeps private
keeps its spread: its law is moved as a whole, by as much as its median lies from the quartile.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from sim.scenario.laws import Choice, Fixed, Prior

FIFTH = 0.2
PLACES = ("low", "mode", "high", "mean_", "median", "p90", "value")  # parameters that move with the law


def quartiles(prior: Prior) -> dict[str, float]:
    """Words -> value: a prior's quartiles; of a number a fifth less and a fifth more in size (none of 0)."""
    if isinstance(prior, Fixed):
        return {"a fifth less": _short(prior.value * (1 - FIFTH)), "a fifth more": _short(prior.value * (1 + FIFTH))}
    low, _, high = map(_short, _at(prior))
    return {"at its lower quartile": low, "at its upper quartile": high}


def patience(prior: Prior) -> dict[str, float]:
    """As `quartiles`, of a discount; for a number it is impatience, 1 − δ, that is a fifth less or more."""
    if not isinstance(prior, Fixed):
        return quartiles(prior)
    less, more = (1 - _short((1 - prior.value) * k) for k in (1 + FIFTH, 1 - FIFTH))
    return {"a fifth less patient": _short(less), "a fifth more patient": _short(more)}


def moved(prior: Prior) -> dict[str, Any]:
    """Words -> the law as a file writes it, moved as a whole down to its lower and up to its upper quartile."""
    if isinstance(prior, Fixed):
        return dict(quartiles(prior))
    low, middle, high = _at(prior)
    return {
        "lower by a quartile": written(_moved(prior, low - middle)),
        "higher by a quartile": written(_moved(prior, high - middle)),
    }


def _at(prior: Prior) -> list[float]:
    """Quartiles and median."""
    import numpy as np

    return [float(v) for v in prior.ppf(np.array([0.25, 0.5, 0.75]))]


def _moved(prior: Prior, by: float) -> Prior:
    if isinstance(prior, Choice):
        return replace(prior, values=tuple(_short(v + by) for v in prior.values))
    there = {f.name: getattr(prior, f.name) for f in fields(prior) if f.name in PLACES}
    return replace(prior, **{k: _short(v + by) for k, v in there.items() if v is not None})


def written(prior: Prior) -> Any:
    """The prior as plain data that a file could hold."""
    if isinstance(prior, Fixed):
        return prior.value
    if isinstance(prior, Choice):
        return {"choice": {f"{v:g}": p for v, p in zip(prior.values, prior.probabilities, strict=True)}}
    parts = {f.name.rstrip("_"): getattr(prior, f.name) for f in fields(prior)}
    return {prior.name: {k: v for k, v in parts.items() if v is not None}}


def _short(value: float) -> float:
    """Four digits, so that the value can be read and typed; next to nothing is nothing."""
    return float(f"{round(value, 12) + 0.0:.4g}")
