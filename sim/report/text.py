"""A run's summary in words and numbers, for a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.report.style import interval, plain

BAR = 24


def tell(summary: dict[str, Any], folder: Path, world: int) -> str:
    """The question, what came out, when and on what terms, who gains, and how much of it rests on documents; `world` is
    one worth asking about."""
    parts = [
        _head(summary),
        _outcomes(summary),
        _types(summary),
        *(_table(n, t, summary) for n, t in summary["tables"].items()),
    ]
    parts += [_values(summary), _reported(summary), _claims(summary), _foot(folder, world)]
    return "\n\n".join(p for p in parts if p)


def _head(s: dict[str, Any]) -> str:
    scenario = s["scenario"]
    date = f", as of {scenario['as_of']}" if scenario.get("as_of") else ""
    first = f"{scenario['title']}{date}"
    changed = differs(s)
    second = f"{s['worlds']:,} worlds, seed {s['seed']}, {scenario['horizon']} {scenario['period']}s"
    return "\n".join(line for line in (first, scenario["question"], second, changed, *_frozen(s)) if line)


def differs(s: dict[str, Any]) -> str:
    """How the run differs from the plain file, in words; empty where it doesn't."""
    options = s.get("options") or {}
    parts = [*options.get("set", ())]
    parts += ["all claims true"] * (options.get("claims") == "all")
    parts += [f"only {name}" for name in options.get("only_source", ())]
    parts += [f"without {name}" for name in options.get("without_source", ())]
    return f"changed: {', '.join(parts)}" if parts else ""


def _frozen(s: dict[str, Any]) -> list[str]:
    names = ", ".join(plain(n) for n in s.get("frozen") or ())
    return [f"never on the table, as none of the claims behind it is left: {names}"] * bool(names)


def _outcomes(s: dict[str, Any]) -> str:
    found = [(plain(n), o["count"], o["worlds"]) for n, o in s["outcomes"].items()]
    intervals = [(o["probability"], o["low"], o["high"]) for o in s["outcomes"].values()]
    return "\n".join(["Outcomes (95 % intervals)", *_bars(found, intervals)]) if found else ""


def _types(s: dict[str, Any]) -> str:
    """The first outcome by what an actor keeps private."""
    if not s["outcomes"] or not s["types"]:
        return ""
    first = next(iter(s["outcomes"]))
    told = [
        (f"{s['values'][a]['name']} {k}, odds {t['odds']:.3g}", t["outcomes"][first])
        for a, kinds in s["types"].items()
        for k, t in kinds.items()
    ]
    found = [(name, o["count"], o["of"]) for name, o in told]
    lines = _bars(found, [(o["share"], o["low"], o["high"]) for _, o in told])
    return "\n".join([f"“{plain(first)}” by type, which the others don't know; the odds are the file's", *lines])


def _bars(found: list[tuple[str, int, int]], intervals: list[tuple[float, float, float]]) -> list[str]:
    width = max(len(name) for name, _, _ in found)
    lines = []
    for (name, count, of), likely in zip(found, intervals, strict=True):
        full = round(BAR * likely[0])
        bar = "█" * full + "·" * (BAR - full)
        lines.append(f"  {name:{width}}  {bar}  {count:,} of {of:,} worlds, {interval(*likely)}")
    return lines


def _table(name: str, t: dict[str, Any], s: dict[str, Any]) -> str:
    lines = [f"Table {plain(name)}: {', '.join(t['parties'])}"]
    chance = interval(t["probability"], t["low"], t["high"])
    deals = f"  a deal in {t['worlds_with_deal']:,} of {s['worlds']:,} worlds, {chance}"
    p25, p50, p75 = (t["first_deal_period"][k] for k in ("p25", "p50", "p75"))
    if p50 is not None:
        deals += (
            f"; half of them by {s['scenario']['period']} {p50:g} (a quarter by {p25:g}, three quarters by {p75:g})"
        )
    lines.append(deals)
    if t["deals"] > t["worlds_with_deal"]:
        lines.append(f"  {t['deals']:,} deals in all, {t['deals'] / t['worlds_with_deal']:.1f} in a world that has any")
    zone = f"{100 * t['zone']:.0f} % of worlds"
    lines.append(f"  leaving resolve aside, some package beats no deal for every party at the first meeting in {zone}")
    others = [f"{plain(k)} {v:,}" for k, v in t["endings"].items() if v and k != "deal"]
    if others:
        refused = ", ".join(f"{p} {n:,}" for p, n in t["refusals"].items())
        lines.append(f"  else, at the end: {', '.join(others)}; offers refused: {refused}")
    lines += _after(t)
    if t["worlds_with_deal"]:
        for issue, levels in t["terms"].items():
            lines.append(f"    {plain(issue)}: {_shares(levels)}")
            if issue in s["announced"]:
                true, told = _shares(s["issues"][issue]), _shares(s["announced"][issue])
                lines.append(f"      at the end {true}" + (f"; for all that outsiders know {told}" * (told != true)))
    return "\n".join(lines)


def _after(t: dict[str, Any]) -> list[str]:
    """What became of promises, secrets and a mediator's words, at tables where there may be some."""
    lines = []
    if "broken" in t:
        by = ", ".join(f"by {p} in {n:,}" for p, n in t["broken"]["by"].items() if n)
        lines.append(f"  a promise is broken in {t['broken']['worlds']:,} worlds{': ' + by if by else ''}")
    if "revealed" in t:
        lines.append(f"  the secret comes out in {t['revealed']:,} of the {t['worlds_with_deal']:,} worlds with a deal")
    for party, n in t.get("words", {}).items():
        spoken = f"{n['spoken']:,} worlds in which it speaks"
        lines.append(f"  what the mediator says of {party} is believed in {n['believed']:,} of the {spoken}")
    return lines


def _shares(levels: dict[str, Any]) -> str:
    common = sorted(levels.items(), key=lambda kv: -kv[1]["probability"])[:6]
    return ", ".join(f"{level} {_part(v['probability'])} %" for level, v in common if v["count"])


def _part(p: float) -> str:
    return "<1" if p < 0.01 else f"{100 * p:.0f}"


def _values(s: dict[str, Any]) -> str:
    width = max(len(v["name"]) for v in s["values"].values())
    lines = ["Value to each actor, on its own scale, and how much of its payoff's weight rests on documents"]
    for actor, v in s["values"].items():
        spread = f"median {v['p50']:+.3f}, 90 % of worlds in [{v['p05']:+.3f}, {v['p95']:+.3f}]"
        documented, stated = s["documented"][actor], s["stated"][actor]
        rests = "no interests given"
        if documented is not None and stated is not None:
            rests = f"weight on documents {100 * documented:.0f} %, on interests they state {100 * stated:.0f} %"
        lines.append(f"  {v['name']:{width}}  {spread}; {rests}")
    return "\n".join(lines)


def _reported(s: dict[str, Any]) -> str:
    """What the file asks for under `report:`, the actors' values aside."""
    found = {n: r for n, r in s["report"].items() if n not in s["values"]}
    if not found:
        return ""
    width = max(map(len, found))
    lines = [
        f"  {n:{width}}  mean {r['mean']:.3f}, 90 % of worlds in [{r['p05']:.3f}, {r['p95']:.3f}]"
        for n, r in found.items()
    ]
    return "\n".join(["At the end (issues by their level's number)", *lines])


def _claims(s: dict[str, Any]) -> str:
    """The claim that moves each outcome most, of those that stand out (see `sim.analysis.influence`)."""
    if not s["claims"] or not s["outcomes"]:
        return ""
    lines = []
    named: list[str] = []
    never = [c for c, v in s["claims"].items() if not any(v["influence"].values())]
    for name in s["outcomes"]:
        found = [(c, v["influence"][name]) for c, v in s["claims"].items() if v["influence"][name]]
        sure = [(c, i) for c, i in found if i["found"]]
        if sure:
            claim, i = max(sure, key=lambda ci: abs(ci[1]["estimate"]))
            digits = 0 if abs(i["estimate"]) >= 0.02 else 1
            low, high = (f"{100 * i[k]:+.{digits}f}" for k in ("low", "high"))
            lines.append(f"  {plain(name)}: {claim}, {100 * i['estimate']:+.{digits}f} points [{low}, {high}]")
            named.append(claim)
    lines += [f"    {c} ({s['claims'][c]['author']}): {s['claims'][c]['says']}" for c in dict.fromkeys(named)]
    if not lines:
        lines.append(
            f"  none stands out in {s['worlds']:,} worlds; more worlds tell more, and so does `detente claims`"
        )
    if never:
        lines.append(f"  not told here, as they are nearly always true, or nearly always false: {', '.join(never)}")
    head = "The claim that moves each outcome most, on against off (95 % intervals; screened from this one run)"
    return "\n".join([head, *lines])


def _foot(folder: Path, world: int) -> str:
    return (
        f"Results: {folder} (summary.json, worlds.csv, figures/)\n"
        f"Why? detente explain {folder} --world {world}\n"
        "A model of stated wants and assumptions: not a forecast, not advice."
    )
