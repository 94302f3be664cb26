"""Tasks whose workers die."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Squares:
    """n → n², but its worker is killed at some pieces: the first time, or always."""

    folder: Path
    deadly: tuple[int, ...] = ()
    always: bool = False

    def compute(self, piece: int) -> list[int]:
        seen = self.folder / str(piece)
        if piece in self.deadly and (self.always or not seen.exists()):
            seen.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return [piece * piece] * 20_000  # more than a pipe holds


@dataclass(frozen=True)
class HalfSent:
    """The worker dies while a large result is on its way."""

    folder: Path

    def compute(self, piece: int) -> bytes:
        seen = self.folder / str(piece)
        if piece == 1 and not seen.exists():
            seen.touch()
            parent, child = os.getpid(), os.fork()
            if child == 0:
                time.sleep(0.3)
                os.kill(parent, signal.SIGKILL)
                os._exit(0)
        return bytes(200_000_000) if piece == 1 else b""


@dataclass(frozen=True)
class Raises:
    def compute(self, piece: int) -> int:
        if piece == 2:
            raise ValueError("two is too many")
        return piece
