"""One world told step by step, from its trace: who offered what, what it was worth to whom, who said no and by how
much."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.analysis.records import MeetingRecord, PeriodRecord, Temptation
from sim.analysis.telling import MOST_TERMS, Teller
from sim.analysis.words import SAME, SHOWN, listed, moved, moves, package, plain, value
from sim.arrays import Array
from sim.payoff.terms import profiles
from sim.scenario.claims import Claim
from sim.scenario.loader import Loaded

if TYPE_CHECKING:
    import pandas as pd

    from sim.montecarlo.draws import Draws

WIDTH, TOGETHER = 120, "\N{NO-BREAK SPACE}"
SIDE = ("party", "kind", "no_deal", "worth", "waiting", "gain", "resolve", "likely", "accepts")  # of a row of `frame`
Part = tuple[MeetingRecord | None, list[str]]  # lines of a period, and the meeting that they tell


@dataclass
class Story:
    """`periods`: the trace. `private`: what nobody at the tables knows for sure. `str(story)` is the telling."""

    loaded: Loaded
    world: int
    seed: int
    private: dict[str, str]
    claims_off: list[str]
    periods: list[PeriodRecord]
    outcomes: dict[str, bool]
    values: dict[str, float]
    seats: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        loaded: Loaded,
        world: int,
        draws: Draws,
        columns: Mapping[str, Array],
        periods: list[PeriodRecord],
        seats: Sequence[str] = (),
    ) -> Story:
        """Of one world's draws (N = 1), its row and its trace; `seats`: the actors that people played."""
        scenario = loaded.scenario
        private = {
            a: profiles(actor)[int(draws.kind[a][0])].name for a, actor in scenario.actors.items() if actor.types
        }
        off = [c for c, on in draws.claims.items() if not on[0]]
        outcomes = {o: bool(columns[f"outcome.{o}"][0]) for o in scenario.outcomes}
        values = {a: float(columns[f"value.{a}"][0]) for a in scenario.actors}
        return cls(loaded, world, draws.seed, private, off, periods, outcomes, values, tuple(seats))

    @property
    def teller(self) -> Teller:
        return Teller(self.loaded.scenario)

    @property
    def document(self) -> dict[str, Any]:
        """The story as one JSON document; an infinite gain, of a side without stakes, is None."""
        left_out = ("loaded", "periods") if self.seats else ("loaded", "periods", "seats")
        parts = {k: v for k, v in vars(self).items() if k not in left_out}
        title = self.loaded.scenario.title
        return {"scenario": {"title": title}, **parts, "periods": [_plain(asdict(p)) for p in self.periods]}

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row a party at a meeting: what was proposed, what it was worth to the party, and whether it said yes."""
        import pandas as pd

        met = [(p.period, m, s) for p in self.periods for m in p.meetings for s in m.sides.values()]
        rows = [
            {
                **{"period": period, "table": m.table, "proposer": m.proposer, "offer": m.offer and package(m.offer)},
                **{k: getattr(s, k) for k in SIDE},
                **{"status": m.status, "deal": m.deal and package(m.deal)},
            }
            for period, m, s in met
        ]
        return pd.DataFrame(rows, columns=["period", "table", "proposer", "offer", *SIDE, "status", "deal"])

    def __str__(self) -> str:
        s = self.loaded.scenario
        lines = [f"World {self.world} of seed {self.seed}: {s.title}", *[s.question] * bool(s.question), ""]
        lines += self.head()
        lines += [
            "Values are average discounted payoffs; a gain is over no deal at all, as a share of the actor's stakes",
            "at that table.",
            "",
        ]
        for when, told in self.periods_told():
            lines += [when, *told, ""]
        lines += self.end()
        cited = self.cited()
        lines += ["", "Claims cited", *cited] if cited else []
        return "\n".join(part for line in lines for part in wrapped(line))

    def head(self) -> list[str]:
        """What is private in this world, and what isn't true in it."""
        s, actor = self.loaded.scenario, self.teller.actor
        whose = "What everyone knows" if s.information == "public" else "What the others don't know"
        types = ", ".join(f"{actor(a)} is of type {k}" for a, k in self.private.items())
        lines = [f"Played by hand: {listed([actor(a) for a in self.seats])}."] * bool(self.seats)
        lines += [f"{whose}: {types}."] * bool(self.private)
        lines += [f"Claims not true in this world: {', '.join(self.claims_off)}."] * bool(self.claims_off)
        closed = [plain(n) for n, i in s.issues.items() if i.claims and set(i.claims) <= set(self.claims_off)]
        return lines + [f"Not on the table here, as no claim behind it is true: {', '.join(closed)}."] * bool(closed)

    def periods_told(self) -> list[tuple[str, list[str]]]:
        """(heading, lines) of periods one after the other, what is told alike together; lines are indented."""
        return [(when, _lines(parts)) for when, _, parts in self.spans()]

    def end(self) -> list[str]:
        """What came about, what has changed, and what it was worth."""
        held = [plain(n) for n, yes in self.outcomes.items() if yes]
        starts = {n: str(i.start) for n, i in self.loaded.scenario.issues.items()}
        return [
            f"In the end: {', '.join(held) or 'none of the named outcomes'}.",
            f"Changed since the start: {moves(starts, self.periods[-1].levels) or 'nothing'}.",
            f"Value: {', '.join(f'{self.teller.actor(a)} {value(v)}' for a, v in self.values.items())}.",
        ]

    def parts(self) -> list[dict[str, Any]]:
        """The telling for a page: {head, lines: {depth, text} each}."""
        parts = [("", self.head()), *self.periods_told(), ("In the end", self.end())]
        parts += [("Claims cited", self.cited())] * bool(self.cited())
        return [{"head": head, "lines": indented(lines)} for head, lines in parts if lines]

    def spans(self) -> list[tuple[str, PeriodRecord, list[Part]]]:
        """(heading, the last of them, parts) of periods one after the other, those that are told alike together."""
        found: list[tuple[int, int, str, list[Part]]] = []
        for first, last in _stretches(self.periods):
            parts = self._parts(first, last)
            parts = parts if _lines(parts) else [(None, ["  nothing moves"])]
            if found and _lines(found[-1][3]) == _lines(parts):
                each = ", each" if self.periods[first].meetings else ""
                found[-1] = (found[-1][0], last, each, parts)
            else:
                found.append((first, last, "", parts))
        return [(self._when(a, b) + each, self.periods[b], parts) for a, b, each, parts in found]

    def _when(self, first: int, last: int) -> str:
        unit = self.loaded.scenario.period.capitalize()
        return f"{unit} {first + 1}" if first == last else f"{unit}s {first + 1}–{last + 1}"

    def _parts(self, first: int, last: int) -> list[Part]:
        """One period, or several in which nothing is proposed: every meeting's lines with its record, and what stands
        before and after them."""
        period, tell = self.periods[last], self.teller
        lines = [tell.lapse(table) for table in period.lapsed]
        lines += self._news("events", period)
        lines += [tell.secret(table, thought) for table, thought in period.revealed.items()]
        lines += self._temptations(first, last)
        for word in period.words:
            lines += tell.word(word)
        if first < last and period.meetings:
            lines.append(f"  {listed([plain(m.table) for m in period.meetings])}: nothing is proposed.")
        meetings: list[Part] = [(m, tell.meeting(m)) for m in period.meetings if first == last]
        before = self.periods[first - 1].stocks if first else {}
        moved_stocks = [
            f"{name} {before[name]:.2f} → {v:.2f}" if name in before else f"{name} at {v:.2f}"
            for name, v in period.stocks.items()
            if name not in before or abs(before[name] - v) > 5e-3
        ]
        after = [f"  stocks: {', '.join(moved_stocks)}"] * bool(moved_stocks)
        return [(None, lines), *meetings, (None, after + self._news("battle", period))]

    def _news(self, cause: str, period: PeriodRecord) -> list[str]:
        """What happens, and what it changes in what is thought of the actors."""
        lines = [f"  {plain(e)} happens." for e in period.events] if cause == "events" else []
        news = [n for n in period.news if n.cause == cause and moved(n.odds)]
        if cause == "events" and news and not period.events:
            signals = ((name, e.at, e.signals) for name, e in self.loaded.scenario.events.items())
            about = {n.actor for n in news}
            absent = [plain(n) for n, at, s in signals if s and s.actor in about and at in (None, period.period)]
            lines.append(f"  No {' and no '.join(absent)}, which might have come.")
        for n in news:
            alike = [m for m in news if (m.actor, m.resolve) == (n.actor, n.resolve)]
            lines.append(self.teller.news(n, everywhere=len(alike) == 1 and not n.resolve))
        return lines

    def _temptations(self, first: int, last: int) -> list[str]:
        """Who might break a deal, told where it has changed since the period before."""
        lines, past = [], self.periods[first - 1].temptations if first else []
        seats = dict.fromkeys((t.table, t.party) for p in self.periods[first : last + 1] for t in p.temptations)
        for seat in seats:
            here = [t for p in self.periods[first : last + 1] for t in p.temptations if (t.table, t.party) == seat]
            before = next((t for t in past if (t.table, t.party) == seat), None)
            if before is None or here[-1].breaks or _differ(before, here[-1]):
                lines.append(self.teller.temptation(here[0], here[-1]))
        return lines

    def cited(self) -> list[str]:
        """Every claim named in the telling, with its author and what it says."""
        known, named = self.loaded.claims, dict[str, Claim]()
        for side in (s for p in self.periods for m in p.meetings if m.offer is not None for s in m.sides.values()):
            terms = sorted((p for p in side.because.items() if "." in p[0]), key=lambda p: -abs(p[1]))
            for name, v in terms[:MOST_TERMS]:
                named |= {c: known[c] for c in self.teller.interest(name)[1].claims if abs(v) > SHOWN}
        return [f"  {c} ({known[c].author}): {known[c].says}" for c in known if c in named]


def _lines(parts: list[Part]) -> list[str]:
    return [line for _, lines in parts for line in lines]


def _differ(a: Temptation, b: Temptation) -> bool:
    return max(abs(a.gain - b.gain), abs(a.price - b.price)) >= SAME


def indented(lines: Sequence[str]) -> list[dict[str, Any]]:
    """Lines for a page: {depth: by how much each is indented, in twos, text}."""
    return [{"depth": (len(t) - len(t.lstrip())) // 2, "text": t.lstrip()} for t in lines]


def wrapped(line: str) -> list[str]:
    """A line of the story, broken where it is too long, and then indented by four more; never before a `%`."""
    indent, line = " " * (len(line) - len(line.lstrip()) + 4), line.replace(" %", f"{TOGETHER}%")
    lines = textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)
    return [part.replace(TOGETHER, " ") for part in lines or [line]]


def _plain(value: Any) -> Any:
    """The same for a JSON document: names as keys, no infinity."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _stretches(periods: list[PeriodRecord]) -> list[tuple[int, int]]:
    """(first, last): single periods, and stretches in which nothing happens but that stocks move and words are kept; a
    stretch begins with its second period, so that the first is told in full."""

    def quiet(p: PeriodRecord) -> bool:
        happens = p.events or p.words or p.lapsed or p.revealed or any(moved(n.odds) for n in p.news)
        silent = all(m.offer is None and m.status == "talking" for m in p.meetings)
        demands = any(s.demand is not None for m in p.meetings for s in m.sides.values())
        return silent and not demands and not happens and not any(t.breaks for t in p.temptations)

    found: list[tuple[int, int]] = []
    for k, p in enumerate(periods):
        last = periods[k - 1] if k else None
        same = last is not None and [m.table for m in last.meetings] == [m.table for m in p.meetings]
        first = found[-1][0] if found else 0
        if same and quiet(p) and quiet(periods[first]) and first and quiet(periods[first - 1]):
            found[-1] = (first, k)
        else:
            found.append((k, k))
    return found
