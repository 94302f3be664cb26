"""Small scenarios drawn at random over everything that the schema offers. The same seed, the same file."""

from __future__ import annotations

import json
from typing import Any

from random_parts import Parts
from random_tables import tables


class Writer(Parts):
    """Draws one scenario, of which only some `features` may be (None: all)."""

    def __init__(self, seed: int, features: frozenset[str] | None = None):
        super().__init__(seed, features)
        self.actors = ["A", "B", "C"][: self.r.choice([2, 3, 3])]
        self.sour = self.actors[2] if len(self.actors) == 3 and self.chance(0.4) else None  # wants what others don't
        self.stocks: list[str] = [f"s{k}" for k in range(self.r.choice([0, 0, 1, 1, 2]))]
        self.issues: dict[str, dict[str, Any]] = {}
        self.agendas: list[list[str]] = []
        for _ in range(self.r.choice([1, 1, 1, 2, 2, 3])):
            self.agendas.append([self._issue() for _ in range(self.r.choice([1, 2, 2, 3]) if not self.agendas else 1)])
        if self.chance(0.3):
            self._issue()  # on no agenda: only what ends talks or deals, or an event, can move it
        self.types: dict[str, dict[str, list[str]]] = {}  # actor -> dimension -> values

    def _issue(self) -> str:
        name, levels = f"i{len(self.issues)}", self.level_names()
        start = next(iter(levels)) if self.chance(0.9 if self.friendly else 0.7) else self.r.choice(list(levels))
        self.issues[name] = {"levels": levels, "start": start} | self.source(0.12)
        if self.chance(0.2):
            self.issues[name]["irreversible"] = True
        return name

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
        willing = 0.2 if actor == self.sour else 0.8
        sign = 1 if self.chance(willing if self.friendly else 0.45) else -1
        low, high = sorted([sign * 0.1, sign * 1.0])
        return found | {"weight": self.prior(low, high)} | self.source(0.3)

    def kinds(self, actor: str, terms: list[str]) -> dict[str, Any]:
        if self.chance(0.2):
            points = self.r.choice([2, 3])
            law = {"uniform": {"low": self.number(-1, 0.5), "high": self.number(0.6, 2)}}
            self.types[actor] = {"cost": [str(k + 1) for k in range(points)]}
            return {"cost": {"points": points, "scale": {self.r.choice(terms): law}, "assumption": "so"}}
        odds = self.number(0.1, 0.9)
        verb = self.r.choice(["scale", "set"])
        change = {verb: {t: self.number(-1.5, 1.5) for t in self.r.sample(terms, 1)}}
        self.types[actor] = {"aims": ["soft", "hard"]}
        return {"aims": {"soft": {"probability": odds}, "hard": {"probability": round(1 - odds, 6)} | change}}

    def actor(self, name: str, terms: list[str]) -> dict[str, Any]:
        found: dict[str, Any] = {"discount": self.prior(0.5, 0.97)}
        for key in ("resolve", "tolerance"):
            law = self.resolve()
            if law is not None:
                found[key] = law
        if self.chance(0.4):
            found["types"] = self.kinds(name, terms)
            if self.chance(0.15):
                found["types"]["mood"] = {
                    "dark": {"probability": 0.25, "scale": {terms[-1]: 2.0}},
                    "fair": {"probability": 0.75},
                }
                self.types[name]["mood"] = ["dark", "fair"]
        return found

    def stock(self) -> dict[str, Any]:
        low = self.r.choice([0.0, -0.5])
        lines = []
        for _ in range(self.r.choice([1, 2])):
            law = {"by_type": self.by_type()} if self.types and self.has("by_type", 0.3) else {"by": self.amount()}
            lines.append(law | ({"when": self.selector()} if self.chance(0.8) else {}) | self.source(0.25))
        return {"start": self.prior(0.2, 0.8), "range": [low, self.r.choice([1.0, 1.5])], "change": lines}

    def amount(self) -> Any:
        by = self.number(-0.3, 0.3)
        return {"normal": {"mean": by, "sd": self.number(0.01, 0.1)}} if self.chance(0.6) else by

    def by_type(self) -> dict[str, Any]:
        """A law for each value: spread out but for the first, perhaps, or all on the same few amounts."""
        actor, type_, values = self.private()
        if self.chance(0.6):
            laws: list[Any] = [
                {"normal": {"mean": self.number(-0.3, 0.3), "sd": self.number(0.05, 0.2)}} for _ in values
            ]
        else:
            odds = [self.number(0, 1) for _ in values]
            laws = [{"choice": {-0.1: p, 0.2: round(1 - p, 6)}} for p in odds]
        if self.chance(0.2):
            laws[0] = 0.05
        return {"actor": actor, "type": type_, "by": dict(zip(values, laws, strict=True))}

    def private(self, among: list[str] | None = None) -> tuple[str, str, list[str]]:
        """An actor's type and its values."""
        actor = self.r.choice([a for a in self.types if among is None or a in among])
        type_ = self.r.choice(list(self.types[actor]))
        return actor, type_, self.types[actor][type_]

    def event(self, seats: dict[str, list[str]]) -> dict[str, Any]:
        found: dict[str, Any] = {"at": self.r.choice([1, 2, 3])} if self.chance(0.4) else {"hazard": self.hazard()}
        if self.chance(0.4):
            found["when"] = self.selector()
        if self.chance(0.5):
            found["sets"] = self.sets()
        if self.chance(0.5) and self.types:
            actor, type_, values = self.private()
            likely = {v: self.r.choice([0.0, 1.0, self.number(0, 1), self.number(0, 1)]) for v in values}
            found["signals"] = {"actor": actor, "type": type_, "likelihood": likely}
        elif self.has("halves", 0.7):
            table = self.r.choice(list(seats))
            halves = {"below_median": self.number(0, 1), "above_median": self.number(0, 1)}
            found["signals"] = {"actor": self.r.choice(seats[table]), "resolve": halves, "table": table}
        return found | self.source(0.3)

    def file(self) -> dict[str, Any]:
        names = {a: [f"t{k}" for k in range(self.r.choice([2, 3, 4, 5]))] for a in self.actors}
        actors = {a: self.actor(a, names[a]) for a in self.actors}
        found = {
            "title": "Random",
            "assumption": "drawn at random",
            "period": self.r.choices(["year", "quarter", "month"], [0.87, 0.12, 0.01])[0],
            "horizon": self.r.choice([3, 4, 5, 6]) + 2 * self.friendly,
            "normalise": self.chance(0.7),
            "actors": actors,
            "issues": self.issues,
            "stocks": {s: self.stock() for s in self.stocks},
            "interests": {a: [self.term(n, a) for n in names[a]] for a in self.actors},
            "tables": tables(self),
            "outcomes": {"end": self.selector(), "first": {"ever": self.selector(), "before": self.selector()}},
        }
        seats = {name: table["parties"] for name, table in found["tables"].items()}
        number = self.r.choice([1, 2]) if self.has("events", 0.3) else 0
        return found | {"events": {f"e{k}": self.event(seats) for k in range(number)}}


def text(
    seed: int, features: frozenset[str] | None = None, information: str = "private", payments: bool = False
) -> str:
    """One file; with everything public, or with side payments at the first table that can have them."""
    found = Writer(seed, features).file() | {"information": information}
    able = [
        t
        for t in found["tables"].values()
        if t["protocol"] != "simultaneous" and "beliefs" not in t and "assent" not in t
    ]
    if payments and able:
        able[0]["payments"] = {"most": 0.4, "steps": 2 if len(able[0]["parties"]) == 2 else 1}
    return json.dumps(found, indent=1)  # JSON is YAML
