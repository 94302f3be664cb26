"""The addresses under the token, and what each answers from the room."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from sim.classroom import pages
from sim.classroom.guard import COOKIE, Guard, browser_of, called
from sim.classroom.hall import Hall
from sim.classroom.room import Room, chosen
from sim.errors import UserError

MOST_BODY, MOST_FIELDS = 4096, 10  # bytes and fields of what a page sends
FORM = "application/x-www-form-urlencoded"
NOTHING = PlainTextResponse("There is nothing here.\n", 404)
Form = Mapping[str, str]


def application(hall: Hall, token: str, host: str, port: int) -> Guard:
    """What is served, behind its guard."""
    site = Site(hall, token)
    routes = [
        Route("/", site.room),
        Route("/turn", site.turn),
        Route("/room.js", site.script),
        Route("/{act}", site.act, methods=["POST"]),
        Route("/{act}", site.back),
    ]
    app = Starlette(routes=[Mount(f"/{token}", routes=routes)], max_body_size=MOST_BODY)
    return Guard(app, token, host, port, hall)


@dataclass
class Site:
    """`alone`: what plays or shows the game is done one after the other; a look whether it has moved doesn't wait."""

    hall: Hall
    token: str
    alone: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def room(self, request: Request) -> Response:
        """The page; a browser that is new here is given a secret of its own."""
        browser, secret = browser_of(request), ""
        if browser not in self.hall.heard:
            secret = secrets.token_urlsafe(24)
            browser = called(secret)
        if not await self._hear(browser):
            return PlainTextResponse("The room is full.\n", 503)
        response = await self._show(request, browser)
        if secret:
            response.set_cookie(COOKIE, secret, path=f"/{self.token}/", httponly=True, samesite="lax")
        return response

    async def turn(self, request: Request) -> Response:
        """Whether anything has changed, and a sign of life."""
        browser = browser_of(request)
        if browser in self.hall.heard:
            await self._hear(browser)
        return JSONResponse({"stamp": pages.stamp(self.hall, browser)})

    async def act(self, request: Request) -> Response:
        """Something that is done, and then the page again."""
        browser, act = browser_of(request), ACTS.get(request.path_params["act"])
        if act is None:
            return NOTHING
        if request.headers.get("content-type", "").split(";")[0] != FORM:
            return PlainTextResponse("That is no form.\n", 415)
        try:
            form = dict(parse_qsl((await request.body()).decode(), max_num_fields=MOST_FIELDS))
        except (ValueError, ClientDisconnect):
            return PlainTextResponse("That form can't be read.\n", 400)
        if browser in self.hall.heard:
            await self._hear(browser)
            try:
                await self._change(lambda room: act(room, browser, form))
            except UserError as error:
                return await self._show(request, browser, str(error), 409)
        return RedirectResponse("./", 303)

    async def back(self, request: Request) -> Response:
        """Where something that couldn't be done is loaded again: its address stays in the bar."""
        return RedirectResponse("./", 303) if request.path_params["act"] in ACTS else NOTHING

    async def script(self, request: Request) -> Response:
        return PlainTextResponse(pages.script(), media_type="text/javascript")

    async def _hear(self, browser: str) -> bool:
        """A sign of a browser, and the seats free of whoever has given none for too long."""
        there = self.hall.hear(browser)
        if self.hall.left():
            await self._change(lambda room: room.leave(self.hall.left()))
        return there

    async def _show(self, request: Request, browser: str, message: str = "", status: int = 200) -> Response:
        async with self.alone:
            text = await run_in_threadpool(pages.page, self.hall, browser, dict(request.query_params), message)
        return HTMLResponse(text, status)

    async def _change(self, change: Callable[[Room], Room]) -> None:
        async with self.alone:
            await run_in_threadpool(self.hall.change, change)


def _decide(room: Room, browser: str, form: Form) -> Room:
    q = room.asked(browser)
    if q is None or str(q.number) != form.get("number"):
        return room
    return room.decide(browser, q.number, chosen(q, form.get("choice")))


def _number(form: Form) -> int:
    given = form.get("number", "")
    return int(given) if given.isdecimal() and len(given) < 9 else -1


ACTS: dict[str, Callable[[Room, str, Form], Room]] = {
    "take": lambda room, browser, form: room.take(browser, form.get("seat", "")),
    "leave": lambda room, browser, form: room.leave({browser}),
    "start": lambda room, browser, form: room.start(browser),
    "face": lambda room, browser, form: room.face(browser, _number(form)),
    "decide": _decide,
    "wait": lambda room, browser, form: room.wait(browser, _number(form)),
    "undo": lambda room, browser, form: room.undo(browser, _number(form)),
}
