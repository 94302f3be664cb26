"""A connection of the server that nobody can keep for nothing."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 15.0  # seconds
MOST_OF_ONE = 100  # connections from one address: a class behind one router is one, too


class Connection(H11Protocol):
    """Hangs up on who doesn't send a whole request in PATIENCE after it has connected or was answered last, or doesn't
    read its answer; and on who has MOST_OF_ONE connections already."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch = self.loop.call_later(PATIENCE, self._look)
        if sum(c.address == self.address for c in self.connections if isinstance(c, Connection)) > MOST_OF_ONE:
            transport.abort()

    @property
    def address(self) -> str:
        return self.client[0] if self.client else ""

    def connection_lost(self, exc: Exception | None) -> None:
        self._watch.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        self._watch_again()
        super().on_response_complete()

    def _watch_again(self) -> None:
        self._watch.cancel()
        self._watch = self.loop.call_later(PATIENCE, self._look)

    def _look(self) -> None:
        """What it has come to, once the time is up."""
        answering = self.cycle is not None and not self.cycle.more_body and not self.cycle.response_complete
        if answering:
            self._watch_again()
        else:
            self.transport.abort()
