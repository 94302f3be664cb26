"""How a table stands in a world."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """WAITING to open, TALKING, with a DEAL in force (which may lapse), or closed for good in one of four ways."""

    WAITING = 0
    TALKING = 1
    DEAL = 2
    BROKEN_DOWN = 3
    WALKED_AWAY = 4
    EXPIRED = 5
    PROMISE_BROKEN = 6
