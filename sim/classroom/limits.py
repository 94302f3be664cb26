"""How often somebody is answered: token buckets (each request takes one, so many are put back a second)."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

MOST = 1000  # buckets that are kept; a full one needn't be


@dataclass(frozen=True)
class Rate:
    """`each` second so many, and `burst` at once after a rest."""

    each: float
    burst: float


@dataclass
class Limits:
    """clock: seconds."""

    clock: Callable[[], float] = time.monotonic
    _left: dict[Hashable, tuple[float, float]] = field(default_factory=dict)  # key -> what is left, and when

    def allows(self, key: Hashable, rate: Rate) -> bool:
        """Whether one more is within the rate; it is counted if so."""
        now = self.clock()
        left, at = self._left.pop(key, (rate.burst, now))
        left = min(rate.burst, left + (now - at) * rate.each)
        if len(self._left) >= MOST:
            self._left.pop(next(iter(self._left)))  # whoever was heard of least lately
        self._left[key] = (left - 1 if left >= 1 else left, now)
        return left >= 1
