"""Random: at each meeting one party is drawn to propose; all others must accept."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.base import ActorName, Probability
from sim.scenario.protocol import Protocol


class Random(Protocol):
    """Recognition with fixed probabilities (Baron & Ferejohn 1989), written `{A: 0.5, B: 0.3, C: 0.2}`."""

    odds: dict[ActorName, Probability]

    @model_validator(mode="before")
    @classmethod
    def _as_written(cls, data: Any) -> Any:
        """In a file the parties stand directly under the protocol's name."""
        return {"odds": data} if isinstance(data, dict) and "odds" not in data else data

    @model_validator(mode="after")
    def _whole(self) -> Random:
        if abs(sum(self.odds.values()) - 1) > 1e-9:
            raise PydanticCustomError(
                "odds", "probabilities sum to {total}, not 1", {"total": f"{sum(self.odds.values()):g}"}
            )
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1}}

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.odds.items())))

    def recognition(self, meeting: int, parties: tuple[str, ...]) -> tuple[float, ...]:
        return tuple(self.odds.get(p, 0.0) for p in parties)

    def named(self) -> dict[str, str]:
        return {name: name for name in self.odds}
