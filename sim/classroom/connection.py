"""A connection of the server that nobody keeps for nothing."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 15.0  # seconds
MOST = 250  # connections


class Connection(H11Protocol):
    """Hangs up on who doesn't send a whole request in PATIENCE after it has connected or was answered last, or doesn't
    read its answer. Of more than MOST the one that has been waited for longest makes room: whoever comes is let in."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()
        if len(self.connections) > MOST:
            waited_for = [c for c in self.connections if isinstance(c, Connection) and not c.answering]
            for longest in sorted(waited_for, key=lambda c: c.since)[:1]:
                longest.hang_up()

    def connection_lost(self, exc: Exception | None) -> None:
        self._watch.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        self._watch.cancel()
        self._wait()
        super().on_response_complete()

    @property
    def answering(self) -> bool:
        """Whether it has a whole request, and the answer isn't sent yet."""
        return self.cycle is not None and not self.cycle.more_body and not self.cycle.response_complete

    def hang_up(self) -> None:
        self.connections.discard(self)  # at once: it is told of its end later
        self.transport.abort()

    def _wait(self) -> None:
        self.since = self.loop.time()
        self._watch = self.loop.call_later(PATIENCE, self._look)

    def _look(self) -> None:
        self._wait() if self.answering else self.hang_up()
