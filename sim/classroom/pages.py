"""What a browser is shown: the lobby, its turn, the wait for another's, or the debrief. Only what is public, and what
the seats that it holds know."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from sim.analysis.words import plain
from sim.classroom.hall import Hall
from sim.report.html import templates
from sim.seat.game import Game
from sim.seat.questions import Question

if TYPE_CHECKING:
    from jinja2 import Environment

PAGE, MOST = 8, 96  # packages listed at a time, and in all
LATELY = 10  # happenings told in full while one waits
Data = dict[str, Any]
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'self'; base-uri 'none'"
)


@cache
def environment() -> Environment:
    return templates("sim.classroom")


def script() -> str:
    """The page's script, a file of its own."""
    env = environment()
    assert env.loader is not None
    return env.loader.get_source(env, "room.js")[0]


def page(hall: Hall, browser: str, query: Mapping[str, str], message: str = "") -> str:
    """The page as that browser is to see it. query: which packages are listed. message: why something couldn't be
    done."""
    part, head = shown(hall, browser)
    game = hall.room.game
    data = {
        "policy": POLICY,
        "title": game.loaded.scenario.title,
        "about": about(game, part == "end"),
        "part": part,
        "head": head,
        "stamp": stamp(hall, browser),
        "seats": _seats(hall, browser),
        "mine": len(hall.room.seats(browser)),
        "started": hall.room.started,
        "decided": len(game.decisions),
        "may_undo": hall.room.may_undo(browser) and part == "turn",
        "away": hall.away,
        "trouble": bool(hall.trouble),
        "message": message,
        **_of_part(hall, browser, part, query),
    }
    return environment().get_template("room.html").render(**data)


def about(game: Game, ended: bool) -> str:
    """Which world it is only at the end: with seed and world anybody can have it told, with everyone's secrets."""
    return f"Seed {game.seed}, world {game.world}. " * ended + "Values are average discounted payoffs."


def stamp(hall: Hall, browser: str) -> str:
    return f"{hall.room.stamp(browser)} {hall.closing is not None} {bool(hall.trouble)}"


def shown(hall: Hall, browser: str) -> tuple[str, str]:
    """Which page that browser is to see (lobby, turn, pass, wait or end), and its head."""
    room, words = hall.room, hall.words
    q = room.question
    if room.ended:
        return "end", "The world has been played to its end"
    if q is None:
        return "lobby", "Who plays whom"
    name = words.teller.actor(q.seat)
    if room.asked(browser) is not None:
        return ("pass", f"Pass the seat to {name}") if room.passing(browser) else ("turn", f"{words.when(q)}: {name}")
    hidden = words.scenario.tables[q.table].secret is not None  # nobody is told who sits there, and when
    return "wait", f"{words.when(q)}: {'the others decide' if hidden else f'{name} decides'}"


def _seats(hall: Hall, browser: str) -> list[Data]:
    room = hall.room
    return [
        {
            "seat": s,
            "name": hall.words.teller.actor(s),
            "mine": room.held.get(s) == browser,
            "free": s not in room.held,
            "may_take": s not in room.held and not room.ended and room.may_take(browser, s),
        }
        for s in room.game.seats
    ]


def _of_part(hall: Hall, browser: str, part: str, query: Mapping[str, str]) -> Data:
    q = hall.room.question
    if part == "end":
        return {"closing": hall.closing, "figures": (hall.closing or {}).get("figures", {})}
    if part == "wait" and q is not None:
        told = hall.words.heard(q.public)
        seats = hall.room.seats(browser)
        roles = _roles(hall, seats) if len(seats) == 1 else []  # of several seats, several people look on
        return {"lately": told[-LATELY:], "before": told[:-LATELY], "roles": roles}
    if part == "turn" and q is not None:
        return _turn(hall, q, query)
    if part == "pass" and q is not None:
        return {"number": q.number, "name": hall.words.teller.actor(q.seat)}
    return {"question": hall.words.scenario.question}


def _roles(hall: Hall, seats: list[str]) -> list[Data]:
    told = [hall.words.role(hall.roles[seat]) for seat in seats]
    return [{"says": lines[0], "counts": lines[1], "terms": lines[2:]} for lines in told]


def _turn(hall: Hall, q: Question, query: Mapping[str, str]) -> Data:
    words = hall.words
    return {
        "number": q.number,
        "name": words.teller.actor(q.seat),
        "heard": words.heard(q.heard),
        "scene": words.scene(q),
        "asked": words.question(q),
        "worth": words.worth(q),
        "verbs": words.verbs(q.kind),
        "hint": words.hint(q),
        "roles": _roles(hall, [q.seat]),
        "can_wait": q.kind not in ("answer", "consent"),
        "menu": None if q.menu is None else _menu(hall, q, query),
    }


def _menu(hall: Hall, q: Question, query: Mapping[str, str]) -> Data:
    """The packages that may be put, the best first; filtered by level and so many as the query asks for."""
    menu, words = q.menu, hall.words
    assert menu is not None
    filters, wanted = [], {}
    for k, issue in enumerate(q.now):
        there = {p[issue] for p in menu.packages}
        names = [n for n in words.scenario.issues[issue].levels.names if n in there]
        level = query.get(f"level{k}", "")
        if level in there:
            wanted[issue] = level
        if len(names) > 1:
            levels = [{"name": n, "label": plain(n), "chosen": n == level} for n in names]
            filters.append({"field": f"level{k}", "label": plain(issue), "levels": levels})
    order = menu.listing(words.hard, wanted)
    given = query.get("shown", "")
    many = min(max(int(given) if given.isdecimal() and len(given) < 6 else PAGE, PAGE), len(order), MOST)
    return {
        "filters": filters,
        "filtered": bool(wanted),
        "fields": [(f"level{k}", wanted[issue]) for k, issue in enumerate(q.now) if issue in wanted],
        "packages": [_package(hall, q, k) for k in order[:many]],
        "of": len(order),
        "left": len(order) - many,
        "more": min(many + PAGE, MOST) if many < MOST else None,
    }


def _package(hall: Hall, q: Question, k: int) -> Data:
    assert q.menu is not None
    levels = q.menu.packages[k]
    words = hall.words
    return {"k": k, "text": words.change(q, levels), "numbers": words.numbers(q, k), "why": words.why(q, levels)}
