"""The record of a game: a JSON file that holds all it takes to play it again, with every decision in words."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.errors import RunError, UserError
from sim.scenario.claims import cited, dump, loads_claims, scenarios
from sim.scenario.loader import changed, parsed
from sim.scenario.reading import read_file
from sim.seat.debrief import debrief
from sim.seat.game import Ended, Game
from sim.store.folder import digest, to_json, write_text
from sim.streams import BLOCK

FORMAT = 1
NO_RECORD = "is not the record of a game that `detente play` wrote"


def document(game: Game, hard: bool = False) -> dict[str, Any]:
    """The record as one JSON document."""
    loaded, state = game.loaded, game.state
    named = {name for what, name in cited(loaded.data) if what == "claim"}
    claims = dump({c: claim for c, claim in loaded.claims.items() if c in named})
    return {
        "record": "détente game",
        "format": FORMAT,
        "block": BLOCK,
        "version": version("detente"),
        "scenario": {
            "title": loaded.scenario.title,
            "file": Path(loaded.file).name,
            "sha256": digest(loaded.text),
            "claims_sha256": digest(claims),
            "set": list(loaded.overrides),
            "text": loaded.text,
            "claims": claims,
        },
        "seed": game.seed,
        "world": game.world,
        "seats": list(game.seats),
        "hard": hard,
        "decisions": list(game.decisions),
        "stood_in": sorted(game.stood_in),
        "finished": isinstance(state, Ended),
        "result": _result(state) if isinstance(state, Ended) else None,
    }


def _result(ended: Ended) -> dict[str, Any]:
    """What came of a game: outcomes and every actor's value."""
    columns = {k: v[0].item() for k, v in ended.columns.items() if k.startswith(("outcome.", "value."))}
    return {k: v for k, v in columns.items() if not k.endswith(".since")}


def save(path: Path, game: Game, hard: bool = False) -> str:
    """Writes the record, whole or not at all, and gives its text. Raises RunError where that can't be done."""
    text = to_json(document(game, hard))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, text)
    except OSError as error:
        raise RunError(f"can't write {path}: {error.strerror}; give another --record.") from None
    return text


def read(path: Path) -> tuple[Game, dict[str, Any]]:
    """The game of a record, and its document. Raises UserError for what is none, or was changed or made otherwise."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["record"] != "détente game":
            raise ValueError
        made, scenario = (found["format"], found["block"]), found["scenario"]
    except OSError as error:
        raise UserError(f"can't read {path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UserError(f"{path} {NO_RECORD}.") from None
    if made != (FORMAT, BLOCK):
        raise UserError(f"{path} was made by détente {found.get('version', '?')}; this is {version('detente')}.")
    try:
        if (digest(scenario["text"]), digest(scenario["claims"])) != (scenario["sha256"], scenario["claims_sha256"]):
            raise UserError(f"{path}: its scenario isn't what was played; the text or its hash was changed.")
        name = str(scenario["file"])
        loaded = changed(parsed(scenario["text"], name), loads_claims(scenario["claims"], name), scenario["text"], ())
        seats, numbers = tuple(map(str, found["seats"])), (found["seed"], found["world"])
        decisions, stood_in = tuple(found["decisions"]), frozenset(found.get("stood_in", ()))
        if not all(type(n) is int and n >= 0 for n in (*numbers, *stood_in)):
            raise ValueError
        if max(stood_in, default=-1) >= len(decisions):
            raise ValueError
        game = Game(loaded, seats, *numbers, decisions, stood_in)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UserError(f"{path} {NO_RECORD}.") from None
    return game, found


def replay(path: Path) -> dict[str, Any]:
    """A finished game played again from its decisions, for whoever marks it: {same: whether what the record says came
    of it does (values within 1e-9), and what it says the model decided is what the model decides, differing: {what:
    [there, now]}, seats: {actor: {value, model, below, as_model, decisions}}, bundled: the bundled scenario that was
    played as it stands, or None, …}. Raises UserError for what is no record, or isn't finished."""
    game, found = read(path)
    state = game.state
    if not isinstance(state, Ended):
        raise UserError(f"{path} isn't played to its end; go on with `detente play {path}`.")
    told, now = found.get("result"), _result(state)
    there = told if isinstance(told, dict) else {}
    models = {q.number for q, decision in state.decided if decision == q.hint}
    names = {digest(read_file(file)): name for name, file in scenarios().items()}
    weighed = debrief(game)["seats"]
    differing = {k: [there.get(k), now.get(k)] for k in {**now, **there} if not _agree(there.get(k), now.get(k))}
    if not game.stood_in <= models:
        differing["stood_in"] = [sorted(game.stood_in), sorted(game.stood_in & models)]
    return {
        "title": game.loaded.scenario.title,
        "sha256": digest(game.loaded.text),
        "bundled": names.get(digest(game.loaded.text)),
        "seed": game.seed,
        "world": game.world,
        "hard": bool(found.get("hard")),
        "versions": [found.get("version"), version("detente")],
        "same": not differing,
        "differing": differing,
        "seats": {
            seat: {k: s[k] for k in ("value", "model", "below")}
            | {"decisions": len(own), "as_model": sum(d["as_model"] for d in own)}
            for seat, s in weighed.items()
            for own in [[d for d in s["decisions"] if not d["stood_in"]]]
        },
    }


def _agree(a: Any, b: Any) -> bool:
    if isinstance(a, bool) or isinstance(b, bool) or not (isinstance(a, int | float) and isinstance(b, int | float)):
        return a is b
    return abs(a - b) <= 1e-9


def same_game(game: Game, other: Game) -> bool:
    """Whether two games are of one world and the same seats, whatever has been decided."""
    keys = [(g.loaded.text, g.seed, g.world, g.seats) for g in (game, other)]
    return keys[0] == keys[1]
