"""Who is answered at all. In front of everything: the token in the address, the host that was asked for, where a change
comes from, how often; and on every answer the headers that keep a page to itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from secrets import compare_digest

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sim.classroom.hall import Hall
from sim.classroom.hosts import ours
from sim.classroom.limits import Limits, Rate
from sim.classroom.pages import POLICY

COOKIE = "seat"
HEADERS = {
    "content-security-policy": f"{POLICY}; frame-ancestors 'none'",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    # The token is in the address: nobody else is told it. `no-referrer` would take the origin off our own forms too.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}
REFUSALS = {
    403: "That isn't asked for from this game's own page.",
    404: "There is nothing here.",
    429: "Too many requests; wait a moment.",
}
STRANGERS, SERVER, ADDRESS = Rate(5, 20), Rate(150, 400), Rate(60, 200)
BROWSER, CHANGES = Rate(8, 40), Rate(2, 15)


def browser_of(request: Request) -> str:
    """Which browser asks, by its cookie."""
    return called(request.cookies.get(COOKIE, ""))


def called(secret: str) -> str:
    """What a browser with this secret is called: a hash, from which it can't be told; "" for one without."""
    return hashlib.sha256(secret.encode()).hexdigest() if secret else ""


@dataclass
class Guard:
    """In front of `app`, which shows this hall."""

    app: ASGIApp
    token: str
    host: str
    port: int
    hall: Hall
    limits: Limits = field(default_factory=Limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = [(k.encode(), v.encode()) for k, v in HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", []), *added]}
            await send(message)

        if scope["type"] != "http":
            return
        refused = self.refuses(Request(scope))
        app = self.app if refused is None else PlainTextResponse(f"{REFUSALS[refused]}\n", refused)
        await app(scope, receive, guarded)

    def refuses(self, request: Request) -> int | None:
        """The status of the refusal, or None for who is let in."""
        named = f"{request.scope['path']}/".split("/")[1]
        if not compare_digest(named.encode(), self.token.encode()):
            return 404 if self.limits.allows("strangers", STRANGERS) else 429
        if not ours(request.headers.get("host", ""), self.host, self.port):
            return 403
        browser, address = browser_of(request), request.client.host if request.client else ""
        who = browser if browser in self.hall.heard else address
        if not (self.limits.allows(who, BROWSER) and (self.hall.room.seats(browser) or self._looks_on(address))):
            return 429
        if request.method in ("GET", "HEAD"):
            return None
        if request.headers.get("origin") != f"http://{request.headers['host']}":
            return 403
        return None if self.limits.allows((who, "changes"), CHANGES) else 429

    def _looks_on(self, address: str) -> bool:
        """Whether one more without a seat is answered; however many there are, who plays isn't slowed down by them."""
        return self.limits.allows((address, "all"), ADDRESS) and self.limits.allows("server", SERVER)
