"""One world told step by step, from its trace: who offered what, what it was worth to whom, who said no and by how
much."""

from __future__ import annotations

from dataclasses import dataclass

from sim.analysis.trace import MeetingRecord, PeriodRecord, Side
from sim.beliefs import NOTHING_REFUSED
from sim.scenario.claims import Claim
from sim.scenario.loader import Loaded

MOST_TERMS = 4


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

    def __str__(self) -> str:
        s = self.loaded.scenario
        lines = [f"World {self.world} of seed {self.seed}: {s.title}", s.question, ""]
        lines += [
            f"What the others don't know: {', '.join(f'{self.actor(a)} is {k}' for a, k in self.private.items())}."
        ] * bool(self.private)
        lines += [f"Claims not true in this world: {', '.join(self.claims_off)}."] * bool(self.claims_off)
        closed = [
            n.replace("_", " ") for n, i in s.issues.items() if i.claims and set(i.claims) <= set(self.claims_off)
        ]
        lines += [f"Not on the table here, as no claim behind it is true: {', '.join(closed)}."] * bool(closed)
        lines += [
            "Values are average discounted payoffs; a gain is over no deal at all, as a share of the actor's stakes",
            "at that table.",
            "",
        ]
        for first, last in _runs(self.periods):
            months = str(first + 1) if first == last else f"{first + 1}–{last + 1}"
            lines += [f"{s.period.capitalize()}{'s' if last > first else ''} {months}", self._span(first, last), ""]
        held = [n.replace("_", " ") for n, yes in self.outcomes.items() if yes]
        lines.append(f"In the end: {', '.join(held) or 'none of the named outcomes'}.")
        lines.append(f"Value: {', '.join(f'{self.actor(a)} {v:+.3f}' for a, v in self.values.items())}.")
        cited = self._cited()
        lines += ["", "Claims cited", *cited] if cited else []
        return "\n".join(lines)

    def actor(self, name: str) -> str:
        return self.loaded.scenario.actors[name].name or name

    def _span(self, first: int, last: int) -> str:
        """One period, or several in which nothing is proposed."""
        period = self.periods[last]
        if first == last:
            lines = [f"  {e.replace('_', ' ')} happens." for e in period.events]
            lines += [self._meeting(m) for m in period.meetings]
        else:
            tables = ", ".join(m.table.replace("_", " ") for m in period.meetings)
            lines = [f"  {tables}: nothing is proposed."] if tables else []
        before = self.periods[first - 1].stocks if first else {}
        moved = [
            f"{name} {before[name]:.2f} → {v:.2f}" if name in before else f"{name} at {v:.2f}"
            for name, v in period.stocks.items()
            if name not in before or abs(before[name] - v) > 5e-3
        ]
        lines += [f"  stocks: {', '.join(moved)}"] * bool(moved)
        return "\n".join(lines) or "  nothing moves"

    def _meeting(self, m: MeetingRecord) -> str:
        table, proposer = m.table.replace("_", " "), self.actor(m.proposer)
        if m.offer is None:
            why = (
                "no admissible package is worth its while to sign"
                if not m.choices[1]
                else "none that it would sign has a chance that is worth more to it than waiting"
            )
            signable, admissible = m.choices[1], m.choices[0]
            text = f"  {table}: {proposer} proposes nothing; {why} ({signable} of {admissible} packages it would sign)."
            if m.nearest is not None:
                nearest = ", ".join(f"{i.replace('_', ' ')} {v.replace('_', ' ')}" for i, v in m.nearest.items())
                text += f"\n    Nearest to it: {nearest}."
                text += "".join("\n" + self._arithmetic(side, side.party == m.proposer) for side in m.sides.values())
            return text + self._fate(m)
        offer = ", ".join(f"{i.replace('_', ' ')} {level.replace('_', ' ')}" for i, level in m.offer.items())
        lines = [f"  {table}: {proposer} proposes {offer}."]
        lines += [self._side(side, side.party == m.proposer) for side in m.sides.values()]
        for t in m.asked:
            answer = "refuses its consent" if t.refuses else "consents"
            lines.append(
                f"    {self.actor(t.actor)} is asked: it would lose {t.loss:.0%} of its stakes and tolerates "
                f"{t.tolerance:.0%}; the others gave it a chance of {t.likely:.0%} to let it pass; it {answer}."
            )
        return "\n".join(lines) + self._fate(m)

    def _arithmetic(self, s: Side, proposes: bool) -> str:
        assert s.worth is not None and s.gain is not None
        sums = (
            f"worth {s.worth:+.3f}, no deal {s.no_deal:+.3f}, refusing {s.waiting:+.3f}; "
            f"gains {s.gain:.0%} of its stakes, resolve {s.resolve:.0%}"
        )
        chance = "" if proposes else f". The others give it a chance of {s.likely:.0%} to accept"
        return f"    {self.actor(s.party)}{f' ({s.kind})' if s.kind else ''}: {sums}{chance}"

    def _side(self, s: Side, proposes: bool) -> str:
        lines = [self._arithmetic(s, proposes)]
        if not proposes:
            lines[0] += f"; it {'accepts' if s.accepts else f'refuses: {_reason(s)}'}."
        reasons = sorted(s.because.items(), key=lambda kv: -abs(kv[1]))[:MOST_TERMS]
        shown = [f"{self._term(t, s.party)} {v:+.3f}" for t, v in reasons if abs(v) > 5e-4]
        lines += [f"      mostly {', '.join(shown)}"] * bool(shown)
        learnt = _learnt(s)
        lines += [f"      {learnt}"] * bool(learnt)
        return "\n".join(lines)

    def _term(self, name: str, party: str) -> str:
        actor, term = name.split(".", 1)
        interest = next(i for i in self.loaded.scenario.interests[actor] if i.term == term)
        whose = "" if actor == party else f"{self.actor(actor)}'s "
        return f"{whose}{term.replace('_', ' ')} [{', '.join(interest.claims) or 'assumed'}]"

    def _fate(self, m: MeetingRecord) -> str:
        if m.status == "walked_away":
            leaver = ", ".join(self.actor(p) for p in m.sides if p != m.proposer)
            return f"\n    {leaver} would rather walk away than wait, and does, for good."
        endings = {
            "deal": "\n    Agreed; it is in force at once.",
            "broken_down": "\n    The talks break down for good.",
        }
        return endings.get(m.status, "")

    def _cited(self) -> list[str]:
        """Every claim named in the telling, with its author and what it says."""
        scenario, known = self.loaded.scenario, self.loaded.claims
        named: dict[str, Claim] = {}
        for meeting in (m for p in self.periods for m in p.meetings):
            for side in meeting.sides.values():
                for name, v in sorted(side.because.items(), key=lambda kv: -abs(kv[1]))[:MOST_TERMS]:
                    actor, term = name.split(".", 1)
                    interest = next(i for i in scenario.interests[actor] if i.term == term)
                    named |= {c: known[c] for c in interest.claims if abs(v) > 5e-4}
        return [f"  {c} ({known[c].author}): {known[c].says}" for c in known if c in named]


def _reason(s: Side) -> str:
    assert s.worth is not None and s.gain is not None
    if s.gain < s.resolve and s.worth >= s.waiting:
        return f"its gain falls short of its resolve by {s.resolve - s.gain:.0%} of its stakes"
    if s.gain < 0:
        return "it is worse off than with no deal"
    return f"refusing is worth {s.waiting - s.worth:.3f} more"


def _learnt(s: Side) -> str:
    parts = []
    if s.low[1] > s.low[0]:
        past = "" if s.low[0] == NOTHING_REFUSED else f" (before: {s.low[0]:.0%})"
        parts.append(f"resolve above {s.low[1]:.0%}{past}")
    changed = [f"{k} {p:.0%} → {s.odds[1][k]:.0%}" for k, p in s.odds[0].items() if abs(p - s.odds[1][k]) > 5e-3]
    parts += [f"odds {', '.join(changed)}"] * bool(changed)
    return f"The others now think: {'; '.join(parts)}." if parts else ""


def _runs(periods: list[PeriodRecord]) -> list[tuple[int, int]]:
    """(first, last): single periods, and stretches in which no table proposes anything and none closes; a stretch
    begins with its second period, so that the first is told in full."""

    def quiet(p: PeriodRecord) -> bool:
        return not p.events and all(m.offer is None and m.status == "talking" for m in p.meetings)

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
