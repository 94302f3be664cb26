"""A run's answer in two sentences, in natural frequencies ("in 56 of 100 worlds"; Gigerenzer & Hoffrage 1995)."""

from __future__ import annotations

from typing import Any

from sim.report.style import plain

SHOWN = 3  # issues named in a sentence


def answer(summary: dict[str, Any]) -> list[str]:
    """First how often what was asked for comes about; then when deals come, and what most of them say."""
    first = next(iter(summary["outcomes"].items()), None)
    tables = {n: t for n, t in summary["tables"].items() if t["worlds_with_deal"]}
    if first is not None:
        name, o = first
        says = f"“{plain(name)}” comes about {often(o['probability'], o['low'], o['high'])}"
        count = f"{o['count']:,} of the {o['worlds']:,} worlds played"
        sentences = [f"{says}: {count}."]
    elif summary["tables"]:
        name, t = next(iter(summary["tables"].items()))
        says = f"The table {plain(name)} reaches a deal {often(t['probability'], t['low'], t['high'])}"
        sentences = [f"{says}: {t['worlds_with_deal']:,} of the {summary['worlds']:,} worlds played."]
    else:
        sentences = [f"Nobody bargains here and no outcome is named: {summary['worlds']:,} worlds were played."]
    if tables:
        sentences.append(_deals(summary, *next(iter(tables.items()))))
    elif summary["tables"]:
        sentences.append("No table reaches a deal in any of them.")
    return sentences


def _deals(summary: dict[str, Any], name: str, t: dict[str, Any]) -> str:
    period, when = summary["scenario"]["period"], t["first_deal_period"]["p50"]
    parts = []
    for issue, levels in list(t["terms"].items())[:SHOWN]:
        level, v = max(levels.items(), key=lambda kv: kv[1]["count"])
        parts.append(f"{plain(issue)} {plain(level)} ({of_hundred(v['probability'])} deals)")
    terms = ", ".join(parts)
    return f"Half of the deals at {plain(name)} are there by {period} {when:g}, and the commonest terms are: {terms}."


def often(share: float, low: float, high: float) -> str:
    """`in 56 of 100 worlds (95 % interval: 54 to 58)`; of a larger round number where 100 would claim never or
    always."""
    base = _base(share)
    ends = " to ".join(f"{base * v:,.0f}" for v in (low, high))
    return f"in {of_hundred(share)} worlds (95 % interval: {ends})"


def of_hundred(share: float) -> str:
    """`56 of 100`."""
    base = _base(share)
    return f"{base * share:,.0f} of {base:,}"


def _base(share: float) -> int:
    return next((b for b in (100, 1_000, 10_000) if share in (0, 1) or 0 < round(b * share) < b), 100_000)
