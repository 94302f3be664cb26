"""Small scenarios drawn at random over everything that the schema offers. The same seed, the same file."""

from __future__ import annotations

import json
import random
from typing import Any

CLAIMS = ["C1", "C2", "C3", "C4"]
LEVELS = [{"none": 0.0, "some": 0.45, "all": 1.0}, {"no": 0.0, "yes": 1.0}, {"low": 0.15, "mid": 0.4, "top": 0.85}]


class Writer:
    """Draws one scenario. `self.r` is the only source of chance."""

    def __init__(self, seed: int):
        self.r = random.Random(seed)
        self.actors = ["A", "B", "C"][: self.r.choice([2, 2, 3])]
        self.stocks: list[str] = [f"s{k}" for k in range(self.r.choice([0, 0, 1, 1, 2]))]
        self.issues: dict[str, dict[str, Any]] = {}
        self.agendas: list[list[str]] = []
        for _ in range(self.r.choice([1, 1, 2])):
            self.agendas.append([self._issue() for _ in range(self.r.choice([1, 2, 2, 3]) if not self.agendas else 1)])
        if self.chance(0.3):
            self._issue()  # on no agenda: only what breakdown or walking away sets can move it

    def chance(self, p: float) -> bool:
        return self.r.random() < p

    def number(self, low: float, high: float) -> float:
        return round(self.r.uniform(low, high), 6)

    def _issue(self) -> str:
        name, levels = f"i{len(self.issues)}", self.r.choice(LEVELS)
        start = next(iter(levels)) if self.chance(0.75) else self.r.choice(list(levels))
        self.issues[name] = {"levels": dict(levels), "start": start} | self.source(0.12)
        if self.chance(0.2):
            self.issues[name]["irreversible"] = True
        return name

    def source(self, p: float) -> dict[str, Any]:
        return {"claims": self.r.sample(CLAIMS, self.r.choice([1, 1, 2]))} if self.chance(p) else {}

    def prior(self, low: float, high: float) -> Any:
        a, b = sorted([self.number(low, high), self.number(low, high)])
        mid = round((a + b) / 2, 6)
        laws = [a, a, {"uniform": {"low": a, "high": b}}, {"triangular": {"low": a, "mode": mid, "high": b}}]
        return self.r.choice(laws)

    def test(self) -> dict[str, Any]:
        """One line of a selector."""
        if self.stocks and self.chance(0.4):
            name, at = self.r.choice(self.stocks), self.number(0.2, 0.8)
            how = self.r.choice(["below", "at_least", "between"])
            return {name: {how: at} if how != "between" else {how: [at, round(at + 0.3, 6)]}}
        name = self.r.choice(list(self.issues))
        names = list(self.issues[name]["levels"])
        how = self.r.choice(["is", "any of", "below", "at_least"])
        if how == "is":
            return {name: self.r.choice(names)}
        return {name: self.r.sample(names, 2)} if how == "any of" else {name: {how: self.r.choice(names[1:])}}

    def selector(self) -> dict[str, Any]:
        shape = self.r.random()
        if shape < 0.6:
            return self.test()
        if shape < 0.75:
            return {"not": self.test()}
        if shape < 0.9:
            return {"any": [self.test(), self.test()]}
        return self.test() | self.test()

    def term(self, name: str, actor: str) -> dict[str, Any]:
        things = [*self.issues, *self.issues, *self.stocks]
        forms = ["linear"] * 4 + ["ideal", "threshold", "product", "product", "decaying", "constant", "regard"]
        form = self.r.choice(forms)
        found: dict[str, Any] = {"term": name, "form": form}
        if form == "product":
            found["of"] = self.r.sample(things, 2)
        elif form == "regard":
            found["actor"] = self.r.choice([a for a in self.actors if a != actor])
        elif form != "constant":
            found["of"] = self.r.choice(things)
        if form in ("ideal", "threshold"):
            found["at"] = self.number(0.1, 0.9)
        if form == "decaying":
            found |= {"half_life": self.number(0.5, 4), "since": self.selector()}
        if form == "constant" or self.chance(0.2):
            found["when"] = self.selector()
        sign = 1 if self.chance(0.5) else -1
        low, high = sorted([sign * 0.1, sign * 1.0])
        return found | {"weight": self.prior(low, high)} | self.source(0.3)

    def resolve(self) -> Any:
        laws = [
            None, None, None, 0, 0, self.number(0, 0.4),
            {"uniform": {"low": 0, "high": self.number(0.1, 0.6)}},
            {"uniform": {"low": self.number(-0.3, 0), "high": self.number(0.2, 0.6)}},
            {"normal": {"mean": 0.2, "sd": 0.15}},
            {"choice": {0: 0.3, 0.123: 0.4, 0.377: 0.3}},
        ]  # fmt: skip
        return self.r.choice(laws)

    def types(self, terms: list[str]) -> dict[str, Any]:
        if self.chance(0.2):
            law = {"uniform": {"low": self.number(-1, 0.5), "high": self.number(0.6, 2)}}
            return {"cost": {"points": self.r.choice([2, 3]), "scale": {self.r.choice(terms): law}, "assumption": "so"}}
        odds = self.number(0.1, 0.9)
        verb = self.r.choice(["scale", "set"])
        change = {verb: {t: self.number(-1.5, 1.5) for t in self.r.sample(terms, 1)}}
        return {"aims": {"soft": {"probability": odds}, "hard": {"probability": round(1 - odds, 6)} | change}}

    def actor(self, terms: list[str]) -> dict[str, Any]:
        found: dict[str, Any] = {"discount": self.prior(0.5, 0.97)}
        resolve = self.resolve()
        if resolve is not None:
            found["resolve"] = resolve
        if self.chance(0.4):
            found["types"] = self.types(terms)
            if self.chance(0.15):
                found["types"]["mood"] = {
                    "dark": {"probability": 0.25, "scale": {terms[-1]: 2.0}},
                    "fair": {"probability": 0.75},
                }
        return found

    def stock(self) -> dict[str, Any]:
        low = self.r.choice([0.0, -0.5])
        lines = []
        for _ in range(self.r.choice([1, 2])):
            by: Any = self.number(-0.3, 0.3)
            if self.chance(0.6):
                by = {"normal": {"mean": by, "sd": self.number(0.01, 0.1)}}
            lines.append({"by": by} | ({"when": self.selector()} if self.chance(0.8) else {}) | self.source(0.25))
        return {"start": self.prior(0.2, 0.8), "range": [low, self.r.choice([1.0, 1.5])], "change": lines}

    def sets(self) -> dict[str, str]:
        names = self.r.sample(list(self.issues), self.r.choice([1, 1, 2]) if len(self.issues) > 1 else 1)
        return {n: self.r.choice(list(self.issues[n]["levels"])) for n in names}

    def table(self, agenda: list[str]) -> dict[str, Any]:
        parties = self.r.sample(self.actors, 3 if len(self.actors) == 3 and self.chance(0.35) else 2)
        one = self.r.choice(parties)
        protocol = {"ultimatum": {"by": one}} if self.chance(0.2) else {"alternating_offers": {"first": one}}
        found: dict[str, Any] = {"parties": parties, "protocol": protocol, "agenda": agenda}
        if self.chance(0.4):
            found["deadline"] = self.r.choice([1, 2, 3, 4])
        if self.chance(0.9):
            found["lookahead"] = self.r.choice([1, 2, 3, 4, 5])
        if self.chance(0.2):
            found["require"] = self.selector()
        if self.chance(0.3):
            found["forbid"] = [{"when": self.selector()} | self.source(0.4) for _ in range(self.r.choice([1, 1, 2]))]
        if self.chance(0.25):
            found["opens"] = {"when": self.selector()} | self.source(0.2)
        if self.chance(0.45):
            found["breakdown"] = {"hazard": self.prior(0.02, 0.5), "sets": self.sets()} | self.source(0.2)
        if self.chance(0.4):
            by = parties if self.chance(0.4) and len(parties) == 2 else self.r.choice(parties)
            found["walk_away"] = {"by": by, "sets": self.sets()} | self.source(0.2)
        return found

    def file(self) -> dict[str, Any]:
        names = {a: [f"t{k}" for k in range(self.r.choice([2, 3, 4, 5]))] for a in self.actors}
        return {
            "title": "Random",
            "assumption": "drawn at random",
            "period": self.r.choices(["year", "quarter", "month"], [0.85, 0.12, 0.03])[0],
            "horizon": self.r.choice([3, 4, 5, 6]),
            "normalise": self.chance(0.7),
            "actors": {a: self.actor(names[a]) for a in self.actors},
            "issues": self.issues,
            "stocks": {s: self.stock() for s in self.stocks},
            "interests": {a: [self.term(n, a) for n in names[a]] for a in self.actors},
            "tables": {f"table{k}": self.table(agenda) for k, agenda in enumerate(self.agendas)},
            "outcomes": {"end": self.selector(), "first": {"ever": self.selector(), "before": self.selector()}},
        }


def text(seed: int) -> str:
    return json.dumps(Writer(seed).file(), indent=1)  # JSON is YAML
