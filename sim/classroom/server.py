"""The server: a socket, and what is served on it until it is stopped."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.classroom.hall import Hall
from sim.classroom.hosts import address
from sim.errors import UserError

if TYPE_CHECKING:
    import uvicorn

MOST_CONNECTIONS = 300
MOST_HEADERS = 16_384  # bytes


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0: any that is free. Raises UserError."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, kind)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen()
        return found
    except OSError as error:
        why = f"can't listen on {host}, port {port}: {error.strerror or error}"
        raise UserError(f"{why}; give another --port, or none for one that is free.") from None


def server(hall: Hall, token: str, host: str, port: int) -> uvicorn.Server:
    """To be run on a socket that listens there. Raises UserError without the extra."""
    try:
        import uvicorn

        from sim.classroom.connection import Connection
        from sim.classroom.site import application

        app = application(hall, token, host, port)
    except ImportError as error:
        raise UserError(f"a game on pages needs {error.name}: pip install 'detente[class]'") from None
    return uvicorn.Server(
        uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            http=Connection,
            log_config=None,
            log_level="error",
            access_log=False,  # an address holds the token
            server_header=False,
            proxy_headers=False,
            limit_concurrency=MOST_CONNECTIONS,
            h11_max_incomplete_event_size=MOST_HEADERS,
            timeout_graceful_shutdown=2,
        )
    )


@contextmanager
def serving(hall: Hall, token: str) -> Iterator[tuple[uvicorn.Server, str]]:
    """Meanwhile the game is served on this machine, beside whatever else is done: the server, and its address."""
    listening = listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    served = server(hall, token, "127.0.0.1", port)
    thread = threading.Thread(target=served.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield served, address(token, "127.0.0.1", port)
    finally:
        served.should_exit = True
        thread.join(10)
