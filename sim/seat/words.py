"""A game told to those who play it: what has happened, what is asked, the menu, the hint."""

from __future__ import annotations

from collections.abc import Sequence

from sim.analysis.records import Side
from sim.analysis.telling import Teller
from sim.analysis.words import listed, package, percent, plain, value
from sim.answers import STAKELESS
from sim.scenario.loader import Loaded
from sim.seat.game import Role
from sim.seat.questions import Decision, Heard, Levels, Question

VERBS = {
    "answer": ("accept", "refuse"),
    "consent": ("let it pass", "refuse your consent"),
    "leave": ("walk away", "stay"),
    "break": ("break your word", "keep your word"),
}
ENDS = {
    "broken_down": "the talks break down for good",
    "expired": "the deadline has passed",
}


class Words:
    """Tells one scenario's games. hard: without what anything is worth."""

    def __init__(self, loaded: Loaded, hard: bool = False):
        self.loaded, self.scenario, self.hard = loaded, loaded.scenario, hard
        self.teller = Teller(loaded.scenario)

    # --- before the game ---

    def role(self, role: Role) -> list[str]:
        """Who one is, of which type, and what counts in this world: every term with the claims behind it."""
        of_type = f" of type {role.kind}; the others know only the odds" if role.kind else ""
        lines = [f"You are {self.teller.actor(role.seat)}{of_type}.", "What counts for you, the weightiest first:"]
        for weight, whose, name, variables in role.terms:
            _, interest = self.teller.interest(f"{whose}.{name}")
            says = "; ".join(f"{self.loaded.claims[c].says} [{c}]" for c in interest.claims)
            why = says or interest.assumption or self.scenario.assumption or "assumed"
            of = "" if whose == role.seat else f"{self.teller.actor(whose)}'s "
            on = f", of {listed([plain(v) for v in variables])}" if variables else ""
            lines.append(f"  {value(weight)} {of}{plain(name)}{on}: {' '.join(why.split())}")
        return lines

    # --- a question ---

    def heard(self, happenings: Sequence[Heard]) -> list[str]:
        """What has happened since the seat's last decision, silences that follow each other at a table told once."""
        lines: list[str] = []
        silent: dict[str, int] = {}
        for k, h in enumerate(happenings):
            if h.quiet:
                silent[h.name] = k
                continue
            lines.append(f"  {self._period(h.period)}, {self._happening(h)}")
        lines += [f"  {plain(table)}: nothing was put since." for table in silent]
        return lines

    def _period(self, period: int) -> str:
        return f"{self.scenario.period} {period}"

    def head(self, q: Question) -> str:
        return f"── {self.when(q)} · {self.teller.actor(q.seat)} ──"

    def when(self, q: Question) -> str:
        return self._period(q.period).capitalize()

    def _happening(self, h: Heard) -> str:
        actor = self.teller.actor(h.actor) if h.actor else ""
        told = {
            "event": f"{plain(h.name)} happens.",
            "lapsed": f"{plain(h.name)}: what was agreed lapses.",
            "revealed": f"{plain(h.name)}: a secret comes out: {package(h.levels or {})}.",
            "broken": f"{plain(h.name)}: {actor} breaks its word; that leaves {package(h.levels or {})}.",
            "word": f"{plain(h.name)}: {actor} says of {self.teller.actor(h.about[0]) if h.about[0] else ''}: "
            f"{h.about[1]}" + (" its median resolve." if h.about[1] in ("below", "above") else "."),
        }
        return told[h.what] if h.what in told else f"{plain(h.name)}: {self._met(h)}"

    def _met(self, h: Heard) -> str:
        if h.actor is None:
            demands = [f"{self.teller.actor(p)} demands {package(d) if d else 'nothing'}" for p, d in h.demands.items()]
            first = "; ".join(demands)
        else:
            first = f"{self.teller.actor(h.actor)} proposes {package(h.levels) if h.levels else 'nothing'}"
        parts = [first]
        if h.refused:
            parts.append(f"{self.teller.actors(h.refused)} {'refuse' if len(h.refused) > 1 else 'refuses'}")
        if h.vetoed:
            parts.append(f"{self.teller.actors(h.vetoed)} refuses its consent")
        if h.deal is not None:
            parts.append("agreed" if h.deal == h.levels else f"agreed on {package(h.deal)}")
        if h.status == "walked_away":
            parts.append("one side walks away for good")
        if h.status in ENDS:
            parts.append(ENDS[h.status])
        return "; ".join(parts) + "."

    def asked(self, q: Question) -> list[str]:
        """The question with what it is about."""
        return [*self.scene(q), self.question(q), *self.worth(q)]

    def scene(self, q: Question) -> list[str]:
        """Where one is asked, and how things stand."""
        of = f" of {q.deadline}" if q.deadline is not None else ""
        lines = [f"{plain(q.table)}, meeting {q.meeting}{of}. Now: {package(q.now)}."]
        if q.stocks:
            lines.append("Stocks: " + ", ".join(f"{plain(s)} {v:.2f}" for s, v in q.stocks.items()) + ".")
        return lines

    def question(self, q: Question) -> str:
        """What one is asked."""
        actor = self.teller.actor
        expected = "" if q.offer is None else f" The others may expect to meet at {self.change(q, q.offer)}."
        told = {
            "propose": "It is your turn to propose.",
            "demand": f"All put a package at once; what fits together is agreed.{expected}",
            "answer": f"{actor(q.proposer or '')} proposes: {self.change(q, q.offer)}.",
            "consent": f"All parties agree on: {self.change(q, q.offer)}. You are asked for your consent.",
            "leave": "Nothing was agreed. You may walk away for good.",
            "break": f"A deal is in force. You may break your word; that leaves {package(q.offer or {})}.",
        }
        return told[q.kind]

    def worth(self, q: Question) -> list[str]:
        """What it is worth to one, unless that is hidden."""
        if self.hard:
            return []
        if q.kind == "break":
            gain = "" if q.gain is None else f" ({percent(q.gain)} of your stakes)"
            return [
                f"Breaking it is worth {value(q.worth or 0)}{gain} to you; resolve {percent(q.resolve)}, price "
                f"{percent(q.price)}."
            ]
        if q.kind == "consent":
            if q.stakes < STAKELESS or q.gain is None:
                return [f"To you it is worth {value(q.worth or 0)}, without it {value(q.no_deal)}."]
            change = f"lose {percent(-q.gain)}" if q.gain < 0 else f"gain {percent(q.gain)}"
            return [
                f"You would {change} of your stakes by it; the loss that you can tolerate is {percent(-q.resolve)}."
            ]
        lines = []
        if q.kind == "leave":
            return [f"Leaving is worth {value(q.worth or 0)} to you, waiting {value(q.waiting)}."]
        if q.offer is not None and q.worth is not None:
            gain = "" if q.gain is None or q.stakes < STAKELESS else f"; it gains you {percent(q.gain)} of your stakes"
            lines.append(f"To you it is worth {value(q.worth)}{gain}.")
            lines += self.why(q, q.offer)
        lines.append(
            f"Waiting is worth {value(q.waiting)} to you, no deal ever {value(q.no_deal)}; your resolve is "
            f"{percent(q.resolve)} of your stakes."
        )
        return lines

    def change(self, q: Question, levels: Levels | None) -> str:
        """A package by what it changes."""
        if levels is None:
            return "nothing"
        return package({i: level for i, level in levels.items() if q.now.get(i) != level}) or "all as it is"

    def why(self, q: Question, levels: Levels) -> list[str]:
        """What adds up to the worth of a package over no deal."""
        if q.parts is None or self.hard:
            return []
        side = Side(q.seat, "", q.stakes, q.resolve, q.no_deal, q.waiting, because=q.parts(levels))
        return [line.strip()[:1].upper() + line.strip()[1:] + "." for line in self.teller.parts(side, whole=True)]

    def menu(self, q: Question, some: Sequence[int], first: int = 1) -> list[str]:
        """Some packages that may be put, by their places in `q.menu`, numbered from `first`."""
        assert q.menu is not None
        rows = [(f"{k}", self.change(q, q.menu.packages[s])) for k, s in enumerate(some, start=first)]
        if self.hard:
            return [f"  {number:>5}  {text}" for number, text in rows]
        wide = max((len(text) for _, text in rows), default=0)
        names = {"worth": 6, "gain": 6} | ({} if q.menu.likely is None else {"chance": 6, "expected": 8})
        lines = [f"  {'':>5}  {'':{wide}}" + "".join(f"  {name:>{size}}" for name, size in names.items())]
        for k, (number, text) in zip(some, rows, strict=True):
            numbers = self.numbers(q, k)
            line = "".join(f"  {numbers[name]:>{size}}" for name, size in names.items())
            lines.append(f"  {number:>5}  {text:{wide}}{line}")
        return lines

    def numbers(self, q: Question, k: int) -> dict[str, str]:
        """Of the k-th package of the menu: worth, gain, chance, and what may be expected of putting it, as far as that
        is known and not hidden."""
        if q.menu is None or self.hard:
            return {}
        gain = percent(q.menu.gain[k]) if q.stakes >= STAKELESS else "–"
        found = {"worth": value(q.menu.worth[k]), "gain": gain}
        if q.menu.likely is not None and q.menu.expected is not None:
            found |= {"chance": percent(q.menu.likely[k]), "expected": value(q.menu.expected[k])}
        return found

    def verbs(self, kind: str) -> tuple[str, str]:
        """What yes and no mean where something is to be answered."""
        return VERBS.get(kind, ("yes", "no"))

    def decision(self, kind: str, decision: Decision) -> str:
        """A decision as it is spoken of: `accept`, `put munitions surge`, `put nothing`."""
        if kind in VERBS:
            return VERBS[kind][0 if decision else 1]
        return f"put {package(decision)}" if isinstance(decision, dict) else "put nothing"

    def hint(self, q: Question) -> list[str]:
        """What the model would do in this seat, and why."""
        would = self.decision(q.kind, q.hint)
        first = f"The model would {would}."
        if self.hard:
            return [first]
        expected = q.expects(q.hint)
        if q.kind == "propose" and isinstance(q.hint, dict) and q.menu is not None and expected is not None:
            k = q.menu.index(q.hint)
            chance = "" if k is None or q.menu.likely is None else f" (chance {percent(q.menu.likely[k])})"
            return [first, f"It expects {value(expected)} from it{chance} over putting nothing."]
        if q.kind == "propose" and q.menu is not None:
            return [
                first,
                f"Of {len(q.menu.packages)} packages it would sign {int(q.menu.signed.sum())}, and of these "
                "none is expected to be worth more to it than waiting.",
            ]
        if q.kind == "answer":
            return [first, self._answering(q)]
        return [first]

    def _answering(self, q: Question) -> str:
        worth, gain = q.worth or 0.0, q.gain or 0.0
        if worth < q.waiting:
            return f"Waiting is worth {q.waiting - worth:.3f} more."
        if q.stakes >= STAKELESS and gain < q.resolve - 1e-9:
            return f"It is worth {worth - q.waiting:.3f} more than waiting, but its gain falls short of the resolve."
        return f"It is worth {worth - q.waiting:.3f} more than waiting, and reaches the resolve."
