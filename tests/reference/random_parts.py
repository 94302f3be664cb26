"""Parts that random scenarios are made of: numbers, laws, selectors, levels."""

from __future__ import annotations

import random
from typing import Any

CLAIMS = ["C1", "C2", "C3", "C4"]
LEVELS = [{"none": 0.0, "some": 0.45, "all": 1.0}, {"no": 0.0, "yes": 1.0}, {"low": 0.15, "mid": 0.4, "top": 0.85}]


class Parts:
    """`self.r` is the only source of chance; `issues` and `stocks` are what may be named."""

    issues: dict[str, dict[str, Any]]
    stocks: list[str]
    actors: list[str]
    agendas: list[list[str]]
    types: dict[str, dict[str, list[str]]]

    def __init__(self, seed: int, features: frozenset[str] | None):
        self.r, self.features = random.Random(seed), features
        self.friendly = self.chance(0.5)  # everyone wants much the same, for less: most talks end in a deal

    def chance(self, p: float) -> bool:
        return self.r.random() < p

    def has(self, feature: str, p: float) -> bool:
        """Whether the scenario has a feature here. The draw is made even where it may not, so that leaving one out
        changes little else."""
        return self.chance(p) and (self.features is None or feature in self.features)

    def number(self, low: float, high: float) -> float:
        return round(self.r.uniform(low, high), 6)

    def level_names(self) -> dict[str, float]:
        return dict(self.r.choice(LEVELS))

    def source(self, p: float) -> dict[str, Any]:
        return {"claims": self.r.sample(CLAIMS, self.r.choice([1, 1, 2]))} if self.chance(p) else {}

    def prior(self, low: float, high: float) -> Any:
        a, b = sorted([self.number(low, high), self.number(low, high)])
        mid = round((a + b) / 2, 6)
        laws = [a, a, {"uniform": {"low": a, "high": b}}, {"triangular": {"low": a, "mode": mid, "high": b}}]
        return self.r.choice(laws)

    def hazard(self, low: float = 0.02, high: float = 0.5) -> Any:
        if self.stocks and self.has("along", 0.3):
            return {"along": self.r.choice(self.stocks), "at_low": self.number(0, 0.6), "at_high": self.number(0, 0.6)}
        return self.prior(low, high)

    def resolve(self) -> Any:
        laws = [
            None, None, None, 0, 0, self.number(0, 0.4),
            {"uniform": {"low": 0, "high": self.number(0.1, 0.6)}},
            {"uniform": {"low": self.number(-0.3, 0), "high": self.number(0.2, 0.6)}},
            {"normal": {"mean": 0.2, "sd": 0.15}},
            {"choice": {0: 0.3, 0.123: 0.4, 0.377: 0.3}},
        ]  # fmt: skip
        return self.r.choice([0, {"uniform": {"low": 0, "high": 0.2}}] if self.friendly and self.chance(0.7) else laws)

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

    def sets(self) -> dict[str, str]:
        names = self.r.sample(list(self.issues), self.r.choice([1, 1, 2]) if len(self.issues) > 1 else 1)
        return {n: self.r.choice(list(self.issues[n]["levels"])) for n in names}
