"""Scenario discovery: the ranges of a sweep's fields within which an outcome is likely, as a box.

The box is found by the Patient Rule Induction Method (Friedman & Fisher 1999; Bryant & Lempert 2010) of the EMA
Workbench (Kwakkel 2017), in one half of the points; how good it is, is counted in the other half, which it hasn't seen.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.intervals import counted
from sim.arrays import Bools
from sim.errors import UserError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

LEAST = 10  # points of either kind, in the half that the box is found in
ANY = 1e-9  # PRIM's least density of a box; not 0, which would make all points interesting
SURE = 0.05  # quasi-p-value above which a limit may be chance and is given up


@dataclass(frozen=True)
class Box:
    """What was found: `document` as in box_MEASURE.json."""

    document: dict[str, Any]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row a field that limits the box: `low`, `high` of `least`, `most` in the points, or the `names` left."""
        import pandas as pd

        rows = [
            {"field": f, "low": limit[0], "high": limit[1], "least": span[0], "most": span[1], "names": None}
            if all(isinstance(v, float) for v in limit)
            else {"field": f, "names": ", ".join(limit)}
            for f, limit in self.document["limits"].items()
            for span in [self.document["ranges"][f]]
        ]
        return pd.DataFrame(rows, columns=["field", "low", "high", "least", "most", "names"])

    def figure(self) -> Figure:
        """Each limited field's range within what was varied."""
        from sim.report.discovery import ranges

        return ranges(self.document)


def discover(folder: Path | str, outcome: str, above: float = 0.5, seed: int = 1) -> Box:
    """The box in which an outcome's share (or another measure's mean) is at least `above`, from the folder of a sweep
    or a sensitivity: `limits` {field: [low, high] or a list of names}, its `density` (of the points inside, how many
    are of interest) and `coverage` (of those of interest, how many lie inside), each {share, low, high, count, of}.
    By the Patient Rule Induction Method (Friedman & Fisher 1999; Bryant & Lempert 2010).

    Raises UserError for a folder without points, an unknown outcome, too few points, or without the EMA Workbench.
    """
    points, about = read_points(Path(folder))
    measure = _measure(outcome, points)
    wanted = (points[measure] >= above).to_numpy()
    fields = points[[f for f in about["varied"] if points[f].nunique() > 1]]
    found = np.zeros(len(points), bool)
    found[np.random.default_rng(seed).permutation(len(points))[: len(points) // 2]] = True
    some = int(wanted[found].sum())
    if not LEAST <= some <= found.sum() - LEAST:
        raise UserError(
            f"{some} of {found.sum()} points have {measure} at or above {above:g}; a box is looked for where at least "
            f"{LEAST} have and {LEAST} haven't: choose another --above, or play more points."
        )
    limits = _box(fields, wanted, found)
    inside = within(points, limits)
    counts = {
        "density": (wanted & inside & ~found, inside & ~found),
        "coverage": (wanted & inside & ~found, wanted & ~found),
        "base": (wanted & ~found, ~found),
    }
    shares = {name: _share(int(some.sum()), int(of.sum())) for name, (some, of) in counts.items()}
    head = {k: about.get(k) for k in ("labels", "worlds", "seed")} | {
        "title": about.get("title") or about.get("experiment")
    }
    about_box = {"measure": measure, "above": above, "points": len(points), "found_in": int(found.sum())}
    ranges = {f: _span(fields[f]) for f in fields}
    return Box(head | about_box | {"limits": limits, "ranges": ranges, "split_seed": seed, **shares})


def read_points(folder: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The valid points of a sweep's or a sensitivity's folder, and its document."""
    import pandas as pd

    for name in ("sensitivity.json", "sweep.json"):
        if (folder / name).is_file() and (folder / "points.csv").is_file():
            try:
                document = json.loads((folder / name).read_text(encoding="utf-8"))
                points = pd.read_csv(folder / "points.csv")
                points[document["varied"]]
            except (ValueError, TypeError, KeyError):
                raise UserError(
                    f"{folder}: {name} or points.csv isn't as it was written; compute them again with --force."
                ) from None
            valid = points["error"].isna() if "error" in points else np.ones(len(points), bool)
            return points[valid].reset_index(drop=True), document
    raise UserError(f"{folder} holds no points; give a folder that `detente sweep` or `detente sensitivity` wrote.")


def _measure(outcome: str, points: pd.DataFrame) -> str:
    from pandas.api.types import is_numeric_dtype

    names = [str(n) for n in points if f"{n}.low" in points and is_numeric_dtype(points[n])]
    for name in (outcome, f"outcome.{outcome}"):
        if name in names:
            return name
    plain = [n.removeprefix("outcome.") for n in names]
    raise UserError(f"no outcome '{outcome}'{did_you_mean(outcome, plain, 'measured')}")


def _box(fields: pd.DataFrame, wanted: Bools, found: Bools) -> dict[str, list[Any]]:
    """Of the boxes on PRIM's way from all points to few, each with only those limits that chance would hardly give, the
    one with the best harmonic mean of density and coverage."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the workbench about its own extras
        try:
            from ema_workbench.analysis import prim
        except ImportError:
            raise UserError("boxes are found by the EMA Workbench: pip install 'detente[ema]'.") from None
        plain = fields.astype({f: str for f in fields if fields[f].dtype == bool})
        box = prim.Prim(plain[found], wanted[found], threshold=ANY).find_box()
    best: tuple[float, dict[str, list[Any]]] = (0.0, {})
    for lims, qp in zip(box.box_lims, box.qp, strict=True):
        limits = {str(f): _limit(lims[f], fields[f], sides) for f, sides in qp.items() if _sure(sides)}
        inside = within(fields, limits) & found
        hits = 2 * (wanted & inside).sum() / (inside.sum() + (wanted & found).sum())
        best = max(best, (float(hits), limits), key=lambda b: b[0])
    return best[1]


def _sure(sides: Any) -> bool:
    return any(0 <= p <= SURE for p in np.atleast_1d(sides))


def _limit(limits: Any, column: pd.Series[Any], sides: Any) -> list[Any]:
    """[low, high], an end that may be chance as far as the field goes; the names left, for a field of names."""
    if isinstance(limits[0], set):
        return sorted(limits[0])
    ends = (float(column.min()), float(column.max()))
    return [float(v) if 0 <= p <= SURE else end for v, p, end in zip(limits, sides, ends, strict=True)]


def within(points: pd.DataFrame, limits: dict[str, list[Any]]) -> Bools:
    """Which points lie in a box (n,)."""
    inside = np.ones(len(points), bool)
    for field, limit in limits.items():
        numbers = all(isinstance(v, float) for v in limit)
        inside &= (points[field].between(*limit) if numbers else points[field].astype(str).isin(limit)).to_numpy()
    return inside


def _span(column: pd.Series[Any]) -> list[Any]:
    if column.dtype.kind in "fi":
        return [float(column.min()), float(column.max())]
    return sorted({str(v) for v in column})


def _share(count: int, of: int) -> dict[str, Any]:
    return counted(count, of) if of else counted(count, of) | {"share": None}
