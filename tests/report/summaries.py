"""Made-up summaries of runs, for the tests of the figures."""

from __future__ import annotations

from typing import Any

NAMES = (
    "ceasefire",
    "troops_home_by_deal",
    "kursk_first",
    "acknowledged",
    "arms_deal",
    "relief_before_ceasefire",
    "technology_transfer",
    "talks_collapse",
    "us_dprk_deal",
    "nothing_changes",
)
HOSTILE = "a_very_long_outcome_name_that_nobody_would_ever_read_out_in_cl"


def summary(outcomes: int = 4, periods: int = 24, hostile: bool = False) -> dict[str, Any]:
    """A whole document with so many outcomes; `hostile` gives it long names and signs that matplotlib might read."""
    title = "Retake Kursk first, then talk"
    if hostile:
        title = "Is $x_1 < \\frac{a}{b}$ & <b>$5</b> worth_it? " * 4
    found = dict(_outcome(k, outcomes, periods, hostile) for k in range(outcomes))
    return {
        "scenario": {
            "title": title,
            "question": "?",
            "file": "x.yaml",
            "sha256": "0",
            "period": "month",
            "horizon": periods,
        },
        "worlds": 2000,
        "seed": 1,
        "outcomes": found,
        "convergence": _convergence({name: o["probability"] for name, o in found.items()}),
        "issues": {},
        "tables": _tables(hostile, periods),
        "values": _values(hostile),
        "report": {},
        "documented": {"US": 0.2, "RUS": 0.8},
    }


def minimal() -> dict[str, Any]:
    """A run of one world in which there is nothing to show."""
    return {
        "scenario": {
            "title": "Nothing",
            "question": "",
            "file": "x.yaml",
            "sha256": "0",
            "period": "round",
            "horizon": 1,
        },
        "worlds": 1,
        "seed": 1,
        "outcomes": {},
        "issues": {},
        "tables": {},
        "values": {},
        "report": {},
        "documented": {},
    }


def _outcome(k: int, outcomes: int, periods: int, hostile: bool) -> tuple[str, dict[str, Any]]:
    end = (0.62, 0.57, 0.60, 0.31, 0.004, 0.055, 0.052, 0.997, 0.61, 0.0)[k] if outcomes > 1 else 0.62
    path = [end * (t + 1) / periods for t in range(periods)]
    name = f"{HOSTILE[:60]}_{k}" if hostile else NAMES[k]
    return name, {
        "count": round(2000 * end),
        "worlds": 2000,
        "probability": end,
        "low": max(0.0, end - 0.02),
        "high": min(1.0, end + 0.02),
        "by_period": path,
        "by_period_low": [max(0.0, p - 0.02) for p in path],
        "by_period_high": [min(1.0, p + 0.02) for p in path],
    }


def _convergence(ends: dict[str, float]) -> dict[str, Any]:
    marks = [10, 30, 100, 300, 1000, 2000]
    wide = {n: [0.9 * m**-0.5 for m in marks] for n in ends}
    return {
        "worlds": marks,
        "outcomes": {
            n: {
                "share": [p for _ in marks],
                "low": [max(0.0, p - w) for w in wide[n]],
                "high": [min(1.0, p + w) for w in wide[n]],
            }
            for n, p in ends.items()
        },
    }


def _shares(**shares: float) -> dict[str, Any]:
    return {level: {"count": round(1000 * p), "probability": p} for level, p in shares.items()}


def _tables(hostile: bool, periods: int) -> dict[str, Any]:
    end = {
        "parties": ["US", "RUS"],
        "deals": 1243,
        "worlds_with_deal": 1243,
        "first_deal_period": {"p25": 2, "p50": 5, "p75": 9},
    }
    talks = {
        "ceasefire": _shares(none=0.0, energy_only=0.14, general=0.86),
        "troops": _shares(at_the_front=0.22, in_reserve=0.1, home=0.68),
        "acknowledged": _shares(no=0.97, yes=0.03),
        "relief_russia": _shares(none=0.3, partial=0.33, broad=0.37),
    }
    trade = {"price": {f"{k / 20:g}": {"count": 1, "probability": (k + 1) / 231} for k in range(21)}}
    if hostile:
        long = "in_reserve_and_$not_$anywhere_<near>_the_front_nor_$home$_yet_0"
        talks["relief_and_reconstruction_and_everything_else_that_may_be_wanted"] = _shares(
            **{long: 0.3, long + "1": 0.7}
        )
        talks["sixteenths"] = _shares(**{f"{long[:20]}{k}": 1 / 16 for k in range(16)})
    name = "a_table_whose_name_goes_on_and_on_and_on_until_nobody_listens_x" if hostile else "ceasefire_talks"
    by_period = [0.6 * (t + 1) / periods for t in range(periods)]
    return {
        name: {**end, "terms": talks, "by_period": by_period},
        "arms_for_aid": {**end, "terms": trade, "by_period": by_period},
        "never": {**end, "deals": 0, "worlds_with_deal": 0, "terms": {}, "by_period": [0.0] * periods},
    }


def _values(hostile: bool) -> dict[str, Any]:
    names = {"US": None, "RUS": "Russia", "DPRK": "North Korea", "CHN": "China", "ROK": "South Korea"}
    if hostile:
        names["RUS"] = "The $Russian$ Federation_and all of its many < allies > under any name whatever"
    return {
        actor: {
            "mean": 0.1 * k - 0.13,
            "sd": 0.1,
            "p05": 0.1 * k - 0.3,
            "p50": 0.1 * k - 0.1,
            "p95": 0.1 * k + 0.02,
            "name": name,
        }
        for k, (actor, name) in enumerate(names.items())
    }
