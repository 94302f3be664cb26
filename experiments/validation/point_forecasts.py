"""Point forecasts of 351 decisions of the European Union, issue by issue on a scale of 0 to 100: what a challenge model
and a compromise (the mean of positions, weighted by capability and salience) said beforehand, and what was decided. No
line here is ours: the positions behind the forecasts aren't in the file, and it has neither packages nor stakes for our
games to be played over. The lines say what any forecast of settled positions must beat.

MAE is the mean absolute error, in points of the scale; intervals are by the bootstrap of issues (BCa, Efron 1987), as
if these were independent, which issues of one proposal aren't quite. That the two first figures are those given with
the file says only that it is read as it was meant.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from sim.analysis.intervals import ratios, wilson
from sim.arrays import Bools, Floats
from validation.check import Check, data_folder, needed

TITLE = "Point forecasts of European decisions"
FILE = "deu3_351_issues_outcomes_baselines.csv"
SOURCE = "decision-making in the European Union, DEU III (Arregui & Perarnaud 2022)"
GIVEN = {"challenge": 26.83, "compromise": 22.99}


def checks(data: Path) -> list[Check]:
    """MAE of the two models, of the status quo where there is one, and of saying 50 always; and who was nearer."""
    with needed(data, FILE).open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    happened = column(rows, "outcome")
    errors = {m: np.abs(column(rows, f"{m}_forecast") - happened) for m in GIVEN}
    errors["always 50"] = np.abs(50 - happened)
    stood = np.abs(column(rows, "reference_point") - happened)
    known = ~np.isnan(stood)
    found = [error(m, e, len(rows), GIVEN.get(m)) for m, e in errors.items()]
    found.append(error("the status quo, where the file has one", stood[known], int(known.sum())))
    found += [
        error(f"{m}, on the same issues", errors[m][known], int(known.sum())) for m in ("compromise", "challenge")
    ]
    return [*found, difference(errors["challenge"] - errors["compromise"]), nearer(errors)]


def column(rows: list[dict[str, str]], name: str) -> Floats:
    return np.array([float(r[name]) if r[name] else np.nan for r in rows])


def interval(values: Floats) -> tuple[float, float, float]:
    mean, low, high = ratios(values[None], np.ones(len(values)))
    return float(mean[0]), float(low[0]), float(high[0])


def error(name: str, errors: Floats, issues: int, given: float | None = None) -> Check:
    mean, low, high = interval(errors)
    holds = None if given is None else abs(mean - given) < 0.005
    told = "" if given is None else f"{given:.2f}"
    return Check(f"MAE of {name}", mean, low, high, told, SOURCE, holds, f"{issues} issues")


def difference(more: Floats) -> Check:
    """By how much the challenge model errs more, issue by issue."""
    mean, low, high = interval(more)
    note = "paired; holds where the interval is above 0"
    return Check("MAE of challenge minus that of compromise", mean, low, high, "above 0", SOURCE, low > 0, note)


def nearer(errors: dict[str, Floats]) -> Check:
    won: Bools = errors["compromise"] < errors["challenge"]
    told: Bools = errors["compromise"] != errors["challenge"]
    low, high = wilson(int(won.sum()), int(told.sum()))
    share, note = float(won.sum() / told.sum()), f"{won.sum()} of the {told.sum()} issues on which one was nearer"
    return Check(
        "share of issues on which compromise was nearer", share, float(low), float(high), "", SOURCE, None, note
    )


if __name__ == "__main__":  # PYTHONPATH=experiments python -m validation.point_forecasts
    for c in checks(data_folder()):
        verdict = {True: "holds", False: "DOESN'T HOLD", None: ""}[c.holds]
        print(f"{c.name:52} {c.ours:7.2f} [{c.low:.2f}, {c.high:.2f}]  {c.theirs:8} {verdict:12} {c.note}")
